"""The alternatives as engines: each index with its own rule, and with Kalkan's decision over its candidates."""

from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.text.alternatives.candidates import Candidates, usual_words
from benchmarks.text.alternatives.datasketch_lsh import Datasketch
from benchmarks.text.alternatives.fts5 import Fts5
from benchmarks.text.alternatives.pg_trgm import PgTrgm
from benchmarks.text.alternatives.rapidfuzz_scan import RapidFuzzScan
from benchmarks.text.alternatives.rensa_lsh import Rensa
from benchmarks.text.alternatives.rerank import Rerank, kalkan_words
from benchmarks.text.alternatives.tantivy_ngrams import Tantivy
from benchmarks.text.engine import Hit

#: False-match rates that an own rule's two thresholds are fitted to, on the part "fit".
COPY_RATE, SIMILAR_RATE = 1e-3, 1e-2
NEVER: Final = float("inf")


class OwnRule:
    """An index by its own measure alone: above one threshold a copy, above a lower one similar.

    The thresholds come from the part "fit": the lowest at which no more unrelated texts match than the rate allows. No
    fixed number is any engine's usual one, and this is the best that each can do.
    """

    def __init__(self, candidates: Candidates) -> None:
        self.name = f"{candidates.name}, own rule"
        self._candidates = candidates
        self.copy_at = self.similar_at = NEVER

    def load(self, texts: list[str]) -> None:
        """Index texts prepared in the usual way."""
        self._candidates.load([usual_words(text) for text in texts])

    def fit(self, unrelated: Sequence[str]) -> None:
        """Fit both thresholds on unrelated texts of the part "fit", against what is stored."""
        best = [max((score for _, score in found), default=0.0) for found in self._nearest(unrelated)]
        self.copy_at, self.similar_at = _threshold(best, COPY_RATE), _threshold(best, SIMILAR_RATE)

    def query(self, texts: Sequence[str]) -> list[list[Hit]]:
        """The hits of each text."""
        return [
            [
                Hit(place, score, "copy" if score > self.copy_at else "similar")
                for place, score in found
                if score > self.similar_at
            ]
            for found in self._nearest(texts)
        ]

    def _nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        return self._candidates.nearest([usual_words(text) for text in texts])

    def close(self) -> None:
        """Give back what the index holds."""
        self._candidates.close()


def _threshold(scores: Sequence[float], rate: float) -> float:
    """The smallest number that at most `rate` of the scores lie above."""
    ranked = sorted(scores, reverse=True)
    return ranked[min(len(ranked) - 1, int(rate * len(ranked)))] if ranked else NEVER


class SameRerank:
    """An index over Kalkan's normalised words, with Kalkan's decision over its candidates."""

    def __init__(self, candidates: Candidates) -> None:
        self.name = f"{candidates.name}, same rerank"
        self._candidates = candidates
        self._rerank = Rerank([])

    def load(self, texts: list[str]) -> None:
        """Index texts prepared as Kalkan does."""
        words = [kalkan_words(text) for text in texts]
        self._rerank = Rerank(words)
        self._candidates.load(words)

    def query(self, texts: Sequence[str]) -> list[list[Hit]]:
        """The hits of each text."""
        asked = [kalkan_words(text) for text in texts]
        found = self._candidates.nearest(asked)
        return [
            self._rerank.decide(words, [place for place, _ in near]) for words, near in zip(asked, found, strict=True)
        ]

    def close(self) -> None:
        """Give back what the index holds."""
        self._candidates.close()


#: Every alternative: how it is made, and whether one query takes so long that fewer are asked.
ALTERNATIVES: Final[dict[str, tuple[Callable[[], Candidates], bool]]] = {
    "RapidFuzz scan": (RapidFuzzScan, True),
    "datasketch MinHashLSH": (Datasketch, False),
    "SQLite FTS5 trigram": (Fts5, True),
    "tantivy 5-grams": (Tantivy, False),
    "rensa RMinHashLSH": (Rensa, False),
    "PostgreSQL pg_trgm": (PgTrgm, True),
}
