"""Turns one outbox row into one request to Telegram: the text is rendered now, in the reader's language."""

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.constants import ParseMode, ReactionEmoji
from telegram.error import BadRequest

from bot.errors import Refusal
from bot.model.alarm import AlarmState
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Kind, Outgoing
from bot.model.rights import Right
from handlers.audit_delivery import AuditDelivery
from handlers.cards import words
from handlers.cards.alarms import alarm_card
from handlers.cards.card import Card, Reader
from handlers.cards.case_card import case_card
from handlers.cards.copies import difference_caption
from handlers.cards.reading_rights import LockedDown, may_read, said_under_lockdown, taken_card, waits_for_unlock
from handlers.cards.replies import render_reply
from handlers.chat_guard import ChatGuard
from handlers.commands import menu_of
from handlers.copies import listed_line
from handlers.desk import FrontDesk
from handlers.digest_delivery import DigestDelivery
from handlers.evidence_delivery import EvidenceDelivery
from handlers.exchange_delivery import ExchangeDelivery
from handlers.farm_delivery import FarmDelivery
from handlers.keyboards import keyboard
from handlers.own_data_delivery import OwnDataDelivery
from handlers.photo_delivery import PhotoDelivery
from handlers.posting import CURRENT_POSTING, asking, recording
from handlers.report_delivery import ReportDelivery
from handlers.spike_delivery import SpikeDelivery
from handlers.table_delivery import TableDelivery
from handlers.takedown_delivery import TakedownDelivery

log = logging.getLogger(__name__)

# PTB gives waiting times as timedelta from its next major version on; asked for now, it does not warn.
os.environ.setdefault("PTB_TIMEDELTA", "true")

log = logging.getLogger(__name__)

