"""Alarms and the duty roster at the front desk: the presses under an alarm, /duty and its presses."""

import re

from telegram import Update

from bot.errors import Refusal
from bot.model.alarm import AlarmState
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.orders import words_of

#: The word that ends quiet hours, in each language.
OFF = ("off", "нет", "выкл", "жок", "өчүр")
_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s?[-–—]\s?(\d{1,2})(?::(\d{2}))?")


async def duty(update: Update, context: DeskContext) -> None:
    """/duty shows the roster; /duty 22:00-07:00 sets one's quiet hours, /duty off ends them."""
    words = words_of(update).strip().lower()
    if not words:
        context.say(notices.reply(context.member, "duty"))
        return
    await context.desk.duty.set_quiet(context.stage, context.member, None if words in OFF else _hours(words))


def _hours(words: str) -> tuple[int, int]:
    found = _HOURS.fullmatch(words)
    if found is None:
        raise Refusal("hours_unknown")
    begin, end = (int(found[n]) * 60 + int(found[n + 1] or 0) for n in (1, 3))
    if begin >= 24 * 60 or end > 24 * 60 or begin == end or int(found[2] or 0) > 59 or int(found[4] or 0) > 59:
        raise Refusal("hours_unknown")
    return begin, end % (24 * 60)


async def _take(context: DeskContext, p: Pressed) -> None:
    await context.desk.alarms.answer(context.stage, context.member, p.press.subject, AlarmState.TAKEN)


async def _false(context: DeskContext, p: Pressed) -> None:
    await context.desk.alarms.answer(context.stage, context.member, p.press.subject, AlarmState.FALSE)


async def _escalate(context: DeskContext, p: Pressed) -> None:
    await context.desk.alarms.escalate(context.stage, context.member, p.press.subject)


async def _on_duty(context: DeskContext, p: Pressed) -> None:
    await context.desk.duty.take(context.stage, context.member, p.message_id)


async def _join(context: DeskContext, p: Pressed) -> None:
    await context.desk.duty.join(context.stage, context.member, p.message_id)


async def _leave(context: DeskContext, p: Pressed) -> None:
    await context.desk.duty.leave(context.stage, context.member, p.message_id)


ACTIONS: dict[str, Action] = {
    "atake": Action(right=Right.ANSWER_ALARM, act=_take),
    "afalse": Action(right=Right.ANSWER_ALARM, act=_false),
    "aup": Action(right=Right.ANSWER_ALARM, act=_escalate),
    "dutytake": Action(right=Right.DUTY, act=_on_duty),
    "dutyjoin": Action(right=Right.DUTY, act=_join),
    "dutyleave": Action(right=Right.DUTY, act=_leave),
}
