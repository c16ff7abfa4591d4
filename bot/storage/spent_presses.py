"""Presses that had their effect: each works once, also when two processes take it up at the same moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import spent_presses as t
from bot.storage.upsert import insert_for


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """A press by who drew its button and by what it said."""

    newsroom_id: int
    drawn_by: int
    said: str


async def spend(conn: AsyncConnection, presses: Sequence[Spent], now: datetime) -> bool:
    """Use these up; False when one of them was used before, by whomever."""
    for each in presses:
        row = {"newsroom_id": each.newsroom_id, "drawn_by": each.drawn_by, "said": each.said, "at": now}
        used = insert_for(conn, t).values(row).on_conflict_do_nothing()
        if (await conn.execute(used)).rowcount != 1:
            return False
    return True
