"""Exact Hamming search agrees with counting bits one by one."""

import random

from hypothesis import given
from hypothesis import strategies as st

from detection.image.hashes import Hashes
from detection.image.phash import HASH_BYTES

ORIGIN = random.Random(5).randbytes(HASH_BYTES)


def near(flipped: frozenset[int]) -> bytes:
    value = int.from_bytes(ORIGIN)
    for bit in flipped:
        value ^= 1 << bit
    return value.to_bytes(HASH_BYTES)


hashes = st.lists(st.builds(near, st.frozensets(st.integers(0, 255), max_size=60)), max_size=20)


@given(hashes, hashes, st.integers(0, 120))
def test_near_finds_what_comparing_one_by_one_finds(stored: list[bytes], asked: list[bytes], bits: int) -> None:
    """Every pair within the bits, with its distance, and no other; also over the seam of two parts."""
    half = len(stored) // 2
    parts = [
        Hashes.of([(phash, number, 0) for number, phash in enumerate(stored)][:half]),
        Hashes.of([(phash, number, 0) for number, phash in enumerate(stored)][half:]),
    ]
    joined = Hashes.joined(parts)
    found = {
        (int(number), int(joined.owners[row]), int(distance))
        for number, row, distance in zip(*joined.near(asked, bits), strict=True)
    }
    expected = {
        (number, owner, distance)
        for number, query in enumerate(asked)
        for owner, phash in enumerate(stored)
        if (distance := (int.from_bytes(query) ^ int.from_bytes(phash)).bit_count()) <= bits
    }
    assert found == expected


@given(hashes, hashes, st.integers(0, 40))
def test_the_half_that_is_counted_first_loses_no_near_hash(stored: list[bytes], asked: list[bytes], bits: int) -> None:
    """What lies within as many bits in all as the half may differ by is found; nothing is found that is farther."""
    held = Hashes.of([(phash, number, 0) for number, phash in enumerate(stored)])
    exact = {(int(n), int(row)) for n, row, _ in zip(*held.near(asked, bits), strict=True)}
    wider = {(int(n), int(row)): int(d) for n, row, d in zip(*held.near(asked, 120, bits), strict=True)}
    assert {pair for pair, distance in wider.items() if distance <= bits} == exact
    assert all(distance <= 120 for distance in wider.values())
