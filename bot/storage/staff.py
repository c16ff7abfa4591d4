"""Staff under protection."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.staff import Staff, StaffKind
from bot.storage import sayings
from bot.storage.members import lock_newsroom
from bot.storage.staff_sayings import STAFF, keep_basis
from bot.storage.tables import actors
from bot.storage.tables import staff as t


async def all_of(conn: AsyncConnection, newsroom_id: int) -> list[Staff]:
    """Everyone under protection, by name."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.removed_at.is_(None)).order_by(t.c.name)
    return [_staff(row) for row in (await conn.execute(query)).all()]


async def protected_names(conn: AsyncConnection, newsroom_id: int) -> list[tuple[str, bool]]:
    """What protected people and outlets, and public figures, are called; whether it is an outlet's name."""
    found = [(name, each.kind is StaffKind.OUTLET) for each in await all_of(conn, newsroom_id) for name in each.names]
    query = sa.select(actors.c.name).where(actors.c.newsroom_id == newsroom_id, actors.c.withdrawn_at.is_(None))
    return [*found, *((name, False) for name in (await conn.execute(query)).scalars())]


async def put(
    conn: AsyncConnection,
    newsroom_id: int,
    kind: StaffKind,
    name: str,
    position: str | None,
    aliases: tuple[str, ...],
    now: datetime,
    file_id: int | None = None,
) -> str:
    """Add somebody, or add to their aliases, in the name of a file or a person; says "added", "changed" or "same"."""
    await lock_newsroom(conn, newsroom_id)
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.kind == kind.value, t.c.name == name)
    row = (await conn.execute(query)).first()
    said = {"position": position, "aliases": list(aliases)}
    if row is None:
        fresh = {"id": new_id(), "newsroom_id": newsroom_id, "kind": kind.value, "name": name, "position": position}
        await conn.execute(sa.insert(t), [fresh | {"aliases": list(aliases), "added_at": now}])
        await sayings.add(conn, newsroom_id, STAFF.noun, file_id, [(int(str(fresh["id"])), said)], now)
        return "added"
    await keep_basis(conn, newsroom_id, row, now)
    (is_news,) = await sayings.hear(conn, newsroom_id, STAFF, file_id, [(row.id, said)], now)
    return "changed" if is_news else "same"


async def remove(conn: AsyncConnection, newsroom_id: int, staff_id: int, now: datetime) -> bool:
    """Take somebody off the list; old cases keep the name."""
    await lock_newsroom(conn, newsroom_id)
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == staff_id, t.c.removed_at.is_(None))
    row = (await conn.execute(query)).first()
    if row is None:
        return False
    await keep_basis(conn, newsroom_id, row, now)
    (is_news,) = await sayings.hear(conn, newsroom_id, STAFF, None, [(staff_id, {"is_off": True})], now)
    return is_news


async def link_member(
    conn: AsyncConnection, staff_id: int, member_id: int, now: datetime, file_id: int | None = None
) -> None:
    """Say, in the name of a file or a person, which member a protected person is."""
    row = (await conn.execute(sa.select(t).where(t.c.id == staff_id))).first()
    if row is None:
        return
    await keep_basis(conn, row.newsroom_id, row, now)
    # Whom a person here links is on the list by that person's word as well.
    said: dict[str, Any] = {"member": member_id}
    said |= {"aliases": [], "position": None} if file_id is None else {}
    await sayings.hear(conn, row.newsroom_id, STAFF, file_id, [(staff_id, said)], now)


def _staff(row: sa.Row[tuple[object, ...]]) -> Staff:
    return Staff(
        id=row.id,
        kind=StaffKind(row.kind),
        name=row.name,
        position=row.position,
        aliases=tuple(row.aliases),
        member_id=row.member_id,
    )
