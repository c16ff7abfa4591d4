"""What members asked the threat log: a page and its buttons lead back to the words; those with a name are kept."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.threat import SavedQuery
from bot.storage.tables import threat_queries as t

#: Unnamed queries of one member that are remembered.
_MOST = 50


async def remember(
    conn: AsyncConnection, newsroom_id: int, query_id: int, member_id: int, words: str, at: datetime
) -> None:
    """Keep a query that is asked, and forget the member's oldest unnamed ones."""
    row = {"id": query_id, "newsroom_id": newsroom_id, "member_id": member_id, "words": words, "asked_at": at}
    await conn.execute(sa.insert(t), [row])
    unnamed = sa.and_(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id, t.c.name.is_(None))
    kept = sa.select(t.c.id).where(unnamed).order_by(t.c.id.desc()).limit(_MOST)
    await conn.execute(sa.delete(t).where(unnamed, t.c.id.not_in(kept)))


async def get(conn: AsyncConnection, newsroom_id: int, query_id: int) -> SavedQuery | None:
    """A query by its id."""
    row = (await conn.execute(sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == query_id))).first()
    return _query(row) if row else None


async def named(conn: AsyncConnection, newsroom_id: int, member_id: int) -> list[SavedQuery]:
    """The queries that a member keeps, by name."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id, t.c.name.is_not(None))
    return [_query(row) for row in (await conn.execute(query.order_by(t.c.name))).all()]


async def all_named(conn: AsyncConnection, newsroom_id: int) -> list[SavedQuery]:
    """The queries that anybody keeps, by name."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.name.is_not(None))
    return [_query(row) for row in (await conn.execute(query.order_by(t.c.name, t.c.id))).all()]


async def keep(conn: AsyncConnection, newsroom_id: int, query: SavedQuery, name: str, at: datetime) -> None:
    """Keep a query under a name; an earlier one of that name is replaced."""
    await forget(conn, newsroom_id, query.member_id, name)
    row = {"id": new_id(), "newsroom_id": newsroom_id, "member_id": query.member_id, "name": name}
    await conn.execute(sa.insert(t), [row | {"words": query.words, "asked_at": at}])


async def forget(conn: AsyncConnection, newsroom_id: int, member_id: int, name: str) -> bool:
    """Forget a member's query of a name."""
    gone = sa.delete(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id, t.c.name == name)
    return (await conn.execute(gone)).rowcount > 0


def _query(row: Any) -> SavedQuery:
    return SavedQuery(id=row.id, member_id=row.member_id, name=row.name, words=row.words)
