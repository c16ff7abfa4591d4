"""Imported files of comments as wholes: what came in by which, and taking one back."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import texts
from bot.storage.tables import comments as t
from bot.storage.tables import spike_marks


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedFile:
    """A file of comments: its name, how many came by it, how many of these are withdrawn, when the first came."""

    name: str
    comments: int
    withdrawn: int
    at: datetime


async def files(conn: AsyncConnection, newsroom_id: int) -> list[ImportedFile]:
    """All files of comments, the newest first; looks at every imported comment."""
    withdrawn = sa.func.count(t.c.withdrawn_at)
    query = (
        sa.select(t.c.batch, sa.func.count(), withdrawn, sa.type_coerce(sa.func.min(t.c.added_at), t.c.added_at.type))
        .where(t.c.newsroom_id == newsroom_id, t.c.batch.is_not(None), t.c.submission_id.is_(None))
        .group_by(t.c.batch)
    )
    found = [ImportedFile(name=n, comments=c, withdrawn=w, at=at) for n, c, w, at in (await conn.execute(query)).all()]
    return sorted(found, key=lambda each: (each.at, each.name), reverse=True)


async def turn(
    conn: AsyncConnection, newsroom_id: int, name: str, limit: int, withdrawn_at: datetime | None
) -> tuple[int, set[datetime]]:
    """Withdraw the next `limit` comments of a file, or put them back with None.

    Returns how many there were, and the hours of spikes in which they count.
    """
    turned = t.c.withdrawn_at.is_(None) if withdrawn_at is not None else t.c.withdrawn_at.is_not(None)
    mine = [t.c.newsroom_id == newsroom_id, t.c.batch == name, t.c.submission_id.is_(None), turned]
    if withdrawn_at is None:
        mine.append(~_came_otherwise(newsroom_id))
    rows = (await conn.execute(sa.select(t.c.id, t.c.text_key).where(*mine).order_by(t.c.id).limit(limit))).all()
    ids = [row.id for row in rows]
    await conn.execute(
        sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id.in_(ids)).values(withdrawn_at=withdrawn_at)
    )
    await texts.wake(conn, newsroom_id, [row.text_key for row in rows])
    hours = sa.select(spike_marks.c.hour).distinct()
    counted = hours.where(spike_marks.c.newsroom_id == newsroom_id, spike_marks.c.comment_id.in_(ids))
    return len(ids), set((await conn.execute(counted)).scalars())


def _came_otherwise(newsroom_id: int) -> sa.ColumnElement[bool]:
    """Another file brought the same comment meanwhile: put back beside it, it would count twice."""
    other = t.alias("other").c
    return sa.exists().where(
        other.newsroom_id == newsroom_id,
        other.source == t.c.source,
        other.text == t.c.text,
        other.submission_id.is_(None),
        other.withdrawn_at.is_(None),
    )
