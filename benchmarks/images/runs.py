"""Ask every query, a round over all rows at a time, and keep each answer as a line: a stopped run goes on.

Queries with photos that are not stored are mostly edited photos: a screenshot costs as much as four of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Final

from PIL import Image

from benchmarks.images.alternatives import Alternative
from benchmarks.images.ground import Ground, Photo
from benchmarks.images.rows import Kind
from detection.image.describing import describe
from detection.image.findings import PhotoFinding
from detection.image.searching import compare, wanted
from detection.image.shelf import Shelf

#: Of the queries with photos that are not stored, the share that are screenshots.
_SCREENS: Final = 0.1


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
    #: What the alternatives found; empty when they were not asked.
    others: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many: ``queries`` of stored photos a row, ``negatives`` of others in all.

    The alternatives are asked for the first ``beside`` of each row.
    """

    queries: int
    negatives: int
    beside: int

    def negatives_of(self, kind: Kind, kinds: Sequence[Kind]) -> int:
        """How many of the negatives a row gets."""
        groups = {each.group for each in kinds}
        screens = _SCREENS if len(groups) > 1 else 1.0
        share = screens if kind.group == "screens" else 1 - screens if len(groups) > 1 else 1.0
        return ceil(self.negatives * share / sum(each.group == kind.group for each in kinds))


@dataclass(frozen=True, slots=True)
class Query:
    """One picture to ask: the row, the photo, its ref or -1, and the number that its edits are drawn by."""

    kind: Kind
    photo: Photo
    own: int
    number: int


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run needs; answers are appended to ``kept``."""

    ground: Ground
    shelf: Shelf
    #: Made when the first query needs them.
    alternatives: Callable[[], Sequence[Alternative]]
    kept: Path

    def go(self, kinds: Sequence[Kind], amounts: Amounts, until: float) -> None:
        """Ask what was not asked before, until the clock says so."""
        done = {(answer.kind, answer.photo) for answer in read(self.kept)}
        with self.kept.open("a", encoding="utf-8") as file:
            for query in self._plan(kinds, amounts):
                if time.monotonic() > until:
                    return
                if (query.kind.name, query.photo.name) not in done:
                    answer = self._ask(query, beside=query.number < amounts.beside)
                    file.write(json.dumps(asdict(answer), ensure_ascii=False) + "\n")
                    file.flush()

    def _plan(self, kinds: Sequence[Kind], amounts: Amounts) -> Iterator[Query]:
        asked, other = self.ground.asked, self.ground.negative
        queries = {kind.name: min(amounts.queries, len(asked)) for kind in kinds}
        negatives = {kind.name: min(amounts.negatives_of(kind, kinds), len(other)) for kind in kinds}
        for number in range(max(0, *queries.values(), *negatives.values())):
            for place, kind in enumerate(kinds):
                # Rows ask for different photos in each round, so that a short run sees many of them.
                if number < queries[kind.name]:
                    own = (number + place * 37) % len(asked)
                    yield Query(kind, asked[own], own, number)
                if number < negatives[kind.name]:
                    yield Query(kind, other[(number + place * 37) % len(other)], -1, number)

    def _ask(self, query: Query, *, beside: bool) -> Answer:
        own = query.own
        picture = query.kind.made(query.photo.picture(), query.number)
        ms, found = self._answer(picture)
        mine = next((each for each in found if each.ref == own), None)
        others = [each for each in found if each.ref != own]
        alternatives = self.alternatives() if beside and own >= 0 else ()
        return Answer(
            kind=query.kind.name,
            photo=query.photo.name,
            own=own,
            tier=None if mine is None else mine.tier,
            matched=[each.ref for each in others if each.tier == "match"],
            possible=[each.ref for each in others if each.tier == "possible"],
            mirrored=mine is not None and mine.mirrored,
            ms=ms,
            others={each.name: sorted(each.found(picture, own)) for each in alternatives},
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
