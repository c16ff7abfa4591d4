"""What pictures are found by: one description for each picture's bytes, however many accounts use them.

Only the bytes are kept here; what they hold is the laboratory's business.
"""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.storage.lists import among, number_list
from bot.storage.tables import photo_descriptions as t
from bot.storage.tables import photos
from bot.storage.upsert import insert_ignoring


async def add(conn: AsyncConnection, newsroom_id: int, described: Mapping[str, bytes]) -> None:
    """Keep descriptions by the SHA-256 of the pictures; one that is there stays."""
    rows = [
        {"id": new_id(), "newsroom_id": newsroom_id, "sha256": sha256, "data": data}
        for sha256, data in described.items()
    ]
    if rows:
        await insert_ignoring(conn, t, rows, ["newsroom_id", "sha256"])


async def ids(conn: AsyncConnection, newsroom_id: int, after: int = 0) -> list[int]:
    """The ids above `after`, in order."""
    query = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.id > after).order_by(t.c.id)
    return list((await conn.execute(query)).scalars())


async def data_of(conn: AsyncConnection, newsroom_id: int, description_ids: Collection[int]) -> dict[int, bytes]:
    """The descriptions with these ids."""
    if not description_ids:
        return {}
    query = sa.select(t.c.id, t.c.data).where(
        t.c.newsroom_id == newsroom_id, among(t.c.id, number_list("ids", description_ids))
    )
    return {row.id: row.data for row in (await conn.execute(query)).all()}


async def of_picture(conn: AsyncConnection, newsroom_id: int, sha256: str) -> bytes | None:
    """The description of a picture."""
    found: bytes | None = await conn.scalar(
        sa.select(t.c.data).where(t.c.newsroom_id == newsroom_id, t.c.sha256 == sha256)
    )
    return found


async def of_pictures(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> dict[str, bytes]:
    """The descriptions of some hundreds of pictures, by SHA-256."""
    query = sa.select(t.c.sha256, t.c.data).where(t.c.newsroom_id == newsroom_id, t.c.sha256.in_(sorted(shas)))
    return {row.sha256: row.data for row in (await conn.execute(query)).all()} if shas else {}


async def pictures_of(conn: AsyncConnection, newsroom_id: int, description_ids: Collection[int]) -> dict[int, str]:
    """The SHA-256 of the picture that each of these describes."""
    if not description_ids:
        return {}
    chosen = among(t.c.id, number_list("ids", description_ids))
    query = sa.select(t.c.id, t.c.sha256).where(t.c.newsroom_id == newsroom_id, chosen)
    return {row.id: row.sha256 for row in (await conn.execute(query)).all()}


async def undescribed(conn: AsyncConnection, newsroom_id: int, sha256: str, limit: int) -> list[str]:
    """The next pictures above this SHA-256 that some photo has and nothing is known to be found by."""
    described = sa.exists().where(t.c.newsroom_id == newsroom_id, t.c.sha256 == photos.c.sha256)
    query = (
        sa.select(photos.c.sha256)
        .where(photos.c.newsroom_id == newsroom_id, photos.c.sha256 > sha256, ~described)
        .distinct()
        .order_by(photos.c.sha256)
        .limit(limit)
    )
    return list((await conn.execute(query)).scalars())
