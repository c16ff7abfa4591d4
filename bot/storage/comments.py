"""Comments: one text by one account under one post, from forwards and from imports; what copies are found among."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.comment import CommentFacts
from bot.model.ids import new_id
from bot.storage.tables import comments as t


@dataclass(frozen=True, kw_only=True, slots=True)
class NewComment:
    """A comment to be stored; `words` and `text_key` come from the normaliser."""

    newsroom_id: int
    text: str
    words: str
    text_key: int
    source: str
    submission_id: int | None = None
    part_id: int | None = None
    platform: str | None = None
    handle: str | None = None
    author: str | None = None
    author_key: str | None = None
    post: str | None = None
    batch: str | None = None
    posted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownComment:
    """What the index keeps of a stored comment."""

    id: int
    words: str
    withdrawn: bool


async def add(conn: AsyncConnection, comments: Sequence[NewComment], now: datetime) -> list[int]:
    """Store comments; returns their ids in order."""
    names = NewComment.__dataclass_fields__
    rows: list[dict[str, Any]] = [
        {name: getattr(c, name) for name in names} | {"id": new_id(), "added_at": now} for c in comments
    ]
    if rows:
        await conn.execute(sa.insert(t), rows)
    return [row["id"] for row in rows]


async def sources_there(conn: AsyncConnection, newsroom_id: int, sources: Collection[str]) -> set[str]:
    """Which of these source ids an import has brought before."""
    query = sa.select(t.c.source).where(
        t.c.newsroom_id == newsroom_id, t.c.source.in_(sources), t.c.submission_id.is_(None)
    )
    return set((await conn.execute(query)).scalars())


async def recent(conn: AsyncConnection, newsroom_id: int, after: int, limit: int) -> list[KnownComment]:
    """The newest comments with an id above `after`, oldest first: what the window of recent texts takes in."""
    query = (
        sa.select(t.c.id, t.c.words, t.c.withdrawn_at)
        .where(t.c.newsroom_id == newsroom_id, t.c.id > after, t.c.withdrawn_at.is_(None))
        .order_by(t.c.id.desc())
        .limit(limit)
    )
    rows = (await conn.execute(query)).all()
    return [KnownComment(id=r.id, words=r.words, withdrawn=False) for r in reversed(rows)]


async def count_after(conn: AsyncConnection, newsroom_id: int, after: int) -> int:
    """How many comments have an id above `after`."""
    query = sa.select(sa.func.count()).where(t.c.newsroom_id == newsroom_id, t.c.id > after, t.c.withdrawn_at.is_(None))
    return int(await conn.scalar(query) or 0)


async def withdrawn_since(conn: AsyncConnection, newsroom_id: int, since: datetime) -> list[int]:
    """Ids of comments withdrawn since a moment."""
    query = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.withdrawn_at >= since)
    return list((await conn.execute(query)).scalars())


async def with_keys(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> list[CommentFacts]:
    """Every comment with one of these exact keys."""
    return await _facts(
        conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.text_key.in_(keys), t.c.withdrawn_at.is_(None))
    )


async def by_ids(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[CommentFacts]:
    """These comments."""
    return await _facts(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.id.in_(ids), t.c.withdrawn_at.is_(None)))


async def withdraw(conn: AsyncConnection, submission_id: int, now: datetime) -> None:
    """A withdrawn submission's comments no longer count."""
    await conn.execute(sa.update(t).where(t.c.submission_id == submission_id).values(withdrawn_at=now))


async def withdraw_part(conn: AsyncConnection, part_id: int, now: datetime) -> None:
    """An edited message's earlier text no longer counts."""
    query = sa.update(t).where(t.c.part_id == part_id, t.c.withdrawn_at.is_(None))
    await conn.execute(query.values(withdrawn_at=now))


async def set_author(conn: AsyncConnection, submission_id: int, platform: str, handle: str, author_key: str) -> int:
    """Bind the unattributed comments of a submission to who wrote them; returns how many."""
    unknown = sa.update(t).where(t.c.submission_id == submission_id, t.c.handle.is_(None))
    return (await conn.execute(unknown.values(platform=platform, handle=handle, author_key=author_key))).rowcount


async def _facts(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[CommentFacts]:
    since = sa.func.coalesce(t.c.posted_at, t.c.added_at).label("since")
    names = CommentFacts.__dataclass_fields__.keys() - {"since"}
    rows = (await conn.execute(sa.select(*(t.c[name] for name in names), since).where(condition))).mappings().all()
    return [CommentFacts(**row) for row in rows]
