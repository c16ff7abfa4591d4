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
