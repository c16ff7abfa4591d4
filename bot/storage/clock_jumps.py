"""After the clock was set back, what was put off stands years ahead: it is brought back to the present.

No wait of Kalkan's own is as long as these, so whatever is due later than that was written by a clock that was wrong.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.alarm import ALARM_MINUTES
from bot.storage import newsrooms
from bot.storage.tables import alarms, inbox_updates, outbox_chats, outbox_messages

#: A try waits for five minutes at most; Telegram asks for patience with a chat for a day at most.
_INBOX: Final = timedelta(minutes=10)
_OUTBOX: Final = timedelta(hours=25)
#: A clock that is put right by less changes nothing that anybody would notice.
_JITTER: Final = timedelta(seconds=30)


async def bring_back(conn: AsyncConnection, now: datetime) -> int:
    """Make due now what a clock that was ahead put off, and an alarm when its newsroom's patience ends; how many."""
    inbox, outbox, chats = inbox_updates.c, outbox_messages.c, outbox_chats.c
    ahead = now + _JITTER
    moved = 0
    for table, column, late in (
        (inbox_updates, inbox.not_before, _waits(inbox, inbox.not_before > now + _INBOX)),
        (outbox_messages, outbox.not_before, _waits(outbox, outbox.not_before > now + _OUTBOX)),
        # What says that it was written later than now was written by the clock that was wrong. What the right one has
        # put off since is due before that, and waits as it should.
        (inbox_updates, inbox.not_before, _waits(inbox, _both_after(ahead, inbox.received_at, inbox.not_before))),
        (outbox_messages, outbox.not_before, _waits(outbox, _both_after(ahead, outbox.created_at, outbox.not_before))),
        (outbox_chats, chats.not_before, chats.not_before > now + _OUTBOX),
    ):
        moved += (await conn.execute(sa.update(table).where(late).values({column.name: now}))).rowcount
    return moved + await _bring_alarms_back(conn, now)


def _waits(columns: Any, how: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(columns.state == "new", how)


def _both_after(ahead: datetime, written: sa.Column[Any], due: sa.Column[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(written > ahead, due >= written)


async def _bring_alarms_back(conn: AsyncConnection, now: datetime) -> int:
    """An alarm waits as long as its newsroom has set, and not a minute longer because somebody set the clock."""
    ringing = sa.select(alarms.c.newsroom_id).where(alarms.c.state == "ringing", alarms.c.due_at > now).distinct()
    moved = 0
    for newsroom_id in (await conn.execute(ringing)).scalars().all():
        minutes = await newsrooms.limit(conn, newsroom_id, "alarm_minutes", ALARM_MINUTES)
        longest = now + timedelta(minutes=minutes)
        late = sa.update(alarms).where(
            alarms.c.newsroom_id == newsroom_id, alarms.c.state == "ringing", alarms.c.due_at > longest + _JITTER
        )
        moved += (await conn.execute(late.values(due_at=longest))).rowcount
    return moved
