"""Copies line by line: each posting once, as `bot.storage.copies` counts them, newest first."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.comment import CommentFacts
from bot.storage.copies import Skip, since
from bot.storage.lists import among, number_list
from bot.storage.tables import comments as t

_FACTS = [since.label("since") if name == "since" else t.c[name] for name in CommentFacts.__dataclass_fields__]
# A comment that several colleagues forwarded is told by its author and its date.
_IS_FORWARD = sa.and_(t.c.author_key.is_not(None), t.c.submission_id.is_not(None))
_POSTING = (t.c.author_key, sa.case((_IS_FORWARD, since)), sa.case((_IS_FORWARD, None), else_=t.c.id))


async def page(
    conn: AsyncConnection, newsroom_id: int, keys: Collection[int], skip: Skip, limit: int, offset: int
) -> list[CommentFacts]:
    """Postings of texts with these keys, newest first: `limit` of them, after the first `offset`."""
    place = sa.func.row_number().over(partition_by=_POSTING, order_by=t.c.id).label("place")
    listed = among(t.c.text_key, number_list("keys", keys))
    rows = (
        sa.select(t.c.id, since.label("since"), place).where(*_live(newsroom_id), listed, *_unskipped(skip)).subquery()
    )
    # Only the page's own rows are read in full.
    ids = sa.select(rows.c.id).where(rows.c.place == 1).order_by(rows.c.since.desc(), rows.c.id.desc())
    ids = ids.limit(limit).offset(offset)
    query = sa.select(*_FACTS).where(*_live(newsroom_id), t.c.id.in_(ids)).order_by(since.desc(), t.c.id.desc())
    return [CommentFacts(**row) for row in (await conn.execute(query)).mappings().all()]


async def of_submission(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> list[CommentFacts]:
    """A submission's own comments, in the order of its messages."""
    query = sa.select(*_FACTS).where(*_live(newsroom_id), t.c.submission_id == submission_id).order_by(t.c.id)
    return [CommentFacts(**row) for row in (await conn.execute(query)).mappings().all()]


def _live(newsroom_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return t.c.newsroom_id == newsroom_id, t.c.withdrawn_at.is_(None)


def _unskipped(skip: Skip) -> list[sa.ColumnElement[bool]]:
    found = []
    if skip.submission_id is not None:
        found.append(sa.func.coalesce(t.c.submission_id, 0) != skip.submission_id)
    if skip.comment is not None:
        author, moment = skip.comment
        found.append(sa.or_(sa.func.coalesce(t.c.author_key, "") != author, since != moment))
    return found
