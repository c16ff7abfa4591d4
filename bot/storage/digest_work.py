"""What waits for somebody in a newsroom now: the open work of a digest."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.model.digest import Work
from bot.model.takedown import OPEN
from bot.model.threat import CLOSED
from bot.storage.tables import account_rulings, accounts, alarms, farm_links, takedowns, threats


async def waiting(conn: AsyncConnection, newsroom_id: int, now: datetime) -> Work:
    """How much of what."""
    t, d, a, r = threats.c, takedowns.c, accounts.c, account_rulings.c
    is_open = (t.newsroom_id == newsroom_id, t.status.not_in([status.value for status in CLOSED]))
    confirmed = sa.exists().where(r.account_id == a.id, r.ruling == "confirm", r.live.is_(True))
    is_sent = (d.newsroom_id == newsroom_id, d.status.in_([status.value for status in OPEN]))
    suspected = (a.newsroom_id == newsroom_id, a.status == AccountStatus.SUSPECTED.value)
    return Work(
        threats=await _count(conn, threats, *is_open),
        unassigned=await _count(conn, threats, *is_open, t.assignee_id.is_(None)),
        alarms=await _count(conn, alarms, alarms.c.newsroom_id == newsroom_id, alarms.c.state == "ringing"),
        second_word=await _count(conn, accounts, *suspected, confirmed),
        takedowns=await _count(conn, takedowns, *is_sent),
        rechecks=await _count(conn, takedowns, d.newsroom_id == newsroom_id, d.recheck_at < now, d.closed_at.is_(None)),
        links=await _count(conn, farm_links, farm_links.c.newsroom_id == newsroom_id, farm_links.c.state == "offered"),
    )


async def _count(conn: AsyncConnection, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return int(await conn.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0)
