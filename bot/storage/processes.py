"""The processes that share a PostgreSQL database: each says every few seconds that it lives.

By the database's own clock, because the machines' clocks differ. What a process had in hand that is silent for too
long is taken again; should it only have been slow, it can no longer finish it (`bot.storage.inbox`).
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import processes as t


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """One of them: its number, for whom it works, what it does, where it runs."""

    id: int
    newsroom_id: int
    role: str
    host: str
    pid: int


async def beat(conn: AsyncConnection, process: Process) -> None:
    """It lives; whoever was forgotten meanwhile is there again."""
    now = await _now(conn)
    alive = sa.update(t).where(t.c.id == process.id).values(beat_at=now)
    if (await conn.execute(alive)).rowcount == 0:
        await conn.execute(sa.insert(t), [{**asdict(process), "since": now, "beat_at": now}])


async def leave(conn: AsyncConnection, process_id: int) -> None:
    """It ends."""
    await conn.execute(sa.delete(t).where(t.c.id == process_id))


async def living(conn: AsyncConnection, newsroom_id: int, silence: timedelta) -> list[Process]:
    """Those of a newsroom that were heard of within so long, by role and age."""
    heard = t.c.beat_at > await _now(conn) - silence
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, heard).order_by(t.c.role, t.c.id)
    return [
        Process(id=r.id, newsroom_id=r.newsroom_id, role=r.role, host=r.host, pid=r.pid)
        for r in (await conn.execute(query)).all()
    ]


async def forget(conn: AsyncConnection, silence: timedelta) -> int:
    """Forget those that were not; how many."""
    return (await conn.execute(sa.delete(t).where(t.c.beat_at <= await _now(conn) - silence))).rowcount


async def _now(conn: AsyncConnection) -> datetime:
    if conn.dialect.name != "postgresql":
        # One machine, one clock.
        return datetime.now(UTC)
    told: datetime = (await conn.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
    return told
