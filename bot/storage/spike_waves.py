"""What a wave is made of: its comments, whose they are, of which campaigns, under which posts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.spike import Series
from bot.storage import spike_counts
from bot.storage.tables import campaigns, farms, staff

#: Of a greater wave the first so many are looked at.
MOST: Final = 20_000
_CHUNK: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class WaveComment:
    """One distinct comment of a wave; several reports of it are one."""

    id: int
    hour: datetime
    author_key: str | None
    campaign_id: int | None
    post: str | None
    is_copy: bool


async def comments_of(
    conn: AsyncConnection, newsroom_id: int, series: Series, start: datetime, end: datetime
) -> list[WaveComment]:
    """The distinct comments of a series in [start, end)."""
    when = spike_counts.in_hours(start, end)
    query = spike_counts.pairs_of(newsroom_id, series.kind, when, series.ref).limit(MOST)
    found: dict[str, WaveComment] = {}
    for row in (await conn.execute(query)).all():
        comment = WaveComment(
            id=row.comment_id,
            hour=row.hour,
            author_key=row.author_key,
            campaign_id=row.campaign_id,
            post=row.post,
            is_copy=bool(row.is_copy),
        )
        found.setdefault(row.once, comment)
    return list(found.values())


async def farms_of(conn: AsyncConnection, newsroom_id: int, author_keys: Collection[str]) -> dict[str, int]:
    """To which farm (its number) these authors belong, as people said."""
    run = spike_counts.farm_authors().subquery("run")
    wanted = sorted(author_keys)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(run.c.author_key, farms.c.number).join(farms, farms.c.id == run.c.farm_id)
        query = query.where(run.c.newsroom_id == newsroom_id, run.c.author_key.in_(wanted[start : start + _CHUNK]))
        found |= {row.author_key: row.number for row in (await conn.execute(query)).all()}
    return found


async def campaign_names(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Label and name of campaigns."""
    k = campaigns.c
    query = sa.select(k.id, k.number, k.name).where(k.newsroom_id == newsroom_id, k.id.in_(sorted(ids)))
    return {row.id: (f"C-{row.number}", row.name) for row in (await conn.execute(query)).all()}


async def staff_names(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, str]:
    """Names of staff entries, those removed too."""
    query = sa.select(staff.c.id, staff.c.name).where(staff.c.newsroom_id == newsroom_id, staff.c.id.in_(sorted(ids)))
    return {row.id: row.name for row in (await conn.execute(query)).all()}


async def farm_labels(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, str]:
    """Labels of farms."""
    query = sa.select(farms.c.id, farms.c.number).where(farms.c.newsroom_id == newsroom_id, farms.c.id.in_(sorted(ids)))
    return {row.id: f"F-{row.number}" for row in (await conn.execute(query)).all()}
