"""RapidFuzz over every stored text: no index, nothing to keep in step."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from benchmarks.text.alternatives.candidates import MOST


class RapidFuzzScan:
    """`process.extract` with `fuzz.ratio`: what its documentation shows, with the cheapest scorer, one thread."""

    name = "RapidFuzz scan"

    def __init__(self) -> None:
        self._texts: Sequence[str] = []

    def load(self, texts: Sequence[str]) -> None:
        """Keep the texts."""
        self._texts = texts

    def nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """The texts of the highest ratio, 0 to 100."""
        return [
            [(place, ratio) for _, ratio, place in process.extract(text, self._texts, scorer=fuzz.ratio, limit=MOST)]
            for text in texts
        ]

    def close(self) -> None:
        """Forget the texts."""
        self._texts = []
