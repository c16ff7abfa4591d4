"""Every kind of message leaves as its care says: protected where it is sensitive, and known by its number."""

from typing import Any

import pytest
from telegram.error import BadRequest

from bot.model.message_care import FILES, HANDED_ON, HARMLESS, KINDS, REPLIES, SENSITIVE, care_of
from bot.model.outbox import Kind, Outgoing
from handlers.cards.replies import _RENDERERS
from handlers.posting import CURRENT_POSTING, NotTheirs, Posting, asking, recording
from tests.handlers.test_words import replied


class Telegram:
    """Takes whatever is sent, and remembers how."""

    def __init__(self) -> None:
        self.protected: list[bool] = []
        self.error: Exception | None = None

    async def _send(self, *_args: Any, **options: Any) -> Any:
        self.protected.append(options.get("protect_content") is True)
        return type("Message", (), {"message_id": len(self.protected)})()

    send_message = send_photo = send_document = _send

    async def send_media_group(self, *args: Any, **options: Any) -> tuple[Any, ...]:
        """An album of two."""
        return await self._send(*args, **options), await self._send(*args, **options)

    async def edit_message_text(self, *_args: Any, **_options: Any) -> bool:
        """An edit, or what Telegram says to it."""
        if self.error is not None:
            raise self.error
        return True

    edit_message_caption = edit_message_text


def outgoing(kind: Kind, **body: Any) -> Outgoing:
    """A row to a member's own chat."""
    return Outgoing(kind=kind, chat_id=5, newsroom_id=1, member_id=2, body=body)


def every_kind() -> list[Outgoing]:
    """Every kind there is, every reply that the sources can say, every file."""
    kinds = [outgoing(kind) for kind in Kind if kind not in (Kind.REPLY, Kind.TABLE)]
    codes = sorted(replied() | set(_RENDERERS) | set(REPLIES))
    files = [outgoing(Kind.TABLE, **{name: 1}) for name in ("query", "share", *FILES)]
    return [*kinds, *(outgoing(Kind.REPLY, code=code) for code in codes), *files]


async def test_every_kind_is_protected_unless_it_is_named() -> None:
    """By whichever method it is sent; the exceptions are the table's, and nothing else."""
    every = every_kind()
    assert len(every) > 150
    for row in every:
        telegram = Telegram()
        bot, posting = recording(telegram), Posting(row=9, care=care_of(row))  # type: ignore[arg-type]
        CURRENT_POSTING.set(posting)
        await bot.send_message(5, "text")
        await bot.send_photo(5, b"p")
        await bot.send_document(5, b"d")
        await bot.send_media_group(5, [])
        is_named = row.kind in KINDS or row.body.get("code") in REPLIES or set(row.body) & set(FILES)
        assert telegram.protected == [not is_named] * 5, row
        assert posting.posted.new == [1, 2, 3, 4, 5]
        assert is_named or posting.care == SENSITIVE


def test_what_names_people_goes() -> None:
    """Threats, accounts, evidence, curators, work reports, digests in private chats: sensitive, each of them."""
    codes = "threat threats record account accounts curator curators workreports farm incident duty members stats"
    rows = [outgoing(Kind.REPLY, code=code) for code in codes.split()]
    kinds = (Kind.SUBMISSION, Kind.PHOTOS, Kind.PHOTO_PAIR, Kind.EVIDENCE, Kind.ALARM, Kind.FARM, Kind.DIGEST)
    assert {care_of(row) for row in (*rows, *map(outgoing, kinds))} == {SENSITIVE}
    assert care_of(outgoing(Kind.TABLE, takedowns=1, form="csv")) == SENSITIVE, (
        "it names our reporters, holds our notes"
    )
    assert care_of(outgoing(Kind.TABLE, batch=1, form="csv")) == HANDED_ON
    assert set(REPLIES.values()) == {HARMLESS, HANDED_ON}


async def test_an_edit_is_known_also_when_it_changes_nothing() -> None:
    """Telegram finds the same buttons there already, after a restart; what it refuses otherwise is not noted."""
    telegram = Telegram()
    bot, posting = recording(telegram), Posting(row=9)  # type: ignore[arg-type]
    CURRENT_POSTING.set(posting)
    await bot.edit_message_text("x", chat_id=5, message_id=3)
    telegram.error = BadRequest("Message is not modified: the same")
    with pytest.raises(BadRequest):
        await bot.edit_message_caption(chat_id=5, message_id=4)
    telegram.error = BadRequest("message to edit not found")
    with pytest.raises(BadRequest):
        await bot.edit_message_text("x", chat_id=5, message_id=6)
    assert posting.posted.redrawn == [3, 4]


@pytest.mark.parametrize("way", ["send_message", "send_photo", "send_document", "send_media_group"])
async def test_who_was_frozen_while_it_was_made_is_sent_nothing(way: str) -> None:
    """Asked before each request, also within one row: what went before stays noted, the next one is not made."""
    telegram, answers = Telegram(), [True, False]
    bot, posting = recording(telegram), Posting(row=9)  # type: ignore[arg-type]
    CURRENT_POSTING.set(posting)

    async def is_theirs() -> bool:
        return answers.pop(0)

    with asking(is_theirs):
        await bot.send_message(5, "first")
        with pytest.raises(NotTheirs):
            await getattr(bot, way)(5, [])
    assert (len(telegram.protected), posting.posted.new) == (1, [1])
    await getattr(bot, way)(5, [])
    assert len(posting.posted.new) > 1


async def test_no_edit_shows_anything_to_who_was_frozen() -> None:
    """An edit says as much as a message."""
    bot, posting = recording(Telegram()), Posting(row=9)  # type: ignore[arg-type]
    CURRENT_POSTING.set(posting)

    async def is_theirs() -> bool:
        return False

    with asking(is_theirs):
        with pytest.raises(NotTheirs):
            await bot.edit_message_text("text", message_id=1)
        with pytest.raises(NotTheirs):
            await bot.edit_message_caption(message_id=1)
    assert posting.posted.redrawn == []
