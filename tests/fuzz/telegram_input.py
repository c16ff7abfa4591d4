"""Targets that read what Telegram hands over, and write what it takes: updates, presses, links, cards."""

import json
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from typing import Any

from telegram import Update

from bot.errors import UnreadableUpdate
from bot.i18n import Html
from bot.i18n.messages import fill
from bot.model.tokens import START_WITH_TOKEN, token_hash
from bot.model.verdict import Finding, SpanFound, ThreatFound
from bot.sieve import read_envelope
from bot.simulator.entities import parse_html
from detection.text.differences import difference
from handlers.buttons import Bearer, ButtonSigner, Press
from handlers.cards.card import MESSAGE_LIMIT, bold, clipped, lines, quote, spoiler
from handlers.cards.case_card import case_card
from handlers.cards.copies import marked
from handlers.reading import read_message
from handlers.updates import handle
from tests.fuzz.raw_updates import altered
from tests.fuzz.wording import text_of
from tests.handlers import made_up

SIGNER = ButtonSigner(b"k" * 32)
MINE, THEIRS = (Bearer(newsroom=1, chat=chat, drawing=5) for chat in (7, 8))


def presses(data: bytes) -> None:
    """What was not signed is nothing; what is signed comes back as it was, and for nobody else."""
    text = text_of(data)
    assert SIGNER.read(text, [MINE]) is None
    action, _, argument = text.partition(":")
    if action.isidentifier() and action.isascii():
        _there_and_back(Press(action=action, subject=len(text), argument=argument))
    found = START_WITH_TOKEN.fullmatch(text)
    if found is not None:
        assert len(token_hash(found.group(1))) == 64


def _there_and_back(press: Press) -> None:
    try:
        signed = SIGNER.sign(MINE, press)
    except (ValueError, UnicodeEncodeError):
        return
    assert len(signed.encode()) <= 64
    assert SIGNER.read(signed, [THEIRS, MINE]) == (press, MINE)
    assert SIGNER.read(signed, [THEIRS]) is None
    assert SIGNER.read(signed[:-1] + ("A" if signed[-1] != "A" else "B"), [MINE]) is None


class _Application:
    """Takes updates as PTB's would, and reads of each what the front desk reads."""

    bot = None

    async def process_update(self, update: Update) -> None:
        message = update.effective_message
        if message is not None and hasattr(message, "text") and message.date is not None:
            incoming = read_message(message)
            assert "\0" not in incoming.text
            incoming.text.encode()


def updates(data: bytes) -> None:
    """Any JSON goes through the sieve; an update with other values of the same kinds is read, or is unreadable."""
    text = text_of(data)
    _sieved(text)
    raw = altered(text)
    envelope = read_envelope(raw)
    assert envelope == read_envelope(json.loads(json.dumps(raw)))
    with suppress(UnreadableUpdate):
        _ended(handle(_Application(), 1, json.dumps(raw), None))  # type: ignore[arg-type]


def _sieved(text: str) -> None:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return
    envelope = read_envelope(raw)
    if envelope is not None:
        assert len(envelope.identity) == 64
        assert max(abs(envelope.sender), abs(envelope.chat), abs(envelope.update_id)) < 1 << 63


def _ended(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run what waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise AssertionError("it waits")


def cards(data: bytes) -> None:
    """Whatever words are put on a card, Telegram can read it, and they are shown as they are."""
    text = text_of(data).replace("\0", "")
    one, _, other = text.partition("\n\n")
    for shown in _shown(one, other):
        _well_formed(shown)
    # What a reader sees of escaped words are these words.
    assert Html.escaped(one).text() == one
    filled = fill("<b>{name}</b> {other}", {"name": one, "other": clipped(other, 50)}, html=True)
    _well_formed(filled)


def _shown(one: str, other: str) -> Iterator[str]:
    for most in (1, 2, 40, 700):
        cut = clipped(one, most)
        assert len(cut.encode("utf-16-le", "surrogatepass")) // 2 <= most or most < 2
        yield cut
    yield lines(bold(one), quote(spoiler(clipped(other, 900))), Html.escaped(one))
    yield marked(difference(one, other).pieces)
    at = len(one) // 2
    spans = (SpanFound(start=0, end=at, why="death"), SpanFound(start=at, end=len(one) + 3, why="target"))
    found = Finding(threat=ThreatFound(level="threat", kinds=("death",), severity=4, spans=spans))
    card = case_card(made_up.view(made_up.part(one, found), note=other), made_up.reader())
    if card is not None:
        yield card.text


def _well_formed(html: str) -> None:
    # Telegram takes no halves of characters: they are mended where messages are read.
    parse_html(html.encode("utf-8", "replace").decode())
    assert len(html) <= 4 * MESSAGE_LIMIT + 200_000
