"""What a member opened within the hour, and when the leads were last told of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import openings, vigils
from bot.storage.upsert import insert_for


async def opened(
    conn: AsyncConnection, newsroom_id: int, member_id: int, subject: tuple[str, int], now: datetime
) -> None:
    """Note that a member opened a case, a threat or an account."""
    row = {"member_id": member_id, "noun": subject[0], "row_id": subject[1], "newsroom_id": newsroom_id, "at": now}
    statement = insert_for(conn, openings).values(row)
    keys = ["member_id", "noun", "row_id"]
    await conn.execute(statement.on_conflict_do_update(index_elements=keys, set_={"at": statement.excluded.at}))


async def count(conn: AsyncConnection, newsroom_id: int, member_id: int, since: datetime) -> int:
    """How many different ones a member opened since a moment."""
    query = sa.select(sa.func.count()).where(
        openings.c.newsroom_id == newsroom_id, openings.c.member_id == member_id, openings.c.at >= since
    )
    return int((await conn.execute(query)).scalar_one())


async def tell(
    conn: AsyncConnection, newsroom_id: int, member_id: int, what: str, since: datetime, now: datetime
) -> bool:
    """Whether the leads are to be told of something now: once since `since`, for each member."""
    row = {"member_id": member_id, "what": what, "newsroom_id": newsroom_id, "at": now}
    statement = insert_for(conn, vigils).values(row)
    again = statement.on_conflict_do_update(
        index_elements=["member_id", "what"], set_={"at": now}, where=vigils.c.at <= since
    )
    return (await conn.execute(again.returning(vigils.c.member_id))).first() is not None


async def purge(conn: AsyncConnection, before: datetime) -> int:
    """Forget what was opened before a moment."""
    return (await conn.execute(sa.delete(openings).where(openings.c.at < before))).rowcount
