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

    def near(self, phashes: Sequence[bytes], bits: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
        """Every pair within ``bits``: the number of the query, the row here, and the distance in bits of 256."""
        words = np.frombuffer(b"".join(phashes), dtype=np.uint64).reshape(-1, _WORDS)
        asked, rows, distances = [], [], []
        for start in range(0, len(self), _CHUNK):
            columns = np.ascontiguousarray(self.columns[:, start : start + _CHUNK])
            for number, word in enumerate(words):
                near, distance = _near(columns, word, bits)
                if len(near):
                    asked.append(np.full(len(near), number))
                    rows.append(near + start)
                    distances.append(distance)
        if not rows:
            return np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.int64)
        return np.concatenate(asked), np.concatenate(rows), np.concatenate(distances)


def _near(
    columns: NDArray[np.uint64], word: NDArray[np.uint64], bits: int
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Rows within ``bits`` of one hash. The half with the low frequencies rules nearly all others out."""
    half = np.bitwise_count(columns[0] ^ word[0])
    half += np.bitwise_count(columns[1] ^ word[1])
    rows = np.flatnonzero(half <= bits)
    distances = half[rows].astype(np.int64)
    for column in (2, 3):
        distances += np.bitwise_count(columns[column, rows] ^ word[column])
    near = distances <= bits
    return rows[near], distances[near]
