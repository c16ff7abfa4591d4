"""Pairs of texts of which a person said that they are no copies of each other; kept with the smaller key first."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.lists import among as one_of
from bot.storage.lists import number_list
from bot.storage.tables import text_rejections as t
from bot.storage.upsert import insert_ignoring


def pair_of(key: int, other_key: int) -> tuple[int, int]:
    """Two texts as they are kept."""
    return min(key, other_key), max(key, other_key)


async def add(conn: AsyncConnection, newsroom_id: int, key: int, other_key: int, member_id: int, now: datetime) -> None:
    """Remember that two texts are no copies of each other; whoever said so first is kept."""
    smaller, greater = pair_of(key, other_key)
    row = {"newsroom_id": newsroom_id, "text_key": smaller, "other_key": greater, "member_id": member_id, "at": now}
    await insert_ignoring(conn, t, [row], ["newsroom_id", "text_key", "other_key"])


async def carry_over(conn: AsyncConnection, newsroom_id: int, keys: Collection[tuple[int, int]]) -> None:
    """What was said of texts by their old keys holds for their new ones too; `keys` are pairs (old, new)."""
    new_keys: defaultdict[int, set[int]] = defaultdict(set)
    for old, new in keys:
        if old and new and old != new:
            new_keys[old].add(new)
    rows = [
        {**row._mapping, "text_key": smaller, "other_key": greater}
        for row in await _rows(conn, newsroom_id, new_keys)
        for one, other in product(*({key, *new_keys.get(key, ())} for key in (row.text_key, row.other_key)))
        for smaller, greater in [pair_of(one, other)]
        if smaller != greater
    ]
    if rows:
        await insert_ignoring(conn, t, rows, ["newsroom_id", "text_key", "other_key"])


async def among(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> set[tuple[int, int]]:
    """The pairs in which one of these keys is, the smaller key of each first."""
    return {(row.text_key, row.other_key) for row in await _rows(conn, newsroom_id, keys)}


async def _rows(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> Sequence[sa.Row[Any]]:
    listed = number_list("keys")
    query = sa.select(t).where(
        t.c.newsroom_id == newsroom_id, sa.or_(one_of(t.c.text_key, listed), one_of(t.c.other_key, listed))
    )
    return (await conn.execute(query, {"keys": sorted(keys)})).all()