_MOST_PHOTOS = 6
_MOST_SHOWN = 10_000
#: What is said of a press without asking to be closed: pressing twice is no mistake.
_IN_PASSING = frozenset({"button_changed", "button_spent"})
#: What may ever leave for a group: digests and checkpoints look at theirs first, the others say nothing.
_IN_GROUPS = frozenset({Kind.DIGEST, Kind.CHECKPOINT, Kind.ANSWER, Kind.REACTION, Kind.DELETE})
_FOR_WAITING = frozenset({"wait_for_admin"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """What Telegram made of it: the id of the new message, if one was sent."""

    message_id: int | None = None


class Delivery:
    """Speaks to Telegram for the outbox. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        bot = recording(bot)
        self._bot = bot
        self._desk = desk
        self._pairs = PhotoDelivery(bot, desk, self._keyboard)
        self._evidence = EvidenceDelivery(bot, desk)
        self._files = TableDelivery(bot, desk)
        self._takedowns = TakedownDelivery(bot, desk)
        self._audit = AuditDelivery(bot, desk)
        self._own_data = OwnDataDelivery(bot, desk)
        self._exchange = ExchangeDelivery(bot, desk)
        self._farms = FarmDelivery(bot, desk)
        self._reports = ReportDelivery(bot, desk)
        self._spikes = SpikeDelivery(bot, desk, self._keyboard)
        self._digests = DigestDelivery(bot, desk)
        self._chats = ChatGuard(bot, desk)
        # What each message shows, so that an edit which would change nothing is not sent.
        self._shown: OrderedDict[tuple[int, int], int] = OrderedDict()

    async def deliver(self, outgoing: Outgoing) -> Delivered:
        """Send, edit, answer or react. What has become pointless is passed over."""
        if outgoing.chat_id < 0 and outgoing.kind not in _IN_GROUPS:
            # Nobody queues such a row. Should anybody ever, it is not said.
            log.error("outbox row of kind %s was meant for a group", outgoing.kind)
            return Delivered()
        match outgoing.kind:
            case Kind.ANSWER:
                return await self._answer(outgoing)
            case Kind.REACTION:
                return await self._react(outgoing)
            case Kind.CLEAR_MENU:
                await self._bot.delete_my_commands(scope=BotCommandScopeChat(outgoing.chat_id))
                return Delivered()
            case Kind.CHECKPOINT:
                # The operator's settings are this chat's allow-list: a row of earlier settings goes nowhere.
                if outgoing.chat_id == self._desk.anchors.chat:
                    await self._checkpoint(outgoing)
                return Delivered()
            case Kind.DELETE:
                await self._delete(outgoing.chat_id, [int(each) for each in outgoing.body["messages"]])
                return Delivered()
            case Kind.DIGEST:
                if await self._desk.lockdown.is_on(outgoing.newsroom_id):
                    raise LockedDown
                return await self._digest(outgoing)
        member = await self._member(outgoing)
        if member is None or not may_read(member, outgoing):
            return Delivered()
        with self._desk.restrictions.looking_as(member):
            if not await self._may_hear(member, outgoing):
                return Delivered()
            reader = await self._desk.reader(member)
            with asking(partial(self._is_theirs, outgoing, member)):
                return await self._send(outgoing, reader)

    async def _checkpoint(self, outgoing: Outgoing) -> None:
        reason = await self._chats.closed_to_checkpoints(outgoing.newsroom_id, outgoing.chat_id)
        if reason is None:
            await self._evidence.send_checkpoint(outgoing)
        else:
            await self._desk.anchors.turned_away(reason)

    async def _digest(self, outgoing: Outgoing) -> Delivered:
        """To a group, which is looked at where it is sent, or to a member."""
        member = await self._member(outgoing)
        if member is None and outgoing.member_id is not None:
            return Delivered()
        asked = partial(self._is_theirs, outgoing, member) if member is not None else None
        with self._desk.restrictions.looking_as_nobody(outgoing.newsroom_id), asking(asked):
            return Delivered(message_id=await self._digests.deliver(outgoing))

    async def _may_hear(self, member: Member, outgoing: Outgoing) -> bool:
        # A refusal names what its reader asked for, be there such a thing or not.
        is_refusal = outgoing.body.get("code") in words.REFUSALS
        return is_refusal or await self._desk.restrictions.may_hear(member, outgoing)

    async def _is_theirs(self, outgoing: Outgoing, member: Member) -> bool:
        """Whether the reader for whom this was begun is who they were, right before it is sent. Raises LockedDown."""
        now = await self._member(outgoing)
        is_same = now is not None and (now.status, now.roles, now.epoch) == (member.status, member.roles, member.epoch)
        return is_same and (outgoing.kind is Kind.DIGEST or await self._may_hear(member, outgoing))

    async def _send(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        match outgoing.kind:
            case Kind.SUBMISSION:
                return await self._submission(outgoing, reader)
            case Kind.REPLY | Kind.QUIET:
                return await self._reply(outgoing, reader)
            case Kind.MENU:
                return await self._menu(outgoing, reader)
            case Kind.PHOTOS:
                return await self._photos(outgoing, reader)
            case Kind.DIFFERENCE:
                return await self._difference(outgoing, reader)
            case Kind.PHOTO_PAIR:
                return await self._photo_pair(outgoing, reader)
            case Kind.EVIDENCE:
                return await self._export(outgoing, reader)
            case Kind.ALARM:
                return await self._alarm(outgoing, reader)
            case Kind.TABLE:
                return await self._table(outgoing, reader)
            case Kind.SPIKE:
                return await self._spike(outgoing, reader)
            case Kind.FARM:
                return await self._farm(outgoing, reader)
        raise ValueError(f"no delivery for {outgoing.kind}")

    async def _member(self, outgoing: Outgoing) -> Member | None:
        # Whoever was removed, or froze their access, between the decision and now hears nothing more.
        if outgoing.member_id is None:
            return None
        presence = await self._desk.members.reached(outgoing.newsroom_id, outgoing.member_id)
        member = presence.member
        if member is None or member.status in (MemberStatus.REMOVED, MemberStatus.FROZEN):
            return None
        if presence.is_locked and not said_under_lockdown(outgoing):
            if waits_for_unlock(outgoing):
                raise LockedDown
            return None
        waiting = member.status is MemberStatus.PENDING
        return None if waiting and outgoing.body.get("code") not in _FOR_WAITING else member

    async def _submission(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        body = outgoing.body
        submission_id = int(body["submission"])
        try:
            view = await self._desk.cases.view(reader.member, submission_id)
        except Refusal:
            return Delivered()
        is_copy = bool(body.get("copy"))
        known = body.get("edit") if is_copy else await self._desk.outbox.card_message(submission_id)
        is_locked = await self._desk.lockdown.is_on(outgoing.newsroom_id)
        if is_locked and known is not None:
            # What was said of it before stays as it is, and what is to be said of it waits.
            raise LockedDown
        said = () if is_locked else await self._desk.exchange.words.of_case(view.case)
        card = taken_card(reader) if is_locked else case_card(view, reader, said)
        if card is None:
            return Delivered()
        if is_locked:
            await self._desk.outbox.say_again(outgoing)
        if is_copy or view.case.chat_id != outgoing.chat_id:
            return await self._show(outgoing.chat_id, reader, card, known, None)
        return await self._show(outgoing.chat_id, reader, card, known, view.case.first_message_id)

    async def _reply(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        body = outgoing.body
        if outgoing.kind is Kind.QUIET and await self._desk.lockdown.is_on(outgoing.newsroom_id):
            card = taken_card(reader)
        else:
            card = await render_reply(self._desk, reader, body["code"], dict(body.get("values") or {}))
        silent = await self._is_quiet(reader)
        fleeting = bool(body.get("fleeting"))
        return await self._show(
            outgoing.chat_id, reader, card, body.get("edit"), None, silent=silent, protected=fleeting
        )

    async def _is_quiet(self, reader: Reader) -> bool:
        """Whether the reader's quiet hours are on: what is said then makes no sound. An alarm is never asked."""
        if not reader.member.may(Right.DUTY):
            return False
        return await self._desk.duty.is_quiet(reader.member, self._desk.now().astimezone(reader.zone))

    async def _alarm(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        try:
            view = await self._desk.alarms.view(reader.member, int(outgoing.body["alarm"]))
        except Refusal:
            return Delivered()
        card = alarm_card(view, reader)
        calls = bool(outgoing.body.get("ring")) and view.alarm.state is AlarmState.RINGING
        if calls:
            return await self._show(outgoing.chat_id, reader, card, None, None)
        # What was answered before it could call needs no message; a message that is there is brought up to date.
        if view.message_id is None:
            return Delivered()
        return await self._show(outgoing.chat_id, reader, card, view.message_id, None)

    async def _table(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        if "sealed" in outgoing.body:
            return await self._export(outgoing, reader)
        files = self._files if "query" in outgoing.body else self._takedowns
        if "report" in outgoing.body:
            return await self._report(outgoing, reader)
        if "mydata" in outgoing.body:
            instead = await self._own_data.send(outgoing, reader)
        elif "exchange" in outgoing.body:
            instead = await self._exchange.send(outgoing, reader)
        else:
            instead = await (self._audit if "audit" in outgoing.body else files).send(outgoing, reader)
        if instead is None:
            return Delivered()
        card = await render_reply(self._desk, reader, instead, {})
        return await self._show(outgoing.chat_id, reader, card, None, None)

    async def _report(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        instead = await self._reports.send(outgoing, reader)
        if instead is None:
            return Delivered()
        card = await render_reply(self._desk, reader, instead, {})
        return await self._show(outgoing.chat_id, reader, card, None, None)

    async def _spike(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        instead = await self._spikes.send(outgoing, reader, silent=await self._is_quiet(reader))
        if instead is None:
            return Delivered()
        card = await render_reply(self._desk, reader, instead, {})
        return await self._show(outgoing.chat_id, reader, card, None, None)

    async def _farm(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        instead = await self._farms.send(outgoing, reader)
        if instead is None:
            return Delivered()
        card = await render_reply(self._desk, reader, instead, {})
        return await self._show(outgoing.chat_id, reader, card, None, None)

    async def _show(
        self,
        chat_id: int,
        reader: Reader,
        card: Card,
        message_id: int | None,
        reply_to: int | None,
        *,
        silent: bool = False,
        protected: bool = False,
    ) -> Delivered:
        buttons = self._keyboard(reader, card)
        face, newsroom_id = hash((card.text, card.buttons, reader.member.epoch)), reader.newsroom.id
        if message_id is not None:
            if await self._is_shown(newsroom_id, chat_id, message_id, face):
                return Delivered()
            if await self._edited(chat_id, message_id, card, buttons):
                self._remember(chat_id, message_id, face)
                return Delivered()
            if await self._desk.outbox.is_gone(newsroom_id, chat_id, message_id):
                return Delivered()
        quoted = ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to else None
        sent = await self._bot.send_message(
            chat_id,
            card.text,
            parse_mode=ParseMode.HTML,
            reply_markup=buttons,
            reply_parameters=quoted,
            disable_notification=silent or None,
            protect_content=protected or None,
        )
        self._remember(chat_id, sent.message_id, face)
        return Delivered(message_id=sent.message_id)

    async def _is_shown(self, newsroom_id: int, chat_id: int, message_id: int, face: int) -> bool:
        """Whether a message shows this already; what looks the same is drawn anew where a button was used up."""
        if self._shown.get((chat_id, message_id)) != face:
            return False
        return not await self._desk.outbox.is_worn(newsroom_id, chat_id, message_id)

    def _remember(self, chat_id: int, message_id: int, face: int) -> None:
        self._shown[chat_id, message_id] = face
        if len(self._shown) > _MOST_SHOWN:
            self._shown.popitem(last=False)

    async def _edited(self, chat_id: int, message_id: int, card: Card, buttons: InlineKeyboardMarkup | None) -> bool:
        try:
            await self._bot.edit_message_text(
                card.text, chat_id=chat_id, message_id=message_id, parse_mode=ParseMode.HTML, reply_markup=buttons
            )
        except BadRequest as error:
            if "not modified" in error.message.lower():
                return True
            if "to edit not found" in error.message.lower() or "can't be edited" in error.message.lower():
                return False
            raise
        return True

    def _keyboard(self, reader: Reader, card: Card) -> InlineKeyboardMarkup | None:
        return keyboard(self._desk.signer, reader, card)

    async def _answer(self, outgoing: Outgoing) -> Delivered:
        body, text = outgoing.body, None
        member = await self._member(outgoing)
        if member is None:
            return Delivered()
        if body.get("code"):
            reader = await self._desk.reader(member)
            text = reader.t.plain.gettext(words.REFUSALS.get(body["code"], body["code"]))
        alerts = text is not None and body["code"] not in _IN_PASSING
        try:
            await self._bot.answer_callback_query(body["callback"], text=text, show_alert=alerts)
        except BadRequest as error:
            if "query" not in error.message.lower():
                raise
        return Delivered()

    async def _react(self, outgoing: Outgoing) -> Delivered:
        member = await self._member(outgoing)
        if member is None:
            return Delivered()
        settled = await self._desk.cases.is_settled(member.newsroom_id, int(outgoing.body["submission"]))
        mark = ReactionEmoji.OK_HAND_SIGN if settled else ReactionEmoji.EYES
        try:
            await self._bot.set_message_reaction(
                outgoing.chat_id, int(outgoing.body["message"]), [ReactionTypeEmoji(mark)]
            )
        except BadRequest as error:
            # The message was deleted, or the chat allows no reactions: the card says the same.
            if not any(known in error.message.lower() for known in ("not found", "reaction", "not modified")):
                raise
        return Delivered()

    async def _delete(self, chat_id: int, ids: Sequence[int]) -> None:
        """Take messages away; one that cannot be is found by halves, so that it holds none of the others up."""
        posted = CURRENT_POSTING.get().posted
        try:
            await self._bot.delete_messages(chat_id, ids)
        except BadRequest as error:
            if len(ids) > 1:
                await self._delete(chat_id, ids[: len(ids) // 2])
                await self._delete(chat_id, ids[len(ids) // 2 :])
            elif "not found" in error.message.lower():
                posted.deleted.extend(ids)
            else:
                log.warning("a message could not be taken away: %s", error.message)
        else:
            posted.deleted.extend(ids)

    async def _menu(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        commands = [
            BotCommand(command.name, reader.t.plain.pgettext("command", command.about))
            for command in menu_of(reader.member)
        ]
        scope = BotCommandScopeChat(outgoing.chat_id)
        await self._bot.set_my_commands(commands, scope=scope)
        return Delivered()

    async def _photos(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        facts = await self._desk.cases.photos(reader.member, int(outgoing.body["submission"]))
        shas = list(dict.fromkeys(photo.sha256 for photo in facts))[:_MOST_PHOTOS]
        copies = [copy for sha in shas if (copy := await self._desk.pictures.clean(sha)) is not None]
        shown: dict[str, Any] = {"protect_content": True}
        if not copies:
            card = await render_reply(self._desk, reader, "photos_gone", {})
            return await self._show(outgoing.chat_id, reader, card, None, None)
        if len(copies) == 1:
            await self._bot.send_photo(outgoing.chat_id, copies[0], has_spoiler=True, **shown)
        else:
            media = [InputMediaPhoto(copy, has_spoiler=True) for copy in copies]
            await self._bot.send_media_group(outgoing.chat_id, media, **shown)
        return Delivered()

    async def _photo_pair(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        instead = await self._pairs.send(outgoing, reader)
        if instead is None:
            return Delivered()
        card = await render_reply(self._desk, reader, instead, {})
        return await self._show(outgoing.chat_id, reader, card, None, None)

    async def _export(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        send = self._evidence.send_sealed if "sealed" in outgoing.body else self._evidence.send_export
        instead = await send(outgoing, reader)
        if instead is None:
            return Delivered()
        card = await render_reply(self._desk, reader, instead.code, dict(instead.values))
        return await self._show(outgoing.chat_id, reader, card, None, None)

    async def _difference(self, outgoing: Outgoing, reader: Reader) -> Delivered:
        try:
            line = await listed_line(self._desk, reader.member, outgoing.body)
        except Refusal:
            line = None
        if line is None:
            card = await render_reply(self._desk, reader, "difference_gone", {})
            return await self._show(outgoing.chat_id, reader, card, None, None)
        drawn = await asyncio.to_thread(self._desk.differences.picture, line.difference, reader.t.plain)
        await self._bot.send_photo(
            outgoing.chat_id,
            drawn,
            caption=difference_caption(line, reader),
            parse_mode=ParseMode.HTML,
            has_spoiler=True,
            protect_content=True,
        )
        return Delivered()
