"""Copies: /find and /copies, the pages of copies, the picture of a difference, "not a copy"."""

import re
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.errors import Refusal
from bot.model.copies import CopyLine, CopyPage
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed, number_of
from handlers.context import DeskContext
from handlers.desk import FrontDesk
from handlers.gate import require
from handlers.orders import case_number, words_of
from handlers.reading import clean_text

# The bot's own cards begin with the case that they show.
_CARD = re.compile(r"K-(\d{1,15}) · ")
# New copies push a line to later pages while somebody reads; withdrawn ones pull it back.
_LOOK_AROUND = (0, 1, 2, -1)

Turn = Callable[[FrontDesk, Member, int, int], Awaitable[CopyPage]]


async def find(update: Update, context: DeskContext) -> None:
    """/find TEXT, or /find in reply to a message with the text; nothing is filed."""
    context.say(notices.reply(context.member, "find", text=clean_text(words_of(update)) or _replied(update)))


async def show_copies(update: Update, context: DeskContext) -> None:
    """/copies K-12; in reply to a message the copies of that; without anything those of one's latest case."""
    words, replied = words_of(update), _replied(update)
    card = _CARD.match(replied)
    if words or card:
        number = int(card.group(1)) if card and not words else case_number(words)
        case = await context.desk.cases.by_number(context.member, number)
        context.say(notices.reply(context.member, "copies", submission=case.submission_id, page=0))
    elif replied:
        context.say(notices.reply(context.member, "find", text=replied))
    else:
        latest = await context.desk.cases.lines(context.member, mine=True)
        if not latest:
            raise Refusal("case_unknown")
        case = await context.desk.cases.by_number(context.member, latest[0].number)
        context.say(notices.reply(context.member, "copies", submission=case.submission_id, page=0))


def _replied(update: Update) -> str:
    """The words of the message to which this one is a reply."""
    replied = update.message.reply_to_message if update.message is not None else None
    return clean_text(replied.text or replied.caption or "") if replied is not None else ""


async def _case_copies(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.see(context.member, p.press.subject)
    _turn(context, p, "copies", submission=p.press.subject, page=p.number())


async def _campaign_copies(context: DeskContext, p: Pressed) -> None:
    _turn(context, p, "campaign_copies", number=p.press.subject, page=p.number())


async def _found(context: DeskContext, p: Pressed) -> None:
    _turn(context, p, "found", key=p.press.subject, page=p.number())


def _turn(context: DeskContext, p: Pressed, code: str, **values: int) -> None:
    """A button without a page opens the first one in a message of its own; others turn the page where it is."""
    if p.press.argument:
        context.say(notices.edited_reply(context.member, p.message_id, code, **values))
    else:
        context.say(notices.reply(context.member, code, **values))


async def _case_difference(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.see(context.member, p.press.subject)
    _ask_picture(context, p, "case")


async def _campaign_difference(context: DeskContext, p: Pressed) -> None:
    _ask_picture(context, p, "campaign")


async def _found_difference(context: DeskContext, p: Pressed) -> None:
    _ask_picture(context, p, "found")


def _ask_picture(context: DeskContext, p: Pressed, listed: str) -> None:
    comment, _, page = p.press.argument.partition(".")
    place = number_of(page or "0", 16)
    context.say(notices.difference(context.member, listed, p.press.subject, place, number_of(comment, 16)))


async def _reject(context: DeskContext, p: Pressed) -> None:
    case = await context.desk.cases.see(context.member, p.press.subject)
    if case.reporter_id != context.member.id:
        require(context, Right.REJECT_COPY)
    await context.desk.copies.reject(context.stage, context.member, p.press.subject, p.number(16), p.message_id)


ACTIONS: dict[str, Action] = {
    "copies": Action(right=Right.OWN_CASES, act=_case_copies, writes=False),
    "diff": Action(right=Right.OWN_CASES, act=_case_difference, writes=False),
    "reject": Action(right=Right.OWN_CASES, act=_reject),
    "found": Action(right=Right.FIND, act=_found, writes=False),
    "fdiff": Action(right=Right.FIND, act=_found_difference, writes=False),
    "ccopies": Action(right=Right.SEE_CAMPAIGNS, act=_campaign_copies, writes=False),
    "cdiff": Action(right=Right.SEE_CAMPAIGNS, act=_campaign_difference, writes=False),
}


async def _page_of_case(desk: FrontDesk, member: Member, subject: int, page: int) -> CopyPage:
    return await desk.copies.of_case(member, subject, page)


async def _page_of_campaign(desk: FrontDesk, member: Member, subject: int, page: int) -> CopyPage:
    return await desk.copies.of_campaign(member, subject, page)


async def _page_of_found(desk: FrontDesk, member: Member, subject: int, page: int) -> CopyPage:
    return (await desk.copies.of_key(member, subject, page)).page


_PAGES: dict[str, Turn] = {"case": _page_of_case, "campaign": _page_of_campaign, "found": _page_of_found}


async def listed_line(desk: FrontDesk, member: Member, body: dict[str, int | str]) -> CopyLine | None:
    """The line for which `notices.difference` asks, on its page or near it. Raises Refusal like the pages do."""
    turn = _PAGES[str(body["listed"])]
    pages = [page for step in _LOOK_AROUND if (page := int(body["page"]) + step) >= 0]
    for page in pages:
        shown = await turn(desk, member, int(body["subject"]), page)
        found = [line for line in shown.lines if line.comment.id == body["comment"]]
        if found:
            return found[0]
    return None
