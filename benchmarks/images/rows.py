"""The rows of the table: for each kind of query how to make the picture, and the recall it has to reach."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from benchmarks.images.edits import EDITS, mirrored
from benchmarks.images.screens import SCREENS, Screen


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: ``made`` turns a photo and a number into a query."""

    name: str
    group: str
    bar: float
    made: Callable[[Image.Image, int], Image.Image]
    possible: float | None = None


def kinds() -> list[Kind]:
    """Every row of the bars."""
    return [*_edited(), *(_screen(each) for each in SCREENS)]


def _edited() -> list[Kind]:
    rows = []
    for edit in EDITS:
        for flipped in (False, True):
            name = f"{edit.name}, mirrored" if flipped else edit.name
            rows.append(Kind(name, "edits", edit.bar, _maker(edit.name, edit.act, flipped)))
    return rows


def _maker(
    name: str, act: Callable[[Image.Image, random.Random], Image.Image], flipped: bool
) -> Callable[[Image.Image, int], Image.Image]:
    def made(photo: Image.Image, number: int) -> Image.Image:
        chance = random.Random(f"{name}/{number}")
        return act(mirrored(photo) if flipped else photo, chance)

    return made


def _screen(screen: Screen) -> Kind:
    return Kind(screen.name, "screens", screen.bar, screen.drawn, screen.possible)
