"""Tells whoever ordered something that it is refused, by a handler or only by the transaction that was to do it."""

from collections.abc import Callable

from telegram import Update

from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.services import notices
from bot.services.stage import Stage
from bot.services.step_up import ASKS
from handlers.context import CURRENT_RAW
from handlers.desk import FrontDesk
from handlers.handing_in import is_report

Tell = Callable[[Stage, Refusal], None]


def refusing(desk: FrontDesk, member: Member, update: Update) -> Tell:
    """A Refusal of this update becomes a sentence to the member; what lacks nothing but a code waits for it."""
    raw = CURRENT_RAW.get()

    def tell(stage: Stage, refusal: Refusal) -> None:
        if refusal.code in ASKS:
            desk.step_up.keep(stage, member, update.update_id)
        elif is_report(update):
            # Refused before it was looked at: nothing of it stays, not even that something was said of it.
            desk.work_reports.forget(stage, member.newsroom_id, raw)
            desk.replies.say(stage, notices.quiet(member, refusal.code, **refusal.values))
            return
        desk.replies.say(stage, notices.reply(member, refusal.code, **refusal.values))

    return tell


def refusing_later(desk: FrontDesk, member: Member, update: Update) -> Tell:
    """The same for a transaction that refuses: of all that the update was to do and to say, only this stays."""
    refuse = refusing(desk, member, update)

    def tell(stage: Stage, refusal: Refusal) -> None:
        if update.callback_query is not None:
            desk.replies.say(stage, notices.answer(member, update.callback_query.id))
        refuse(stage, refusal)

    return tell
