"""Reports to platforms as files tell of them: what people here made of one since is their word, and no file's."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.takedown import OPEN, TakedownEntry, TakedownStatus
from bot.storage import sayings, takedowns
from bot.storage.lists import among, number_list
from bot.storage.sayings import WHOLE, Kind, Said, Values
from bot.storage.tables import takedowns as t

_MOMENTS: Final = ("sent_at", "answered_at", "closed_at", "recheck_at")
_WORDS: Final = ("status", "channel", "ticket", "answer", "note", "why")
#: What a file may add where nothing is known yet.
_ADDED: Final = ("ticket", "answer", "answered_at")
_OFF: Final = TakedownStatus.WITHDRAWN.value
_WAITS: Final = {each.value for each in OPEN}


def told_of(entry: TakedownEntry) -> Said:
    """What a file says of a report."""
    told: dict[str, Any] = {name: getattr(entry, name) for name in _WORDS}
    told |= {"status": entry.status.value, "channel": entry.channel.value, "why": [code.value for code in entry.why]}
    return told | {name: _spelled(getattr(entry, name)) for name in _MOMENTS}


def _spelled(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _fold(words: Sequence[Said]) -> Said | None:
    made: Said | None = None
    for said in words:
        made = _with(made, said)
    return made


def _with(made: Said | None, said: Said) -> Said | None:
    """What a file knows beyond the ledger; an outcome that stands there is never overwritten."""
    if WHOLE in said:
        whole: Said | None = said[WHOLE]
        return whole
    if made is None:
        return said
    new = {name: said[name] for name in _ADDED if said[name] and not made[name]}
    if made["status"] in _WAITS and said["status"] not in (made["status"], TakedownStatus.SENT.value):
        new |= {"status": said["status"], "closed_at": said["closed_at"]}
        if said["status"] not in _WAITS:
            new["recheck_at"] = None
    return {**made, **new}


async def _load(conn: AsyncConnection, newsroom_id: int, row_ids: Collection[int]) -> Values:
    query = sa.select(t.c.id, *(t.c[name] for name in (*_WORDS, *_MOMENTS)))
    mine = (t.c.newsroom_id == newsroom_id, among(t.c.id, number_list("ids", row_ids)))
    rows = (await conn.execute(query.where(*mine))).mappings().all()
    return {row["id"]: None if row["status"] == _OFF else _made_of(dict(row)) for row in rows}


def _made_of(row: Mapping[str, Any]) -> Said:
    told = {name: row[name] for name in _WORDS} | {"why": list(row["why"])}
    return told | {name: _spelled(row[name]) for name in _MOMENTS}


async def _write(conn: AsyncConnection, newsroom_id: int, rows: Values, _now: datetime) -> None:
    for row_id, made in rows.items():
        if made is None:
            off: dict[str, Any] = {"status": _OFF, "recheck_at": None, "remind_at": None}
            await takedowns.change(conn, newsroom_id, row_id, **off)
            continue
        values = dict(made) | {name: _moment(made[name]) for name in _MOMENTS}
        recheck = values["recheck_at"]
        # Of what comes back somebody is reminded again; of what stood they may have been.
        again = sa.literal(recheck, type_=t.c.remind_at.type)
        values["remind_at"] = None if recheck is None else sa.case((t.c.status == _OFF, again), else_=t.c.remind_at)
        await takedowns.change(conn, newsroom_id, row_id, **values)
    await _count_attempts(conn, newsroom_id, rows)


def _moment(spelled: str | None) -> datetime | None:
    return None if spelled is None else datetime.fromisoformat(spelled)


async def _count_attempts(conn: AsyncConnection, newsroom_id: int, row_ids: Collection[int]) -> None:
    """Which attempt a report is, among those of the same thing that count now."""
    keys = sa.select(t.c.target_key).where(t.c.newsroom_id == newsroom_id, among(t.c.id, number_list("ids", row_ids)))
    query = sa.select(t.c.id, t.c.target_key, t.c.attempt, t.c.previous_id)
    query = query.where(t.c.newsroom_id == newsroom_id, t.c.status != _OFF, t.c.target_key.in_(keys)).order_by(t.c.id)
    last: dict[str, tuple[int | None, int]] = {}
    for row in (await conn.execute(query)).all():
        before, attempt = last.get(row.target_key, (None, 0))
        if (row.previous_id, row.attempt) != (before, attempt + 1):
            await takedowns.change(conn, newsroom_id, row.id, previous_id=before, attempt=attempt + 1)
        last[row.target_key] = (row.id, attempt + 1)


TAKEDOWN: Final = Kind(noun="takedown", fold=_fold, load=_load, write=_write)


async def of_target(conn: AsyncConnection, newsroom_id: int, target_key: str) -> list[tuple[int, Said]]:
    """Every report of the same thing that counts, or that withdrawn files tell of: what was last known of each."""
    query = sa.select(t.c.id, t.c.status).where(t.c.newsroom_id == newsroom_id, t.c.target_key == target_key)
    statuses = {row.id: row.status for row in (await conn.execute(query.order_by(t.c.id))).all()}
    rows = await _load(conn, newsroom_id, statuses)
    heard = await sayings.of_rows(conn, newsroom_id, TAKEDOWN.noun, [i for i, row in rows.items() if row is None])
    found: list[tuple[int, Said]] = []
    for row_id in statuses:
        told = heard.get(row_id, [])
        # What a person withdrew stands in nobody's way; what only its file took away is the same report again.
        is_files = _fold(sayings.standing(told)) is None
        there = rows[row_id] or (_fold([each.said for each in told]) if is_files else None)
        if there is not None:
            found.append((row_id, there))
    return found
