"""The few hashes of a skeleton by which its copies are found: winnowed 6-grams.

Winnowing (Schleimer, Wilkerson, Aiken 2003) keeps the smallest hash of every window of neighbouring n-grams, so that
two texts with a common stretch of `FINGERPRINT_GRAM + FINGERPRINT_WINDOW - 1` letters always share a fingerprint.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from detection.thresholds import FINGERPRINT_GRAM, FINGERPRINT_WINDOW, FINGERPRINTS_MAX

#: Bits of a fingerprint: few enough for a short row, enough that chance never matters (2e7 of 2.8e14).
BITS: Final = 48
_BASE: Final = 0x9E3779B97F4A7C15
_POWERS: Final = np.array(
    [pow(_BASE, exponent, 1 << 64) for exponent in range(FINGERPRINT_GRAM - 1, -1, -1)], dtype=np.uint64
)


def fingerprints(skeleton: str) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Where in a skeleton its fingerprints stand, and what they are; both empty for an empty skeleton.

    The same fingerprint may stand at several places. Of a very long text those with the smallest hashes are kept, which
    a copy of it keeps as well.
    """
    if not skeleton:
        return np.empty(0, np.intp), np.empty(0, np.int64)
    hashes = _hashes(skeleton)
    places = _winnowed(hashes)
    if len(places) > FINGERPRINTS_MAX:
        smallest = np.argpartition(hashes[places], FINGERPRINTS_MAX)[:FINGERPRINTS_MAX]
        places = np.sort(places[smallest])
    return places, hashes[places].astype(np.int64)


def packed(skeleton: str) -> bytes:
    """The distinct fingerprints of a skeleton, rising, as little-endian 64-bit integers."""
    return np.unique(fingerprints(skeleton)[1]).astype("<i8").tobytes()


def unpacked(prints: bytes) -> NDArray[np.int64]:
    """What `packed` has packed."""
    return np.frombuffer(prints, dtype="<i8").astype(np.int64)


def _hashes(skeleton: str) -> NDArray[np.uint64]:
    """The hash of every 6-gram, by its place; a shorter skeleton has one."""
    letters = np.frombuffer(skeleton.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64) + np.uint64(1)
    if len(letters) < FINGERPRINT_GRAM:
        letters = np.pad(letters, (0, FINGERPRINT_GRAM - len(letters)))
    return _mixed(_windows(letters, FINGERPRINT_GRAM) @ _POWERS)


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread evenly over `BITS` bits (the finaliser of MurmurHash3)."""
    hashes = hashes ^ (hashes >> np.uint64(33))
    hashes = hashes * np.uint64(0xFF51AFD7ED558CCD)
    hashes = hashes ^ (hashes >> np.uint64(33))
    hashes = hashes * np.uint64(0xC4CEB9FE1A85EC53)
    hashes = hashes ^ (hashes >> np.uint64(33))
    return hashes >> np.uint64(64 - BITS)


def _winnowed(hashes: NDArray[np.uint64]) -> NDArray[np.intp]:
    """The places of the smallest hash of each window."""
    if len(hashes) <= FINGERPRINT_WINDOW:
        return np.array([hashes.argmin()], dtype=np.intp)
    windows = _windows(hashes, FINGERPRINT_WINDOW)
    places = windows.argmin(axis=1) + np.arange(len(windows))
    # The place of the smallest never falls from one window to the next.
    found: NDArray[np.intp] = places[np.flatnonzero(np.diff(places, prepend=-1))]
    return found


def _windows(row: NDArray[np.uint64], width: int) -> NDArray[np.uint64]:
    """Every stretch of neighbours, without a copy; NumPy's sliding_window_view costs more than all the rest here."""
    return as_strided(row, (len(row) - width + 1, width), (row.itemsize, row.itemsize), writeable=False)
