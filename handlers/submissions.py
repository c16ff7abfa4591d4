"""Messages that members send: forwards, pictures, typed words, edits; and in groups only what is said to the bot."""

import re
from dataclasses import replace

from telegram import Message, MessageEntity, Update

from bot.model.rights import Right
from bot.model.submission import Incoming, Origin, OriginKind
from bot.services.accounts import read_suspicion
from bot.services.photo_owners import QUESTIONS
from handlers import account_lists, accounts, curators, exchange, outreach, photos, takedowns, threats
from handlers.context import DeskContext
from handlers.fetching import fetcher
from handlers.gate import require
from handlers.handing_in import forget
from handlers.orders import words_of
from handlers.reading import read_message
from handlers.threat_query import category_named

#: Orders that file what stands behind them.
_FILING = re.compile(r"/(?P<order>threat|incident)(?:@\w+)?(?:\s+|$)", re.IGNORECASE)


async def receive(update: Update, context: DeskContext) -> None:
    """A message in a private chat: the answer to an open question, or something to be filed."""
    message = update.message
    if message is None:
        return
    require(context, Right.SUBMIT)
    incoming = read_message(message)
    # Before anything else looks at it: whoever hands a report in leaves no trace.
    if await curators.answered(incoming, context):
        return
    if await account_lists.answered(message, context) or await exchange.answered(message, context):
        return
    if await threats.answered(incoming, context) or await takedowns.answered(incoming, context):
        return
    if await outreach.answered(incoming, context) or await accounts.answered(incoming, context):
        return
    if incoming.is_note and await _answered(incoming.text, context):
        return
    if await photos.answered(incoming, context):
        return
    await _submit(incoming, context)


async def list_fake_with_photo(update: Update, context: DeskContext) -> None:
    """/fake as the caption of a photo: the account is listed together with the photo that it uses."""
    message = update.message
    if message is None:
        return
    incoming = read_message(message)
    suspicion = read_suspicion(words_of(update))
    data = await fetcher(context)(incoming.file) if incoming.file is not None else None
    await context.desk.accounts.suspect(context.stage, context.member, suspicion.entry, picture=data)


async def receive_edit(update: Update, context: DeskContext) -> None:
    """A member edited a message that was filed."""
    message = update.edited_message
    if message is not None:
        require(context, Right.SUBMIT)
        incoming = replace(read_message(message), raw=context.raw)
        incoming = replace(incoming, text=_without_order(incoming.text))
        if not await context.desk.cases.edit(context.stage, context.member, incoming):
            # An order, or a work report: what nothing follows from would only tell who wrote what.
            forget(context)


def _without_order(text: str) -> str:
    """What an order files, without the order and the word that says what happened."""
    found = _FILING.match(text)
    if found is None:
        return text
    first, _, rest = text[found.end() :].strip().partition(" ")
    told = category_named(first) is not None and found["order"].lower() == "incident" and rest.strip()
    return rest.strip() if told else text[found.end() :].strip()


async def receive_in_group(update: Update, context: DeskContext) -> None:
    """A message in a group: silence, unless it names the bot; the answer goes to the member's own chat."""
    message = update.message
    if message is None or not is_addressed(message, context.desk.bot_username, context.bot.id):
        return
    require(context, Right.SUBMIT)
    incoming = _in_group(message, context.desk.bot_username)
    if incoming is not None:
        await _submit(incoming, context)


async def _submit(incoming: Incoming, context: DeskContext) -> None:
    # The update goes along as it came: it is what the custody log commits to.
    incoming = replace(incoming, raw=context.raw)
    await context.desk.submissions.submit(context.stage, context.member, incoming, fetcher(context))


def is_addressed(message: Message, username: str, bot_id: int) -> bool:
    """Whether a group message speaks to the bot: by its name, or in reply to it."""
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and replied.from_user.id == bot_id:
        return True
    found = message.parse_entities([MessageEntity.MENTION]) | message.parse_caption_entities([MessageEntity.MENTION])
    return any(name.lower() == f"@{username}".lower() for name in found.values())


def _in_group(message: Message, username: str) -> Incoming | None:
    # The bot's name in reply to a message asks about that message; else the words beside the name are meant.
    own = read_message(message)
    replied = message.reply_to_message
    if replied is not None and replied.from_user is not None and not replied.from_user.is_bot:
        author = replied.from_user
        asked = read_message(replied)
        origin = asked.origin
        if origin.kind is OriginKind.TYPED:
            origin = Origin(
                kind=OriginKind.USER,
                name=author.full_name,
                handle=author.username,
                telegram_id=author.id,
                sent_at=replied.date,
            )
        return replace(asked, origin=origin, message_id=own.message_id, sent_at=own.sent_at)
    words = own.text.replace(f"@{username}", "").strip()
    if not words and own.file is None:
        return None
    return replace(own, text=words, origin=own.origin if own.file else Origin(kind=OriginKind.PASTED))


async def _answered(text: str, context: DeskContext) -> bool:
    dialog = await context.desk.dialogs.of(context.member)
    if dialog is None:
        return False
    if dialog.kind == "author":
        await context.desk.cases.set_author(context.stage, context.member, int(dialog.body["submission"]), text)
    elif dialog.kind == "fake":
        suspicion = read_suspicion(text)
        await context.desk.dialogs.end(context.stage, context.member)
        await context.desk.accounts.suspect(context.stage, context.member, suspicion.entry)
    elif dialog.kind == "screen":
        await context.desk.screen_corrections.correct(context.stage, context.member, dialog, text)
    elif dialog.kind in QUESTIONS:
        await context.desk.photo_owners.answer(context.stage, context.member, dialog, text)
    else:
        # A picture was asked for: words are no answer to that.
        return False
    return True
