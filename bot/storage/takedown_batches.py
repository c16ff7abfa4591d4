"""Batch lists: which drafts stand on the list for a platform's trust team, and whether it was sent."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.model.ids import new_id
from bot.model.takedown import OPEN, Batch, TakedownStatus
from bot.storage.tables import accounts, members, takedowns
from bot.storage.tables import takedown_batches as t


async def open_list(
    conn: AsyncConnection, newsroom_id: int, platform: str, channel: str, member_id: int, now: datetime
) -> int:
    """The list of a platform that waits to be sent, made now when there is none; under the newsroom's lock."""
    waiting = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.platform == platform, t.c.sent_at.is_(None))
    found: int | None = await conn.scalar(waiting)
    if found is not None:
        return found
    last = await conn.scalar(sa.select(sa.func.max(t.c.number)).where(t.c.newsroom_id == newsroom_id)) or 0
    row = {"id": new_id(), "newsroom_id": newsroom_id, "number": last + 1, "platform": platform, "channel": channel}
    await conn.execute(sa.insert(t), [row | {"member_id": member_id, "made_at": now}])
    return int(row["id"])


async def unreported(conn: AsyncConnection, newsroom_id: int, platform: str, limit: int) -> list[int]:
    """Confirmed accounts of a platform that no report speaks of, or none that waits or had success; oldest first."""
    a, d = accounts.c, takedowns.c
    said = [status.value for status in (*OPEN, TakedownStatus.DRAFT, TakedownStatus.REMOVED)]
    reported = sa.select(d.account_id).where(
        d.newsroom_id == newsroom_id, d.account_id.is_not(None), d.kind == "account", d.status.in_(said)
    )
    query = sa.select(a.id).where(
        a.newsroom_id == newsroom_id,
        a.platform == platform,
        a.status == AccountStatus.CONFIRMED.value,
        a.id.not_in(reported),
    )
    return list((await conn.execute(query.order_by(a.id).limit(limit))).scalars())


async def waiting(conn: AsyncConnection, newsroom_id: int, platform: str) -> int:
    """How many drafts of a platform there are, on a list or on none."""
    d = takedowns.c
    query = sa.select(sa.func.count()).where(
        d.newsroom_id == newsroom_id, d.platform == platform, d.status == TakedownStatus.DRAFT.value
    )
    return int(await conn.scalar(query) or 0)


async def take_drafts(conn: AsyncConnection, newsroom_id: int, platform: str, batch_id: int) -> int:
    """Put the platform's drafts that stand on no list on this one; returns how many."""
    d = takedowns.c
    mine = sa.update(takedowns).where(
        d.newsroom_id == newsroom_id,
        d.platform == platform,
        d.status == TakedownStatus.DRAFT.value,
        d.batch_id.is_(None),
    )
    return (await conn.execute(mine.values(batch_id=batch_id))).rowcount


async def get(conn: AsyncConnection, newsroom_id: int, batch_id: int) -> Batch | None:
    """A list, without its items."""
    found = await _load(conn, newsroom_id, t.c.id == batch_id)
    return found[0] if found else None


async def recent(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[Batch]:
    """The newest lists, without their items."""
    return await _load(conn, newsroom_id, limit=limit)


async def set_sent(conn: AsyncConnection, newsroom_id: int, batch_id: int, member_id: int, now: datetime) -> bool:
    """Note that a list was sent; False when it was sent already."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == batch_id, t.c.sent_at.is_(None))
    return (await conn.execute(mine.values(sent_at=now, sent_by=member_id))).rowcount == 1


async def drop_doubtful(conn: AsyncConnection, newsroom_id: int, batch_id: int) -> int:
    """Take the drafts whose account is not confirmed, or not any more, off a list; returns how many."""
    a, d = accounts.c, takedowns.c
    doubtful = sa.select(a.id).where(a.newsroom_id == newsroom_id, a.status != AccountStatus.CONFIRMED.value)
    mine = sa.update(takedowns).where(
        d.newsroom_id == newsroom_id,
        d.batch_id == batch_id,
        d.status == TakedownStatus.DRAFT.value,
        d.account_id.in_(doubtful),
    )
    return (await conn.execute(mine.values(batch_id=None))).rowcount


async def _load(
    conn: AsyncConnection, newsroom_id: int, *conditions: sa.ColumnElement[bool], limit: int = 1
) -> list[Batch]:
    query = (
        sa.select(t, members.c.name.label("maker"))
        .join(members, members.c.id == t.c.member_id)
        .where(t.c.newsroom_id == newsroom_id, *conditions)
        .order_by(t.c.number.desc())
        .limit(limit)
    )
    return [_batch(row) for row in (await conn.execute(query)).all()]


def _batch(row: Any) -> Batch:
    return Batch(
        id=row.id,
        number=row.number,
        platform=row.platform,
        channel=row.channel,
        made_at=row.made_at,
        maker=row.maker,
        sent_at=row.sent_at,
    )
