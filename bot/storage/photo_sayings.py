"""Photos of folders and archives: each is there while one of the files that hold it stands."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.lists import among, number_list
from bot.storage.sayings import WHOLE, Kind, Said, Values
from bot.storage.tables import photos as t


def _fold(words: Sequence[Said]) -> Said | None:
    return {} if any(said.get(WHOLE, said) is not None for said in words) else None


async def _load(conn: AsyncConnection, newsroom_id: int, row_ids: Collection[int]) -> Values:
    query = sa.select(t.c.id, t.c.withdrawn_at)
    query = query.where(t.c.newsroom_id == newsroom_id, among(t.c.id, number_list("ids", row_ids)))
    return {row.id: {} if row.withdrawn_at is None else None for row in (await conn.execute(query)).all()}


async def _write(conn: AsyncConnection, newsroom_id: int, rows: Values, now: datetime) -> None:
    for is_here in (False, True):
        turned = [row_id for row_id, made in rows.items() if (made is not None) is is_here]
        mine = (t.c.newsroom_id == newsroom_id, among(t.c.id, number_list("ids", turned)))
        await conn.execute(sa.update(t).where(*mine).values(withdrawn_at=None if is_here else now))


PHOTO: Final = Kind(noun="photo", fold=_fold, load=_load, write=_write)
