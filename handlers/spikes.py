"""Spikes at the front desk: /spikes, /watch, /published, and the presses on a spike's message."""

import re
from typing import Final
from zoneinfo import ZoneInfo

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.orders import words_of
from handlers.reading import clean_text
from handlers.watch_words import CANCEL, NUMBER, read_watch

_SPIKE: Final = re.compile(r"[SsСс]\s?-?\s?(\d{1,9})")
_LONGEST: Final = 500


async def list_spikes(update: Update, context: DeskContext) -> None:
    """/spikes lists them; /spikes S-4, and a link in the list, shows one."""
    message = update.message
    text = (message.text or "") if message is not None else ""
    words = clean_text(words_of(update))
    found = re.match(r"/spike_(\d{1,9})\b", text) or _SPIKE.fullmatch(words)
    if found is None:
        context.say(notices.reply(context.member, "spikes", page=0))
        return
    spike_id = await context.desk.spikes.by_number(context.member, int(found.group(1)))
    context.say(notices.spike_edit(context.member, spike_id, None))


async def watch(update: Update, context: DeskContext) -> None:
    """/watch with a window keeps it, alone it lists, with `cancel W-2` it takes one back."""
    words = clean_text(words_of(update))[:_LONGEST]
    if not words:
        context.say(notices.reply(context.member, "watches"))
        return
    number = _cancelled(words)
    if number is not None:
        context.desk.watch_windows.cancel(context.stage, context.member, number, None)
        return
    newsroom = await context.desk.newsrooms.get(context.member.newsroom_id)
    entry = read_watch(words, ZoneInfo(newsroom.zone))
    await context.desk.watch_windows.watch(context.stage, context.member, entry)


async def published(update: Update, context: DeskContext) -> None:
    """/published LINK and a title notes an own story, alone it lists, with `cancel P-2` it takes one back."""
    words = clean_text(words_of(update))
    if not words:
        context.say(notices.reply(context.member, "stories"))
        return
    number = _cancelled(words)
    if number is not None:
        context.desk.watch_windows.withdraw(context.stage, context.member, number, None)
        return
    link, _, title = words.partition(" ") if " " in words.partition("\n")[0] else words.partition("\n")
    await context.desk.watch_windows.publish(context.stage, context.member, link, " ".join(title.split()))


def _cancelled(words: str) -> int | None:
    """The number that is taken back, if that is what the words say. Raises Refusal when they name none."""
    first, _, rest = words.partition(" ")
    if first.lower() not in CANCEL:
        return None
    found = NUMBER.fullmatch(rest.strip())
    if found is None:
        raise Refusal("watch_number")
    return int(found.group(1))


async def _show(context: DeskContext, p: Pressed) -> None:
    context.say(notices.spike_edit(context.member, p.press.subject, None))


async def _turn(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "spikes", page=p.press.subject))


async def _answer(context: DeskContext, p: Pressed) -> None:
    context.desk.spikes.answer(context.stage, context.member, p.press.subject, p.press.argument, p.message_id)


async def _cancel(context: DeskContext, p: Pressed) -> None:
    context.desk.watch_windows.cancel(context.stage, context.member, p.press.subject, p.message_id)


async def _withdraw(context: DeskContext, p: Pressed) -> None:
    context.desk.watch_windows.withdraw(context.stage, context.member, p.press.subject, p.message_id)


ACTIONS: dict[str, Action] = {
    "spike": Action(right=Right.SEE_SPIKES, act=_show, writes=False),
    "spikes": Action(right=Right.SEE_SPIKES, act=_turn, writes=False),
    "spsaid": Action(right=Right.SEE_SPIKES, act=_answer),
    "wcancel": Action(right=Right.WATCH, act=_cancel),
    "pcancel": Action(right=Right.WATCH, act=_withdraw),
}
