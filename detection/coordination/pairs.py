"""Pairs of accounts from blocks: every pair that is ever looked at shared something small with its partner.

A pair is one 64-bit key, the smaller index first. Nothing here is square in the number of accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from detection.coordination.activity import Ints

Floats = NDArray[np.float64]

_SHIFT = 32


def keys_of(one: Ints, other: Ints) -> Ints:
    """The keys of pairs; the order within a pair does not matter."""
    return np.asarray(np.minimum(one, other) << _SHIFT | np.maximum(one, other))


def pair_key(one: int, other: int) -> int:
    """The key of one pair."""
    return int(keys_of(np.array([one]), np.array([other]))[0])


def ends_of(keys: Ints) -> tuple[Ints, Ints]:
    """The accounts of each pair, the smaller index first."""
    return keys >> _SHIFT, keys & ((1 << _SHIFT) - 1)


def summed(keys: Ints, weights: Floats) -> tuple[Ints, Floats]:
    """Each pair once, sorted, with the sum of its weights."""
    if not len(keys):
        return keys, weights
    order = np.argsort(keys, kind="stable")
    keys, weights = keys[order], weights[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[starts], np.add.reduceat(weights, starts)


def joined(parts: Iterable[tuple[Ints, Floats]]) -> tuple[Ints, Floats]:
    """Parts put together, pair by pair."""
    parts = list(parts)
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0)
    return summed(np.concatenate([keys for keys, _ in parts]), np.concatenate([weights for _, weights in parts]))


def neighbours(blocks: Ints) -> Iterator[tuple[Ints, Ints]]:
    """The places of every two rows of one block, distance by distance; ``blocks`` is sorted.

    The pairs of a block grow with its square: leave out large blocks before.
    """
    for distance in range(1, len(blocks)):
        same = np.flatnonzero(blocks[distance:] == blocks[:-distance])
        if not len(same):
            return
        yield same, same + distance


def within_blocks(blocks: Ints, accounts: Ints, weights: Floats) -> tuple[Ints, Floats]:
    """Every pair within each block, with the block's weight, summed: one weight a row."""
    found: list[tuple[Ints, Floats]] = []
    for one, other in neighbours(blocks):
        apart = accounts[one] != accounts[other]
        found.append((keys_of(accounts[one][apart], accounts[other][apart]), weights[one][apart]))
    return joined(found)


def looked_up(keys: Ints, table: tuple[Ints, Floats]) -> Floats:
    """The value of each pair in a sorted table, 0 where it is not there."""
    known, values = table
    if not len(known):
        return np.zeros(len(keys))
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, values[place], 0.0)
