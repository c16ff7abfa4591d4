"""What an import asks before it adds: is this there already?"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.photo import PhotoFacts
from bot.storage.tables import comments, photos


async def comments_there(conn: AsyncConnection, newsroom_id: int, sources: Collection[str]) -> set[tuple[str, str]]:
    """Imported comments with one of these source ids, each as (source, text).

    Two files may number their comments alike: only the same text under the same id is the same comment.
    """
    t = comments.c
    query = sa.select(t.source, t.text).where(
        t.newsroom_id == newsroom_id, t.source.in_(sources), t.submission_id.is_(None)
    )
    return {(row.source, row.text) for row in (await conn.execute(query)).all()}


async def photos_there(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> list[PhotoFacts]:
    """Imported photos with one of these hashes, oldest first; what members sent does not count."""
    t = photos.c
    query = sa.select(*(t[name] for name in PhotoFacts.__dataclass_fields__)).where(
        t.newsroom_id == newsroom_id, t.sha256.in_(shas), t.submission_id.is_(None)
    )
    return [PhotoFacts(**row) for row in (await conn.execute(query.order_by(t.id))).mappings().all()]
