"""Tells a member in one line that their message came late, or its answer will be; once an hour at the most."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NoRoom, Outage
from bot.model.newsroom import Member, MemberStatus
from bot.services import notices
from bot.storage import members, outbox
from bot.storage.faults import passes
from bot.storage.inbox import ClaimedUpdate

_AGAIN: Final = timedelta(hours=1)
#: The first trouble is over in a second, as a rule: only what lasts is worth a line.
_TRIES: Final = 3


class Lateness:
    """What the inbox tells: its `Worker` of an update that has to wait, `Inbox` of those that waited with Telegram."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def tell(self, conn: AsyncConnection, update: ClaimedUpdate, error: Exception) -> None:
        """Queue the line, unless the member was told within the hour."""
        no_room = isinstance(error, NoRoom)
        is_outage = isinstance(error, Outage) or passes(error)
        if not is_outage or (update.tries < _TRIES and not no_room):
            return
        # In a private chat the chat's number is the member's; in a group nothing is said.
        member = await members.by_telegram_id(conn, update.newsroom_id, update.chat_key)
        if member is None or member.status is not MemberStatus.ACTIVE:
            return
        await self._say(conn, member, f"late:{member.id}", "late_file" if no_room else "late")

    async def returned(self, conn: AsyncConnection, newsroom_id: int, senders: Collection[int]) -> None:
        """Queue the line for members, by Telegram id, who wrote while nobody fetched their messages."""
        for member in await members.by_telegram_ids(conn, senders):
            if member.newsroom_id == newsroom_id and member.status is MemberStatus.ACTIVE:
                await self._say(conn, member, f"absent:{member.id}", "late_absent")

    async def _say(self, conn: AsyncConnection, member: Member, key: str, code: str) -> None:
        now = self._clock()
        if not await outbox.queued_since(conn, member.newsroom_id, key, now - _AGAIN):
            await outbox.put(conn, [notices.keyed_reply(member, key, code)], now)
