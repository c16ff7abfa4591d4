"""Erases who a member was: rows, what stands in their chat, and what the custody log says of them and of how their
messages came.

Cases, rulings and notes stay with the newsroom: others' safety may hang on them. They are a number's from then on, M-7.
"""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Role
from bot.services import notices
from bot.services.custody import Custody
from bot.services.erasing import Erasure
from bot.services.message_sweep import MessageSweep
from bot.storage import history, member_erasing, members, outbox
from bot.storage.store import Store

#: Keys of the custody log that are destroyed at a time.
_AT_A_TIME: Final = 200


class MemberErasure:
    """Of one newsroom's members."""

    def __init__(self, store: Store, clock: Clock, custody: Custody, erasure: Erasure) -> None:
        self._clock = clock
        self._custody = custody
        self._erasure = erasure
        self._sweep = MessageSweep(store, clock)

    async def apply(self, conn: AsyncConnection, member: Member, by: int | None, ground: str) -> str:
        """Erase who they were within somebody's transaction; returns by what they are called from now on.

        `soil` is called once that is committed. Administrators are told that somebody left.
        """
        now, newsroom_id = self._clock(), member.newsroom_id
        await self._sweep.sweep_member(conn, newsroom_id, member)
        if member.status is not MemberStatus.REMOVED:
            await outbox.put(conn, [notices.clear_menu(member)], now)
        rows = await member_erasing.rows_of_member(conn, newsroom_id, member.id)
        if rows is None:
            raise LookupError("a member vanished in the transaction that forgets them")
        await member_erasing.erase(conn, rows, now)
        for start in range(0, len(rows.subjects), _AT_A_TIME):
            chosen = rows.subjects[start : start + _AT_A_TIME]
            await self._custody.erase_with(conn, newsroom_id, chosen, by, ground)
        own = ("newsroom", newsroom_id)
        await history.note(conn, newsroom_id, by, own, "member_erased", now, member=rows.label)
        admins = await members.with_role(conn, newsroom_id, Role.ADMIN)
        told = [notices.reply(admin, "member_left", member=rows.label) for admin in admins]
        await outbox.put(conn, told, now)
        return rows.label

    def soil(self) -> None:
        """It is committed: what is left of it between rows is to be overwritten."""
        self._erasure.soil(member_erasing.TOUCHED)
