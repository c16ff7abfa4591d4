"""Access beyond roles: /totp and its codes, /panic, /thaw, /lockdown, /unlock, and what takes two people."""

from typing import Final

from telegram import Update
from telegram.ext import filters

from bot.errors import Refusal
from bot.model.access import PANIC_WORD, ActKind
from bot.model.rights import Right
from bot.services import notices
from bot.services.step_up import is_code
from handlers.actions import Action, Pressed
from handlers.context import CURRENT_LOCKED, DeskContext
from handlers.gate import demand, require
from handlers.orders import numbered, words_of
from handlers.submissions import receive

RESET: Final = ("reset", "сброс", "жаңырт")
PANIC: Final = filters.Regex(PANIC_WORD)
#: Six digits, or a recovery code.
CODE: Final = filters.Regex(r"(?i)^\s*(?:[0-9]{3} ?[0-9]{3}|[a-z2-7]{5}-[a-z2-7]{5})\s*$")


async def panic(update: Update, context: DeskContext) -> None:
    """/panic, in any language, with or without the slash."""
    message = update.message
    context.desk.freezing.panic(context.stage, context.member, message.message_id if message is not None else None)


async def thaw(update: Update, context: DeskContext) -> None:
    """/thaw NUMBER; alone it lists who is frozen."""
    words = words_of(update)
    frozen = await context.desk.freezing.frozen(context.member.newsroom_id)
    if not words:
        context.say(notices.reply(context.member, "frozen"))
        return
    if not words.isascii() or not words.isdecimal() or int(words[:9]) not in frozen:
        raise Refusal("not_frozen")
    await context.desk.freezing.ask_thaw(context.stage, context.member, frozen[int(words[:9])].id)


async def lockdown(_update: Update, context: DeskContext) -> None:
    """/lockdown"""
    context.desk.lockdown.begin(context.stage, context.member)


async def unlock(_update: Update, context: DeskContext) -> None:
    """/unlock"""
    await context.desk.lockdown.ask_unlock(context.stage, context.member)


async def allow(_update: Update, context: DeskContext) -> None:
    """/allow: what waits for a second person."""
    waiting = await context.desk.two_people.waiting(context.member.newsroom_id)
    if not waiting:
        context.say(notices.reply(context.member, "acts_none"))
    for view in waiting:
        context.say(notices.reply(context.member, "act", act=view.act.id, kind=view.act.kind.value))


async def totp(update: Update, context: DeskContext) -> None:
    """/totp sets the second factor up; /totp 123456 gives a code; /totp reset NUMBER takes a colleague's away.

    Who was away too long and has none asks the leads by it to be let on.
    """
    words = words_of(update)
    first, _, rest = words.partition(" ")
    if first.lower() in RESET:
        require(context, Right.MANAGE_MEMBERS)
        await demand(context, Right.MANAGE_MEMBERS)
        member = await numbered(context, rest.strip())
        context.desk.two_people.request(context.stage, context.member, ActKind.TOTP_RESET, {"member": member.id})
    elif is_code(words):
        _give(update, context, words)
    elif await context.desk.waking.needs(context.member):
        context.desk.waking.request(context.stage, context.member)
    else:
        await context.desk.step_up.begin(context.stage, context.member)


async def code(update: Update, context: DeskContext) -> None:
    """Digits alone: a code, when a second factor is set or being set up; else what any other message is."""
    state = await context.desk.step_up.state(context.member)
    if not state.is_set and not state.is_waiting:
        await receive(update, context)
        return
    _give(update, context, (update.message.text or "") if update.message is not None else "")


def _give(update: Update, context: DeskContext, words: str) -> None:
    message_id = update.message.message_id if update.message is not None else None
    context.desk.step_up.give(context.stage, context.member, words, message_id)


async def _allow(context: DeskContext, p: Pressed) -> None:
    await _decide(context, p, allow=True)


async def _refuse(context: DeskContext, p: Pressed) -> None:
    await _decide(context, p, allow=False)


async def _decide(context: DeskContext, p: Pressed, *, allow: bool) -> None:
    kind = await context.desk.two_people.kind_of(context.member, p.press.subject)
    if CURRENT_LOCKED.get() and kind is not ActKind.UNLOCK:
        return
    # Unlocking is asked of people who can do nothing else yet.
    if allow and kind is not ActKind.UNLOCK:
        await context.desk.step_up.demand(context.member)
    acts = context.desk.two_people
    await acts.decide(context.stage, context.member, p.press.subject, allow=allow, message_id=p.message_id)


ACTIONS: dict[str, Action] = {
    "actyes": Action(right=Right.SECOND, act=_allow),
    "actno": Action(right=Right.SECOND, act=_refuse),
}
