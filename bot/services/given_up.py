"""Says what was given up: to whoever sent it in one line, and to the administrators once a day.

What is said stands in the transaction that gives it up, so that nothing is ever put aside without a word.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import UNPACED, Kind, Outgoing
from bot.model.rights import Role
from bot.services import notices
from bot.services.work_reports import WorkReports
from bot.storage import inbox, members, outbox
from bot.storage.inbox import ClaimedUpdate

_AGAIN: Final = timedelta(days=1)
#: Whoever is told of these has nothing to do about them: an answer to a press is void after some minutes, and a
#: reaction when its message was taken away. What was to be deleted is counted by the sweep.
_PASSING: Final = UNPACED | {Kind.QUIET}
#: What is said of trouble makes no trouble of its own when it cannot be said.
_ABOUT: Final = frozenset({"buried", "buried_admin", "unsent_admin"})


class GivenUp:
    """What `bot.inbox_work.Worker` tells of an update that becomes a dead letter."""

    def __init__(self, clock: Clock, reports: WorkReports) -> None:
        self._clock = clock
        self._reports = reports

    async def tell(self, conn: AsyncConnection, update: ClaimedUpdate, _error: Exception) -> None:
        """Queue the line for the sender, unless it waits already, and the one for the administrators."""
        now = self._clock()
        # In a private chat the chat's number is the member's; in a group nothing is said.
        member = await members.by_telegram_id(conn, update.newsroom_id, update.chat_key)
        is_active = member is not None and member.status is MemberStatus.ACTIVE
        if await self._reports.let_go(conn, update):
            # Neither is it kept, nor does an administrator learn that somebody tried to hand one in.
            if member is not None and is_active:
                await outbox.put(conn, [notices.quiet(member, "workreport_lost")], now)
            return
        if member is not None and is_active:
            await outbox.put(conn, [notices.keyed_reply(member, f"buried:{member.id}", "buried")], now)
        dead = await inbox.dead(conn, update.newsroom_id)
        for admin in await _untold(conn, update.newsroom_id, "buried", now):
            key = f"buried:admin:{admin.id}"
            await outbox.put(conn, [notices.keyed_reply(admin, key, "buried_admin", count=dead)], now)


async def tell_unsent(conn: AsyncConnection, outgoing: Outgoing, now: datetime) -> None:
    """A message was given up: the administrators hear how many were, once a day."""
    if outgoing.kind in _PASSING or outgoing.body.get("code") in _ABOUT:
        return
    failed = await outbox.failed(conn, outgoing.newsroom_id)
    for admin in await _untold(conn, outgoing.newsroom_id, "unsent", now):
        key = f"unsent:admin:{admin.id}"
        await outbox.put(conn, [notices.keyed_reply(admin, key, "unsent_admin", count=failed)], now)


async def _untold(conn: AsyncConnection, newsroom_id: int, what: str, now: datetime) -> Sequence[Member]:
    admins = await members.with_role(conn, newsroom_id, Role.ADMIN)
    since = now - _AGAIN
    return [a for a in admins if not await outbox.queued_since(conn, newsroom_id, f"{what}:admin:{a.id}", since)]
