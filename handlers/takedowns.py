"""The takedown ledger at the front desk: /takedown, /takedowns, the presses, and answers to its questions."""

import re
from zoneinfo import ZoneInfo

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.model.submission import Incoming
from bot.model.takedown import TakedownEntry
from bot.services import notices
from bot.services.takedowns import aim_at
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.gate import require
from handlers.orders import words_of
from handlers.reading import clean_text
from handlers.takedown_query import platform_named
from handlers.takedown_query_words import BATCH
from handlers.takedown_words import read_takedown

_NUMBER = re.compile(r"(?:TD|ТД)\s?-?\s?(\d{1,9})", re.IGNORECASE)
_LONGEST = 500
_LEDGER_FILES = ("csv", "xlsx")
_BATCH_FILES = ("txt", "csv", "xlsx")


async def takedown(update: Update, context: DeskContext) -> None:
    """/takedown LINK records a report; /takedown TD-12 shows one; alone it asks. In reply it reads that message."""
    message, words = update.message, clean_text(words_of(update))
    if message is None:
        return
    found = re.match(r"/takedown_(\d{1,9})\b", message.text or "") or _NUMBER.fullmatch(words)
    if found is not None:
        takedown_id = await context.desk.takedowns.by_number(context.member, int(found.group(1)))
        context.say(notices.reply(context.member, "takedown", takedown=takedown_id))
        return
    replied = message.reply_to_message
    if not words and replied is not None:
        words = clean_text(replied.text or replied.caption or "")
    if not words:
        await context.desk.dialogs.ask(context.stage, context.member, "takedown", {})
        return
    await _file(words, context)


async def _file(words: str, context: DeskContext) -> None:
    member, desk = context.member, context.desk
    newsroom = await desk.newsrooms.get(member.newsroom_id)
    typed = read_takedown(words, desk.now(), ZoneInfo(newsroom.zone))
    aim = await desk.takedowns.aim(member, typed.target)
    await desk.takedowns.file(context.stage, member, typed.entry(aim, desk.now()))


async def list_takedowns(update: Update, context: DeskContext) -> None:
    """/takedowns, with a query or without; /takedowns batch facebook makes a list for a trust team."""
    words = " ".join(clean_text(words_of(update)).split())[:_LONGEST]
    first, _, rest = words.partition(" ")
    if first.lower() in BATCH:
        platform = platform_named(rest)
        if platform is None:
            raise Refusal("takedown_platform_missing")
        await context.desk.takedown_batches.make(context.stage, context.member, platform)
        return
    query_id = context.desk.takedown_ledger.remember(context.stage, context.member, words)
    context.say(notices.reply(context.member, "takedowns", query=query_id))


async def answered(incoming: Incoming, context: DeskContext) -> bool:
    """Whether a message answers a question of the ledger."""
    if not incoming.is_note:
        return False
    dialog = await context.dialog()
    if dialog is None or dialog.kind not in ("takedown", "takedown_words"):
        return False
    require(context, Right.TAKEDOWNS)
    if dialog.kind == "takedown":
        await _file(incoming.text, context)
        await context.desk.dialogs.end(context.stage, context.member)
        return True
    what, takedown_id = str(dialog.body["what"]), int(dialog.body["takedown"])
    await context.desk.takedown_steps.tell(context.stage, context.member, takedown_id, what, incoming.text)
    return True


def _edit(context: DeskContext, p: Pressed, menu: str) -> None:
    values = {"takedown": p.press.subject, "menu": menu}
    context.say(notices.edited_reply(context.member, p.message_id, "takedown_menu", **values))


async def _open(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "takedown", takedown=p.press.subject))


async def _new(context: DeskContext, p: Pressed) -> None:
    account = await context.desk.accounts.see(context.member, p.press.subject)
    await context.desk.takedowns.file(context.stage, context.member, TakedownEntry(aim=aim_at(account)))


async def _menu(context: DeskContext, p: Pressed) -> None:
    _edit(context, p, p.press.argument)


async def _history(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "takedown_history", takedown=p.press.subject))


