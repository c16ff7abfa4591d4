"""Asks the index and plain RapidFuzz the same questions, and counts who had the right account among the first five."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from benchmarks.accounts.mutations import Mutation
from benchmarks.accounts.people import Person
from detection.accounts.name_index import NameIndex

Search = Callable[[str], Sequence[int]]
FIRST = 5


@dataclass(slots=True)
class Score:
    """Of one kind: how often the account was among the first five, and how long each answer took."""

    asked: int = 0
    found: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def recall(self, name: str) -> float:
        """Found of asked."""
        return self.found.get(name, 0) / self.asked if self.asked else 0.0


def searches(known: Sequence[Person]) -> dict[str, Search]:
    """The index, and what one would take instead of it."""
    index = NameIndex()
    for ref, person in enumerate(known):
        index.put(ref, [person.name])
    lowered = [person.name.lower() for person in known]

    def plain(scorer: Callable[..., float]) -> Search:
        def search(asked: str) -> list[int]:
            return [hit[2] for hit in process.extract(asked.lower(), lowered, scorer=scorer, limit=FIRST)]

        return search

    return {
        "Kalkan": lambda asked: [hit.ref for hit in index.search(asked, FIRST)],
        "RapidFuzz token_sort_ratio": plain(fuzz.token_sort_ratio),
        "RapidFuzz WRatio": plain(fuzz.WRatio),
    }


def measure(known: Sequence[Person], kinds: dict[str, Mutation], each: int, seed: int) -> dict[str, Score]:
    """Ask `each` questions of every kind of all searches in turn."""
    asked_of = searches(known)
    scores: dict[str, Score] = {}
    for kind, mutate in kinds.items():
        draw = random.Random(f"{seed} {kind}")
        score = scores.setdefault(kind, Score())
        order = draw.sample(range(len(known)), len(known))
        for ref in order:
            if score.asked == each:
                break
            written = mutate(known[ref], draw)
            if written is not None:
                _ask(asked_of, written, ref, score)
    return scores


def _ask(asked_of: dict[str, Search], written: str, ref: int, score: Score) -> None:
    score.asked += 1
    for name, search in asked_of.items():
        start, used = time.perf_counter(), time.process_time()
        found = search(written)
        score.cpu.setdefault(name, []).append(time.process_time() - used)
        score.seconds.setdefault(name, []).append(time.perf_counter() - start)
        score.found[name] = score.found.get(name, 0) + (ref in found[:FIRST])
