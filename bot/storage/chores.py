"""What is done once a local day, and what came of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import daily_chores as t
from bot.storage.upsert import insert_ignoring

_KEPT_DAYS = 400


async def is_done(conn: AsyncConnection, newsroom_id: int, kind: str, day: date) -> bool:
    """Whether that day's is done."""
    query = sa.select(t.c.kind).where(t.c.newsroom_id == newsroom_id, t.c.kind == kind, t.c.day == day)
    return await conn.scalar(query) is not None


async def done(
    conn: AsyncConnection, newsroom_id: int, kind: str, day: date, outcome: Mapping[str, Any], now: datetime
) -> None:
    """It is done: once, whoever says it first; what is more than a year old is forgotten."""
    row = {"newsroom_id": newsroom_id, "kind": kind, "day": day, "outcome": dict(outcome), "done_at": now}
    await insert_ignoring(conn, t, [row], ["newsroom_id", "kind", "day"])
    old = date.fromordinal(day.toordinal() - _KEPT_DAYS)
    await conn.execute(sa.delete(t).where(t.c.newsroom_id == newsroom_id, t.c.kind == kind, t.c.day < old))


async def last(conn: AsyncConnection, newsroom_id: int, kind: str) -> tuple[datetime, Mapping[str, Any]] | None:
    """When the last one was done, and what came of it."""
    query = sa.select(t.c.done_at, t.c.outcome).where(t.c.newsroom_id == newsroom_id, t.c.kind == kind)
    row = (await conn.execute(query.order_by(t.c.day.desc()).limit(1))).one_or_none()
    return (row.done_at, row.outcome) if row is not None else None


async def outcome_of(conn: AsyncConnection, newsroom_id: int, kind: str) -> Mapping[str, Any] | None:
    """What came of the last one."""
    query = sa.select(t.c.outcome).where(t.c.newsroom_id == newsroom_id, t.c.kind == kind)
    found: Mapping[str, Any] | None = await conn.scalar(query.order_by(t.c.day.desc()).limit(1))
    return found
