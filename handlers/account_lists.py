"""Lists of accounts that are sent in the chat: /import, a file, presses for its columns, and how to take it in."""

from telegram import Message, Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.model.submission import IncomingFile
from bot.services import notices
from bot.services.account_files import is_list
from bot.services.imports.account_columns import FIELDS
from handlers.actions import Action, Pressed, number_of
from handlers.context import DeskContext
from handlers.fetching import fetcher
from handlers.gate import require

_LEFT_OUT = "-"


async def order(update: Update, context: DeskContext) -> None:
    """/import asks for a file; as the caption of one it takes that."""
    message = update.message
    if message is not None and message.document is not None:
        await _receive(message, context)
        return
    await context.desk.dialogs.ask(context.stage, context.member, "list", {})


async def answered(message: Message, context: DeskContext) -> bool:
    """Whether a message is the file that was asked for."""
    if message.document is None or not is_list(message.document.file_name):
        return False
    dialog = await context.dialog()
    if dialog is None or dialog.kind != "list":
        return False
    require(context, Right.DECIDE_ACCOUNT)
    await context.desk.dialogs.end(context.stage, context.member)
    await _receive(message, context)
    return True


async def _receive(message: Message, context: DeskContext) -> None:
    document = message.document
    if document is None:
        raise Refusal("list_format")
    file = IncomingFile(
        file_id=document.file_id,
        file_unique_id=document.file_unique_id,
        size=document.file_size,
        mime_type=document.mime_type,
        name=document.file_name,
    )
    data = await fetcher(context)(file)
    await context.desk.account_files.receive(context.stage, context.member, document.file_name or "", data)


async def _show(context: DeskContext, p: Pressed) -> None:
    await context.desk.account_files.of(context.member, p.press.subject)
    context.say(notices.edited_reply(context.member, p.message_id, "import_columns", file=p.press.subject))


async def _column(context: DeskContext, p: Pressed) -> None:
    await context.desk.account_files.of(context.member, p.press.subject)
    values = {"file": p.press.subject, "place": p.number()}
    context.say(notices.edited_reply(context.member, p.message_id, "import_fields", **values))


async def _field(context: DeskContext, p: Pressed) -> None:
    place, _, chosen = p.press.argument.partition(".")
    number = -1 if chosen == _LEFT_OUT else number_of(chosen, 10)
    if number >= len(FIELDS):
        raise Refusal("button_not_yours")
    field = FIELDS[number] if number >= 0 else ""
    await context.desk.account_files.choose(
        context.stage, context.member, p.press.subject, number_of(place, 10), field, p.message_id
    )


async def _start(context: DeskContext, p: Pressed) -> None:
    takedown = p.press.argument == "gone"
    files = context.desk.account_files
    await files.start(context.stage, context.member, p.press.subject, p.message_id, takedown=takedown)


ACTIONS: dict[str, Action] = {
    "implist": Action(right=Right.DECIDE_ACCOUNT, act=_show, writes=False),
    "impcol": Action(right=Right.DECIDE_ACCOUNT, act=_column, writes=False),
    "impfield": Action(right=Right.DECIDE_ACCOUNT, act=_field),
    "impgo": Action(right=Right.DECIDE_ACCOUNT, act=_start),
}
