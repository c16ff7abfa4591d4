"""A picture of what went wrong: queries that were missed, and matches with another photo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from benchmarks.images.ground import Ground
from benchmarks.images.rows import Kind
from benchmarks.images.runs import Answer

_CELL: Final = 150
_ROWS: Final = 6
_COLUMNS: Final = 5


def draw(answers: Sequence[Answer], kinds: Sequence[Kind], ground: Ground, path: Path) -> None:
    """Each cell: the query as it was asked, the stored photo that should or should not have been found."""
    makers = {kind.name: kind for kind in kinds}
    wrong = [(answer, answer.matched[0]) for answer in answers if answer.matched]
    missed = [(answer, answer.own) for answer in answers if answer.own >= 0 and answer.tier != "match"]
    shown = [*wrong[:10], *missed][: _ROWS * _COLUMNS]
    sheet = Image.new("RGB", (_COLUMNS * (2 * _CELL + 8), _ROWS * (_CELL + 34)), "white")
    photos = {photo.name: photo for photo in (*ground.asked, *ground.negative)}
    numbers = _numbers(answers)
    for place, (answer, ref) in enumerate(shown):
        photo, kind = photos.get(answer.photo), makers.get(answer.kind)
        if photo is None or kind is None:
            continue
        query = kind.made(photo.picture(), numbers[answer.kind, answer.photo])
        known = (
            ground.stored[ref].picture()
            if ref < len(ground.stored)
            else Image.fromarray(ground.known[ref].regions[0].view)
        )
        at = (place % _COLUMNS * (2 * _CELL + 8), place // _COLUMNS * (_CELL + 34))
        _cell(sheet, at, query, known, f"{'WRONG' if answer.matched else answer.tier or 'missed'}: {answer.kind}")
    sheet.save(path)


def _numbers(answers: Sequence[Answer]) -> dict[tuple[str, str], int]:
    """Which number a query had in its row: they are asked in order."""
    counts: dict[tuple[str, bool], int] = {}
    numbers = {}
    for answer in answers:
        key = answer.kind, answer.own >= 0
        numbers[answer.kind, answer.photo] = counts.get(key, 0)
        counts[key] = counts.get(key, 0) + 1
    return numbers


def _cell(sheet: Image.Image, at: tuple[int, int], query: Image.Image, known: Image.Image, words: str) -> None:
    for place, picture in enumerate((query, known.convert("RGB"))):
        small = picture.copy()
        small.thumbnail((_CELL, _CELL))
        sheet.paste(small, (at[0] + place * _CELL, at[1]))
    ImageDraw.Draw(sheet).text((at[0] + 2, at[1] + _CELL + 4), words[:46], fill="black", font_size=12)
