"""Knows a leaked work report by its outside, before anything else looks at it: whoever hands one in leaves no trace.

What is refused, or meets a closed gate, leaves no more behind than what was taken.
"""

from telegram import Update

from bot.services.work_reports import ORDER
from handlers.context import DeskContext


def is_report(update: Update) -> bool:
    """Whether a message says that it is a work report, or asks to hand one in."""
    message = update.message
    if message is None or message.forward_origin is not None:
        return False
    return ORDER.match((message.text or message.caption or "").strip()) is not None


def begin_album(update: Update, context: DeskContext) -> None:
    """The words stand under one picture: the others of its album are parts of the same report, whenever they come."""
    message = update.message
    if message is not None and message.media_group_id is not None and is_report(update):
        context.desk.work_reports.expect_album(
            context.stage, context.newsroom_id, message.chat.id, message.media_group_id
        )


def forget(context: DeskContext) -> None:
    """Nothing is done with this update: what it held, and who sent it, does not stay either."""
    context.desk.work_reports.forget(context.stage, context.newsroom_id, context.raw)
