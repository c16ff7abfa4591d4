"""Ask every query, a round over all rows at a time, and keep each answer as a line: a stopped run goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

from PIL import Image

from benchmarks.images.alternatives import Alternative
from benchmarks.images.ground import Ground, Photo
from benchmarks.images.rows import Kind
from detection.image.describing import describe
from detection.image.findings import PhotoFinding
from detection.image.searching import compare, wanted
from detection.image.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query gave. ``own`` is the true photo's ref, -1 for a photo that is not stored."""

    kind: str
    photo: str
    own: int
    tier: str | None
    #: Refs of other photos that were a match, or possible.
    matched: list[int]
    possible: list[int]
    mirrored: bool
    #: Processor time in ms of describing, looking up, and comparing.
    ms: list[float]
    others: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run needs; answers are appended to ``kept``."""

    ground: Ground
    shelf: Shelf
    alternatives: Sequence[Alternative]
    kept: Path

    def go(self, kinds: Sequence[Kind], queries: int, negatives: int, until: float) -> None:
        """Ask ``queries`` of stored photos in each row, and ``negatives`` of others, until the clock says so."""
        done = {(answer.kind, answer.photo) for answer in read(self.kept)}
        with self.kept.open("a", encoding="utf-8") as file:
            for kind, photo, own, number in self._plan(kinds, queries, negatives):
                if time.monotonic() > until:
                    return
                if (kind.name, photo.name) not in done:
                    file.write(json.dumps(asdict(self._ask(kind, photo, own, number)), ensure_ascii=False) + "\n")
                    file.flush()

    def _plan(self, kinds: Sequence[Kind], queries: int, negatives: int) -> Iterator[tuple[Kind, Photo, int, int]]:
        asked, other = self.ground.asked, self.ground.negative
        for number in range(max(queries, negatives)):
            for place, kind in enumerate(kinds):
                # Rows ask for different photos in each round, so that a short run sees many of them.
                if number < min(queries, len(asked)):
                    own = (number + place * 37) % len(asked)
                    yield kind, asked[own], own, number
                if number < min(negatives, len(other)):
                    yield kind, other[(number + place * 37) % len(other)], -1, number

    def _ask(self, kind: Kind, photo: Photo, own: int, number: int) -> Answer:
        picture = kind.made(photo.picture(), number)
        ms, found = self._answer(picture)
        mine = next((each for each in found if each.ref == own), None)
        others = [each for each in found if each.ref != own]
        return Answer(
            kind=kind.name,
            photo=photo.name,
            own=own,
            tier=None if mine is None else mine.tier,
            matched=[each.ref for each in others if each.tier == "match"],
            possible=[each.ref for each in others if each.tier == "possible"],
            mirrored=mine is not None and mine.mirrored,
            ms=ms,
            others={each.name: sorted(each.found(picture, own)) for each in self.alternatives} if own >= 0 else {},
        )

    def _answer(self, picture: Image.Image) -> tuple[list[float], list[PhotoFinding]]:
        times = [time.process_time()]
        described = describe(picture)
        times.append(time.process_time())
        sightings = self.shelf.search(described)
        times.append(time.process_time())
        found = compare(described, sightings, {ref: self.ground.known[ref] for ref in wanted(sightings)})
        times.append(time.process_time())
        return [round(1000 * (after - before), 2) for before, after in pairwise(times)], found


def read(kept: Path) -> list[Answer]:
    """The answers so far; a line that was cut short by a stop is passed over."""
    answers = []
    if kept.exists():
        for line in kept.read_text(encoding="utf-8").splitlines():
            try:
                answers.append(Answer(**json.loads(line)))
            except (ValueError, TypeError):
                continue
    return answers
