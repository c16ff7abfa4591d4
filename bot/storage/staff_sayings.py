"""Staff as files and people tell of them: names add up, the last position and member count, who is taken off is off."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import sayings
from bot.storage.lists import among, number_list
from bot.storage.sayings import WHOLE, Kind, Said, Values
from bot.storage.tables import members, staff_watches
from bot.storage.tables import staff as t

_NOBODY: Final[dict[str, Any]] = {"position": None, "aliases": [], "member": None}


def _fold(words: Sequence[Said]) -> Said | None:
    made, is_listed = dict(_NOBODY), False
    for said in words:
        if said.get("is_off"):
            is_listed = False
            continue
        told = said.get(WHOLE, said)
        if told is None:
            continue
        if "aliases" in told:
            is_listed = True
            made["aliases"] = list(dict.fromkeys([*made["aliases"], *told["aliases"]]))
            made["position"] = told["position"] or made["position"]
        if "member" in told:
            made["member"] = told["member"]
    return made if is_listed else None


async def _load(conn: AsyncConnection, newsroom_id: int, row_ids: Collection[int]) -> Values:
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, among(t.c.id, number_list("ids", row_ids)))
    return {row.id: _made_of(row) for row in (await conn.execute(query)).all()}


def _made_of(row: Any) -> Said | None:
    if row.removed_at is not None:
        return None
    return {"position": row.position, "aliases": list(row.aliases), "member": row.member_id}


async def _write(conn: AsyncConnection, newsroom_id: int, rows: Values, now: datetime) -> None:
    for row_id, made in rows.items():
        mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == row_id)
        if made is None:
            await conn.execute(mine.where(t.c.removed_at.is_(None)).values(removed_at=now))
            continue
        values = {"position": made["position"], "aliases": list(made["aliases"]), "removed_at": None}
        await conn.execute(mine.values(**values, member_id=_who_is_known(newsroom_id, made["member"])))


def _who_is_known(newsroom_id: int, member_id: int | None) -> Any:
    """The member, unless they were forgotten since: then their Telegram id is none of Telegram's."""
    m = members.c
    known = sa.select(m.id).where(m.id == member_id, m.newsroom_id == newsroom_id, m.telegram_id > 0)
    return None if member_id is None else known.scalar_subquery()


STAFF: Final = Kind(noun="staff", fold=_fold, load=_load, write=_write)


async def keep_basis(conn: AsyncConnection, newsroom_id: int, row: Any, now: datetime) -> None:
    """Of somebody who was listed before anybody kept who said so: what stands there is a person's word."""
    if await sayings.of_rows(conn, newsroom_id, STAFF.noun, [row.id]):
        return
    there = {"position": row.position, "aliases": list(row.aliases), "member": row.member_id}
    words: list[tuple[int, Said]] = [(row.id, {WHOLE: there})]
    if row.removed_at is not None:
        words.append((row.id, {"is_off": True}))
    await sayings.add(conn, newsroom_id, STAFF.noun, None, words, now)


async def keep_watched(conn: AsyncConnection, newsroom_id: int, row_ids: Collection[int], now: datetime) -> None:
    """Who agreed to be watched for is on the list by a person's word as well, by name alone."""
    w = staff_watches.c
    agreed = sa.select(w.staff_id).where(w.newsroom_id == newsroom_id, among(w.staff_id, number_list("ids", row_ids)))
    known = await sayings.of_rows(conn, newsroom_id, STAFF.noun, row_ids)
    unsaid: list[tuple[int, Said]] = [
        (row_id, {"aliases": [], "position": None})
        for row_id in (await conn.execute(agreed)).scalars()
        if row_id in known and _fold([each.said for each in known[row_id] if each.file_id is None]) is None
    ]
    await sayings.add(conn, newsroom_id, STAFF.noun, None, unsaid, now)
