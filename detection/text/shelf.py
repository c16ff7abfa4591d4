"""The index in memory, for some thousands of texts: what the archive does with tables, for batches and for proofs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from detection.text.candidates import Asked, Candidate, candidates
from detection.text.decision import Decision, comparable, decide, exact
from detection.thresholds import POSTINGS_CAP


class Shelf:
    """Texts by their words, numbered from 0 in the order in which they were added."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words: list[str] = []
        #: The first `POSTINGS_CAP` texts that have a fingerprint, and how many have it.
        self.postings: defaultdict[int, list[int]] = defaultdict(list)
        self.holders: defaultdict[int, int] = defaultdict(int)
        self._same: defaultdict[str, list[int]] = defaultdict(list)
        for each in words:
            self.add(each)

    def add(self, words: str) -> int:
        """Store a text; returns its number. One without words has a number and is never found."""
        number = len(self.words)
        self.words.append(words)
        asked = Asked(words)
        if asked.skeleton:
            self._same[asked.skeleton].append(number)
        for one in asked.prints:
            self.holders[one] += 1
            if self.holders[one] <= POSTINGS_CAP:
                self.postings[one].append(number)
        return number

    def near(self, asked: Asked) -> list[Candidate]:
        """The texts that share rare fingerprints with one that is long enough."""
        if not comparable(asked.skeleton):
            return []
        known = {one: self.postings[one] for one in asked.prints if one in self.postings}
        found = candidates(asked.prints, known, self.holders, len(self.words))
        return [c for c in found if comparable(self.words[c.number].replace(" ", ""))]

    def search(self, words: str) -> list[Decision]:
        """The texts that one copies or resembles: the same first, then the surest."""
        asked = Asked(words)
        same = self._same.get(asked.skeleton, [])
        others = [(c, self.words[c.number]) for c in self.near(asked) if c.number not in same]
        return [*map(exact, same), *decide(asked, others, self.holders, len(self.words))]
