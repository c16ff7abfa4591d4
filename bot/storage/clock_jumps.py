"""After the clock was set back, what was put off stands years ahead: it is brought back to the present.

No wait of Kalkan's own is as long as these, so whatever is due later than that was written by a clock that was wrong.
"""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import alarms, inbox_updates, outbox_chats, outbox_messages

#: A try waits for five minutes at most, and an alarm for the two hours that a newsroom may set; Telegram asks for
#: patience with a chat for a day at most.
_INBOX: Final = timedelta(minutes=10)
_ALARM: Final = timedelta(hours=3)
_OUTBOX: Final = timedelta(hours=25)


async def bring_back(conn: AsyncConnection, now: datetime) -> int:
    """Make due now what is due impossibly late; returns how many rows."""
    moved = 0
    for table, column, longest, live in (
        (inbox_updates, inbox_updates.c.not_before, _INBOX, inbox_updates.c.state == "new"),
        (outbox_messages, outbox_messages.c.not_before, _OUTBOX, outbox_messages.c.state == "new"),
        (outbox_chats, outbox_chats.c.not_before, _OUTBOX, sa.true()),
        (alarms, alarms.c.due_at, _ALARM, alarms.c.state == "ringing"),
    ):
        late = sa.update(table).where(live, column > now + longest)
        moved += (await conn.execute(late.values({column.name: now}))).rowcount
    return moved
