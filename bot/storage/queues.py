"""How much waits in the inbox and in the outbox, and for how long: what tells that the bot keeps up."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.outbox import Priority
from bot.storage.tables import inbox_updates, outbox_messages


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """Rows whose time has come, and seconds since the oldest one's time."""

    waiting: int
    seconds: float


async def inbox(conn: AsyncConnection, now: datetime) -> Queue:
    """Updates that nobody has in hand."""
    return await _queue(conn, inbox_updates, now)


async def outbox(conn: AsyncConnection, now: datetime, *, alarms: bool) -> Queue:
    """Messages that wait to be sent: alarms, or all others."""
    is_alarm = outbox_messages.c.priority == int(Priority.ALARM)
    return await _queue(conn, outbox_messages, now, is_alarm if alarms else sa.not_(is_alarm))


async def dead(conn: AsyncConnection) -> int:
    """Updates that were given up."""
    query = sa.select(sa.func.count()).select_from(inbox_updates).where(inbox_updates.c.state == "dead")
    return int((await conn.execute(query)).scalar_one())


async def _queue(conn: AsyncConnection, table: sa.Table, now: datetime, *only: sa.ColumnElement[bool]) -> Queue:
    due = sa.select(sa.func.count(), sa.func.min(table.c.not_before))
    row = (await conn.execute(due.where(table.c.state == "new", table.c.not_before <= now, *only))).one()
    return Queue(waiting=row[0], seconds=(now - row[1]).total_seconds() if row[1] is not None else 0.0)
