"""Newsrooms whose keys were accepted: what they say counts until it is withdrawn as a whole."""

import base64
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.exchange import Partner
from bot.model.ids import new_id
from bot.storage.tables import exchange_items, exchange_partners
from bot.storage.upsert import insert_for

t = exchange_partners.c


async def trust(conn: AsyncConnection, newsroom_id: int, name: str, key: bytes, now: datetime) -> int:
    """Accept a key under a name, or call a known one so; one that was withdrawn counts again. Returns its id."""
    row = {"id": new_id(), "newsroom_id": newsroom_id, "name": name, "key": _spelled(key), "sequence": 0}
    row |= {"trusted_at": now, "turn": 1}
    statement = insert_for(conn, exchange_partners).values(row)
    known = {"name": name, "withdrawn_at": None, "turn": t.turn + 1}
    statement = statement.on_conflict_do_update(index_elements=["newsroom_id", "key"], set_=known)
    return int((await conn.execute(statement.returning(t.id))).scalar_one())


async def everyone(conn: AsyncConnection, newsroom_id: int, today: date) -> list[Partner]:
    """Every partner, withdrawn ones too, by name; with how many of its items count today."""
    i = exchange_items.c
    counts = sa.select(sa.func.count()).where(i.partner_id == t.id, i.recalled_at.is_(None), i.expires >= today)
    query = _partners(counts.scalar_subquery()).where(t.newsroom_id == newsroom_id).order_by(t.name, t.id)
    return [_partner(row) for row in (await conn.execute(query)).mappings().all()]


async def by_key(conn: AsyncConnection, newsroom_id: int, public: bytes) -> Partner | None:
    """The partner with this key."""
    query = _partners(sa.literal(0)).where(t.newsroom_id == newsroom_id, t.key == _spelled(public))
    row = (await conn.execute(query)).mappings().first()
    return _partner(row) if row is not None else None


async def listened_to(conn: AsyncConnection, newsroom_id: int) -> dict[int, tuple[str, int]]:
    """The partners whose words count: name and turn by id."""
    query = sa.select(t.id, t.name, t.turn).where(t.newsroom_id == newsroom_id, t.withdrawn_at.is_(None))
    return {row.id: (row.name, row.turn) for row in (await conn.execute(query)).all()}


async def has_read(conn: AsyncConnection, newsroom_id: int, partner_id: int, sequence: int, now: datetime) -> bool:
    """Note that a file was taken in; False when a later one, or this one, was already, or the partner is withdrawn."""
    mine = sa.and_(t.newsroom_id == newsroom_id, t.id == partner_id, t.sequence < sequence, t.withdrawn_at.is_(None))
    change = sa.update(exchange_partners).where(mine).values(sequence=sequence, read_at=now, turn=t.turn + 1)
    return (await conn.execute(change)).rowcount == 1


async def withdraw(conn: AsyncConnection, newsroom_id: int, partner_id: int, at: datetime | None) -> bool:
    """Nothing that a partner said counts any longer; None puts it back. False when it is so already."""
    is_there = t.withdrawn_at.is_(None) if at is not None else t.withdrawn_at.is_not(None)
    mine = sa.and_(t.newsroom_id == newsroom_id, t.id == partner_id, is_there)
    change = sa.update(exchange_partners).where(mine).values(withdrawn_at=at, turn=t.turn + 1)
    return (await conn.execute(change)).rowcount == 1


def _partners(items: Any) -> sa.Select[Any]:
    names = (t.id, t.name, t.key, t.sequence, t.trusted_at, t.read_at, t.withdrawn_at)
    return sa.select(*names, items.label("items"))


def _partner(row: Any) -> Partner:
    return Partner(**{**row, "key": base64.b64decode(row["key"])})


def _spelled(public: bytes) -> str:
    return base64.b64encode(public).decode()
