"""Ads that were sighted, as imports bring them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.post import AdEntry
from bot.storage.tables import ads

_t = ads.c
_FIELDS = tuple(AdEntry.__dataclass_fields__)


async def with_sources(conn: AsyncConnection, newsroom_id: int, sources: Collection[str]) -> dict[str, AdEntry]:
    """Ads by what they are known again by."""
    query = sa.select(*(_t[name] for name in _FIELDS)).where(
        _t.newsroom_id == newsroom_id, _t.source.in_(list(sources))
    )
    return {row["source"]: AdEntry(**row) for row in (await conn.execute(query)).mappings().all()}


async def add(conn: AsyncConnection, newsroom_id: int, entries: Sequence[AdEntry], batch: str, now: datetime) -> None:
    """Store ads that are new."""
    given = {"newsroom_id": newsroom_id, "batch": batch, "added_at": now}
    rows = [{name: getattr(entry, name) for name in _FIELDS} | {"id": new_id()} | given for entry in entries]
    if rows:
        await conn.execute(sa.insert(ads), rows)


async def update(conn: AsyncConnection, newsroom_id: int, source: str, values: Mapping[str, Any]) -> None:
    """Change what is known of an ad."""
    mine = sa.and_(_t.newsroom_id == newsroom_id, _t.source == source)
    await conn.execute(sa.update(ads).where(mine).values(**values))


async def overlapping(conn: AsyncConnection, newsroom_id: int, first: date, last: date) -> list[AdEntry]:
    """Ads that were shown on one of these days at least."""
    shown = sa.and_(_t.newsroom_id == newsroom_id, _t.first_day <= last, _t.last_day >= first)
    query = sa.select(*(_t[name] for name in _FIELDS)).where(shown).order_by(_t.first_day, _t.id)
    return [AdEntry(**row) for row in (await conn.execute(query)).mappings().all()]
