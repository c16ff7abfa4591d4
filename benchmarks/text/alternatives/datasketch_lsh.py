"""datasketch's MinHashLSH over character 4-grams: 64 permutations, 32 bands of 2, all in memory."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.text.alternatives.candidates import MOST, shingles
from benchmarks.text.engine import NotInstalled

try:
    import datasketch  # type: ignore[import-untyped]
except ImportError:
    datasketch = None

_PERMUTATIONS, _BANDS, _ROWS = 64, 32, 2


class Datasketch:
    """Candidates share a band; the measure is the estimated Jaccard similarity."""

    name = "datasketch MinHashLSH"

    def __init__(self) -> None:
        if datasketch is None:
            raise NotInstalled("datasketch")
        self._lsh: Any = datasketch.MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
        self._digests = np.empty((0, _PERMUTATIONS), dtype=np.uint64)

    def load(self, texts: Sequence[str]) -> None:
        """Hash and insert every text."""
        self._digests = np.empty((len(texts), _PERMUTATIONS), dtype=np.uint64)
        with self._lsh.insertion_session() as session:
            for place, hashed in enumerate(_hashed(texts)):
                self._digests[place] = hashed.hashvalues
                session.insert(place, hashed)

    def nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """The candidates of the highest estimated similarity, 0 to 1."""
        return [self._ranked(hashed) for hashed in _hashed(texts)]

    def _ranked(self, hashed: Any) -> list[tuple[int, float]]:
        places = np.array(self._lsh.query(hashed), dtype=np.int64)
        if not len(places):
            return []
        alike = (self._digests[places] == hashed.hashvalues).mean(axis=1)
        order = np.argsort(-alike, kind="stable")[:MOST]
        return [(int(places[at]), float(alike[at])) for at in order]

    def close(self) -> None:
        """Forget the index."""
        self._lsh, self._digests = None, self._digests[:0]


def _hashed(texts: Sequence[str]) -> Any:
    sets = ([run.encode("utf-8", "surrogatepass") for run in shingles(text, 4)] for text in texts)
    return datasketch.MinHash.generator(sets, num_perm=_PERMUTATIONS, seed=1)
