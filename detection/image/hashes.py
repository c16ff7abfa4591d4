"""Exact search among region hashes: every stored hash within some bits of a query's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detection.image.phash import HASH_BYTES

_WORDS: Final = HASH_BYTES // 8
# Stored hashes that are compared at a time: their words and distances then stay in the processor's cache.
_CHUNK: Final = 16_384
_NONE: Final = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True)
class Hashes:
    """Hashes by column: ``columns`` is (4, n) uint64; ``owners`` numbers the region of each, ``slots`` its hashes."""

    columns: NDArray[np.uint64]
    owners: NDArray[np.uint32]
    slots: NDArray[np.uint8]

    @classmethod
    def of(cls, entries: Sequence[tuple[bytes, int, int]]) -> Hashes:
        """From (hash, region, slot)."""
        packed = np.frombuffer(b"".join(phash for phash, _, _ in entries), dtype=np.uint64)
        return cls(
            np.ascontiguousarray(packed.reshape(-1, _WORDS).T),
            np.array([owner for _, owner, _ in entries], np.uint32),
            np.array([slot for _, _, slot in entries], np.uint8),
        )

    @classmethod
    def joined(cls, several: Sequence[Hashes]) -> Hashes:
        """All hashes of several."""
        if not several:
            return cls.of(())
        return cls(
            np.concatenate([each.columns for each in several], axis=1),
            np.concatenate([each.owners for each in several]),
            np.concatenate([each.slots for each in several]),
        )

    def __len__(self) -> int:
        return len(self.owners)

    def near(
        self, phashes: Sequence[bytes], bits: int, half_bits: int = HASH_BYTES * 8
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
        """Every pair within ``bits`` of 256: the number of the query, the row here, and the distance.

        ``half_bits`` is the most by which the half with the low frequencies may differ: nothing within as many bits in
        all is lost by it, and what is left to compare is a thousand times less.
        """
        words = np.frombuffer(b"".join(phashes), dtype=np.uint64).reshape(-1, _WORDS)
        scratch = _Scratch.of(min(_CHUNK, len(self)))
        asked, rows, distances = [], [], []
        for start in range(0, len(self), _CHUNK):
            columns = self.columns[:, start : start + _CHUNK]
            for number, word in enumerate(words):
                near, distance = _near(columns, word, bits, min(bits, half_bits), scratch)
                if len(near):
                    asked.append(np.full(len(near), number))
                    rows.append(near + start)
                    distances.append(distance)
        if not rows:
            return _NONE, _NONE, np.empty(0, np.int64)
        return np.concatenate(asked), np.concatenate(rows), np.concatenate(distances)


@dataclass(frozen=True, slots=True)
class _Scratch:
    """Room for one chunk, used again: making it anew takes as long as counting."""

    words: NDArray[np.uint64]
    one: NDArray[np.uint8]
    other: NDArray[np.uint8]

    @classmethod
    def of(cls, size: int) -> _Scratch:
        return cls(np.empty(size, np.uint64), np.empty(size, np.uint8), np.empty(size, np.uint8))


def _near(
    columns: NDArray[np.uint64], word: NDArray[np.uint64], bits: int, half_bits: int, scratch: _Scratch
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Rows within ``bits`` of one hash. The half with the low frequencies rules nearly all others out."""
    count = columns.shape[1]
    words, half, second = scratch.words[:count], scratch.one[:count], scratch.other[:count]
    np.bitwise_count(np.bitwise_xor(columns[0], word[0], out=words), out=half)
    np.bitwise_count(np.bitwise_xor(columns[1], word[1], out=words), out=second)
    np.add(half, second, out=half)
    if half.min() > half_bits:
        return _NONE, _NONE
    rows = np.flatnonzero(half <= half_bits)
    distances = half[rows].astype(np.int64)
    for column in (2, 3):
        distances += np.bitwise_count(columns[column, rows] ^ word[column])
    near = distances <= bits
    return rows[near], distances[near]
