"""Newsrooms: the tenants of a database."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.newsroom import Newsroom
from bot.storage.tables import newsrooms as t


async def first(conn: AsyncConnection) -> Newsroom | None:
    """The newsroom of a single-newsroom database."""
    row = (await conn.execute(sa.select(t).order_by(t.c.id).limit(1))).first()
    return _newsroom(row) if row else None


async def with_key(conn: AsyncConnection, key: str) -> Newsroom | None:
    """The newsroom that the operator calls so; "" is the one that nobody calls anything."""
    row = (await conn.execute(sa.select(t).where(t.c.key == key).order_by(t.c.id).limit(1))).first()
    return _newsroom(row) if row else None


async def keys(conn: AsyncConnection) -> list[str]:
    """What the newsrooms of this database are called, in the order of the alphabet."""
    return list((await conn.execute(sa.select(t.c.key).order_by(t.c.key))).scalars())


async def name_first(conn: AsyncConnection, key: str) -> bool:
    """Call the newsroom that has no key so; whether there was one."""
    nameless = sa.update(t).where(t.c.key == "").values(key=key)
    return (await conn.execute(nameless)).rowcount > 0


async def all_ids(conn: AsyncConnection) -> list[int]:
    """Every newsroom of the database, the oldest first."""
    return list((await conn.execute(sa.select(t.c.id).order_by(t.c.id))).scalars())


async def get(conn: AsyncConnection, newsroom_id: int) -> Newsroom:
    """A newsroom by its id."""
    return _newsroom((await conn.execute(sa.select(t).where(t.c.id == newsroom_id))).one())


async def add(conn: AsyncConnection, name: str, zone: str, language: str, now: datetime, key: str = "") -> Newsroom:
    """A new newsroom."""
    row = {
        "id": new_id(),
        "key": key,
        "name": name,
        "zone": zone,
        "language": language,
        "limits": {},
        "created_at": now,
    }
    await conn.execute(sa.insert(t), [row | {"case_counter": 0, "threat_counter": 0}])
    return await get(conn, int(str(row["id"])))


async def change(conn: AsyncConnection, newsroom_id: int, **values: object) -> None:
    """Set name, zone, language or limits."""
    await conn.execute(sa.update(t).where(t.c.id == newsroom_id).values(**values))


async def limit(conn: AsyncConnection, newsroom_id: int, name: str, default: float) -> float:
    """A limit as the newsroom's admin set it, else the operator's."""
    limits = await conn.scalar(sa.select(t.c.limits).where(t.c.id == newsroom_id))
    return float((limits or {}).get(name, default))


async def set_limit(conn: AsyncConnection, newsroom_id: int, name: str, value: int) -> None:
    """Set one of the newsroom's own limits."""
    limits = await conn.scalar(sa.select(t.c.limits).where(t.c.id == newsroom_id))
    await change(conn, newsroom_id, limits={**(limits or {}), name: value})


def _newsroom(row: sa.Row[tuple[object, ...]]) -> Newsroom:
    return Newsroom(id=row.id, name=row.name, zone=row.zone, language=row.language, limits=row.limits)


async def created(conn: AsyncConnection, newsroom_id: int) -> datetime:
    """Since when the newsroom is here."""
    return (await conn.execute(sa.select(t.c.created_at).where(t.c.id == newsroom_id))).scalar_one()  # type: ignore[no-any-return]
