"""The ledger's rows: a row for each report of an account or a post, found again by what it is about."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.model.ids import new_id
from bot.model.takedown import Takedown, TakedownEntry, TakedownStatus
from bot.storage.members import lock_newsroom
from bot.storage.tables import accounts, members
from bot.storage.tables import takedowns as t

_WITHDRAWN: Final = TakedownStatus.WITHDRAWN.value
_LONGEST_SEARCHED: Final = 8000


async def lock(conn: AsyncConnection, newsroom_id: int) -> int:
    """Let one report at a time come into a newsroom's ledger; returns the last number that was given."""
    await lock_newsroom(conn, newsroom_id)
    return int(await conn.scalar(sa.select(sa.func.max(t.c.number)).where(t.c.newsroom_id == newsroom_id)) or 0)


async def add(
    conn: AsyncConnection, newsroom_id: int, number: int, entry: TakedownEntry, now: datetime, **given: Any
) -> int:
    """Write a report down; `given` are member_id, batch_id, previous_id, attempt, source. Returns its id."""
    aim = entry.aim
    row: dict[str, Any] = {
        "id": new_id(),
        "newsroom_id": newsroom_id,
        "number": number,
        "kind": aim.kind,
        "platform": aim.platform,
        "target": aim.target,
        "target_key": aim.key,
        "account_id": aim.account_id,
        "account": aim.account,
        "status": entry.status.value,
        "channel": entry.channel.value,
        "ticket": entry.ticket,
        "why": [code.value for code in entry.why],
        "evidence": list(entry.evidence),
        "note": entry.note,
        "answer": entry.answer,
        "searched": _searched(aim.target, aim.account, entry.ticket, entry.answer, entry.note),
        "attempt": 1,
        "recorded_at": now,
        "sent_at": entry.sent_at,
        "answered_at": entry.answered_at,
        "closed_at": entry.closed_at,
        "recheck_at": entry.recheck_at,
        "remind_at": entry.recheck_at,
    }
    await conn.execute(sa.insert(t), [row | given])
    return int(row["id"])


def _searched(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part).lower()[:_LONGEST_SEARCHED]


async def get(conn: AsyncConnection, newsroom_id: int, takedown_id: int) -> Takedown | None:
    """A report by its id."""
    found = await by_ids(conn, newsroom_id, [takedown_id])
    return found[0] if found else None


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> int | None:
    """The id of TD-number."""
    found: int | None = await conn.scalar(sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.number == number))
    return found


async def key_of(conn: AsyncConnection, newsroom_id: int, takedown_id: int) -> str:
    """By what the thing that a report is about is known again; empty for a report that there is not."""
    found = await conn.scalar(sa.select(t.c.target_key).where(t.c.newsroom_id == newsroom_id, t.c.id == takedown_id))
    return str(found or "")


async def by_ids(conn: AsyncConnection, newsroom_id: int, ids: Sequence[int]) -> list[Takedown]:
    """These reports, in this order."""
    found = {each.id: each for each in await _load(conn, newsroom_id, t.c.id.in_(list(ids)))}
    return [found[each] for each in ids if each in found]


async def of_target(conn: AsyncConnection, newsroom_id: int, target_key: str) -> list[Takedown]:
    """Every report of the same thing that counts, oldest first."""
    return await _load(conn, newsroom_id, t.c.target_key == target_key, t.c.status != _WITHDRAWN)


async def of_account(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[Takedown]:
    """Every report of an account or of its posts that counts, oldest first."""
    return await _load(conn, newsroom_id, t.c.account_id == account_id, t.c.status != _WITHDRAWN)


async def of_batch(conn: AsyncConnection, newsroom_id: int, batch_id: int) -> list[Takedown]:
    """What stands on a batch list, oldest first."""
    return await _load(conn, newsroom_id, t.c.batch_id == batch_id, t.c.status != _WITHDRAWN)


async def change(conn: AsyncConnection, newsroom_id: int, takedown_id: int, **values: Any) -> None:
    """Change what is known of a report; what free words are looked for in follows."""
    mine = sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == takedown_id)
    await conn.execute(sa.update(t).where(mine).values(**values))
    if not values.keys() & {"ticket", "answer", "note"}:
        return
    told = sa.select(t.c.target, t.c.account, t.c.ticket, t.c.answer, t.c.note).where(mine)
    found = (await conn.execute(told)).first()
    if found is not None:
        await conn.execute(sa.update(t).where(mine).values(searched=_searched(*found)))


async def move(
    conn: AsyncConnection,
    newsroom_id: int,
    ids: Collection[int],
    status: TakedownStatus,
    before: Collection[TakedownStatus],
    **values: Any,
) -> int:
    """Set the status of those that are still one of `before`; returns how many were."""
    mine = sa.and_(
        t.c.newsroom_id == newsroom_id, t.c.id.in_(list(ids)), t.c.status.in_([each.value for each in before])
    )
    return (await conn.execute(sa.update(t).where(mine).values(status=status.value, **values))).rowcount


async def due(conn: AsyncConnection, now: datetime, limit: int) -> list[tuple[int, Takedown]]:
    """Reports of every newsroom whose re-check is due, with the newsroom's id."""
    return await _load_all(conn, sa.and_(t.c.remind_at <= now, t.c.status != _WITHDRAWN), limit)


async def set_reminded(conn: AsyncConnection, takedown_id: int, now: datetime) -> bool:
    """Note that somebody is reminded; False when that was done already."""
    change = sa.update(t).where(t.c.id == takedown_id, t.c.remind_at <= now).values(remind_at=None)
    return (await conn.execute(change)).rowcount == 1


async def cleared(conn: AsyncConnection, limit: int) -> list[tuple[int, Takedown]]:
    """Reports of accounts that were cleared since, of which nobody was told; with the newsroom's id."""
    honest = sa.select(accounts.c.id).where(accounts.c.status == AccountStatus.CLEARED.value)
    told = sa.and_(t.c.recalled_at.is_(None), t.c.status != _WITHDRAWN)
    return await _load_all(conn, sa.and_(t.c.account_id.in_(honest), told), limit)


async def set_recalled(conn: AsyncConnection, takedown_id: int, now: datetime) -> bool:
    """Note that it was told; False when it was told already."""
    change = sa.update(t).where(t.c.id == takedown_id, t.c.recalled_at.is_(None)).values(recalled_at=now)
    return (await conn.execute(change)).rowcount == 1


async def _load(conn: AsyncConnection, newsroom_id: int, *conditions: sa.ColumnElement[bool]) -> list[Takedown]:
    found = await _load_all(conn, sa.and_(t.c.newsroom_id == newsroom_id, *conditions), None)
    return [each for _, each in found]


async def _load_all(
    conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int | None
) -> list[tuple[int, Takedown]]:
    query = sa.select(t, members.c.name.label("reporter")).outerjoin(members, members.c.id == t.c.member_id)
    query = query.where(condition).order_by(t.c.id).limit(limit)
    return [(row["newsroom_id"], _takedown(row)) for row in (await conn.execute(query)).mappings().all()]


def _takedown(row: Any) -> Takedown:
    values = {name: row[name] for name in Takedown.__dataclass_fields__}
    lists = {name: tuple(values[name]) if isinstance(values[name], list) else () for name in ("why", "evidence")}
    return Takedown(**(values | lists | {"status": TakedownStatus(values["status"])}))
