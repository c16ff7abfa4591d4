"""Members' second factors: sealed secrets, the last code that was taken, wrong ones, recovery codes by their hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.storage.tables import recovery_codes as codes
from bot.storage.tables import step_ups as t
from bot.storage.upsert import insert_ignoring


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """A member's row as it stands."""

    secret: bytes | None = None
    next_secret: bytes | None = None
    next_until: datetime | None = None
    last_counter: int = 0
    fresh_until: datetime | None = None
    wrong: int = 0
    wrong_since: datetime | None = None
    locked_until: datetime | None = None
    seen_at: datetime | None = None


async def of_member(conn: AsyncConnection, newsroom_id: int, member_id: int) -> Factor:
    """Where a member stands; nothing is set for whoever has no row."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    return _factor((await conn.execute(query)).first())


async def hold(conn: AsyncConnection, newsroom_id: int, member_id: int) -> Factor:
    """The same, made if it is not there, and nobody else's to change until the transaction ends."""
    row = {"member_id": member_id, "newsroom_id": newsroom_id, "last_counter": 0, "wrong": 0}
    await insert_ignoring(conn, t, [row], ["member_id"])
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id).with_for_update()
    return _factor((await conn.execute(query)).first())


async def change(conn: AsyncConnection, newsroom_id: int, member_id: int, **values: Any) -> None:
    """Change a row that `hold` gave."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    await conn.execute(mine.values(**values))


async def forget(conn: AsyncConnection, newsroom_id: int, member_id: int) -> None:
    """Take a member's second factor away, with all its codes."""
    for table in (codes, t):
        await conn.execute(sa.delete(table).where(table.c.newsroom_id == newsroom_id, table.c.member_id == member_id))


async def replace_codes(conn: AsyncConnection, newsroom_id: int, member_id: int, hashes: Sequence[str]) -> None:
    """New recovery codes instead of the old ones."""
    await conn.execute(sa.delete(codes).where(codes.c.newsroom_id == newsroom_id, codes.c.member_id == member_id))
    own = {"newsroom_id": newsroom_id, "member_id": member_id}
    await conn.execute(sa.insert(codes), [own | {"id": new_id(), "code_hash": each} for each in hashes])


async def use_code(conn: AsyncConnection, newsroom_id: int, member_id: int, code_hash: str, now: datetime) -> bool:
    """Use a recovery code up; False when there is none such, or it was used."""
    mine = sa.update(codes).where(
        codes.c.newsroom_id == newsroom_id,
        codes.c.member_id == member_id,
        codes.c.code_hash == code_hash,
        codes.c.used_at.is_(None),
    )
    return (await conn.execute(mine.values(used_at=now))).rowcount == 1


async def codes_left(conn: AsyncConnection, newsroom_id: int, member_id: int) -> int:
    """How many recovery codes are unused."""
    query = sa.select(sa.func.count()).where(
        codes.c.newsroom_id == newsroom_id, codes.c.member_id == member_id, codes.c.used_at.is_(None)
    )
    return int((await conn.execute(query)).scalar_one())


def _factor(row: Any) -> Factor:
    if row is None:
        return Factor()
    return Factor(**{name: getattr(row, name) for name in Factor.__dataclass_fields__})
