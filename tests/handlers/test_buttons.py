"""Callback data: what was signed is read back, fits into 64 bytes, and cannot be guessed."""

import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.ids import new_id
from handlers.buttons import ButtonSigner, Press
from handlers.presses import ACTIONS

SIGNER = ButtonSigner(b"k" * 32)
PEOPLE = st.integers(min_value=1, max_value=2**52)
PRESSES = st.builds(
    Press,
    action=st.sampled_from(sorted(ACTIONS)),
    subject=st.integers(min_value=0, max_value=2**63 - 1),
    argument=st.text(alphabet=string.ascii_lowercase + string.digits + ":-_", max_size=16),
)


@given(PEOPLE, PRESSES)
def test_what_is_signed_is_read(person: int, press: Press) -> None:
    """The same person reads the same press; data that does not fit is refused, never cut."""
    try:
        data = SIGNER.sign(person, press)
    except ValueError:
        assert len(f"{press.action}:{press.subject:x}:{press.argument}") + 17 > 64 - 3
        return
    assert len(data.encode()) <= 64
    assert SIGNER.read(person, data) == press


def test_every_action_fits() -> None:
    """The largest ids, with the longest argument that the bot draws, another id, fit into 64 bytes."""
    for action in ACTIONS:
        for argument in ("", "yes", "no", "ru", "1000"):
            SIGNER.sign(2**52, Press(action=action, subject=2**63 - 1, argument=argument))
    SIGNER.sign(2**52, Press(action="target", subject=2**63 - 1, argument=f"{new_id():x}"))


@given(PEOPLE, PEOPLE, PRESSES.filter(lambda press: len(press.argument) < 8))
def test_it_belongs_to_one_person(one: int, other: int, press: Press) -> None:
    """Nobody else can use it, nor does another key sign for it."""
    data = SIGNER.sign(one, press)
    assert (SIGNER.read(other, data) is None) == (one != other)
    assert ButtonSigner(b"l" * 32).read(one, data) is None


@given(PEOPLE, PRESSES.filter(lambda press: len(press.argument) < 8), st.data())
def test_one_changed_character_is_refused(person: int, press: Press, data: st.DataObject) -> None:
    """Whatever character is changed, wherever."""
    signed = SIGNER.sign(person, press)
    place = data.draw(st.integers(min_value=0, max_value=len(signed) - 1))
    other = data.draw(st.characters().filter(lambda c: c != signed[place]))
    assert SIGNER.read(person, signed[:place] + other + signed[place + 1 :]) is None


@given(PEOPLE, st.text())
def test_any_text_is_refused_without_an_error(person: int, data: str) -> None:
    """Halves of characters, control characters, nothing at all."""
    assert SIGNER.read(person, data) is None


@given(PEOPLE, st.text(alphabet=st.characters(categories=["Cs", "Cc", "Nd"])))
def test_surrogates_are_refused_without_an_error(person: int, data: str) -> None:
    """JSON may hold lone surrogates, and so may callback data."""
    assert SIGNER.read(person, f"undo:1::{data}") is None


@pytest.mark.timeout(60)
def test_forgeries_are_refused_quickly() -> None:
    """100,000 forgeries with the right form: none is taken, and they cost seconds at the most."""
    chance = random.Random(3)
    letters = string.ascii_letters + string.digits + "-_"
    real = SIGNER.sign(5, Press(action="undo", subject=7))
    body, _, mac = real.rpartition(":")
    forged = [f"{body}:{''.join(chance.choices(letters, k=len(mac)))}" for _ in range(100_000)]
    start = time.process_time()
    taken = [data for data in forged if SIGNER.read(5, data) is not None and data != real]
    assert taken == []
    assert time.process_time() - start < 10
