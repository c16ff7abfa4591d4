"""Digests at the front desk: /chats and /digest, in private and in the group that is meant; presses; changed chats."""

import re
from dataclasses import replace
from datetime import time

from telegram import Chat, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden

from bot.errors import Refusal
from bot.model.digest import EVERY_DAY, ChatFacts, ChatKind, Place, Schedule, Section
from bot.model.rights import Right
from bot.services import notices
from bot.services.digests import at_time, on_days, shifted, with_day, with_section
from handlers.actions import Action, Pressed
from handlers.chat_guard import former_in, is_in, known_in, named, people_in
from handlers.context import DeskContext
from handlers.digest_words import ADD, DAILY, DAYS, NOW, OFF, ON, REMOVE, WEEKLY
from handlers.orders import words_of

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_MONDAY = frozenset({0})
#: Why a digest's file asks for no code.
_FIGURES = "what the digest in the chat says already, which came by itself: counts, numbers, texts that were public"
_LANGUAGES = ("ru", "ky", "en")


async def chats(update: Update, context: DeskContext) -> None:
    """/chats lists where digests may go; in a group, or in reply to a forward out of it, it adds that group."""
    message, first = update.message, words_of(update).partition(" ")[0].lower()
    if message is None:
        return
    place = _forwarded(message) if message.chat.type == ChatType.PRIVATE else _place(message)
    if place is None:
        context.say(notices.reply(context.member, "chats"))
        return
    if first in REMOVE:
        there = await context.desk.digest_chats.at(context.member, place)
        if there is None:
            raise Refusal("chat_unknown")
        await context.desk.digest_chats.remove(context.stage, context.member, there.id)
        return
    if first and first not in ADD:
        raise Refusal("chat_words")
    facts = await _facts(context, place)
    await context.desk.digest_chats.add(context.stage, context.member, place, facts)


async def digest(update: Update, context: DeskContext) -> None:
    """/digest shows and sets the digest of the chat in which it is typed; the answer comes in private."""
    message, words = update.message, words_of(update).lower().split()
    if message is None:
        return
    desk, stage, member = context.desk, context.stage, context.member
    if message.chat.type == ChatType.PRIVATE:
        if not words:
            context.say(notices.reply(member, "digests"))
            return
        place = Place(chat_id=member.telegram_id, kind=ChatKind.PRIVATE)
    else:
        place = _place(message)
    chat = await desk.digests.here(member, place)
    view = await desk.digests.view(member, chat)
    if view.schedule is None:
        await desk.digests.turn_on(stage, member, chat)
        return
    if not words:
        context.say(notices.reply(member, "digest", chat=chat))
    elif words[0] in NOW:
        await desk.digests.preview(stage, member, chat)
    elif words[0] in OFF or words[0] in ON:
        await desk.digests.pause(stage, member, chat, None, on=words[0] in OFF)
    else:
        await desk.digests.change(stage, member, chat, lambda found: _read(found, words))


def _read(schedule: Schedule, words: list[str]) -> Schedule:
    """A schedule as the words have it: a time, daily, weekly, weekdays, a language. Raises Refusal for others."""
    days: set[int] = set()
    for word in words:
        found = _TIME.fullmatch(word)
        if found is not None:
            schedule = at_time(schedule, time(int(found[1]), int(found[2])))
        elif word in DAILY:
            days |= EVERY_DAY
        elif word in WEEKLY:
            schedule = on_days(schedule, _MONDAY if len(schedule.rhythm.days) > 1 else schedule.rhythm.days)
        elif word.strip(",") in DAYS:
            days.add(DAYS[word.strip(",")])
        elif word in _LANGUAGES:
            schedule = replace(schedule, language=word)
        else:
            raise Refusal("digest_words")
    return on_days(schedule, frozenset(days)) if days else schedule


def _place(message: Message) -> Place:
    """Where a message in a group stands."""
    topic = message.message_thread_id if message.is_topic_message else None
    kind = ChatKind.GROUP if topic is None else ChatKind.TOPIC
    return Place(chat_id=message.chat.id, kind=kind, title=_title(message), topic_id=topic)


def _title(message: Message) -> str:
    begun = message.reply_to_message.forum_topic_created if message.reply_to_message is not None else None
    return f"{message.chat.title} · {begun.name}" if begun is not None else message.chat.title or ""


def _forwarded(message: Message) -> Place | None:
    """The group out of which a message was forwarded that is answered here; only what a group says itself names it."""
    replied = message.reply_to_message
    origin = replied.forward_origin if replied is not None else None
    chat: Chat | None = getattr(origin, "sender_chat", None)
    if chat is None or chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return None
    return Place(chat_id=chat.id, kind=ChatKind.GROUP, title=chat.title or "")


