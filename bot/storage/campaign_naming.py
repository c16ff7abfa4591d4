"""Campaigns are called by their words: where these leave, or are sealed, so does the name."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.scrubbing import without, words_in
from bot.storage.tables import campaigns, digests, spikes, texts

UNNAMED: Final = "–"


async def unnamed(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> set[int]:
    """Take these campaigns' names away, also from what was told of them; returns the campaigns."""
    mine = sa.and_(campaigns.c.newsroom_id == newsroom_id, campaigns.c.id.in_(ids))
    found = (await conn.execute(sa.select(campaigns.c.id, campaigns.c.name).where(mine))).all()
    await conn.execute(sa.update(campaigns).where(mine).values(name=UNNAMED))
    await _forget(conn, newsroom_id, {row.name for row in found} - {UNNAMED, ""})
    return {row.id for row in found}


async def name_empty(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> None:
    """A campaign is called by its words: one without texts keeps its number only, also in what was told of it."""
    left = set((await conn.execute(sa.select(texts.c.campaign_id).where(texts.c.campaign_id.in_(ids)))).scalars())
    empty = sa.and_(campaigns.c.newsroom_id == newsroom_id, campaigns.c.id.in_(set(ids) - left))
    names = set((await conn.execute(sa.select(campaigns.c.name).where(empty))).scalars())
    await conn.execute(sa.update(campaigns).where(empty).values(name=UNNAMED))
    await _forget(conn, newsroom_id, names)


async def _forget(conn: AsyncConnection, newsroom_id: int, names: Collection[str]) -> None:
    named = sa.and_(spikes.c.newsroom_id == newsroom_id, spikes.c.name.in_(names))
    await conn.execute(sa.update(spikes).where(named).values(name=UNNAMED))
    for table, column in ((digests, digests.c.content), (spikes, spikes.c.joined), (spikes, spikes.c.campaigns)):
        query = sa.select(table.c.id, column.label("told")).where(table.c.newsroom_id == newsroom_id)
        for row in (await conn.execute(query)).all() if names else ():
            if not words_in(row.told).isdisjoint(names):
                change = sa.update(table).where(table.c.id == row.id)
                await conn.execute(change.values({column.name: without(row.told, dict.fromkeys(names, UNNAMED))}))
