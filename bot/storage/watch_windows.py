"""Watch windows and the newsroom's own stories."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.spike import Story, WatchWindow
from bot.storage.tables import published_stories as p
from bot.storage.tables import staff
from bot.storage.tables import watch_windows as w


async def add_window(
    conn: AsyncConnection,
    newsroom_id: int,
    member_id: int,
    span: tuple[datetime, datetime],
    title: str,
    staff_id: int | None,
    now: datetime,
) -> int:
    """Keep a window; returns its number. The newsroom must be locked."""
    number = await _next(conn, newsroom_id, w)
    row = {"id": new_id(), "newsroom_id": newsroom_id, "number": number, "starts": span[0], "ends": span[1]}
    row |= {"title": title, "staff_id": staff_id, "member_id": member_id, "at": now}
    await conn.execute(sa.insert(w), [row])
    return number


async def cancel_window(conn: AsyncConnection, newsroom_id: int, number: int, now: datetime) -> bool:
    """Take a window back; whether it stood."""
    query = sa.update(w).where(w.c.newsroom_id == newsroom_id, w.c.number == number, w.c.cancelled_at.is_(None))
    return (await conn.execute(query.values(cancelled_at=now))).rowcount == 1


async def windows(conn: AsyncConnection, newsroom_id: int, since: datetime) -> list[WatchWindow]:
    """Windows that end after a moment and were not taken back, the next first."""
    query = (
        sa.select(w, staff.c.name.label("staff_name"))
        .outerjoin(staff, staff.c.id == w.c.staff_id)
        .where(w.c.newsroom_id == newsroom_id, w.c.ends > since, w.c.cancelled_at.is_(None))
        .order_by(w.c.starts, w.c.id)
    )
    return [_window(row) for row in (await conn.execute(query)).all()]


async def add_story(
    conn: AsyncConnection,
    newsroom_id: int,
    member_id: int,
    link: tuple[str, str],
    title: str,
    now: datetime,
) -> int:
    """Keep a story by its link and post key; returns its number. The newsroom must be locked."""
    number = await _next(conn, newsroom_id, p)
    row = {"id": new_id(), "newsroom_id": newsroom_id, "number": number, "link": link[0], "post_key": link[1]}
    row |= {"title": title, "member_id": member_id, "published": now}
    await conn.execute(sa.insert(p), [row])
    return number


async def story_with(conn: AsyncConnection, newsroom_id: int, post_key: str) -> Story | None:
    """A story that stands, by its post key."""
    query = sa.select(p).where(p.c.newsroom_id == newsroom_id, p.c.post_key == post_key, p.c.removed_at.is_(None))
    row = (await conn.execute(query.order_by(p.c.id))).first()
    return _story(row) if row else None


async def remove_story(conn: AsyncConnection, newsroom_id: int, number: int, now: datetime) -> bool:
    """Take a story back; whether it stood."""
    query = sa.update(p).where(p.c.newsroom_id == newsroom_id, p.c.number == number, p.c.removed_at.is_(None))
    return (await conn.execute(query.values(removed_at=now))).rowcount == 1


async def stories(conn: AsyncConnection, newsroom_id: int, since: datetime, limit: int) -> list[Story]:
    """Stories that were published since a moment, the latest first."""
    query = sa.select(p).where(p.c.newsroom_id == newsroom_id, p.c.published >= since, p.c.removed_at.is_(None))
    return [_story(row) for row in (await conn.execute(query.order_by(p.c.id.desc()).limit(limit))).all()]


async def _next(conn: AsyncConnection, newsroom_id: int, table: sa.Table) -> int:
    query = sa.select(sa.func.coalesce(sa.func.max(table.c.number), 0) + 1).where(table.c.newsroom_id == newsroom_id)
    return int((await conn.execute(query)).scalar_one())


def _window(row: Any) -> WatchWindow:
    names = ("id", "newsroom_id", "number", "starts", "ends", "title", "staff_id", "staff_name")
    return WatchWindow(**{name: getattr(row, name) for name in names})


def _story(row: Any) -> Story:
    names = ("id", "newsroom_id", "number", "link", "title", "published")
    return Story(**{name: getattr(row, name) for name in names})
