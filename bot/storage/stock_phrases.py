"""The never-match list: texts that everybody says."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.stock_phrase import StockPhrase
from bot.storage.tables import members
from bot.storage.tables import stock_phrases as t
from bot.storage.upsert import insert_for


async def keys(conn: AsyncConnection, newsroom_id: int) -> set[int]:
    """The keys of every text on the list."""
    return set((await conn.execute(sa.select(t.c.text_key).where(t.c.newsroom_id == newsroom_id))).scalars())


async def all_of(conn: AsyncConnection, newsroom_id: int) -> list[StockPhrase]:
    """The list, the latest first."""
    query = (
        sa.select(t.c.id, t.c.text_key, t.c.text, t.c.added_at, members.c.name.label("member_name"))
        .join(members, members.c.id == t.c.member_id)
        .where(t.c.newsroom_id == newsroom_id)
        .order_by(t.c.id.desc())
    )
    return [StockPhrase(**row) for row in (await conn.execute(query)).mappings().all()]


async def add(
    conn: AsyncConnection, newsroom_id: int, text_key: int, text: str, member_id: int, now: datetime
) -> int | None:
    """Put a text on the list; its id there, or None when it is there already."""
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "text_key": text_key}
    row |= {"text": text, "member_id": member_id, "added_at": now}
    statement = insert_for(conn, t).values(row).on_conflict_do_nothing(index_elements=["newsroom_id", "text_key"])
    return int(row["id"]) if (await conn.execute(statement)).rowcount == 1 else None


async def remove(conn: AsyncConnection, newsroom_id: int, phrase_id: int) -> tuple[int, str] | None:
    """Take a text off the list; its key and the text, or None when it is not there."""
    gone = sa.delete(t).where(t.c.newsroom_id == newsroom_id, t.c.id == phrase_id).returning(t.c.text_key, t.c.text)
    row = (await conn.execute(gone)).first()
    return (row.text_key, row.text) if row else None


async def rekey(conn: AsyncConnection, newsroom_id: int, phrase_id: int, text_key: int) -> None:
    """Give a text on the list the key that another normaliser made."""
    ours = sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == phrase_id)
    await conn.execute(sa.update(t).where(ours).values(text_key=text_key))
