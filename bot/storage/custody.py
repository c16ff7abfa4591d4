"""The custody log's tables: what waits to be numbered, the lines, their sealed bodies, the subjects' keys.

`put` belongs into the transaction that does what is logged; numbering is one sequencer's work, for writers that each
took the log's end in turn were nine times slower on PostgreSQL.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.storage.direct import Add, Steps, take
from bot.storage.tables import custody_bodies as bodies
from bot.storage.tables import custody_checkpoints as checkpoints
from bot.storage.tables import custody_entries as entries
from bot.storage.tables import custody_keys as keys
from bot.storage.tables import custody_logs as logs
from bot.storage.tables import custody_pending as waiting
from bot.storage.upsert import insert_ignoring

_HASH = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEntry:
    """Something that was done: to which row, and what of it is to be remembered (JSON; member ids under "by")."""

    newsroom_id: int
    kind: str
    noun: str
    row_id: int
    body: Mapping[str, Any]
    at: datetime
    id: int = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogState:
    """Where a log ends: how many lines, the last one's leaf, the frontier of its tree."""

    size: int
    head: bytes
    frontier: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedEntry:
    """A line with its number, its body sealed."""

    seq: int
    at: str
    kind: str
    subject: str
    commitment: bytes
    prev: bytes
    leaf: bytes
    sealed: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptCheckpoint:
    """A signed note that was made, with the time-stamping authority's answer to it."""

    id: int
    newsroom_id: int
    size: int
    root: bytes
    note: str
    token: bytes | None
    at: datetime


async def put(conn: AsyncConnection, new: Iterable[NewEntry]) -> None:
    """Let these be logged: they are, if and only if this transaction is committed."""
    columns = ("id", "newsroom_id", "kind", "noun", "row_id", "body", "at")
    rows = [{name: getattr(each, name) for name in columns} for each in new]
    if rows:
        # One turn of the driver's thread: every forward comes by here.
        await take(conn, _added(rows))


def _added(rows: Sequence[Mapping[str, Any]]) -> Steps[None]:
    yield Add(waiting, rows)


async def unnumbered(conn: AsyncConnection) -> list[int]:
    """The newsrooms for which something waits."""
    return list((await conn.execute(sa.select(waiting.c.newsroom_id).distinct())).scalars())


async def lock(conn: AsyncConnection, newsroom_id: int) -> LogState:
    """The end of the log, held until the transaction ends: nobody else adds a line meanwhile."""
    empty = {"newsroom_id": newsroom_id, "size": 0, "head": bytes(_HASH), "frontier": b""}
    await insert_ignoring(conn, logs, [empty], ["newsroom_id"])
    return _state((await conn.execute(_log_of(newsroom_id).with_for_update())).one())


async def state(conn: AsyncConnection, newsroom_id: int) -> LogState | None:
    """The end of the log as it is noted; None before its first line."""
    row = (await conn.execute(_log_of(newsroom_id))).one_or_none()
    return _state(row) if row is not None else None


