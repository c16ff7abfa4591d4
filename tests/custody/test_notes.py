"""Signed notes, sealed bodies, canonical spelling, minisign: each opens what it closed, and nothing else."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.custody.bag_signatures import BagSigner, is_signed
from bot.custody.canonical import canonical, storable
from bot.custody.checkpoints import Checkpoint, NotACheckpoint, notes_in, opened, origin_of, signed, verifier_key
from bot.custody.entries import Entry, entry_of, moment_of, spelled
from bot.custody.keys import CustodyKeys, Unreadable
from bot.custody.reading import loaded
from bot.custody.sealing import new_body, new_subject_key, seal, unseal
from bot.custody.timestamps import NotAToken, checked, request_for

KEYS = CustodyKeys(b"s" * 32)
PUBLIC = KEYS.checkpoint_public
STATE = Checkpoint(
    origin=origin_of(PUBLIC, 7), size=12, root=bytes(range(32)), at=spelled(datetime(2026, 10, 6, 8, tzinfo=UTC))
)
NOTE = signed(STATE, KEYS.checkpoint_key)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=5), each, max_size=4),
    max_leaves=12,
)


def test_note_is_the_c2sp_form() -> None:
    """Three lines and the time, an empty line, one signature line whose first four bytes name the key."""
    text, _, signature = NOTE.partition("\n\n")
    assert text.splitlines()[1:3] == ["12", base64.b64encode(STATE.root).decode()]
    assert signature.startswith(f"\u2014 {STATE.origin} ")
    raw = base64.b64decode(signature.split()[-1])
    assert len(raw) == 68
    assert verifier_key(STATE.origin, PUBLIC).split("+")[1] == raw[:4].hex()


def test_note_opens() -> None:
    """What was signed comes back, also from the middle of a chat."""
    assert opened(NOTE, PUBLIC) == STATE
    chat = f"Kalkan, 14:00\r\n{NOTE.replace(chr(10), chr(13) + chr(10))}\r\nи ещё\n{NOTE.rstrip()}"
    assert [opened(each, PUBLIC) for each in notes_in(chat)] == [STATE, STATE]


@given(st.integers(0, len(NOTE) - 1), st.characters())
def test_changed_note_is_refused(place: int, char: str) -> None:
    """No character can be changed."""
    spoilt = NOTE[:place] + char + NOTE[place + 1 :]
    if spoilt != NOTE:
        with pytest.raises(NotACheckpoint):
            opened(spoilt, PUBLIC)


def test_another_key_is_refused() -> None:
    """Neither another house's note nor our text under another's signature."""
    other = CustodyKeys(b"o" * 32)
    with pytest.raises(NotACheckpoint):
        opened(signed(STATE, other.checkpoint_key), PUBLIC)
    assert origin_of(PUBLIC, 1) != origin_of(PUBLIC, 2) != origin_of(other.checkpoint_public, 2)


@given(json_values)
def test_anything_can_be_logged(value: object) -> None:
    """Whatever JSON holds has a canonical spelling: great numbers, halves of characters, what is no number."""
    again = json.loads(canonical(storable({"value": value})))
    assert canonical(again) == canonical(storable({"value": value}))


@given(st.binary())
def test_no_bytes_harm_the_reader(data: bytes) -> None:
    """A body that is no object reads as nothing."""
    assert isinstance(loaded(data), dict)
    assert loaded(b"[" * 100_000) == {}


def test_bodies_open_only_in_their_place() -> None:
    """Another line's number, another key or a changed byte opens nothing; the salt is each body's own."""
    key, body = new_subject_key(), new_body({"text": "сөз", "id": 2**60})
    sealed = seal(body, key, 5)
    assert unseal(sealed, key, 5) == body
    assert json.loads(body.body) == {"id": str(2**60), "text": "сөз"}
    assert new_body({"a": 1}).commitment != new_body({"a": 1}).commitment
    for data, by, seq in ((sealed, key, 6), (sealed, new_subject_key(), 5), (sealed[:-1], key, 5), (b"", key, 5)):
        with pytest.raises(Unreadable):
            unseal(data, by, seq)


def test_keys_are_wrapped_for_one_subject() -> None:
    """A wrapped key of one subject is none of another's; another secret opens nothing."""
    key, name = new_subject_key(), KEYS.pseudonym(1, "submission", 5)
    wrapped = KEYS.wrap(key, name)
    assert KEYS.unwrap(wrapped, name) == key
    for keys, subject, data in ((KEYS, "x", wrapped), (CustodyKeys(b"o" * 32), name, wrapped), (KEYS, name, b"")):
        with pytest.raises(Unreadable):
            keys.unwrap(data, subject)
    names = {KEYS.pseudonym(n, noun, i) for n in (1, 2) for noun in ("a", "b") for i in (1, 2)}
    assert len(names) == 8


def test_lines_come_back() -> None:
    """A line of JSON is the entry that it was made of; anything else is refused."""
    entry = Entry(
        seq=3, at="2026-10-06T08:00:00.000000Z", kind="kept", subject="a" * 32, commitment=b"c" * 32, prev=b"p" * 32
    )
    assert entry_of(json.loads(entry.line)) == entry
    assert moment_of(entry.at) == datetime(2026, 10, 6, 8, tzinfo=UTC)
    for wrong in ([], [1, 2, 3, 4, 5, 6], ["0", "", "", "", "", ""]):
        with pytest.raises(ValueError, match="entry"):
            entry_of(wrong)
    with pytest.raises(ValueError, match="moment"):
        moment_of("2026-10-06")
    with pytest.raises(ValueError, match="naive"):
        spelled(datetime(2026, 10, 6))  # noqa: DTZ001 - that is what is refused


def test_minisign_signatures() -> None:
    """The same seed gives the same key; a changed byte, comment or key is refused."""
    signer, other = BagSigner(b"1" * 32), BagSigner(b"2" * 32)
    signature = signer.sign(b"manifest", "size 12")
    assert BagSigner(b"1" * 32).public_key == signer.public_key != other.public_key
    assert is_signed(b"manifest", signature, signer.public_key)
    assert not is_signed(b"manifesT", signature, signer.public_key)
    assert not is_signed(b"manifest", signature.replace(b"size 12", b"size 13"), signer.public_key)
    assert not is_signed(b"manifest", signature, other.public_key)
    assert not is_signed(b"manifest", b"nonsense", signer.public_key)
    assert signer.public_line.startswith("RW")


@given(st.binary(max_size=200))
def test_no_answer_of_an_authority_harms(answer: bytes) -> None:
    """Whatever an authority sends that is no token is refused."""
    with pytest.raises(NotAToken):
        checked(answer, b"data")
    assert request_for(b"data")[:1] == b"\x30"
