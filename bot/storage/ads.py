"""Ads that were sighted, as imports bring them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.post import AdEntry
from bot.storage import sayings
from bot.storage.report_sayings import AD, told_of_ad
from bot.storage.tables import ads

_t = ads.c
_FIELDS = tuple(AdEntry.__dataclass_fields__)


async def with_sources(conn: AsyncConnection, newsroom_id: int, sources: Collection[str]) -> dict[str, int]:
    """The ids of ads by what they are known again by, of withdrawn ones too."""
    query = sa.select(_t.source, _t.id).where(_t.newsroom_id == newsroom_id, _t.source.in_(list(sources)))
    return {row.source: row.id for row in (await conn.execute(query)).all()}


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    entries: Sequence[AdEntry],
    batch: str,
    now: datetime,
    file_id: int | None = None,
) -> None:
    """Store ads that are new."""
    given = {"newsroom_id": newsroom_id, "batch": batch, "added_at": now}
    rows = [{name: getattr(entry, name) for name in _FIELDS} | {"id": new_id()} | given for entry in entries]
    if rows:
        await conn.execute(sa.insert(ads), rows)
    await sayings.add(conn, newsroom_id, AD.noun, file_id, [(int(row["id"]), told_of_ad(row)) for row in rows], now)


async def renew(
    conn: AsyncConnection,
    newsroom_id: int,
    entries: Sequence[tuple[int, AdEntry]],
    file_id: int | None,
    now: datetime,
) -> list[bool]:
    """What a file says of ads that there are, each as (ad, entry): the last one counts; whether it was news of each."""
    words = [(ad_id, told_of_ad({name: getattr(entry, name) for name in _FIELDS})) for ad_id, entry in entries]
    return await sayings.hear(conn, newsroom_id, AD, file_id, words, now)


async def overlapping(conn: AsyncConnection, newsroom_id: int, first: date, last: date) -> list[AdEntry]:
    """Ads that were shown on one of these days at least."""
    shown = sa.and_(_t.newsroom_id == newsroom_id, _t.first_day <= last, _t.last_day >= first)
    shown = sa.and_(shown, _t.withdrawn_at.is_(None))
    query = sa.select(*(_t[name] for name in _FIELDS)).where(shown).order_by(_t.first_day, _t.id)
    return [AdEntry(**row) for row in (await conn.execute(query)).mappings().all()]
