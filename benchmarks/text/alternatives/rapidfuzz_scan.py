"""RapidFuzz over every stored text: no index, nothing to keep in step."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.text.alternatives.candidates import MOST

_LEAST = 40.0
_BATCH = 32


class RapidFuzzScan:
    """`process.cdist` with `fuzz.ratio`, one thread."""

    name = "RapidFuzz scan"

    def __init__(self) -> None:
        self._texts: Sequence[str] = []

    def load(self, texts: Sequence[str]) -> None:
        """Keep the texts."""
        self._texts = texts

    def nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """The texts of the highest ratio, 0 to 100."""
        return [near for start in range(0, len(texts), _BATCH) for near in self._some(texts[start : start + _BATCH])]

    def _some(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        ratios = process.cdist(texts, self._texts, scorer=fuzz.ratio, score_cutoff=_LEAST, dtype=np.float32)
        most = min(MOST, len(self._texts))
        best = np.argpartition(-ratios, most - 1, axis=1)[:, :most]
        return [
            sorted(((int(p), float(row[p])) for p in places if row[p] > 0), key=lambda pair: -pair[1])
            for row, places in zip(ratios, best, strict=True)
        ]

    def close(self) -> None:
        """Forget the texts."""
        self._texts = []
