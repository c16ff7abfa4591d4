"""/export: evidence for a lawyer, as one file that can be checked without Kalkan."""

from telegram import Update

from bot.services import notices
from bot.services.evidence_orders import read_order
from handlers.context import DeskContext
from handlers.orders import words_of


async def export(update: Update, context: DeskContext) -> None:
    """/export T-42 T-50..53 K-7 hrd ky names; without words it says how."""
    words = words_of(update)
    if not words:
        context.say(notices.reply(context.member, "export_help"))
        return
    await context.desk.evidence.order(context.stage, context.member, read_order(words))
