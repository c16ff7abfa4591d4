"""The gate before every handler: who this is, now, and nobody else comes in.

The sieve has dropped strangers before anything was stored; the gate asks the archive once more, at the moment of use,
because a member may have been removed since.
"""

import logging
import re
from dataclasses import replace

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import NotAllowed
from bot.i18n import pick_language
from bot.model.newsroom import MemberStatus
from bot.model.rights import SENSITIVE, STEP_UP, Right
from bot.model.tokens import START_WITH_TOKEN
from bot.services.members import Newcomer
from handlers.context import CURRENT_LOCKED, CURRENT_MEMBER, DeskContext, sender_of
from handlers.handing_in import begin_album, forget, is_report

log = logging.getLogger(__name__)

_ORDER = re.compile(r"/(?:unlock|panic|паника|дүрбөлөң)(?:@\w+)?(?:\s|$)", re.IGNORECASE)


async def gate(update: Update, context: DeskContext) -> None:
    """Let active members through, an invite's bearer to the door, and nobody else anywhere."""
    # Before anything is waited for: the album's other pictures are read at the same time.
    begin_album(update, context)
    telegram_id = sender_of(update)
    if telegram_id is None:
        raise ApplicationHandlerStop
    presence = await context.desk.members.presence(context.newsroom_id, telegram_id)
    member = presence.member
    if member is not None and member.status is MemberStatus.ACTIVE:
        if presence.is_locked and not passes_lockdown(update):
            forget(context)
            raise ApplicationHandlerStop
        CURRENT_MEMBER.set(member)
        # From here on what others keep from this member is not there for them.
        context.desk.restrictions.look_as(member)
        CURRENT_LOCKED.set(presence.is_locked)
        context.desk.members.hold(context.stage, member)
        await context.desk.step_up.seen(context.stage, member)
        return
    if member is not None and member.status is MemberStatus.FROZEN and (is_material(update) or is_report(update)):
        # The sieve drops what comes after a freeze: this was accepted before it, and is filed without an answer.
        CURRENT_MEMBER.set(replace(member, status=MemberStatus.ACTIVE))
        CURRENT_LOCKED.set(True)
        context.desk.members.hold(context.stage, member)
        return
    if not presence.is_locked:
        await _redeem(update, context, telegram_id)
    forget(context)
    raise ApplicationHandlerStop


def is_material(update: Update) -> bool:
    """Whether an update is something to be filed: forwarded, shown or said, and no order."""
    message = update.message
    if message is None:
        return False
    return message.forward_origin is not None or not (message.text or message.caption or "").strip().startswith("/")


def passes_lockdown(update: Update) -> bool:
    """Whether an update is taken while the newsroom is locked down: what is forwarded and said is, orders are not.

    Of orders only /unlock and /panic are, and what hands in a work report; presses are asked once more where they are
    read.
    """
    message = update.message
    if message is None:
        return (
            update.callback_query is not None or update.edited_message is not None or update.my_chat_member is not None
        )
    if is_material(update) or is_report(update):
        return True
    return _ORDER.match((message.text or message.caption or "").strip()) is not None


def require(context: DeskContext, right: Right) -> None:
    """Raises NotAllowed, and logs it, when the member's roles do not cover `right`."""
    if not context.member.may(right):
        log.warning("member %d was refused %s", context.member.id, right)
        raise NotAllowed(right)


async def demand(context: DeskContext, right: Right, *, exports: bool = False) -> None:
    """Ask for what a thief does not have, before what a thief must not do; the other leads may hear of it.

    Raises Refusal.
    """
    desk, member = context.desk, context.member
    if right in SENSITIVE:
        await desk.step_up.demand_awake(member)
    if right in STEP_UP or exports:
        await desk.step_up.demand(member)
        desk.vigilance.sensitive(context.stage, member, export=exports or right is Right.EXPORT_EVIDENCE)


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