async def oldest_waiting(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[NewEntry]:
    """What waits to be numbered, in its order."""
    query = sa.select(waiting).where(waiting.c.newsroom_id == newsroom_id).order_by(waiting.c.id).limit(limit)
    return [NewEntry(**row) for row in (await conn.execute(query)).mappings()]


async def append(
    conn: AsyncConnection, newsroom_id: int, new: Sequence[SealedEntry], end: LogState, done: Collection[int]
) -> None:
    """Add lines, note the new end, and drop what waited for them (`done`: its ids)."""
    lines = ("seq", "at", "kind", "subject", "commitment", "prev", "leaf")
    own = {"newsroom_id": newsroom_id}
    await conn.execute(sa.insert(entries), [own | {name: getattr(each, name) for name in lines} for each in new])
    await conn.execute(sa.insert(bodies), [own | {"seq": each.seq, "sealed": each.sealed} for each in new])
    values = {"size": end.size, "head": end.head, "frontier": b"".join(end.frontier)}
    await conn.execute(sa.update(logs).where(logs.c.newsroom_id == newsroom_id).values(values))
    # One by one through the driver's executemany: a list of five hundred parameters is a new statement each time.
    gone = sa.delete(waiting).where(waiting.c.id == sa.bindparam("b_id"))
    if done:
        await conn.execute(gone, [{"b_id": each} for each in done])


async def keys_of(conn: AsyncConnection, newsroom_id: int, subjects: Collection[str]) -> dict[str, bytes]:
    """The wrapped keys of these subjects, as far as they have one."""
    query = sa.select(keys.c.subject, keys.c.wrapped)
    query = query.where(keys.c.newsroom_id == newsroom_id, keys.c.subject.in_(subjects))
    return {row.subject: row.wrapped for row in (await conn.execute(query)).all()}


async def all_keys(conn: AsyncConnection, newsroom_id: int) -> dict[str, Any]:
    """Every wrapped key of a newsroom."""
    query = sa.select(keys.c.subject, _raw(keys.c.wrapped)).where(keys.c.newsroom_id == newsroom_id)
    return {row.subject: row.wrapped for row in (await conn.execute(query)).all()}


async def add_keys(conn: AsyncConnection, newsroom_id: int, wrapped: Mapping[str, bytes]) -> None:
    """Keep the wrapped keys of new subjects."""
    rows = [{"newsroom_id": newsroom_id, "subject": subject, "wrapped": key} for subject, key in wrapped.items()]
    if rows:
        await conn.execute(sa.insert(keys), rows)


async def destroy_keys(conn: AsyncConnection, newsroom_id: int, subjects: Collection[str]) -> int:
    """Delete subjects' keys: what the log holds of them can never be opened again. Returns how many there were."""
    gone = sa.delete(keys).where(keys.c.newsroom_id == newsroom_id, keys.c.subject.in_(subjects))
    return (await conn.execute(gone)).rowcount


async def erasures(conn: AsyncConnection, newsroom_id: int) -> dict[str, int]:
    """For each subject that was erased, or whose words were sealed, the last line that says so."""
    query = sa.select(entries.c.subject, sa.func.max(entries.c.seq).label("seq"))
    query = query.where(entries.c.newsroom_id == newsroom_id, entries.c.kind.in_(("erased", "sealed")))
    return {row.subject: row.seq for row in (await conn.execute(query.group_by(entries.c.subject))).all()}


async def page(conn: AsyncConnection, newsroom_id: int, after: int, size: int) -> list[Mapping[str, Any]]:
    """Lines behind number `after`, each with its sealed body (None: there is none), as the database has them."""
    query = _lines().where(entries.c.newsroom_id == newsroom_id, entries.c.seq > after)
    return [dict(row) for row in (await conn.execute(query.order_by(entries.c.seq).limit(size))).mappings()]


async def newest(
    conn: AsyncConnection, newsroom_id: int, kinds: Collection[str], before: int | None, size: int
) -> list[Mapping[str, Any]]:
    """Lines of these kinds before number `before`, the newest first, as `page` gives them."""
    query = _lines().where(entries.c.newsroom_id == newsroom_id, entries.c.kind.in_(kinds))
    if before is not None:
        query = query.where(entries.c.seq < before)
    return [dict(row) for row in (await conn.execute(query.order_by(entries.c.seq.desc()).limit(size))).mappings()]


async def of_subjects(conn: AsyncConnection, newsroom_id: int, subjects: Collection[str]) -> list[Mapping[str, Any]]:
    """The lines about these subjects, in their order, as `page` gives them."""
    query = _lines().where(entries.c.newsroom_id == newsroom_id, entries.c.subject.in_(subjects))
    return [dict(row) for row in (await conn.execute(query.order_by(entries.c.seq))).mappings()]


async def leaves(conn: AsyncConnection, newsroom_id: int, after: int, size: int) -> list[bytes]:
    """The leaves behind number `after`."""
    query = sa.select(entries.c.leaf).where(entries.c.newsroom_id == newsroom_id, entries.c.seq > after)
    return list((await conn.execute(query.order_by(entries.c.seq).limit(size))).scalars())


async def add_checkpoint(conn: AsyncConnection, newsroom_id: int, made: KeptCheckpoint) -> None:
    """Keep a signed note."""
    columns = ("id", "size", "root", "note", "token", "at")
    row = {name: getattr(made, name) for name in columns} | {"newsroom_id": newsroom_id}
    await conn.execute(sa.insert(checkpoints), [row])


async def set_token(conn: AsyncConnection, newsroom_id: int, checkpoint_id: int, token: bytes) -> None:
    """Keep the time-stamping authority's answer to a note."""
    here = (checkpoints.c.newsroom_id == newsroom_id, checkpoints.c.id == checkpoint_id)
    await conn.execute(sa.update(checkpoints).where(*here).values(token=token))


async def last_checkpoint(conn: AsyncConnection, newsroom_id: int) -> KeptCheckpoint | None:
    """The newest signed note."""
    query = sa.select(checkpoints).where(checkpoints.c.newsroom_id == newsroom_id)
    row = (await conn.execute(query.order_by(checkpoints.c.id.desc()).limit(1))).mappings().one_or_none()
    return KeptCheckpoint(**row) if row is not None else None


async def notes(conn: AsyncConnection, newsroom_id: int) -> list[Any]:
    """Every signed note that the database holds, oldest first."""
    query = sa.select(checkpoints.c.note).where(checkpoints.c.newsroom_id == newsroom_id)
    return list((await conn.execute(query.order_by(checkpoints.c.id))).scalars())


def _lines() -> sa.Select[Any]:
    here = sa.and_(bodies.c.newsroom_id == entries.c.newsroom_id, bodies.c.seq == entries.c.seq)
    return sa.select(*map(_raw, entries.c), _raw(bodies.c.sealed)).outerjoin(bodies, here)


def _raw(column: sa.Column[Any]) -> sa.Label[Any]:
    # SQLite keeps any value in any column, and a number read as bytes would be that many zeros.
    return sa.type_coerce(column, sa.types.NULLTYPE).label(column.name)


def _log_of(newsroom_id: int) -> sa.Select[tuple[Any, ...]]:
    return sa.select(logs.c.size, logs.c.head, logs.c.frontier).where(logs.c.newsroom_id == newsroom_id)


def _state(row: Any) -> LogState:
    frontier = tuple(row.frontier[i : i + _HASH] for i in range(0, len(row.frontier), _HASH))
    return LogState(size=row.size, head=row.head, frontier=frontier)
