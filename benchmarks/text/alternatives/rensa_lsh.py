"""rensa's RMinHashLSH over character 4-grams: 64 permutations, 32 bands, all in memory, in Rust."""

from collections.abc import Sequence
from typing import Any

from benchmarks.text.alternatives.candidates import MOST, shingles
from benchmarks.text.engine import NotInstalled

try:
    import rensa  # type: ignore[import-untyped]
except ImportError:
    rensa = None

_PERMUTATIONS, _BANDS, _SEED = 64, 32, 42


class Rensa:
    """Candidates share a band; the measure is the estimated Jaccard similarity."""

    name = "rensa RMinHashLSH"

    def __init__(self) -> None:
        if rensa is None:
            raise NotInstalled("rensa")
        self._lsh: Any = rensa.RMinHashLSH(threshold=0.5, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        self._hashed: list[Any] = []

    def load(self, texts: Sequence[str]) -> None:
        """Hash and insert every text."""
        self._hashed = [_hash(text) for text in texts]
        for place, hashed in enumerate(self._hashed):
            self._lsh.insert(place, hashed)

    def nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """The candidates of the highest estimated similarity, 0 to 1."""
        return [self._ranked(_hash(text)) for text in texts]

    def _ranked(self, hashed: Any) -> list[tuple[int, float]]:
        alike = [(place, hashed.jaccard(self._hashed[place])) for place in self._lsh.query(hashed)]
        return sorted(alike, key=lambda pair: (-pair[1], pair[0]))[:MOST]

    def close(self) -> None:
        """Forget the index."""
        self._lsh, self._hashed = None, []


def _hash(text: str) -> Any:
    hashed = rensa.RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    hashed.update(shingles(text, 4))
    return hashed
