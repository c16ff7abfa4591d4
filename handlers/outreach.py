"""Threads with owners of stolen photos at the front desk: /outreach, the presses, the owner's reply."""

import re

from telegram import Update

from bot.errors import Refusal
from bot.model.outreach import LETTER_LANGUAGES
from bot.model.rights import Right
from bot.model.submission import Incoming
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.fetching import fetcher
from handlers.gate import require
from handlers.orders import words_of
from handlers.reading import clean_text, read_message

_NUMBER = re.compile(r"[OoОо]\s?-?\s?(\d{1,9})")
_CASE = re.compile(r"[KkКк]-?(\d{1,15})")


async def outreach(update: Update, context: DeskContext) -> None:
    """/outreach lists threads; with a link to a fake it offers its photos' owners; with a picture it begins a thread.

    O-3 shows one; K-12 means the one picture of a case.
    """
    message, words = update.message, clean_text(words_of(update))
    if message is None:
        return
    member, desk = context.member, context.desk
    found = re.match(r"/outreach_(\d{1,9})\b", message.text or "") or _NUMBER.fullmatch(words)
    if found is not None:
        context.say(
            notices.reply(member, "outreach", outreach=await desk.outreach.by_number(member, int(found.group(1))))
        )
        return
    replied = message.reply_to_message
    file = read_message(message).file or (read_message(replied).file if replied is not None else None)
    case = _CASE.fullmatch(words)
    if file is not None:
        sha256 = await desk.photo_owners.picture_of_bytes(await fetcher(context)(file))
        await desk.outreach.start(context.stage, member, sha256)
    elif case is not None:
        sha256 = await desk.photo_owners.picture_of_case(member, int(case.group(1)))
        await desk.outreach.start(context.stage, member, sha256)
    elif words:
        account = await desk.accounts.named(member, words)
        context.say(notices.reply(member, "outreach_candidates", account=account.id))
    else:
        context.say(notices.reply(member, "outreaches"))


async def answered(incoming: Incoming, context: DeskContext) -> bool:
    """Whether a message is what an owner replied."""
    if not incoming.is_note:
        return False
    dialog = await context.dialog()
    if dialog is None or dialog.kind != "outreach_reply":
        return False
    require(context, Right.OUTREACH)
    outreach_id = int(dialog.body["outreach"])
    await context.desk.outreach.reply(context.stage, context.member, outreach_id, incoming.text)
    return True


async def _show(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "outreach", outreach=p.press.subject))


async def _ask(context: DeskContext, p: Pressed) -> None:
    context.say(notices.reply(context.member, "outreach_candidates", account=p.press.subject))


async def _start(context: DeskContext, p: Pressed) -> None:
    account = await context.desk.accounts.see(context.member, p.press.subject)
    await context.desk.outreach.start_of_account(context.stage, context.member, account, p.press.argument)


async def _letter(context: DeskContext, p: Pressed) -> None:
    if p.press.argument not in LETTER_LANGUAGES:
        raise Refusal("button_not_yours")
    values = {"outreach": p.press.subject, "language": p.press.argument}
    context.say(notices.edited_reply(context.member, p.message_id, "outreach_letter", **values))


async def _wrote(context: DeskContext, p: Pressed) -> None:
    desk = context.desk.outreach
    await desk.written(context.stage, context.member, p.press.subject, p.press.argument, p.message_id)


async def _state(context: DeskContext, p: Pressed) -> None:
    await context.desk.outreach.step(context.stage, context.member, p.press.subject, p.press.argument, p.message_id)


async def _name(context: DeskContext, p: Pressed) -> None:
    desk = context.desk.outreach
    await desk.set_consent(context.stage, context.member, p.press.subject, p.press.argument, p.message_id)


async def _reply(context: DeskContext, p: Pressed) -> None:
    await context.desk.outreach.ask_reply(context.stage, context.member, p.press.subject)


async def _search(context: DeskContext, _pressed: Pressed) -> None:
    context.say(notices.reply(context.member, "outreach_search"))


async def _turn(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "outreaches", page=p.number()))


ACTIONS: dict[str, Action] = {
    "oshow": Action(right=Right.OUTREACH, act=_show, writes=False),
    "oask": Action(right=Right.OUTREACH, act=_ask, writes=False),
    "ostart": Action(right=Right.OUTREACH, act=_start),
    "oletter": Action(right=Right.OUTREACH, act=_letter, writes=False),
    "owrote": Action(right=Right.OUTREACH, act=_wrote),
    "ostate": Action(right=Right.OUTREACH, act=_state),
    "oname": Action(right=Right.OUTREACH, act=_name),
    "oreply": Action(right=Right.OUTREACH, act=_reply, writes=False),
    "osearch": Action(right=Right.OUTREACH, act=_search, writes=False),
    "olist": Action(right=Right.OUTREACH, act=_turn, writes=False),
}
