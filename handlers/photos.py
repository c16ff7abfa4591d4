"""Photos: /photo and /owner, the pages of pairs of a case, "same photo" and "not the same", whose photo it is."""

import re
from collections.abc import Mapping
from typing import Any

from telegram import Message, Update

from bot.errors import Refusal
from bot.model.codec import dump, load
from bot.model.newsroom import Member
from bot.model.photo_pair import PhotoPair
from bot.model.rights import Right
from bot.model.submission import Incoming, IncomingFile
from bot.model.verdict import PhotoFound
from bot.services import notices
from bot.services.photo_owners import read_owner
from handlers.actions import Action, Pressed, number_of
from handlers.cards.photos import MOST
from handlers.context import DeskContext
from handlers.desk import FrontDesk
from handlers.fetching import fetcher
from handlers.gate import require
from handlers.orders import words_of
from handlers.reading import clean_text, read_message

#: The word that takes something back, in each language.
REMOVE = ("remove", "удалить", "өчүрүү")
_CASE = re.compile(r"[KkКк]-?(\d{1,15})\b")


async def where_seen(update: Update, context: DeskContext) -> None:
    """/photo under a picture or in reply to one: where it was seen. Alone it asks for a picture."""
    file = _picture(update.message)
    if file is None:
        await context.desk.dialogs.ask(context.stage, context.member, "photo", {})
    else:
        await _look_up(context, file)


async def answered(incoming: Incoming, context: DeskContext) -> bool:
    """Whether a picture is the answer to /photo; it is then looked up and not filed."""
    if incoming.file is None:
        return False
    dialog = await context.dialog()
    if dialog is None or dialog.kind != "photo" or not context.member.may(Right.FIND_PHOTO):
        return False
    await context.desk.dialogs.end(context.stage, context.member)
    await _look_up(context, incoming.file)
    return True


async def _look_up(context: DeskContext, file: IncomingFile) -> None:
    search, member = context.desk.photo_search, context.member
    sha256, found = await search.look(await fetcher(context)(file))
    context.say(notices.reply(member, "photo_seen", sha256=sha256, found=[dump(each) for each in found]))
    pairs = (await search.seen(member, sha256, found)).pairs
    shown = [pair for pair in pairs if not pair.is_same_file][:MOST]
    context.say(*(notices.looked_up_pair(member, file.file_id, sha256, dump(pair.found)) for pair in shown))


def _picture(message: Message | None) -> IncomingFile | None:
    """The picture of a message, else of the one to which it is a reply."""
    if message is None:
        return None
    replied = message.reply_to_message
    return read_message(message).file or (read_message(replied).file if replied is not None else None)


async def owner(update: Update, context: DeskContext) -> None:
    """/owner in reply to a picture, under one, or with K-12: then a name, a link, and lines `how:` and `note:`.

    Without a name it asks; `remove` takes back what was recorded.
    """
    owners, member, words = context.desk.photo_owners, context.member, clean_text(words_of(update))
    file, case = _picture(update.message), _CASE.match(words)
    if file is not None:
        sha256 = await owners.picture_of_bytes(await fetcher(context)(file))
    elif case is not None:
        sha256 = await owners.picture_of_case(member, int(case.group(1)))
        words = words[case.end() :].strip()
    else:
        raise Refusal("owner_photo_missing")
    if not words:
        await owners.ask(context.stage, member, sha256)
    elif words.lower() in REMOVE:
        await owners.record(context.stage, member, sha256, None)
    else:
        await owners.record(context.stage, member, sha256, read_owner(words))


async def _pairs(context: DeskContext, p: Pressed) -> None:
    member, submission, page = context.member, p.press.subject, p.number()
    pairs = [pair for pair in await context.desk.photo_pairs.of_case(member, submission) if not pair.is_rejected]
    if not pairs:
        raise Refusal("photo_pairs_none")
    start = page * MOST if 0 <= page * MOST < len(pairs) else 0
    for pair in pairs[start : start + MOST]:
        context.say(notices.photo_pair(member, submission, pair.place, pair.known.id))
    rest = len(pairs) - start - MOST
    if rest > 0:
        following = start // MOST + 1
        context.say(notices.reply(member, "photo_more", submission=submission, page=following, count=rest))


async def _same(context: DeskContext, p: Pressed) -> None:
    await _rule(context, p, is_same=True)


async def _not_same(context: DeskContext, p: Pressed) -> None:
    await _rule(context, p, is_same=False)


async def _rule(context: DeskContext, p: Pressed, *, is_same: bool) -> None:
    """The argument is the stored photo's id and the place of the picture among the parts of the case."""
    photo, _, place = p.press.argument.partition(".")
    case = await context.desk.cases.see(context.member, p.press.subject)
    if case.reporter_id != context.member.id:
        require(context, Right.RULE_PHOTO)
    pairs = context.desk.photo_pairs
    pair = await pairs.one(context.member, p.press.subject, number_of(place or "0", 16), number_of(photo or "0", 16))
    await pairs.rule(context.stage, context.member, p.press.subject, pair, is_same=is_same, message_id=p.message_id)


async def _whose(context: DeskContext, p: Pressed) -> None:
    sha256 = await context.desk.photo_owners.picture_of_photo(context.member, p.press.subject)
    await context.desk.photo_owners.ask(context.stage, context.member, sha256)


ACTIONS: dict[str, Action] = {
    "pairs": Action(right=Right.OWN_CASES, act=_pairs, writes=False),
    "psame": Action(right=Right.OWN_CASES, act=_same),
    "pnot": Action(right=Right.OWN_CASES, act=_not_same),
    "whose": Action(right=Right.NAME_OWNER, act=_whose, writes=False),
}


async def named_pair(desk: FrontDesk, member: Member, body: Mapping[str, Any]) -> PhotoPair | None:
    """The pair of which `notices.photo_pair` or `notices.looked_up_pair` speaks. Raises Refusal like the pages do."""
    if body.get("file") is not None:
        return await desk.photo_search.pair(member, str(body["sha256"]), load(PhotoFound, body["found"]))
    return await desk.photo_pairs.one(member, int(body["submission"]), int(body["place"]), int(body["photo"]))


async def may_rule(desk: FrontDesk, member: Member, submission_id: int) -> bool:
    """Whether somebody may say of a case's photos that they are the same."""
    if member.may(Right.RULE_PHOTO):
        return True
    return (await desk.cases.see(member, submission_id)).reporter_id == member.id
