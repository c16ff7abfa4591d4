"""/exchange: what would be told to other newsrooms, who tells us; their files, looked at before they are taken in."""

from telegram import Message, Update

from bot.errors import Refusal
from bot.model.exchange import ENDING, MOST_BYTES
from bot.model.outbox import Kind, Outgoing
from bot.model.rights import Right
from bot.model.submission import IncomingFile
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.fetching import fetcher
from handlers.gate import demand


async def exchange(update: Update, context: DeskContext) -> None:
    """/exchange shows what there is; as the caption of a partner's file it looks at that."""
    message = update.message
    if message is not None and message.document is not None:
        await _receive(message, context)
        return
    context.say(notices.reply(context.member, "exchange"))


async def answered(message: Message, context: DeskContext) -> bool:
    """Whether a message is a partner's file, sent by who may read it; anybody else's is a file like any other."""
    name = message.document.file_name if message.document is not None else None
    if not (name or "").lower().endswith(ENDING) or not context.member.may(Right.EXCHANGE):
        return False
    await demand(context, Right.EXCHANGE)
    await _receive(message, context)
    return True


async def _receive(message: Message, context: DeskContext) -> None:
    document = message.document
    if document is None:
        raise Refusal("exchange_no_file")
    # What is too large is not even fetched.
    if (document.file_size or 0) > MOST_BYTES:
        raise Refusal("exchange_too_large", most=MOST_BYTES // 1_000_000)
    file = IncomingFile(
        file_id=document.file_id,
        file_unique_id=document.file_unique_id,
        size=document.file_size,
        mime_type=document.mime_type,
        name=document.file_name,
    )
    data = await fetcher(context)(file)
    await context.desk.exchange.into.receive(context.stage, context.member, document.file_name or "", data)


async def _make(context: DeskContext, p: Pressed) -> None:
    member = context.member
    made = await context.desk.exchange.out.make(member)
    file = Outgoing(
        kind=Kind.TABLE,
        chat_id=member.telegram_id,
        newsroom_id=member.newsroom_id,
        member_id=member.id,
        body={"exchange": made.id, "form": "json"},
    )
    context.say(notices.edited_reply(member, p.message_id, "exchange_made", name=made.name), file)


async def _take_in(context: DeskContext, p: Pressed) -> None:
    await context.desk.exchange.into.accept(context.stage, context.member, p.press.subject, p.message_id)


async def _withdraw(context: DeskContext, p: Pressed) -> None:
    partners = context.desk.exchange.partners
    back = p.press.argument == "back"
    await partners.press(context.stage, context.member, p.press.subject, p.message_id, back=back)


ACTIONS: dict[str, Action] = {
    "xcmake": Action(right=Right.EXCHANGE, act=_make, exports=True),
    "xctake": Action(right=Right.EXCHANGE, act=_take_in),
    "xcdrop": Action(right=Right.EXCHANGE, act=_withdraw),
}
