"""The master key: as text, as a passphrase, and what is made from it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sealing.house_keys import HouseKeys
from bot.sealing.key_text import NotAKey, key_text, read_key_text
from bot.sealing.passphrase import NotASalt, Salt, WrongPassphrase

MASTER = bytes(range(32))


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_as_it_was_written(master: bytes) -> None:
    """Also with other spaces, letter case and line ends, as a hand copies it."""
    text = key_text(master)
    assert read_key_text(text) == master
    assert read_key_text(text.upper().replace(" ", "  ").replace("\n", "\r\n")) == master


@given(st.integers(0, 71), st.sampled_from("0123456789abcdef"))
def test_a_miscopied_digit_is_noticed(place: int, digit: str) -> None:
    """Any one of the 72."""
    head, _, digits = key_text(MASTER).rpartition(": ")
    plain = digits.replace(" ", "").strip()
    wrong = plain[:place] + digit + plain[place + 1 :]
    if wrong != plain:
        with pytest.raises(NotAKey):
            read_key_text(f"{head}: {wrong}")


@given(st.text(max_size=200))
def test_foreign_text_is_no_key(text: str) -> None:
    """And the message repeats nothing of it."""
    with pytest.raises(NotAKey):
        read_key_text(text)
    with pytest.raises(NotAKey):
        read_key_text("kalkan-master-key-1:" + text)


def test_each_purpose_has_a_key_of_its_own() -> None:
    """The same from the same master key, others from another."""
    one, again, other = HouseKeys(MASTER), HouseKeys(MASTER), HouseKeys(b"o" * 32)
    assert one.database == again.database != other.database
    assert len({one.database, one.names, MASTER}) == 3
    sealed = one.vault.seal(b"data", b"here")
    assert again.vault.open(sealed, b"here") == b"data"
    for box in (one.secrets, one.exports, other.vault):
        with pytest.raises(ValueError, match="another key"):
            box.open(sealed, b"here")
    assert repr(one) == "HouseKeys(…)"
    with pytest.raises(ValueError, match="32 bytes"):
        HouseKeys(b"short")


def test_a_passphrase_gives_one_key_with_its_salt() -> None:
    """A mistyped one is told, spaces do not matter, and the salt survives its file."""
    salt = Salt.new("six words that were picked by dice")
    read = Salt.read(salt.text())
    assert read == salt
    assert read.master("six words  that were picked by dice ") == salt.master("six words that were picked by dice")
    with pytest.raises(WrongPassphrase):
        read.master("six words that were picked by mice")


@pytest.mark.parametrize(
    "given_text",
    ["", "[]", "null", "{", '{"salt": "00"}', "[" * 5000]
    + [
        json.dumps({"salt": "ab" * 32, "check": "", "n": 1 << 17, "r": 8, "p": 1} | change)
        for change in ({"n": 1 << 30}, {"n": 3}, {"r": 10**9}, {"p": 0}, {"salt": "zz"}, {"n": 1e999})
    ],
)
def test_a_foreign_salt_is_refused(given_text: str) -> None:
    """Above all one that would take all memory."""
    with pytest.raises(NotASalt):
        Salt.read(given_text)
