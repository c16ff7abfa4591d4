"""Leaked work reports. What is written here tells nothing of who handed it in: no member, no message, no moment."""

import json
import secrets
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.curator import WorkReport
from bot.storage.tables import farms, inbox_updates, report_albums, work_reports
from bot.storage.upsert import insert_ignoring


async def add(conn: AsyncConnection, newsroom_id: int, sha256: str | None, text: str, day: date) -> int:
    """Keep a report; returns its number. The caller holds the newsroom's lock."""
    w = work_reports.c
    highest = await conn.scalar(sa.select(sa.func.max(w.number)).where(w.newsroom_id == newsroom_id))
    # An id of ours would tell the millisecond in which it came, and with it whose message it was.
    row: dict[str, Any] = {"id": secrets.randbits(62), "newsroom_id": newsroom_id, "number": (highest or 0) + 1}
    await conn.execute(sa.insert(work_reports), [row | {"sha256": sha256, "text": text, "day": day}])
    return int(row["number"])


async def page(conn: AsyncConnection, newsroom_id: int, limit: int, offset: int = 0) -> list[WorkReport]:
    """Reports, the latest first."""
    return await _load(conn, work_reports.c.newsroom_id == newsroom_id, limit, offset)


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> WorkReport | None:
    """Report W-number."""
    w = work_reports.c
    found = await _load(conn, sa.and_(w.newsroom_id == newsroom_id, w.number == number), 1, 0)
    return found[0] if found else None


async def set_farm(conn: AsyncConnection, newsroom_id: int, report_id: int, farm_id: int | None) -> None:
    """Of which farm it speaks."""
    w = work_reports.c
    mine = sa.and_(w.newsroom_id == newsroom_id, w.id == report_id)
    await conn.execute(sa.update(work_reports).where(mine).values(farm_id=farm_id))


async def forget_update(conn: AsyncConnection, newsroom_id: int, raw: str | None) -> int:
    """Empty the inbox's row of the update that brought a report: what it held, who sent it, in which chat.

    Its number stays, so that Telegram's second try is known and dropped. Returns how many rows were emptied.
    """
    if raw is None:
        return 0
    u = inbox_updates.c
    mine = sa.and_(u.newsroom_id == newsroom_id, u.raw == raw)
    emptied = {"raw": json.dumps({}), "chat_key": 0, "media_group": None}
    return (await conn.execute(sa.update(inbox_updates).where(mine).values(**emptied))).rowcount


async def expect_album(conn: AsyncConnection, newsroom_id: int, key: str, until: datetime) -> None:
    """An album, by a keyed hash, brings a report: for so long."""
    row = {"key": key, "newsroom_id": newsroom_id, "until": until}
    await insert_ignoring(conn, report_albums, [row], ["key"])


async def is_album(conn: AsyncConnection, newsroom_id: int, key: str, now: datetime) -> bool:
    """Whether it does."""
    a = report_albums.c
    query = sa.select(a.key).where(a.newsroom_id == newsroom_id, a.key == key, a.until > now)
    return (await conn.execute(query)).first() is not None


async def purge_albums(conn: AsyncConnection, now: datetime) -> int:
    """Forget those whose time is over; how many."""
    return (await conn.execute(sa.delete(report_albums).where(report_albums.c.until <= now))).rowcount


async def let_go(conn: AsyncConnection, newsroom_id: int, row_id: int) -> None:
    """Empty an update of a report that was given up, and end it: there is nothing in it to be tried again."""
    mine = sa.and_(inbox_updates.c.newsroom_id == newsroom_id, inbox_updates.c.id == row_id)
    emptied = {"raw": json.dumps({}), "chat_key": 0, "media_group": None, "state": "done", "error": None}
    await conn.execute(sa.update(inbox_updates).where(mine).values(**emptied))


async def _load(conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int, offset: int) -> list[WorkReport]:
    query = (
        sa.select(work_reports, farms.c.number.label("farm_number"))
        .outerjoin(farms, farms.c.id == work_reports.c.farm_id)
        .where(condition)
        .order_by(work_reports.c.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        WorkReport(
            id=row.id,
            number=row.number,
            sha256=row.sha256,
            text=row.text,
            farm=f"F-{row.farm_number}" if row.farm_number is not None else None,
            day=row.day,
        )
        for row in (await conn.execute(query)).all()
    ]
