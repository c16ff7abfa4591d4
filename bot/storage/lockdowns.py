"""Whether a newsroom is locked down: a row while it is."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import dialogs
from bot.storage.tables import lockdowns as t
from bot.storage.upsert import insert_ignoring


async def since(conn: AsyncConnection, newsroom_id: int) -> datetime | None:
    """Since when it is locked down; None when it is not."""
    moment: datetime | None = await conn.scalar(sa.select(t.c.at).where(t.c.newsroom_id == newsroom_id))
    return moment


async def every(conn: AsyncConnection) -> set[int]:
    """The newsrooms that are locked down."""
    return set((await conn.execute(sa.select(t.c.newsroom_id))).scalars())


async def begin(conn: AsyncConnection, newsroom_id: int, member_id: int, now: datetime) -> None:
    """Lock it down; open questions are dropped, so that nothing forwarded is taken for an answer.

    But for a work report: what its bearer sends next would else be filed under their name.
    """
    await insert_ignoring(conn, t, [{"newsroom_id": newsroom_id, "member_id": member_id, "at": now}], ["newsroom_id"])
    dropped = sa.and_(dialogs.c.newsroom_id == newsroom_id, dialogs.c.kind != "workreport")
    await conn.execute(sa.delete(dialogs).where(dropped))


async def end(conn: AsyncConnection, newsroom_id: int) -> bool:
    """Open it again; False when it was open."""
    return (await conn.execute(sa.delete(t).where(t.c.newsroom_id == newsroom_id))).rowcount == 1
