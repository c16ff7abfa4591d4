"""Sends digests: the text, then its pictures as an album; pages where they stand; files to whoever asked for them.

Before a group is written to it is looked at once more: what has become public, has moved or shuts the bot out gets
nothing, and the administrators are told.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from telegram import Bot, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.errors import KalkanError
from bot.model.chart import Picture
from bot.model.digest import ChatState, Digest, Section
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Outgoing
from bot.model.rights import Right, Role
from handlers.cards.card import Reader
from handlers.cards.digest_handout import digest_handout
from handlers.cards.digests import digest_card
from handlers.chat_guard import ChatGuard
from handlers.desk import FrontDesk
from handlers.keyboards import keyboard

log = logging.getLogger(__name__)

_CAPTION = 1000
_ALBUM = 10
#: How many pictures of each section go into the chat; the files have them all.
_OF_SECTION = {Section.EVENTS: 3}


class DigestDelivery:
    """Speaks to Telegram about digests. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk
        self._guard = ChatGuard(bot, desk)

    async def deliver(self, outgoing: Outgoing) -> int | None:
        """Send a part of a digest; what became pointless is passed over. Returns the message's id."""
        digest = await self._desk.digests.told(outgoing.newsroom_id, int(outgoing.body["digest"]))
        reader = await self._reader(outgoing, digest) if digest is not None else None
        if digest is None or reader is None:
            return None
        part = str(outgoing.body["part"])
        if part in ("xlsx", "pdf"):
            return await self._file(outgoing, digest, reader, part)
        if outgoing.member_id is None and not await self._is_open(outgoing, digest):
            return None
        try:
            if part == "text":
                return await self._text(outgoing, digest, reader)
            return await self._pictures(outgoing, digest, reader)
        except (Forbidden, ChatMigrated) as error:
            await self._stop(outgoing, "moved" if isinstance(error, ChatMigrated) else "shut_out")
            raise
        except BadRequest as error:
            if "thread not found" in error.message.lower() or "topic" in error.message.lower():
                await self._stop(outgoing, "topic_gone")
            raise

    async def _reader(self, outgoing: Outgoing, digest: Digest) -> Reader | None:
        """For whom it is written: a member with the right still, or a group in the schedule's language."""
        language = digest.schedule.language
        if outgoing.member_id is not None:
            member = await self._desk.members.get(outgoing.newsroom_id, outgoing.member_id)
            if member is None or not member.may(Right.DIGESTS):
                return None
        else:
            member = _group(outgoing, language)
        reader = await self._desk.reader(member)
        return replace(reader, t=self._desk.catalogs[language])

    async def _is_open(self, outgoing: Outgoing, digest: Digest) -> bool:
        """Whether a group still is what was allowed."""
        if digest.schedule.chat.state is not ChatState.ALLOWED:
            return False
        if outgoing.body.get("part") == "text" and not outgoing.body.get("edit"):
            # A digest begins: what Telegram said a moment ago does not count. Its other parts follow at once.
            self._guard.forget(outgoing.newsroom_id, outgoing.chat_id)
        reason = await self._guard.closed(outgoing.newsroom_id, outgoing.chat_id)
        if reason is not None:
            await self._stop(outgoing, reason)
        return reason is None

    async def _stop(self, outgoing: Outgoing, reason: str) -> None:
        former = self._guard.former(outgoing.newsroom_id, outgoing.chat_id)
        self._guard.forget(outgoing.newsroom_id, outgoing.chat_id)
        topic = outgoing.body.get("topic") if reason == "topic_gone" else None
        await self._desk.digest_chats.stop(outgoing.newsroom_id, outgoing.chat_id, reason, topic, who=former)

    async def _text(self, outgoing: Outgoing, digest: Digest, reader: Reader) -> int | None:
        body = outgoing.body
        card = digest_card(digest, int(body.get("page") or 0), reader, self._desk.bot_username)
        shown: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard(self._desk.signer, reader, card),
        }
        if body.get("edit"):
            try:
                await self._bot.edit_message_text(
                    card.text, chat_id=outgoing.chat_id, message_id=int(body["edit"]), **shown
                )
            except BadRequest as error:
                if "not modified" not in error.message.lower():
                    raise
            return None
        sent = await self._bot.send_message(
            outgoing.chat_id, card.text, message_thread_id=body.get("topic"), protect_content=True, **shown
        )
        return sent.message_id

    async def _pictures(self, outgoing: Outgoing, digest: Digest, reader: Reader) -> int | None:
        """The pictures, an album without a sound; where they cannot be drawn, the text has said it all."""
        try:
            drawn = await self._desk.charts.digest(digest.content, reader.newsroom.zone, reader.t.plain)
        except KalkanError:
            log.exception("the pictures of digest %d could not be drawn", digest.id)
            return None
        # What is written in campaigns is abuse more often than not: it is seen by whoever wants to.
        chosen = [
            (each, section is Section.CAMPAIGNS)
            for section in Section
            for each in drawn.get(section, ())[: _OF_SECTION.get(section, 1)]
        ]
        place: dict[str, Any] = {
            "message_thread_id": outgoing.body.get("topic"),
            "disable_notification": True,
            "protect_content": True,
        }
        if not chosen:
            return None
        if len(chosen) == 1:
            picture, is_hidden = chosen[0]
            shown: dict[str, Any] = {"caption": _caption(picture), "has_spoiler": is_hidden}
            sent = await self._bot.send_photo(outgoing.chat_id, picture.png, **shown, **place)
            return sent.message_id
        media = [InputMediaPhoto(p.png, caption=_caption(p), has_spoiler=is_hidden) for p, is_hidden in chosen[:_ALBUM]]
        return (await self._bot.send_media_group(outgoing.chat_id, media, **place))[0].message_id

    async def _file(self, outgoing: Outgoing, digest: Digest, reader: Reader, form: str) -> int | None:
        t, sets = reader.t.plain, self._desk.charts.digest_sets(digest.content, reader.newsroom.zone, reader.t.plain)
        handout = digest_handout(digest, sets, reader, self._desk.bot_username)
        try:
            data = await (self._desk.charts.paper(handout, t) if form == "pdf" else self._desk.charts.workbook(handout))
        except KalkanError:
            log.exception("digest %d could not be made a file", digest.id)
            text = reader.t.gettext("The file cannot be made just now. Please try again later.")
            return (await self._bot.send_message(outgoing.chat_id, text, parse_mode=ParseMode.HTML)).message_id
        name = f"digest-{digest.content.until.astimezone(reader.zone):%Y-%m-%d}.{form}"
        sent = await self._bot.send_document(outgoing.chat_id, data, filename=name, protect_content=True)
        return sent.message_id


def _caption(picture: Picture) -> str:
    """What the picture shows, in words: whoever cannot see it reads it."""
    return picture.alt if len(picture.alt) <= _CAPTION else picture.alt[: _CAPTION - 1].rstrip() + "…"


def _group(outgoing: Outgoing, language: str) -> Member:
    """Whoever reads in a group sees what an editor sees: buttons are signed for the group."""
    return Member(
        id=0,
        newsroom_id=outgoing.newsroom_id,
        telegram_id=outgoing.chat_id,
        name="",
        roles=frozenset({Role.EDITOR}),
        status=MemberStatus.ACTIVE,
        language=language,
        joined_at=datetime.fromtimestamp(0, UTC),
    )
