"""The gate before every handler: who this is, now, and nobody else comes in.

The sieve has dropped strangers before anything was stored; the gate asks the archive once more, at the moment of use,
because a member may have been removed since.
"""

import logging

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import NotAllowed
from bot.i18n import pick_language
from bot.model.newsroom import MemberStatus
from bot.model.rights import Right
from bot.model.tokens import START_WITH_TOKEN
from bot.services.members import Newcomer
from handlers.context import CURRENT_MEMBER, DeskContext, sender_of

log = logging.getLogger(__name__)


async def gate(update: Update, context: DeskContext) -> None:
    """Let active members through, an invite's bearer to the door, and nobody else anywhere."""
    telegram_id = sender_of(update)
    if telegram_id is None:
        raise ApplicationHandlerStop
    member = await context.desk.members.present(context.newsroom_id, telegram_id)
    if member is not None and member.status is MemberStatus.ACTIVE:
        CURRENT_MEMBER.set(member)
        return
    await _redeem(update, context, telegram_id)
    raise ApplicationHandlerStop


def require(context: DeskContext, right: Right) -> None:
    """Raises NotAllowed, and logs it, when the member's roles do not cover `right`."""
    if not context.member.may(right):
        log.warning("member %d was refused %s", context.member.id, right)
        raise NotAllowed(right)


async def _redeem(update: Update, context: DeskContext, telegram_id: int) -> None:
    message, user = update.message, update.effective_user
    found = START_WITH_TOKEN.fullmatch(message.text or "") if message is not None else None
    if found is None or user is None or message is None or message.chat_id != telegram_id:
        return
    newsroom = await context.desk.newsrooms.get(context.newsroom_id)
    newcomer = Newcomer(
        telegram_id=telegram_id,
        name=user.full_name,
        language=pick_language(user.language_code, newsroom.language),
    )
    await context.desk.members.redeem(context.stage, context.newsroom_id, found.group(1), newcomer)