async def _again(context: DeskContext, p: Pressed) -> None:
    await context.desk.takedowns.again(context.stage, context.member, p.press.subject)


async def _set(context: DeskContext, p: Pressed) -> None:
    steps = context.desk.takedown_steps
    await steps.move(context.stage, context.member, p.press.subject, p.press.argument, p.message_id)


async def _channel(context: DeskContext, p: Pressed) -> None:
    steps = context.desk.takedown_steps
    await steps.set_channel(context.stage, context.member, p.press.subject, p.press.argument, p.message_id)


async def _why(context: DeskContext, p: Pressed) -> None:
    steps = context.desk.takedown_steps
    await steps.toggle_why(context.stage, context.member, p.press.subject, p.press.argument, p.message_id)


async def _recheck(context: DeskContext, p: Pressed) -> None:
    steps = context.desk.takedown_steps
    await steps.set_recheck(context.stage, context.member, p.press.subject, p.number(), p.message_id)


async def _ask(context: DeskContext, p: Pressed) -> None:
    await context.desk.takedown_steps.ask_for(context.stage, context.member, p.press.subject, p.press.argument)


async def _gone(context: DeskContext, p: Pressed) -> None:
    await context.desk.takedown_steps.set_gone(context.stage, context.member, p.press.subject, p.message_id)


async def _turn(context: DeskContext, p: Pressed) -> None:
    values = {"query": p.press.subject, "page": p.number()}
    context.say(notices.edited_reply(context.member, p.message_id, "takedowns", **values))


async def _figures(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "takedown_figures", query=p.press.subject))


async def _file_of_query(context: DeskContext, p: Pressed) -> None:
    form = p.press.argument
    if form not in _LEDGER_FILES:
        raise Refusal("button_not_yours")
    query = await context.desk.takedown_ledger.query(context.member, p.press.subject)
    context.desk.record_exports.ledger(context.stage, context.member, query, form)


async def _batch(context: DeskContext, p: Pressed) -> None:
    context.say(notices.reply(context.member, "takedown_batch", batch=p.press.subject))


async def _file_of_batch(context: DeskContext, p: Pressed) -> None:
    if p.press.argument not in _BATCH_FILES:
        raise Refusal("button_not_yours")
    await context.desk.takedown_batches.take_out(context.stage, context.member, p.press.subject, p.press.argument)


async def _batch_sent(context: DeskContext, p: Pressed) -> None:
    await context.desk.takedown_batches.send(context.stage, context.member, p.press.subject, p.message_id)


ACTIONS: dict[str, Action] = {
    "tdown": Action(right=Right.TAKEDOWNS, act=_open, writes=False),
    "tdnew": Action(right=Right.TAKEDOWNS, act=_new),
    "tdmenu": Action(right=Right.TAKEDOWNS, act=_menu, writes=False),
    "tdhist": Action(right=Right.TAKEDOWNS, act=_history, writes=False),
    "tdagain": Action(right=Right.TAKEDOWNS, act=_again),
    "tdset": Action(right=Right.TAKEDOWNS, act=_set),
    "tdchan": Action(right=Right.TAKEDOWNS, act=_channel),
    "tdwhy": Action(right=Right.TAKEDOWNS, act=_why),
    "tdcheck": Action(right=Right.TAKEDOWNS, act=_recheck),
    "tdask": Action(right=Right.TAKEDOWNS, act=_ask, writes=False),
    # It changes what the list says of an account.
    "tdgone": Action(right=Right.DECIDE_ACCOUNT, act=_gone),
    "tdlist": Action(right=Right.TAKEDOWNS, act=_turn, writes=False),
    "tdfig": Action(right=Right.TAKEDOWNS, act=_figures, writes=False),
    "tdfile": Action(right=Right.TAKEDOWNS, act=_file_of_query, exports=True, writes=False),
    "tdbatch": Action(right=Right.TAKEDOWNS, act=_batch, writes=False),
    "tdbfile": Action(right=Right.TAKEDOWNS, act=_file_of_batch, exports=True, writes=False),
    "tdbsent": Action(right=Right.TAKEDOWNS, act=_batch_sent),
}
