"""People behind farms, and leaked work reports: /curator, /workreport, /workreports."""

import re
from typing import Final

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.model.submission import Incoming, PartKind
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.fetching import fetcher
from handlers.handing_in import forget
from handlers.orders import words_of
from handlers.reading import clean_text, read_message

_READ_HERE: Final = "its right asks for a code itself; it is read in the chat, can be neither saved nor forwarded"
_RECORD: Final = re.compile(r"[PpРр]\s?-?\s?(\d{1,9})\b")
_REPORT: Final = re.compile(r"[WwВв]\s?-?\s?(\d{1,9})\s+[FfФф]\s?-?\s?(\d{1,9})")
_CURATOR: Final = ("add", "добавить", "кошуу", "curator", "куратор")
_CLIENT: Final = ("client", "заказчик", "буйрутмачы")
_TIE: Final = ("link", "связать", "байланыштыруу")
_SUPPOSE: Final = ("or", "или", "же")
_NOTE: Final = ("note", "заметка", "эскертме")
_REMOVE: Final = ("remove", "удалить", "өчүрүү")


async def curator(update: Update, context: DeskContext) -> None:
    """/curator lists; add B2 NAME, client B2 NAME; P-1, P-1 link F-3 B2 2020-07 why, P-1 or B3 text, note, remove."""
    words = clean_text(words_of(update))
    desk, stage, member = context.desk, context.stage, context.member
    if not words:
        context.say(notices.reply(member, "curators"))
        return
    found = _RECORD.match(words)
    if found is None:
        first, _, rest = words.partition(" ")
        if first.lower() not in (*_CURATOR, *_CLIENT):
            raise Refusal("curator_order_unknown")
        desk.curators.add(stage, member, "client" if first.lower() in _CLIENT else "curator", rest)
        return
    number = int(found.group(1))
    order, _, rest = words[found.end() :].strip().partition(" ")
    match order.lower():
        case "":
            context.say(notices.reply(member, "curator", number=number))
        case word if word in _TIE:
            await desk.curators.tie(stage, member, number, rest)
        case word if word in _SUPPOSE:
            await desk.curators.suppose(stage, member, number, rest)
        case word if word in _NOTE:
            await desk.curators.note(stage, member, number, rest)
        case word if word in _REMOVE:
            await desk.curators.remove(stage, member, number)
        case _:
            raise Refusal("curator_order_unknown")


async def hand_in(update: Update, context: DeskContext) -> None:
    """/workreport, then the screenshot or the words; or all at once, as a caption or behind the command."""
    message = update.message
    if message is None:
        return
    incoming = read_message(message)
    words = clean_text(words_of(update))
    if not words and incoming.file is None:
        context.desk.work_reports.begin(context.stage, context.member, incoming, context.raw)
        return
    await _take(context, incoming, words)


async def answered(incoming: Incoming, context: DeskContext) -> bool:
    """Whether a message is the work report that was asked for."""
    reports = context.desk.work_reports
    newsroom_id = context.newsroom_id
    is_part = await reports.is_of_album(newsroom_id, incoming.chat_id, incoming.media_group)
    if not is_part and not await reports.is_answer(context.member, incoming.message_id, incoming.sent_at):
        return False
    if incoming.media_group is not None:
        reports.expect_album(context.stage, newsroom_id, incoming.chat_id, incoming.media_group)
    await _take(context, incoming, incoming.text)
    return True


async def _take(context: DeskContext, incoming: Incoming, words: str) -> None:
    # What Telegram says of where it came from goes no further than here.
    bare = Incoming(
        chat_id=0,
        message_id=0,
        sent_at=incoming.sent_at,
        kind=incoming.kind,
        origin=type(incoming.origin)(),
        text=words,
        file=incoming.file,
    )
    try:
        if incoming.kind not in (PartKind.TEXT, PartKind.PHOTO, PartKind.DOCUMENT):
            raise Refusal("workreport_empty")
        await context.desk.work_reports.take(context.stage, context.member, bare, fetcher(context), context.raw)
    except Refusal as refusal:
        # Whoever tried to hand one in is known by nothing either; the question stays open.
        forget(context)
        context.say(notices.quiet(context.member, refusal.code, **refusal.values))


async def list_reports(update: Update, context: DeskContext) -> None:
    """/workreports lists them; /workreports W-2 F-3 says of which farm one speaks."""
    words = clean_text(words_of(update))
    found = _REPORT.fullmatch(words)
    if found is not None:
        number, farm = int(found.group(1)), int(found.group(2))
        await context.desk.work_reports.assign(context.stage, context.member, number, farm)
        return
    context.say(notices.reply(context.member, "workreports", page=0))


async def _turn(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "workreports", page=p.press.subject))


async def _picture(context: DeskContext, p: Pressed) -> None:
    context.say(notices.farm_file(context.member, p.press.subject, "workreport"))


ACTIONS: dict[str, Action] = {
    "wreports": Action(right=Right.WORK_REPORTS, act=_turn, writes=False),
    # What somebody handed in, to be read here; its right asks for a code.
    "wpicture": Action(right=Right.WORK_REPORTS, act=_picture, figures=_READ_HERE, writes=False),
}
