"""Sealed bytes: they come back whole at their place with their key, and never in any other way."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sealing.boxes import Box, Unreadable, is_sealed

BOX = Box(bytes(range(32)))
PIECE = 65_536


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7])
def test_bytes_come_back(size: int) -> None:
    """Whatever their length; sealed twice they look different, and nothing of them is seen."""
    data = random.Random(size).randbytes(size)
    one, other = BOX.seal(data, b"here"), BOX.seal(data, b"here")
    assert BOX.open(one, b"here") == BOX.open(other, b"here") == data
    assert one != other
    assert is_sealed(one)
    assert size < 16 or data[:16] not in one


@given(st.binary(max_size=300), st.data())
def test_any_change_is_noticed(data: bytes, draw: st.DataObject) -> None:
    """A flipped bit, a cut, an addition, another place, another key."""
    sealed = BOX.seal(data, b"here")
    place = draw.draw(st.integers(0, len(sealed) - 1))
    flipped = bytearray(sealed)
    flipped[place] ^= 1 << draw.draw(st.integers(0, 7))
    for harm in (bytes(flipped), sealed[:place], sealed + b"\0"):
        with pytest.raises(Unreadable):
            BOX.open(harm, b"here")
    with pytest.raises(Unreadable):
        BOX.open(sealed, b"there")
    with pytest.raises(Unreadable):
        Box(b"k" * 32).open(sealed, b"here")


def test_pieces_cannot_be_exchanged_or_left_out() -> None:
    """Each is bound to its number, and the last to being the last."""
    sealed = BOX.seal(random.Random(1).randbytes(3 * PIECE), b"here")
    head, step = 40, PIECE + 16
    pieces = [sealed[head + n * step : head + (n + 1) * step] for n in range(3)]
    for order in ([1, 0, 2], [0, 1], [0, 2], [0, 1, 2, 2], [2]):
        with pytest.raises(Unreadable):
            BOX.open(sealed[:head] + b"".join(pieces[n] for n in order), b"here")


@given(st.binary(max_size=200))
def test_foreign_bytes_are_unreadable(data: bytes) -> None:
    """Nothing but Unreadable is raised."""
    for given_bytes in (data, b"KALKAN\x00\x01" + data):
        with pytest.raises(Unreadable):
            BOX.open(given_bytes, b"here")


def test_the_key_is_not_shown() -> None:
    """Not by repr."""
    assert repr(Box(b"secretsecret" * 3)) == "Box(…)"
