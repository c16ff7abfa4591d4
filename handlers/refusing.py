"""Tells whoever ordered something that it is refused, by a handler or only by the transaction that was to do it."""

from collections.abc import Callable

from telegram import Update

from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.services import notices
from bot.services.stage import Stage
from bot.services.step_up import ASKS
from handlers.desk import FrontDesk

Tell = Callable[[Stage, Refusal], None]


def refuse(desk: FrontDesk, stage: Stage, member: Member, update: Update, refusal: Refusal) -> None:
    """A Refusal becomes a sentence to the member; what lacks nothing but a code waits for it."""
    if refusal.code in ASKS:
        desk.step_up.keep(stage, member, update.update_id)
    desk.replies.say(stage, notices.reply(member, refusal.code, **refusal.values))


def refused_later(desk: FrontDesk, member: Member, update: Update) -> Tell:
    """The same for a transaction that refuses: of all that the update was to do and to say, only this stays."""

    def tell(stage: Stage, refusal: Refusal) -> None:
        if update.callback_query is not None:
            desk.replies.say(stage, notices.answer(member, update.callback_query.id))
        refuse(desk, stage, member, update, refusal)

    return tell
