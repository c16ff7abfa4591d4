"""Protected people who agreed to be watched for, pictures by which they are known, accounts that pretend to be them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import account_label
from bot.model.ids import new_id
from bot.storage.tables import accounts, staff, staff_photos, staff_watches
from bot.storage.tables import impersonations as t
from bot.storage.upsert import insert_ignoring


@dataclass(frozen=True, kw_only=True, slots=True)
class Impersonation:
    """An account that uses somebody's name or photo; `why` holds "name", "photo"."""

    account_id: int
    account: str
    staff_id: int
    name: str
    why: tuple[str, ...]
    incident_id: int
    at: datetime


async def watched(conn: AsyncConnection, newsroom_id: int) -> list[int]:
    """Ids of the protected people and outlets who are watched for."""
    w = staff_watches.c
    query = sa.select(w.staff_id).join(staff, staff.c.id == w.staff_id)
    query = query.where(w.newsroom_id == newsroom_id, staff.c.removed_at.is_(None))
    return list((await conn.execute(query.order_by(w.staff_id))).scalars())


async def agree(conn: AsyncConnection, newsroom_id: int, staff_id: int, member_id: int, now: datetime) -> None:
    """Keep that somebody agreed, and who says so."""
    own = sa.select(staff.c.id).where(staff.c.newsroom_id == newsroom_id, staff.c.id == staff_id)
    if (await conn.execute(own)).first() is not None:
        row = {"staff_id": staff_id, "newsroom_id": newsroom_id, "member_id": member_id, "agreed_at": now}
        await insert_ignoring(conn, staff_watches, [row], ["staff_id"])


async def disagree(conn: AsyncConnection, newsroom_id: int, staff_id: int) -> None:
    """Somebody is not to be watched for any longer; their pictures are forgotten too."""
    for table in (staff_watches, staff_photos):
        await conn.execute(sa.delete(table).where(table.c.newsroom_id == newsroom_id, table.c.staff_id == staff_id))


async def add_photo(conn: AsyncConnection, newsroom_id: int, staff_id: int, sha256: str, now: datetime) -> None:
    """Keep a picture by which somebody, or an outlet's logo, is known."""
    row = {"id": new_id(), "newsroom_id": newsroom_id, "staff_id": staff_id, "sha256": sha256, "added_at": now}
    await insert_ignoring(conn, staff_photos, [row], ["staff_id", "sha256"])


async def photo_owners(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> dict[str, int]:
    """Which protected person each of these pictures shows."""
    p = staff_photos.c
    query = sa.select(p.sha256, p.staff_id).where(p.newsroom_id == newsroom_id, p.sha256.in_(shas))
    return {row.sha256: row.staff_id for row in (await conn.execute(query)).all()}


async def add(
    conn: AsyncConnection, newsroom_id: int, pair: tuple[int, int], why: Sequence[str], incident_id: int, now: datetime
) -> bool:
    """Keep that an account pretends to be somebody: (account, staff). False when that is known."""
    known = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.account_id == pair[0], t.c.staff_id == pair[1])
    if (await conn.execute(known)).first() is not None:
        return False
    row = {"id": new_id(), "newsroom_id": newsroom_id, "account_id": pair[0], "staff_id": pair[1]}
    await conn.execute(sa.insert(t), [row | {"incident_id": incident_id, "why": list(why), "at": now}])
    return True


async def move(conn: AsyncConnection, newsroom_id: int, incident_id: int, into: int) -> None:
    """Those of one incident go into another."""
    own = sa.and_(t.c.newsroom_id == newsroom_id, t.c.incident_id == incident_id)
    await conn.execute(sa.update(t).where(own).values(incident_id=into))


async def of_account(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[Impersonation]:
    """Whom an account pretends to be."""
    return await _load(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.account_id == account_id))


async def of_incident(conn: AsyncConnection, newsroom_id: int, incident_id: int) -> list[Impersonation]:
    """The impersonations of an incident."""
    return await _load(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.incident_id == incident_id))


async def _load(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[Impersonation]:
    a = accounts.c
    query = (
        sa.select(t, a.platform, a.handle, a.numeric_id, staff.c.name)
        .join(accounts, a.id == t.c.account_id)
        .join(staff, staff.c.id == t.c.staff_id)
        .where(condition)
        .order_by(t.c.id)
    )
    return [
        Impersonation(
            account_id=row.account_id,
            account=account_label(row.platform, row.handle, row.numeric_id, ()),
            staff_id=row.staff_id,
            name=row.name,
            why=tuple(row.why or ()),
            incident_id=row.incident_id,
            at=row.at,
        )
        for row in (await conn.execute(query)).all()
    ]
