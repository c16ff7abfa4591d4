"""A second newsroom's line under a checkpoint: good only for this checkpoint, this key and this moment."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.custody.checkpoints import Checkpoint, notes_in, opened, origin_of, signed
from bot.custody.cosignatures import cosignatures, cosigned, whole_notes, witness_name
from bot.custody.envelopes import public_of
from bot.custody.keys import CustodyKeys

LOG, WITNESS, OTHER = (CustodyKeys(each * 32) for each in (b"l", b"w", b"o"))
PUBLIC = public_of(WITNESS.exchange_key(1))
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
ORIGIN = origin_of(LOG.checkpoint_public, 1)
NOTE = signed(Checkpoint(origin=ORIGIN, size=7, root=b"r" * 32, at="2026-11-01T11:00:00.000000Z"), LOG.checkpoint_key)
COSIGNED = cosigned(NOTE, WITNESS.exchange_key(1), AT)


def test_a_line_says_who_and_when() -> None:
    """The note stays the log's own, and bears the witness's line beside it."""
    (seen,) = cosignatures(COSIGNED, [PUBLIC])
    assert (seen.public, seen.at) == (PUBLIC, AT)
    assert [opened(each, LOG.checkpoint_public).size for each in notes_in(COSIGNED)] == [7]
    assert list(whole_notes(f"Саламатсызбы\n{COSIGNED}\nрахмат")) == [COSIGNED]


def test_it_has_the_form_of_the_specification() -> None:
    """Verified once more by hand, byte for byte as tlog-cosignature has it."""
    import base64

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    text, _, lines = COSIGNED.partition("\n\n")
    name, spelled = lines.split("\n")[1].removeprefix("\u2014 ").split(" ")
    raw = base64.b64decode(spelled)
    assert (name, len(raw)) == (witness_name(PUBLIC), 4 + 8 + 64)
    seconds = int.from_bytes(raw[4:12], "big")
    assert seconds == int(AT.timestamp())
    Ed25519PublicKey.from_public_bytes(PUBLIC).verify(raw[12:], f"cosignature/v1\ntime {seconds}\n{text}\n".encode())


def test_two_witnesses_stand_side_by_side() -> None:
    """Each is known by its own key; a key that nobody accepted is passed over."""
    both = cosigned(COSIGNED, OTHER.exchange_key(1), AT)
    other = public_of(OTHER.exchange_key(1))
    assert [each.public for each in cosignatures(both, [PUBLIC, other])] == [PUBLIC, other]
    assert [each.public for each in cosignatures(both, [other])] == [other]
    assert cosignatures(both, []) == []


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 10_000), char=st.sampled_from("0aA9Z/+"))
def test_a_changed_sign_vouches_for_nothing(place: int, char: str) -> None:
    """Size, root, time, moment of signing, signature: change one sign and the line is no word any more."""
    lines = COSIGNED.split("\n")
    own, witness = "\n".join(lines[:4]), lines[6]
    assert "\u2014 kalkan-witness/" in witness
    text = own + "\n" + witness
    at = place % len(text)
    if text[at] in (char, "\n", "\u2014", " "):
        return
    changed = text[:at] + char + text[at + 1 :]
    head, _, tail = changed.rpartition("\n")
    assert cosignatures("\n".join([head, *lines[4:6], tail, ""]), [PUBLIC]) == []


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_harm(text: str) -> None:
    """A file that somebody sends holds checkpoints or none."""
    assert list(whole_notes(text)) == []
    if "\n\n" not in text:
        with pytest.raises(ValueError, match="no signed note"):
            cosignatures(text, [PUBLIC])
    else:
        assert cosignatures(text, [PUBLIC]) == []
