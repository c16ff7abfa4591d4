"""What the clock does for the ledger: reminds of re-checks, tells of reported accounts that were cleared since."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.model.takedown import Takedown, TakedownStatus
from bot.services import notices
from bot.storage import history, members, outbox, takedowns
from bot.storage.store import Store

_AT_A_TIME = 100


class TakedownWatch:
    """What is due stands in the database alone: it survives a restart, and is told once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def remind(self) -> int:
        """Tell those whose re-check is due, once; whose place is taken by the others when they are gone."""
        async with self._store.read() as conn:
            if not await takedowns.due(conn, self._clock(), 1):
                return 0
        async with self._store.write() as conn:
            now, told = self._clock(), 0
            for newsroom_id, each in await takedowns.due(conn, now, _AT_A_TIME):
                if await takedowns.set_reminded(conn, each.id, now):
                    await _tell(conn, newsroom_id, each, "takedown_reminder", now)
                    told += 1
        return told

    async def recall(self) -> int:
        """Tell those who reported accounts that were cleared since, once; drafts of such accounts are withdrawn."""
        async with self._store.read() as conn:
            if not await takedowns.cleared(conn, 1):
                return 0
        async with self._store.write() as conn:
            now, told = self._clock(), 0
            for newsroom_id, each in await takedowns.cleared(conn, _AT_A_TIME):
                if not await takedowns.set_recalled(conn, each.id, now):
                    continue
                drafts, after = [TakedownStatus.DRAFT], TakedownStatus.WITHDRAWN
                if await takedowns.move(conn, newsroom_id, [each.id], after, drafts, remind_at=None):
                    subject, event = ("takedown", each.id), "takedown_status"
                    status = {"before": "draft", "status": "withdrawn"}
                    await history.note(conn, newsroom_id, None, subject, event, now, **status)
                else:
                    await _tell(conn, newsroom_id, each, "takedown_recall", now)
                told += 1
        return told


async def _tell(conn: AsyncConnection, newsroom_id: int, found: Takedown, code: str, now: datetime) -> None:
    people = await whom(conn, newsroom_id, found.member_id, Right.TAKEDOWNS)
    said = [
        notices.reply(
            each, "takedown_reminder" if code == "takedown_reminder" else "takedown_recall", takedown=found.id
        )
        for each in people
    ]
    await outbox.put(conn, said, now)


async def whom(conn: AsyncConnection, newsroom_id: int, member_id: int | None, right: Right) -> list[Member]:
    """The member whose matter it is, if they still may; else everybody who may."""
    own = await members.get(conn, newsroom_id, member_id) if member_id is not None else None
    if own is not None and own.may(right):
        return [own]
    return [each for each in await members.all_of(conn, newsroom_id, MemberStatus.ACTIVE) if each.may(right)]
