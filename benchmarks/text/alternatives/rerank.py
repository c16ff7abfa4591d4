"""Kalkan's own decision over another index's candidates: what the alternatives get as "the same rerank"."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

from benchmarks.text.engine import Hit
from bot.storage.postings import POSTINGS_CAP
from detection.text.candidates import Asked, Candidate
from detection.text.decision import comparable, decide
from detection.text.fingerprints import packed, unpacked
from detection.text.normalise import normalise

# What Kalkan's own candidates add to every weight.
_FLOOR: Final = 0.1


def kalkan_words(text: str) -> str:
    """A text as Kalkan compares it."""
    return normalise(text).words


class Rerank:
    """Knows how rare every fingerprint is among the stored texts, as Kalkan's store does."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._holders: Counter[int] = Counter()
        for each in words:
            self._holders.update(_prints(each))

    def decide(self, words: str, places: Sequence[int]) -> list[Hit]:
        """Which of the candidates at `places` the words copy or resemble, surest first."""
        asked = Asked(words)
        same = [place for place in places if self._words[place].replace(" ", "") == asked.skeleton]
        others = [place for place in places if place not in same]
        found = [(candidate, self._words[candidate.number]) for candidate in self._candidates(asked, others)]
        decisions = decide(asked, found, self._holders, len(self._words)) if comparable(asked.skeleton) else []
        return [Hit(place, math.inf, "copy") for place in same] + [Hit(d.number, d.odds, d.tier) for d in decisions]

    def _candidates(self, asked: Asked, places: Sequence[int]) -> list[Candidate]:
        own = set(asked.prints)
        masses = {place: self._mass(own & set(_prints(self._words[place]))) for place in places}
        ranked = sorted(masses, key=lambda place: (-masses[place], place))
        return [Candidate(place, masses[place], rank) for rank, place in enumerate(ranked)]

    def _mass(self, shared: set[int]) -> float:
        stored = len(self._words)
        rare = [self._holders[one] for one in shared if self._holders[one] <= POSTINGS_CAP]
        return sum(math.log((stored + 1) / holders) + _FLOOR for holders in rare) / math.log(stored + 2)


def _prints(words: str) -> list[int]:
    prints: list[int] = unpacked(packed(words.replace(" ", ""))).tolist()
    return prints
