"""Where the bytes of a picture were seen: whose account used them, which case brought them, since when."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.photo_pair import PhotoUse
from bot.storage.tables import photos, submissions


async def of_pictures(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> list[PhotoUse]:
    """Every use of these pictures that was not withdrawn, oldest first."""
    t = photos.c
    query = (
        sa.select(
            t.id.label("photo_id"),
            t.sha256,
            t.source,
            t.account_id,
            t.submission_id,
            submissions.c.number.label("case_number"),
            t.added_at.label("at"),
        )
        .outerjoin(submissions, submissions.c.id == t.submission_id)
        .where(t.newsroom_id == newsroom_id, t.sha256.in_(shas), t.withdrawn_at.is_(None))
        .order_by(t.id)
    )
    return [PhotoUse(**row) for row in (await conn.execute(query)).mappings().all()]
