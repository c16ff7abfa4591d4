"""Callback data: what was signed is read back, fits into 64 bytes, and counts nowhere else."""

import dataclasses
import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.ids import new_id
from handlers.buttons import Bearer, ButtonSigner, Press
from handlers.presses import ACTIONS

SIGNER = ButtonSigner(b"k" * 32)
NUMBERS = st.integers(min_value=1, max_value=2**52)
BEARERS = st.builds(Bearer, newsroom=NUMBERS, chat=NUMBERS, drawing=NUMBERS, epoch=st.integers(0, 1000))
PRESSES = st.builds(
    Press,
    action=st.sampled_from(sorted(ACTIONS)),
    subject=st.integers(min_value=0, max_value=2**63 - 1),
    argument=st.text(alphabet=string.ascii_lowercase + string.digits + ":-_", max_size=16),
)
SHORT = PRESSES.filter(lambda press: len(press.argument) < 8)
ME = Bearer(newsroom=1, chat=5, drawing=9)

#: What may be pressed again and again: it shows, asks for words, or hands out a file. All else works once.
REPEATABLE = frozenset(
    [
        "targets",
        "mydatafile",
        "targetpage",
        "case",
        "photos",
        "author",
        "account",
        "mine",
        "all",
        "staffdel",
        "staffrmpage",
        "fakes",
        "accpage",
        "acchist",
        "acctell",
        "acctags",
        "acctag",
        "accstance",
        "accsaid",
        "accphoto",
        "accmore",
        "clear",
        "accgone",
        "accheir",
        "accmerge",
        "accsplit",
        "accdeny",
        "doubt",
        "watch",
        "watchpage",
        "watchphoto",
        "implist",
        "impcol",
        "copies",
        "diff",
        "found",
        "fdiff",
        "ccopies",
        "cdiff",
        "pairs",
        "whose",
        "camps",
        "campaign",
        "merge",
        "splits",
        "nevers",
        "spike",
        "spikes",
        "phrases",
        "twords",
        "screen",
        "correct",
        "threats",
        "tqueries",
        "tsave",
        "tfile",
        "trec",
        "tmore",
        "restrict",
        "tmenu",
        "tform",
        "tnote",
        "thist",
        "tseen",
        "tsealed",
        "task",
        "tplace",
        "tcat",
        "rec",
        "recf",
        "reca",
        "irec",
        "tdown",
        "tdmenu",
        "tdhist",
        "tdask",
        "tdlist",
        "tdfig",
        "tdfile",
        "tdbatch",
        "tdbfile",
        "oshow",
        "oask",
        "oletter",
        "oreply",
        "osearch",
        "olist",
        "lbshow",
        "lbfix",
        "rpfile",
        "farms",
        "farm",
        "foffers",
        "fpicture",
        "ffile",
        "wreports",
        "wpicture",
        "chats",
        "dgopen",
        "dgnow",
        "dgpage",
        "dgfile",
    ]
)


def test_what_works_more_than_once_is_named() -> None:
    """A new action works once unless somebody says otherwise, here too."""
    assert {name for name, action in ACTIONS.items() if not action.writes} == REPEATABLE


@given(BEARERS, PRESSES)
def test_what_is_signed_is_read(bearer: Bearer, press: Press) -> None:
    """The same bearer reads the same press; data that does not fit is refused, never cut."""
    try:
        data = SIGNER.sign(bearer, press)
    except ValueError:
        assert len(f"{press.action}:{press.subject:x}:{press.argument}") + 17 > 64 - 3
        return
    assert len(data.encode()) <= 64
    assert SIGNER.read(data, [bearer]) == (press, bearer)


def test_every_action_fits() -> None:
    """The largest ids, with the longest argument that the bot draws, another id, fit into 64 bytes."""
    for action in ACTIONS:
        for argument in ("", "yes", "no", "ru", "1000"):
            SIGNER.sign(ME, Press(action=action, subject=2**63 - 1, argument=argument))
    SIGNER.sign(ME, Press(action="target", subject=2**63 - 1, argument=f"{new_id():x}"))


@pytest.mark.parametrize("argument", ["\u202e", "a\n", "\ud800", "x" * 40, "ү" * 21])
def test_what_is_not_printable_is_not_signed(argument: str) -> None:
    """It could not be told from what an attacker sends."""
    with pytest.raises(ValueError, match="64 bytes"):
        SIGNER.sign(ME, Press(action="undo", subject=2**63 - 1, argument=argument))


def test_names_in_every_script_can_be_signed() -> None:
    """A list that was asked for by a name pages on with it."""
    press = Press(action="camps", subject=3, argument="7d,Кылычбекова")
    assert SIGNER.read(SIGNER.sign(ME, press), [ME]) == (press, ME)


@given(BEARERS, SHORT, st.sampled_from(["newsroom", "chat", "drawing", "epoch"]), NUMBERS)
def test_it_belongs_to_one_bearer(bearer: Bearer, press: Press, field: str, other: int) -> None:
    """Nobody else, nowhere else, from no other drawing, in no later epoch; nor does another key sign for it."""
    data = SIGNER.sign(bearer, press)
    changed = dataclasses.replace(bearer, **{field: other})
    assert (SIGNER.read(data, [changed]) is None) == (changed != bearer)
    assert ButtonSigner(b"l" * 32).read(data, [bearer]) is None


@given(BEARERS, SHORT, st.data())
def test_one_changed_character_is_refused(bearer: Bearer, press: Press, data: st.DataObject) -> None:
    """Whatever character is changed, wherever."""
    signed = SIGNER.sign(bearer, press)
    place = data.draw(st.integers(min_value=0, max_value=len(signed) - 1))
    other = data.draw(st.characters().filter(lambda c: c != signed[place]))
    assert SIGNER.read(signed[:place] + other + signed[place + 1 :], [bearer]) is None


@given(BEARERS, st.text() | st.text(alphabet=st.characters(categories=["Cs", "Cc", "Nd"])))
def test_any_text_is_refused_without_an_error(bearer: Bearer, data: str) -> None:
    """Halves of characters, control characters, nothing at all; JSON may hold lone surrogates."""
    assert SIGNER.read(data, [bearer]) is None
    assert SIGNER.read(f"undo:1::{data}", [bearer]) is None


@pytest.mark.timeout(60)
def test_forgeries_are_refused_quickly() -> None:
    """100,000 forgeries with the right form: none is taken, and they cost seconds at the most."""
    chance = random.Random(3)
    letters = string.ascii_letters + string.digits + "-_"
    real = SIGNER.sign(ME, Press(action="undo", subject=7))
    body, _, mac = real.rpartition(":")
    forged = [f"{body}:{''.join(chance.choices(letters, k=len(mac)))}" for _ in range(100_000)]
    start = time.process_time()
    taken = [data for data in forged if SIGNER.read(data, [ME]) is not None and data != real]
    assert taken == []
    assert time.process_time() - start < 10
