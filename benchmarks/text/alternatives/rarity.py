"""How rare the n-grams of a store are, and what a text's own score would be: bare BM25 scores compare no two texts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

from benchmarks.text.alternatives.candidates import shingles


class Rarity:
    """Counts in how many stored texts each n-gram is."""

    def __init__(self, texts: Iterable[str], length: int) -> None:
        self.length = length
        self._texts = 0
        self._counts: Counter[str] = Counter()
        for text in texts:
            self._texts += 1
            self._counts.update(shingles(text, length))

    def known(self, text: str) -> list[str]:
        """The text's n-grams that are stored, the rarest first."""
        runs = [run for run in shingles(text, self.length) if run in self._counts]
        return sorted(runs, key=lambda run: (self._counts[run], run))

    def weight(self, run: str) -> float:
        """BM25's inverse document frequency (Robertson and Zaragoza 2009), kept above 0."""
        count = self._counts[run]
        return log(1 + (self._texts - count + 0.5) / (count + 0.5))

    def full(self, text: str, asked: Sequence[str], most: int | None = None) -> float:
        """About the score of a stored text that has all that was asked; n-grams that are nowhere weigh the most.

        With `most`, no more than so many n-grams count, as where no more are asked for.
        """
        lost = sum(run not in self._counts for run in shingles(text, self.length))
        lost = lost if most is None else min(lost, most - len(asked))
        return sum(map(self.weight, asked)) + lost * log(1 + 2 * self._texts + 1) or 1.0
