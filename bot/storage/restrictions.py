"""Cases and threats that named members see, and nobody else: which they are, and the condition for every list."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.access import Restriction
from bot.model.ids import new_id
from bot.storage.tables import restriction_readers as readers
from bot.storage.tables import restrictions as t

CASE, THREAT = "submission", "threat"


def unseen(newsroom_id: int, noun: str, member_id: int | None) -> sa.Select[Any]:
    """The rows of a noun that a member must not see; those that nobody reads outside the named, for None."""
    hidden = sa.select(t.c.row_id).where(t.c.newsroom_id == newsroom_id, t.c.noun == noun)
    if member_id is None:
        return hidden
    named = sa.select(readers.c.restriction_id).where(
        readers.c.newsroom_id == newsroom_id, readers.c.member_id == member_id
    )
    return hidden.where(t.c.id.not_in(named))


async def hidden(conn: AsyncConnection, newsroom_id: int, noun: str, member_id: int | None) -> frozenset[int]:
    """The ids of the same rows."""
    return frozenset((await conn.execute(unseen(newsroom_id, noun, member_id))).scalars())


async def of(conn: AsyncConnection, newsroom_id: int, noun: str, row_id: int) -> Restriction | None:
    """How a case or a threat is restricted; None when it is not."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.noun == noun, t.c.row_id == row_id)
    row = (await conn.execute(query)).first()
    if row is None:
        return None
    named = sa.select(readers.c.member_id).where(
        readers.c.newsroom_id == newsroom_id, readers.c.restriction_id == row.id
    )
    return Restriction(
        id=row.id,
        newsroom_id=newsroom_id,
        noun=noun,
        row_id=row_id,
        set_by=row.set_by,
        readers=frozenset((await conn.execute(named)).scalars()),
    )


async def put(
    conn: AsyncConnection, newsroom_id: int, noun: str, row_id: int, by: int, named: Collection[int], now: datetime
) -> None:
    """Let only these members see it from now on."""
    await lift(conn, newsroom_id, noun, row_id)
    row: Mapping[str, Any] = {
        "id": new_id(),
        "newsroom_id": newsroom_id,
        "noun": noun,
        "row_id": row_id,
        "set_by": by,
        "at": now,
    }
    await conn.execute(sa.insert(t), [dict(row)])
    own = {"restriction_id": row["id"], "newsroom_id": newsroom_id}
    if named:
        await conn.execute(sa.insert(readers), [own | {"member_id": each} for each in sorted(set(named))])


async def lift(conn: AsyncConnection, newsroom_id: int, noun: str, row_id: int) -> bool:
    """Let everybody see it again; False when everybody does."""
    mine = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.noun == noun, t.c.row_id == row_id)
    await conn.execute(
        sa.delete(readers).where(readers.c.newsroom_id == newsroom_id, readers.c.restriction_id.in_(mine))
    )
    gone = sa.delete(t).where(t.c.newsroom_id == newsroom_id, t.c.noun == noun, t.c.row_id == row_id)
    return (await conn.execute(gone)).rowcount == 1
