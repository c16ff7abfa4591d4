"""What an import asks before it adds: is this there already?"""

import json
from collections.abc import Collection
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.photo import PhotoFacts
from bot.storage.tables import photos

# A list in one parameter, whatever its length; on SQLite beside the newsroom, or the index would not be used.
_THERE: Final = {
    "sqlite": sa.text(
        "SELECT source, text, batch, withdrawn_at IS NULL AS stands FROM comments WHERE submission_id IS NULL"
        " AND (newsroom_id, source) IN (SELECT :newsroom, value FROM json_each(:sources))"
    ),
    # Each looked up by itself, and asked afterwards whether it was imported: nearly all are, and of a table that grows
    # as it is asked PostgreSQL takes that for the rarer sign. A million comments took a hundred times as long.
    "postgresql": sa.text(
        "SELECT found.* FROM unnest(CAST(:sources AS TEXT[])) AS asked (source) CROSS JOIN LATERAL"
        " (SELECT source, text, batch, withdrawn_at IS NULL AS stands, submission_id FROM comments"
        " WHERE newsroom_id = :newsroom AND source = asked.source OFFSET 0) AS found WHERE submission_id IS NULL"
    ),
}


async def comments_there(
    conn: AsyncConnection, newsroom_id: int, sources: Collection[str], batch: str
) -> set[tuple[str, str]]:
    """Imported comments with one of these source ids, each as (source, text).

    Two files may number their comments alike: only the same text under the same id is the same comment. What was
    withdrawn with another file than `batch` is not there: the true comments of a poisoned file come with a good one.
    """
    if not sources:
        return set()
    dialect = conn.dialect.name
    listed = json.dumps(list(sources)) if dialect == "sqlite" else list(sources)
    rows = (await conn.execute(_THERE[dialect], {"newsroom": newsroom_id, "sources": listed})).all()
    return {(row.source, row.text) for row in rows if row.stands or row.batch == batch}


async def photos_there(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> list[PhotoFacts]:
    """Imported photos with one of these hashes, oldest first; what members sent does not count."""
    t = photos.c
    query = sa.select(*(t[name] for name in PhotoFacts.__dataclass_fields__)).where(
        t.newsroom_id == newsroom_id, t.sha256.in_(shas), t.submission_id.is_(None)
    )
    return [PhotoFacts(**row) for row in (await conn.execute(query.order_by(t.id))).mappings().all()]
