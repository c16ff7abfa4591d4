"""The duty roster: who is on call, in which order, and when they want to be left in peace by all but alarms."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.alarm import Watch
from bot.model.ids import new_id
from bot.model.newsroom import MemberStatus
from bot.storage.tables import duty_roster as t
from bot.storage.tables import members


async def roster(conn: AsyncConnection, newsroom_id: int) -> list[Watch]:
    """Everybody on it who is a member still, the one on duty first."""
    query = (
        sa.select(t, members.c.name)
        .join(members, members.c.id == t.c.member_id)
        .where(t.c.newsroom_id == newsroom_id, members.c.status == MemberStatus.ACTIVE.value)
        .order_by(t.c.place)
    )
    names = Watch.__dataclass_fields__
    return [Watch(**{name: row[name] for name in names}) for row in (await conn.execute(query)).mappings().all()]


async def put(conn: AsyncConnection, newsroom_id: int, member_id: int, *, first: bool) -> None:
    """Put somebody on the roster, or move them: to its head, or to its end."""
    place = new_id()
    if first:
        least = await conn.scalar(sa.select(sa.func.min(t.c.place)).where(t.c.newsroom_id == newsroom_id))
        place = least - 1 if least is not None else place
    mine = sa.and_(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    if (await conn.execute(sa.update(t).where(mine).values(place=place))).rowcount == 0:
        await conn.execute(sa.insert(t), [{"newsroom_id": newsroom_id, "member_id": member_id, "place": place}])


async def leave(conn: AsyncConnection, newsroom_id: int, member_id: int) -> bool:
    """Take somebody off the roster."""
    gone = sa.delete(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    return (await conn.execute(gone)).rowcount == 1


async def set_quiet(conn: AsyncConnection, newsroom_id: int, member_id: int, hours: tuple[int, int] | None) -> bool:
    """Set somebody's quiet hours (minutes of the day), or none; False when they are not on the roster."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    begin, end = hours if hours is not None else (None, None)
    return (await conn.execute(mine.values(quiet_from=begin, quiet_until=end))).rowcount == 1
