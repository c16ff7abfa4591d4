"""How much waits in the inbox and in the outbox, and for how long: what tells that the bot keeps up.

Of one newsroom, or without a number of all of them: the server's operator asks for these.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.health import Queue
from bot.model.outbox import Priority
from bot.storage.tables import inbox_updates, outbox_messages


async def inbox(conn: AsyncConnection, newsroom_id: int | None, now: datetime) -> Queue:
    """Updates that nobody has in hand."""
    return await _queue(conn, inbox_updates, newsroom_id, now)


async def outbox(conn: AsyncConnection, newsroom_id: int | None, now: datetime) -> Queue:
    """Messages that wait to be sent, but for alarms."""
    return await _queue(conn, outbox_messages, newsroom_id, now, outbox_messages.c.priority != int(Priority.ALARM))


async def alarms(conn: AsyncConnection, newsroom_id: int | None, now: datetime) -> Queue:
    """Alarms that wait to be sent."""
    return await _queue(conn, outbox_messages, newsroom_id, now, outbox_messages.c.priority == int(Priority.ALARM))


async def dead(conn: AsyncConnection, newsroom_id: int | None) -> int:
    """Updates that were given up."""
    query = sa.select(sa.func.count()).select_from(inbox_updates).where(inbox_updates.c.state == "dead")
    return int((await conn.execute(query.where(*_of(inbox_updates, newsroom_id)))).scalar_one())


async def _queue(
    conn: AsyncConnection, table: sa.Table, newsroom_id: int | None, now: datetime, *only: sa.ColumnElement[bool]
) -> Queue:
    due = sa.select(sa.func.count(), sa.func.min(table.c.not_before))
    due = due.where(table.c.state == "new", table.c.not_before <= now, *_of(table, newsroom_id), *only)
    row = (await conn.execute(due)).one()
    return Queue(waiting=row[0], seconds=(now - row[1]).total_seconds() if row[1] is not None else 0.0)


def _of(table: sa.Table, newsroom_id: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    return () if newsroom_id is None else (table.c.newsroom_id == newsroom_id,)
