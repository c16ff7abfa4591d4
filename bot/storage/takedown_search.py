"""Queries of the ledger: what answers them, and what tallies are made of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.takedown import TakedownQuery, TakedownStatus
from bot.storage.tables import takedowns as t

_COLUMNS = {"platform": t.c.platform, "channel": t.c.channel, "status": t.c.status}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What a tally is made of: so many reports of this kind, sent and ended then."""

    status: TakedownStatus
    platform: str
    channel: str
    sent_at: datetime | None
    closed_at: datetime | None


async def ids(
    conn: AsyncConnection,
    newsroom_id: int,
    asked: TakedownQuery,
    reporter_ids: Collection[int] | None,
    limit: int,
    offset: int = 0,
) -> list[int]:
    """The reports that answer a query, the newest first; `reporter_ids` are those whom it names (None: anybody)."""
    query = sa.select(t.c.id).where(*_conditions(newsroom_id, asked, reporter_ids)).order_by(t.c.number.desc())
    return list((await conn.execute(query.limit(limit).offset(offset))).scalars())


async def count(
    conn: AsyncConnection, newsroom_id: int, asked: TakedownQuery, reporter_ids: Collection[int] | None
) -> int:
    """How many answer it."""
    query = sa.select(sa.func.count()).select_from(t).where(*_conditions(newsroom_id, asked, reporter_ids))
    return int(await conn.scalar(query) or 0)


async def figures(
    conn: AsyncConnection, newsroom_id: int, asked: TakedownQuery, reporter_ids: Collection[int] | None
) -> list[Counted]:
    """What tallies of a query are made of."""
    columns = (t.c.status, t.c.platform, t.c.channel, t.c.sent_at, t.c.closed_at)
    query = sa.select(*columns).where(*_conditions(newsroom_id, asked, reporter_ids))
    return [
        Counted(
            status=TakedownStatus(row.status),
            platform=row.platform,
            channel=row.channel,
            sent_at=row.sent_at,
            closed_at=row.closed_at,
        )
        for row in (await conn.execute(query)).all()
    ]


def _conditions(
    newsroom_id: int, asked: TakedownQuery, reporter_ids: Collection[int] | None
) -> list[sa.ColumnElement[bool]]:
    said: list[sa.ColumnElement[bool]] = [t.c.newsroom_id == newsroom_id]
    chosen = ((t.c.number, asked.numbers), (t.c.platform, asked.platforms), (t.c.channel, asked.channels))
    said += [column.in_(values) for column, values in chosen if values]
    if asked.statuses:
        said.append(t.c.status.in_(asked.statuses))
    elif not asked.numbers:
        said.append(t.c.status != TakedownStatus.WITHDRAWN.value)
    if asked.accounts:
        said.append(sa.or_(*(_of_account(name) for name in asked.accounts)))
    if reporter_ids is not None:
        said.append(t.c.member_id.in_(list(reporter_ids)))
    when = sa.func.coalesce(t.c.sent_at, t.c.recorded_at)
    if asked.since is not None:
        said.append(when >= asked.since)
    if asked.until is not None:
        said.append(when < asked.until)
    said += [t.c.searched.contains(word.lower(), autoescape=True) for word in asked.words]
    return said + [_without(field, value) for field, value in asked.without]


def _of_account(name: str) -> sa.ColumnElement[bool]:
    part = name.lower()
    named = sa.func.lower(sa.func.coalesce(t.c.account, "")).contains(part, autoescape=True)
    return sa.or_(named, sa.func.lower(t.c.target).contains(part, autoescape=True))


def _without(field: str, value: str) -> sa.ColumnElement[bool]:
    if field in _COLUMNS:
        return _COLUMNS[field] != value
    if field == "account":
        return ~_of_account(value)
    return ~t.c.searched.contains(value.lower(), autoescape=True)
