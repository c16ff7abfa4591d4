"""Farms: /farms, /farm F-3 with what editors say of it, suggested links with their two answers, pictures and files."""

import re
from datetime import date
from typing import Final

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.gate import require
from handlers.orders import words_of
from handlers.reading import clean_text

_NUMBER: Final = re.compile(r"(?:[FfФф]\s?-?\s?|№\s?)?(\d{1,9})\b")
_DAY: Final = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?:\s+|$)")
_NAME: Final = ("name", "имя", "название", "аты")
_ADD: Final = ("add", "добавить", "кошуу")
_DROP: Final = ("drop", "убрать", "алып", "алуу")
_VOTE: Final = ("vote", "выборы", "голосование", "шайлоо", "добуш")
#: What a farm is shown or handed out as; the last four leave the house.
PICTURES: Final = ("network", "week", "sides")
#: Why they ask for no code.
_PICTURE: Final = "a card in the chat, which can be neither saved nor forwarded"
FILES: Final = ("graphml", "gexf", "csv", "xlsx")


async def list_farms(_update: Update, context: DeskContext) -> None:
    """/farms"""
    context.say(notices.reply(context.member, "farms", page=0))


async def farm(update: Update, context: DeskContext) -> None:
    """/farm F-3 shows it; /farm F-3 name …, add LINK reason, drop LINK; /farm vote 2027-01-24 what."""
    message = update.message
    text = (message.text or "") if message is not None else ""
    words = clean_text(words_of(update))
    shown = re.match(r"/farm_(\d{1,9})\b", text)
    if shown is not None:
        context.say(notices.reply(context.member, "farm", number=int(shown.group(1))))
        return
    first, _, rest = words.partition(" ")
    if first.lower() in _VOTE:
        await _note_vote(context, rest.strip())
        return
    found = _NUMBER.match(words)
    if found is None:
        raise Refusal("farm_unknown")
    number, rest = int(found.group(1)), words[found.end() :].strip()
    if not rest:
        context.say(notices.reply(context.member, "farm", number=number))
        return
    require(context, Right.DECIDE_FARMS)
    await _order(context, number, rest)


async def _order(context: DeskContext, number: int, words: str) -> None:
    order, _, rest = words.partition(" ")
    desk, stage, member = context.desk, context.stage, context.member
    if order.lower() in _NAME:
        await desk.farms.rename(stage, member, number, rest)
        return
    if order.lower() not in (*_ADD, *_DROP):
        raise Refusal("farm_order_unknown")
    named, _, reason = rest.strip().partition(" ")
    account = await desk.accounts.named(member, named)
    if order.lower() in _ADD:
        await desk.farms.join(stage, member, number, account.id, reason)
    else:
        await desk.farms.drop(stage, member, number, account.id)


async def _note_vote(context: DeskContext, words: str) -> None:
    require(context, Right.DECIDE_FARMS)
    found = _DAY.match(words)
    if found is None:
        raise Refusal("since_unknown")
    year, month, day = found.group(1, 2, 3) if found.group(1) else found.group(6, 5, 4)
    try:
        when = date(int(year), int(month), int(day))
    except ValueError:
        raise Refusal("since_unknown") from None
    await context.desk.farms.note_vote(context.stage, context.member, when, words[found.end() :].strip())


async def _turn(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "farms", page=p.press.subject))


async def _show(context: DeskContext, p: Pressed) -> None:
    if p.press.argument:
        values = {"number": p.press.subject, "page": p.number()}
        context.say(notices.edited_reply(context.member, p.message_id, "farm", **values))
    else:
        context.say(notices.reply(context.member, "farm", number=p.press.subject))


async def _offers(context: DeskContext, p: Pressed) -> None:
    # Of no farm: of all of them.
    values = {"number": p.press.subject or None, "page": p.number()}
    context.say(notices.edited_reply(context.member, p.message_id, "farm_offers", **values))


async def _same(context: DeskContext, p: Pressed) -> None:
    await context.desk.farms.decide(
        context.stage, context.member, p.press.subject, is_same=True, message_id=p.message_id
    )


async def _apart(context: DeskContext, p: Pressed) -> None:
    await context.desk.farms.decide(
        context.stage, context.member, p.press.subject, is_same=False, message_id=p.message_id
    )


async def _again(context: DeskContext, _p: Pressed) -> None:
    context.desk.farm_runs.ask(context.stage, context.member)


async def _picture(context: DeskContext, p: Pressed) -> None:
    if p.press.argument not in PICTURES:
        raise Refusal("button_not_yours")
    context.say(notices.farm_file(context.member, p.press.subject or None, p.press.argument))


async def _file(context: DeskContext, p: Pressed) -> None:
    if p.press.argument not in FILES:
        raise Refusal("button_not_yours")
    await context.desk.farms.noted_export(context.stage, context.member, p.press.subject or None, p.press.argument)


ACTIONS: dict[str, Action] = {
    "farms": Action(right=Right.SEE_FARMS, act=_turn, writes=False),
    "farm": Action(right=Right.SEE_FARMS, act=_show, writes=False),
    "foffers": Action(right=Right.DECIDE_FARMS, act=_offers, writes=False),
    "fsame": Action(right=Right.DECIDE_FARMS, act=_same),
    "fapart": Action(right=Right.DECIDE_FARMS, act=_apart),
    "fagain": Action(right=Right.DECIDE_FARMS, act=_again),
    "fpicture": Action(right=Right.SEE_FARMS, act=_picture, figures=_PICTURE, writes=False),
    "ffile": Action(right=Right.DECIDE_FARMS, act=_file, exports=True, writes=False),
}
