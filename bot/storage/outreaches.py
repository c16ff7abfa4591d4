"""Threads with owners of stolen photos: one for each owner and for each photo, whoever comes first."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.outreach import Outreach, OutreachState
from bot.model.photo_owner import OwnerEntry
from bot.storage.members import lock_newsroom
from bot.storage.tables import members, outreach_keys
from bot.storage.tables import outreaches as t

_starter, _writer = members.alias("starter"), members.alias("writer")


async def start(
    conn: AsyncConnection,
    newsroom_id: int,
    owner: OwnerEntry,
    sha256: str,
    keys: Collection[str],
    member_id: int,
    now: datetime,
) -> tuple[int, bool]:
    """A thread with an owner; when any of the `keys` has one already, that one. Returns its id, and whether it is new.

    Two members at once make one: the second waits for the first, and finds its keys.
    """
    await lock_newsroom(conn, newsroom_id)
    taken = await claimed(conn, newsroom_id, keys)
    if taken:
        return min(taken.values()), False
    last = await conn.scalar(sa.select(sa.func.max(t.c.number)).where(t.c.newsroom_id == newsroom_id)) or 0
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "number": last + 1, "sha256": sha256}
    row |= {"owner": owner.name, "profile": owner.profile, "how": owner.how, "state": OutreachState.STARTED.value}
    await conn.execute(sa.insert(t), [row | {"starter_id": member_id, "started_at": now}])
    claims = [{"newsroom_id": newsroom_id, "key": key, "outreach_id": row["id"]} for key in dict.fromkeys(keys)]
    await conn.execute(sa.insert(outreach_keys), claims)
    return int(row["id"]), True


async def claimed(conn: AsyncConnection, newsroom_id: int, keys: Collection[str]) -> dict[str, int]:
    """The threads that these keys have already, by key."""
    k = outreach_keys.c
    query = sa.select(k.key, k.outreach_id).where(k.newsroom_id == newsroom_id, k.key.in_(list(keys)))
    return {row.key: row.outreach_id for row in (await conn.execute(query)).all()}


async def release(conn: AsyncConnection, newsroom_id: int, outreach_id: int, key: str) -> None:
    """Let another thread have this key."""
    k = outreach_keys.c
    mine = sa.and_(k.newsroom_id == newsroom_id, k.outreach_id == outreach_id, k.key == key)
    await conn.execute(sa.delete(outreach_keys).where(mine))


async def get(conn: AsyncConnection, newsroom_id: int, outreach_id: int) -> Outreach | None:
    """A thread by its id."""
    found = await _load(conn, newsroom_id, t.c.id == outreach_id)
    return found[0] if found else None


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> int | None:
    """The id of O-number."""
    found: int | None = await conn.scalar(sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.number == number))
    return found


async def by_ids(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[Outreach]:
    """These threads, the newest first."""
    return await _load(conn, newsroom_id, t.c.id.in_(list(ids)), limit=max(1, len(ids)))


async def of_pictures(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> list[Outreach]:
    """The threads about these pictures, the newest first."""
    return await _load(conn, newsroom_id, t.c.sha256.in_(list(shas)), limit=100)


async def page(conn: AsyncConnection, newsroom_id: int, limit: int, offset: int) -> tuple[list[Outreach], int]:
    """A page of threads, the newest first, and how many there are."""
    total = await conn.scalar(sa.select(sa.func.count()).where(t.c.newsroom_id == newsroom_id))
    return await _load(conn, newsroom_id, limit=limit, offset=offset), int(total or 0)


async def change(conn: AsyncConnection, newsroom_id: int, outreach_id: int, values: Mapping[str, Any]) -> None:
    """Change what is known of a thread."""
    await conn.execute(sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == outreach_id).values(**values))


async def set_written(
    conn: AsyncConnection, newsroom_id: int, outreach_id: int, member_id: int, language: str, now: datetime
) -> bool:
    """Note who wrote, in which language; False when somebody wrote before."""
    mine = sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == outreach_id, t.c.written_at.is_(None))
    values = {"state": OutreachState.WRITTEN.value, "writer_id": member_id, "language": language, "written_at": now}
    return (await conn.execute(sa.update(t).where(mine).values(**values))).rowcount == 1


async def _load(
    conn: AsyncConnection, newsroom_id: int, *conditions: sa.ColumnElement[bool], limit: int = 1, offset: int = 0
) -> list[Outreach]:
    query = (
        sa.select(t, _starter.c.name.label("starter"), _writer.c.name.label("writer"))
        .join(_starter, _starter.c.id == t.c.starter_id)
        .outerjoin(_writer, _writer.c.id == t.c.writer_id)
        .where(t.c.newsroom_id == newsroom_id, *conditions)
        .order_by(t.c.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_outreach(row) for row in (await conn.execute(query)).mappings().all()]


def _outreach(row: Any) -> Outreach:
    values = {name: row[name] for name in Outreach.__dataclass_fields__}
    return Outreach(**(values | {"state": OutreachState(values["state"])}))
