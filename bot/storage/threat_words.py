"""The words that a newsroom adds to the threat lexicon."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.threat_word import ThreatWord
from bot.storage.tables import members
from bot.storage.tables import threat_words as t
from bot.storage.upsert import insert_for


async def all_of(conn: AsyncConnection, newsroom_id: int) -> list[ThreatWord]:
    """The list, the latest first."""
    query = (
        sa.select(t.c.id, t.c.word, t.c.kind, t.c.added_at, members.c.name.label("member_name"))
        .join(members, members.c.id == t.c.member_id)
        .where(t.c.newsroom_id == newsroom_id)
        .order_by(t.c.id.desc())
    )
    return [ThreatWord(**row) for row in (await conn.execute(query)).mappings().all()]


async def put(
    conn: AsyncConnection, newsroom_id: int, word: str, kind: str, member_id: int, now: datetime
) -> tuple[int, str]:
    """Add a word, or change what it threatens: its id, and "added", "changed" or "same"."""
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "word": word, "kind": kind}
    row |= {"member_id": member_id, "added_at": now}
    statement = insert_for(conn, t).values(row).on_conflict_do_nothing(index_elements=["newsroom_id", "word"])
    if (await conn.execute(statement)).rowcount == 1:
        return int(row["id"]), "added"
    mine = sa.and_(t.c.newsroom_id == newsroom_id, t.c.word == word)
    known = (await conn.execute(sa.select(t.c.id, t.c.kind).where(mine))).one()
    if known.kind == kind:
        return int(known.id), "same"
    await conn.execute(sa.update(t).where(mine).values(kind=kind, member_id=member_id))
    return int(known.id), "changed"


async def remove(conn: AsyncConnection, newsroom_id: int, word_id: int) -> str | None:
    """Take a word off the list; the word, or None when it is not there."""
    gone = sa.delete(t).where(t.c.newsroom_id == newsroom_id, t.c.id == word_id).returning(t.c.word)
    word = await conn.scalar(gone)
    return str(word) if word is not None else None