async def _facts(context: DeskContext, place: Place) -> ChatFacts:
    """What Telegram says of a group now. Raises Refusal when the bot, or who asks, is not in it."""
    bot, chat_id = context.bot, place.chat_id
    try:
        chat = await bot.get_chat(chat_id)
        if chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
            raise Refusal("chat_kind")
        own = await bot.get_chat_member(chat_id, bot.id)
        asker = await bot.get_chat_member(chat_id, context.member.telegram_id)
        people = await people_in(bot, chat_id)
    except (BadRequest, Forbidden):
        raise Refusal("chat_closed") from None
    if not is_in(asker):
        raise Refusal("chat_not_yours")
    return ChatFacts(
        is_public=bool(chat.username or chat.active_usernames),
        can_write=is_in(own) and getattr(own, "can_send_messages", True) is not False,
        people=people,
        known=await known_in(bot, context.desk, context.newsroom_id, chat_id),
        former=named(await former_in(bot, context.desk, context.newsroom_id, chat_id)),
    )


async def on_membership(update: Update, context: DeskContext) -> None:
    """The bot was put out of a group: nothing goes there any more."""
    change = update.my_chat_member
    if change is not None and change.chat.type != ChatType.PRIVATE and not is_in(change.new_chat_member):
        await context.desk.digest_chats.stop(context.newsroom_id, change.chat.id, "shut_out")


async def on_migration(update: Update, context: DeskContext) -> None:
    """A group has become another chat: what was allowed is not what is there now."""
    message = update.message
    if message is not None:
        old = message.chat.id if message.migrate_to_chat_id else message.migrate_from_chat_id
        if old is not None:
            await context.desk.digest_chats.stop(context.newsroom_id, old, "moved")


async def _chats(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "chats"))


async def _allow(context: DeskContext, p: Pressed) -> None:
    await context.desk.digest_chats.allow(context.stage, context.member, p.press.subject, p.message_id)


async def _remove(context: DeskContext, p: Pressed) -> None:
    await context.desk.digest_chats.remove(context.stage, context.member, p.press.subject, p.message_id)


async def _ask(context: DeskContext, p: Pressed) -> None:  # noqa: ARG001 - the shape of every action
    await context.desk.digest_chats.ask(context.stage, context.member)


async def _open(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "digest", chat=p.press.subject))


async def _turn_on(context: DeskContext, p: Pressed) -> None:
    await context.desk.digests.turn_on(context.stage, context.member, p.press.subject, p.message_id)


async def _set(context: DeskContext, p: Pressed) -> None:
    what, _, value = p.press.argument.partition("=")
    await context.desk.digests.change(
        context.stage, context.member, p.press.subject, lambda found: _pressed(found, what, value), p.message_id
    )


def _pressed(schedule: Schedule, what: str, value: str) -> Schedule:
    match what:
        case "h":
            return shifted(schedule, 60 if value == "+" else -60)
        case "m":
            return shifted(schedule, 15 if value == "+" else -15)
        case "daily":
            return on_days(schedule, EVERY_DAY)
        case "weekly":
            return on_days(schedule, _MONDAY)
        case "d" if value.isdecimal():
            return with_day(schedule, int(value))
        case "l" if value in _LANGUAGES:
            return replace(schedule, language=value)
        case "s" if value in set(Section):
            return with_section(schedule, Section(value))
    raise Refusal("button_not_yours")


async def _pause(context: DeskContext, p: Pressed) -> None:
    on = p.press.argument == "on"
    await context.desk.digests.pause(context.stage, context.member, p.press.subject, p.message_id, on=on)


async def _preview(context: DeskContext, p: Pressed) -> None:
    await context.desk.digests.preview(context.stage, context.member, p.press.subject)


async def _page(context: DeskContext, p: Pressed) -> None:
    at = (p.chat_id or context.member.telegram_id, p.message_id)
    await context.desk.digests.turn_page(context.stage, context.member, p.press.subject, p.number(), at)


async def _file(context: DeskContext, p: Pressed) -> None:
    form = "pdf" if p.press.argument == "pdf" else "xlsx"
    await context.desk.digests.order_file(context.stage, context.member, p.press.subject, form)


ACTIONS: dict[str, Action] = {
    "chats": Action(right=Right.CHATS, act=_chats, writes=False),
    "chatok": Action(right=Right.CHATS, act=_allow),
    "chatrm": Action(right=Right.CHATS, act=_remove),
    "dgask": Action(right=Right.DIGESTS, act=_ask),
    "dgopen": Action(right=Right.DIGESTS, act=_open, writes=False),
    "dgon": Action(right=Right.DIGESTS, act=_turn_on),
    "dgset": Action(right=Right.DIGESTS, act=_set),
    "dgpause": Action(right=Right.DIGESTS, act=_pause),
    "dgnow": Action(right=Right.DIGESTS, act=_preview, writes=False),
    "dgpage": Action(right=Right.DIGESTS, act=_page, writes=False),
    "dgfile": Action(right=Right.DIGESTS, act=_file, figures=_FIGURES, writes=False),
}
#: What may be pressed under a message in a group, by any member who has the right.
IN_GROUPS = frozenset({"dgpage", "dgfile"})
