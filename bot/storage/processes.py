"""The processes that share a PostgreSQL database: each says every few seconds that it lives.

By the database's own clock, because the machines' clocks differ. What a process had in hand that is silent for too
long is taken again; should it only have been slow, it can no longer finish it (`bot.storage.inbox`).
"""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.process import Crew, ProcessRole
from bot.storage.advisory import ALONE, INSTANCE_KEY, LEAD_KEY, key_for, mode_of
from bot.storage.tables import newsrooms
from bot.storage.tables import processes as t

#: Whoever says nothing for so long is taken for dead: what they had in hand is taken again, and done once all the same.
SILENCE: Final = timedelta(seconds=6)


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """One of them: its number, for whom it works, what it does, where it runs."""

    id: int
    newsroom_id: int
    role: str
    host: str
    pid: int


async def beat(conn: AsyncConnection, process: Process, now: datetime) -> None:
    """It lives; whoever was forgotten meanwhile is there again. `now`: see `moment`."""
    alive = sa.update(t).where(t.c.id == process.id).values(beat_at=now)
    if (await conn.execute(alive)).rowcount == 0:
        await conn.execute(sa.insert(t), [{**asdict(process), "since": now, "beat_at": now}])


async def leave(conn: AsyncConnection, process_id: int) -> None:
    """It ends."""
    await conn.execute(sa.delete(t).where(t.c.id == process_id))


async def living(conn: AsyncConnection, newsroom_id: int, silence: timedelta, now: datetime) -> list[Process]:
    """Those of a newsroom that were heard of within so long, by role and age."""
    heard = t.c.beat_at > now - silence
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, heard).order_by(t.c.role, t.c.id)
    return [
        Process(id=r.id, newsroom_id=r.newsroom_id, role=r.role, host=r.host, pid=r.pid)
        for r in (await conn.execute(query)).all()
    ]


async def forget(conn: AsyncConnection, silence: timedelta, now: datetime) -> int:
    """Forget those that were not; how many."""
    return (await conn.execute(sa.delete(t).where(t.c.beat_at <= now - silence))).rowcount


async def crew(conn: AsyncConnection, newsroom_id: int) -> Crew | None:
    """Who is at work for a newsroom on a PostgreSQL; None on SQLite, which has one process."""
    if conn.dialect.name != "postgresql":
        return None
    alive = Counter(ProcessRole(each.role) for each in await living(conn, newsroom_id, SILENCE, await moment(conn)))
    key = await conn.scalar(sa.select(newsrooms.c.key).where(newsrooms.c.id == newsroom_id)) or ""
    return Crew(
        living=alive,
        is_led=await mode_of(conn, key_for(LEAD_KEY, key)) is not None,
        is_alone=await mode_of(conn, key_for(INSTANCE_KEY, key)) == ALONE,
    )


async def moment(conn: AsyncConnection) -> datetime:
    """What the database's clock says: asked once for all that is done in a transaction."""
    if conn.dialect.name != "postgresql":
        # One machine, one clock.
        return datetime.now(UTC)
    told: datetime = (await conn.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
    return told
