"""Recall against how much of a text is changed: scales of one kind of edit each, for the plot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.text.edits import Edit, Material
from benchmarks.text.edits.disguise import homoglyphs
from benchmarks.text.edits.edit import Apply
from benchmarks.text.edits.parts import truncated
from benchmarks.text.edits.wording import template_slots, typos, words_dropped, words_inserted
from benchmarks.text.engine import Engine
from benchmarks.text.intervals import Proportion
from benchmarks.text.questions import Exam, Questions, edit_sources
from benchmarks.text.recall import found
from benchmarks.text.splits import Split

_SCALES: Final[dict[str, tuple[tuple[float, ...], Callable[[float], Apply]]]] = {
    "typos": ((0.03, 0.06, 0.1, 0.15, 0.2, 0.3), typos),
    "words replaced": ((0.1, 0.2, 0.3, 0.4, 0.5), template_slots),
    "words dropped": ((0.1, 0.2, 0.3, 0.4, 0.5), words_dropped),
    "words inserted": ((0.1, 0.2, 0.4, 0.6, 0.8), words_inserted),
    "cut off": ((0.1, 0.2, 0.3, 0.4, 0.5), lambda lost: truncated(1 - lost)),
    "look-alike letters": ((0.1, 0.25, 0.5, 0.75, 1.0), homoglyphs),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One engine's recall at one step of a scale."""

    engine: str
    scale: str
    strength: float
    copy: Proportion


def scales(split: Split, materials: Mapping[str, Material], each: int, seed: int = 1) -> list[Questions]:
    """The queries of every step of every scale."""
    edits = [
        Edit(f"{name} {strength:.2f}", name, make(strength), strength=strength, family=name)
        for name, (steps, make) in _SCALES.items()
        for strength in steps
    ]
    return [edit_sources(edit, split, materials, each, seed) for edit in edits]


def measure(engine: Engine, exam: Exam, steps: Sequence[Questions], most: int | None = None) -> list[Point]:
    """Ask a loaded engine all steps, or the first `most` queries of each."""
    return [
        Point(engine.name, step.edit.family, step.edit.strength or 0.0, found(engine, step, exam, most))
        for step in steps
    ]
