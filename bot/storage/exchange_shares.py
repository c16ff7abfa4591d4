"""What we said: the files that were made, and of all in them until when it was said, so that it can be recalled."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.exchange import ItemKind, Recalled, SharedItem
from bot.model.ids import new_id
from bot.storage.tables import exchange_exports, exchange_files, exchange_shared
from bot.storage.upsert import insert_for

e, s, f = exchange_exports.c, exchange_shared.c, exchange_files.c
_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptExport:
    """A file that was made; `member_id` is who ordered it, none on the command line."""

    id: int
    member_id: int | None
    sequence: int
    form: str
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SentFile:
    """A file that a member sent; its state is "asking" or "done"."""

    id: int
    member_id: int
    name: str
    sha256: str
    state: str


async def last_sequence(conn: AsyncConnection, newsroom_id: int) -> int:
    """The number of the newest file; 0 before the first."""
    return int(await conn.scalar(sa.select(sa.func.max(e.sequence)).where(e.newsroom_id == newsroom_id)) or 0)


async def said(conn: AsyncConnection, newsroom_id: int, today: date) -> dict[str, Recalled]:
    """What we said that has not expired, by its name; and since which file it is recalled."""
    query = sa.select(s.item, s.kind, s.since, s.revoked_in).where(s.newsroom_id == newsroom_id, s.expires >= today)
    return {
        row.item: Recalled(kind=ItemKind(row.kind), since=row.since, revoked_in=row.revoked_in)
        for row in (await conn.execute(query.order_by(s.item))).all()
    }


async def note_said(conn: AsyncConnection, newsroom_id: int, items: Collection[SharedItem], sequence: int) -> None:
    """Note what a file says; what was recalled is said again."""
    rows: list[Mapping[str, Any]] = [
        {"newsroom_id": newsroom_id, "item": each.id, "kind": each.kind.value}
        | {"since": each.since, "expires": each.expires}
        | {"first_in": sequence, "last_in": sequence, "revoked_in": None}
        for each in items
    ]
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert_for(conn, exchange_shared)
        # Partners keep the longest time that they were told: so must we, to recall it.
        later = sa.case((statement.excluded.expires > s.expires, statement.excluded.expires), else_=s.expires)
        new = {"last_in": statement.excluded.last_in, "since": statement.excluded.since}
        new |= {"revoked_in": None, "expires": later}
        statement = statement.on_conflict_do_update(index_elements=["newsroom_id", "item"], set_=new)
        await conn.execute(statement, rows[start : start + _AT_ONCE])


async def note_revoked(conn: AsyncConnection, newsroom_id: int, names: Collection[str], sequence: int) -> None:
    """Note that a file recalls these; those that one before it recalled stay as they are."""
    ordered = sorted(names)
    for start in range(0, len(ordered), _AT_ONCE):
        mine = sa.and_(s.newsroom_id == newsroom_id, s.item.in_(ordered[start : start + _AT_ONCE]))
        change = sa.update(exchange_shared).where(mine, s.revoked_in.is_(None)).values(revoked_in=sequence)
        await conn.execute(change)


async def add_export(
    conn: AsyncConnection, newsroom_id: int, member_id: int | None, made: Mapping[str, Any], now: datetime
) -> int:
    """Note a file: sequence, form, sha256, and how many items it says and recalls; returns its id."""
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "member_id": member_id, "at": now}
    await conn.execute(sa.insert(exchange_exports), [row | dict(made)])
    return int(row["id"])


async def export_of(conn: AsyncConnection, newsroom_id: int, export_id: int) -> KeptExport | None:
    """A file that was made."""
    query = sa.select(e.id, e.member_id, e.sequence, e.form, e.sha256)
    query = query.where(e.newsroom_id == newsroom_id, e.id == export_id)
    row = (await conn.execute(query)).mappings().first()
    return KeptExport(**row) if row is not None else None


async def add_file(
    conn: AsyncConnection, newsroom_id: int, member_id: int, name: str, sha256: str, now: datetime
) -> int:
    """Keep a file that a member sent; returns its id."""
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "member_id": member_id}
    row |= {"name": name, "sha256": sha256, "state": "asking", "at": now}
    await conn.execute(sa.insert(exchange_files), [row])
    return int(row["id"])


async def file_of(conn: AsyncConnection, newsroom_id: int, sent_id: int) -> SentFile | None:
    """A file that a member sent."""
    query = sa.select(f.id, f.member_id, f.name, f.sha256, f.state)
    row = (await conn.execute(query.where(f.newsroom_id == newsroom_id, f.id == sent_id))).mappings().first()
    return SentFile(**row) if row is not None else None


async def finish_file(conn: AsyncConnection, newsroom_id: int, sent_id: int) -> None:
    """A file was taken in."""
    mine = sa.and_(f.newsroom_id == newsroom_id, f.id == sent_id)
    await conn.execute(sa.update(exchange_files).where(mine).values(state="done"))
