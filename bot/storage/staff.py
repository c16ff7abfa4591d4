"""Staff under protection."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.staff import Staff, StaffKind
from bot.storage.tables import actors
from bot.storage.tables import staff as t


async def all_of(conn: AsyncConnection, newsroom_id: int) -> list[Staff]:
    """Everyone under protection, by name."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.removed_at.is_(None)).order_by(t.c.name)
    return [_staff(row) for row in (await conn.execute(query)).all()]


async def protected_names(conn: AsyncConnection, newsroom_id: int) -> list[tuple[str, bool]]:
    """What protected people and outlets, and public figures, are called; whether it is an outlet's name."""
    found = [(name, each.kind is StaffKind.OUTLET) for each in await all_of(conn, newsroom_id) for name in each.names]
    query = sa.select(actors.c.name).where(actors.c.newsroom_id == newsroom_id)
    return [*found, *((name, False) for name in (await conn.execute(query)).scalars())]


async def put(
    conn: AsyncConnection,
    newsroom_id: int,
    kind: StaffKind,
    name: str,
    position: str | None,
    aliases: tuple[str, ...],
    now: datetime,
) -> str:
    """Add somebody, or add to their aliases; says "added", "changed" or "same"."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.kind == kind.value, t.c.name == name)
    row = (await conn.execute(query)).first()
    if row is None:
        fresh = {"id": new_id(), "newsroom_id": newsroom_id, "kind": kind.value, "name": name, "position": position}
        await conn.execute(sa.insert(t), [fresh | {"aliases": list(aliases), "added_at": now}])
        return "added"
    merged = list(dict.fromkeys([*row.aliases, *aliases]))
    values = {"aliases": merged, "position": position or row.position, "removed_at": None}
    if merged == row.aliases and values["position"] == row.position and row.removed_at is None:
        return "same"
    await conn.execute(sa.update(t).where(t.c.id == row.id).values(**values))
    return "changed"


async def remove(conn: AsyncConnection, newsroom_id: int, staff_id: int, now: datetime) -> bool:
    """Take somebody off the list; old cases keep the name."""
    gone = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == staff_id, t.c.removed_at.is_(None))
    return (await conn.execute(gone.values(removed_at=now))).rowcount == 1


async def link_member(conn: AsyncConnection, staff_id: int, member_id: int) -> None:
    """Say which member a protected person is."""
    await conn.execute(sa.update(t).where(t.c.id == staff_id).values(member_id=member_id))


def _staff(row: sa.Row[tuple[object, ...]]) -> Staff:
    return Staff(
        id=row.id,
        kind=StaffKind(row.kind),
        name=row.name,
        position=row.position,
        aliases=tuple(row.aliases),
        member_id=row.member_id,
    )
