"""Campaigns: /campaign and /campaigns, merging, splitting, and texts that are never to match."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed, number_of
from handlers.context import DeskContext
from handlers.orders import words_of
from handlers.reading import clean_text
from handlers.since import read_since

_NUMBER = re.compile(r"(?:[CcСс]\s?-?\s?|№\s?)?(\d{1,9})")
# So many bytes of a name fit into the button that turns the page; it is a part of a name anyway.
_TARGET_BYTES = 24


async def show_campaign(update: Update, context: DeskContext) -> None:
    """/campaign C-7, or /campaign_7 as lists write it."""
    message = update.message
    text = (message.text or "") if message is not None else ""
    found = re.match(r"/campaign_(\d{1,9})\b", text) or _NUMBER.fullmatch(words_of(update))
    if found is None:
        raise Refusal("campaign_unknown")
    context.say(notices.reply(context.member, "campaign", number=int(found.group(1))))


async def list_campaigns(update: Update, context: DeskContext) -> None:
    """/campaigns, with a beginning (7d, 01.10.2026), a part of a name at whom they are aimed, or both."""
    newsroom = await context.desk.newsrooms.get(context.member.newsroom_id)
    words = clean_text(words_of(update))
    since, target = read_since(words, context.desk.now(), ZoneInfo(newsroom.zone))
    shown = since.isoformat() if since is not None else None
    context.say(notices.reply(context.member, "campaigns", since=shown, target=_cut(target), page=0))


def _cut(target: str) -> str:
    line = " ".join(target.split())
    return line.encode()[:_TARGET_BYTES].decode(errors="ignore").strip()


async def _turn(context: DeskContext, p: Pressed) -> None:
    since, _, target = p.press.argument.partition(",")
    try:
        moment = datetime.fromtimestamp(number_of(since, 16), UTC).isoformat() if since else None
    except (ValueError, OverflowError, OSError):
        raise Refusal("button_not_yours") from None
    values = {"since": moment, "target": target, "page": p.press.subject}
    context.say(notices.edited_reply(context.member, p.message_id, "campaigns", **values))


async def _show(context: DeskContext, p: Pressed) -> None:
    # From a case it opens in a message of its own; from its own pages it takes their place.
    if p.press.argument:
        context.say(notices.edited_reply(context.member, p.message_id, "campaign", number=p.press.subject))
    else:
        context.say(notices.reply(context.member, "campaign", number=p.press.subject))


async def _ask_merge(context: DeskContext, p: Pressed) -> None:
    values = {"number": p.press.subject, "other": p.number()}
    context.say(notices.edited_reply(context.member, p.message_id, "campaign_merge", **values))


async def _merge(context: DeskContext, p: Pressed) -> None:
    await context.desk.campaigns.merge(context.stage, context.member, p.press.subject, p.number(), p.message_id)


async def _texts_to_split(context: DeskContext, p: Pressed) -> None:
    values = {"number": p.press.subject, "page": p.number(), "purpose": "split"}
    context.say(notices.edited_reply(context.member, p.message_id, "campaign_texts", **values))


async def _texts_to_ignore(context: DeskContext, p: Pressed) -> None:
    values = {"number": p.press.subject, "page": p.number(), "purpose": "never"}
    context.say(notices.edited_reply(context.member, p.message_id, "campaign_texts", **values))


async def _split(context: DeskContext, p: Pressed) -> None:
    await context.desk.campaigns.split(context.stage, context.member, p.press.subject, p.number(16), p.message_id)


async def _never_match(context: DeskContext, p: Pressed) -> None:
    """The argument is a text's number and the page on which it stood."""
    wanted, _, place = p.press.argument.partition(".")
    number, page = number_of(wanted, 16), number_of(place or "0", 10)
    texts = await context.desk.campaigns.texts(context.member, p.press.subject, page)
    text = next((each.text for each in texts if each.number == number), None)
    if text is None:
        raise Refusal("campaign_text_unknown")
    await context.desk.stock_phrases.add(context.stage, context.member, text)


ACTIONS: dict[str, Action] = {
    "camps": Action(right=Right.SEE_CAMPAIGNS, act=_turn, writes=False),
    "campaign": Action(right=Right.SEE_CAMPAIGNS, act=_show, writes=False),
    "merge": Action(right=Right.EDIT_CAMPAIGNS, act=_ask_merge, writes=False),
    "mergeyes": Action(right=Right.EDIT_CAMPAIGNS, act=_merge),
    "splits": Action(right=Right.EDIT_CAMPAIGNS, act=_texts_to_split, writes=False),
    "split": Action(right=Right.EDIT_CAMPAIGNS, act=_split),
    "nevers": Action(right=Right.NEVER_MATCH, act=_texts_to_ignore, writes=False),
    "never": Action(right=Right.NEVER_MATCH, act=_never_match),
}
