"""Which windows somebody compared, so that buttons under a report lead back to them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.report import Window
from bot.storage.tables import report_orders

_t = report_orders.c


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    order_id: int,
    member_id: int,
    windows: tuple[Window, Window],
    now: datetime,
) -> None:
    """Remember the window asked for and the one it is compared with."""
    days = {"first_day": windows[0].first, "last_day": windows[0].last}
    days |= {"before_first_day": windows[1].first, "before_last_day": windows[1].last}
    row = {"id": order_id, "newsroom_id": newsroom_id, "member_id": member_id, "at": now}
    await conn.execute(sa.insert(report_orders), [row | days])


async def get(conn: AsyncConnection, newsroom_id: int, order_id: int) -> tuple[Window, Window] | None:
    """The windows of an order; None for one that there is not."""
    found = sa.select(report_orders).where(_t.newsroom_id == newsroom_id, _t.id == order_id)
    row = (await conn.execute(found)).first()
    if row is None:
        return None
    before = Window(first=row.before_first_day, last=row.before_last_day)
    return Window(first=row.first_day, last=row.last_day), before
