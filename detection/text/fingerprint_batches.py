"""Fingerprints of many skeletons at once: an import's, at a tenth of the time that they take one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detection.text import fingerprints as single
from detection.thresholds import FINGERPRINT_GRAM, FINGERPRINT_WINDOW, FINGERPRINTS_MAX

# A shorter skeleton has one window, and a longer one may have too many fingerprints: those are looked at alone.
_SHORTEST: Final = FINGERPRINT_GRAM + FINGERPRINT_WINDOW
_LONGEST: Final = FINGERPRINTS_MAX

_Places = NDArray[np.intp]
_Hashes = NDArray[np.uint64]


def packed_all(skeletons: Sequence[str]) -> list[bytes]:
    """`fingerprints.packed` of each skeleton, in order."""
    usual = [place for place, skeleton in enumerate(skeletons) if _SHORTEST <= len(skeleton) <= _LONGEST]
    found = dict(zip(usual, _packed([skeletons[place] for place in usual]), strict=True))
    return [found[n] if n in found else single.packed(skeleton) for n, skeleton in enumerate(skeletons)]


def _packed(skeletons: Sequence[str]) -> list[bytes]:
    if not skeletons:
        return []
    lengths = np.array([len(skeleton) for skeleton in skeletons], dtype=np.intp)
    hashes = _hashes("".join(skeletons))
    owners, prints = _distinct(hashes, _winnowed(hashes, lengths), np.cumsum(lengths))
    packed = prints.astype("<i8").tobytes()
    ends = 8 * np.searchsorted(owners, np.arange(len(skeletons)), side="right")
    starts = [0, *ends[:-1].tolist()]
    return [packed[start:end] for start, end in zip(starts, ends.tolist(), strict=True)]


def _hashes(letters: str) -> _Hashes:
    """The hash of every 6-gram of all skeletons in a row; those across two of them belong to none."""
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64) + np.uint64(1)
    count = len(codes) - FINGERPRINT_GRAM + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for place, power in enumerate(single._POWERS):
        hashes += codes[place : place + count] * power
    return single._mixed(hashes)


def _winnowed(hashes: _Hashes, lengths: _Places) -> _Places:
    """The places of the smallest hash of each window that lies within one skeleton; the first where two are alike."""
    windows = lengths - (FINGERPRINT_GRAM + FINGERPRINT_WINDOW - 2)
    before = np.cumsum(windows) - windows
    starts = np.arange(int(windows.sum())) + np.repeat(np.cumsum(lengths) - lengths - before, windows)
    best, smallest = starts.copy(), hashes[starts]
    for step in range(1, FINGERPRINT_WINDOW):
        other = hashes[starts + step]
        smaller = other < smallest
        best[smaller] = starts[smaller] + step
        smallest = np.minimum(smallest, other)
    chosen = np.zeros(len(hashes), dtype=bool)
    chosen[best] = True
    return np.flatnonzero(chosen)


def _distinct(hashes: _Hashes, places: _Places, ends: _Places) -> tuple[_Places, _Hashes]:
    """The fingerprints at these places, each once for a skeleton: whose they are, and what, rising."""
    owners, prints = np.searchsorted(ends, places, side="right"), hashes[places]
    order = np.lexsort((prints, owners))
    owners, prints = owners[order], prints[order]
    fresh = np.ones(len(prints), dtype=bool)
    fresh[1:] = (owners[1:] != owners[:-1]) | (prints[1:] != prints[:-1])
    return owners[fresh], prints[fresh]
