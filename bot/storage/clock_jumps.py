"""After the clock was set back, what was put off stands years ahead: it is brought back to the present.

No wait of Kalkan's own is as long as these, so whatever is due later than that was written by a clock that was wrong.
"""

from datetime import datetime, timedelta
from typing import Final

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
    """Make due now what is due impossibly late, and an alarm when its newsroom's patience ends; how many rows."""
    moved = 0
    for table, column, longest, live in (
        (inbox_updates, inbox_updates.c.not_before, _INBOX, inbox_updates.c.state == "new"),
        (outbox_messages, outbox_messages.c.not_before, _OUTBOX, outbox_messages.c.state == "new"),
        (outbox_chats, outbox_chats.c.not_before, _OUTBOX, sa.true()),
    ):
        late = sa.update(table).where(live, column > now + longest)
        moved += (await conn.execute(late.values({column.name: now}))).rowcount
    return moved + await _bring_alarms_back(conn, now)


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
