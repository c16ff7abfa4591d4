"""Checkpoints of our custody log that partners countersigned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.storage.tables import exchange_countersigns, exchange_partners
from bot.storage.upsert import insert_for

t = exchange_countersigns.c


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCountersign:
    """A checkpoint's note with a partner's line, and when that was signed."""

    partner_id: int
    size: int
    note: str
    signed_at: datetime


async def add(conn: AsyncConnection, newsroom_id: int, signed: NewCountersign, now: datetime) -> bool:
    """Keep a countersigned checkpoint; False when this partner's word on this size is kept already."""
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "partner_id": signed.partner_id, "at": now}
    row |= {"size": signed.size, "note": signed.note, "signed_at": signed.signed_at}
    statement = insert_for(conn, exchange_countersigns).values(row)
    statement = statement.on_conflict_do_nothing(index_elements=["partner_id", "size"])
    return (await conn.execute(statement)).rowcount == 1


async def notes(conn: AsyncConnection, newsroom_id: int) -> list[tuple[str, str, str]]:
    """Every kept note with its partner's key, in Base64, and name, the smallest log first."""
    p = exchange_partners.c
    query = (
        sa.select(t.note, p.key, p.name)
        .join(exchange_partners, p.id == t.partner_id)
        .where(t.newsroom_id == newsroom_id, p.withdrawn_at.is_(None))
        .order_by(t.size, t.id)
    )
    return [(str(row.note), str(row.key), str(row.name)) for row in (await conn.execute(query)).all()]
