"""Exports and lists that left the house: which accounts each held, so that a cleared one calls them back."""

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import Account, AccountStatus, account_label
from bot.model.account_record import Share
from bot.model.ids import new_id
from bot.storage.tables import account_share_rows as rows
from bot.storage.tables import account_shares as t
from bot.storage.tables import accounts, members
from bot.storage.upsert import insert_ignoring

_CHUNK = 2_000


async def begin(
    conn: AsyncConnection, newsroom_id: int, member_id: int | None, form: str, name: str, now: datetime
) -> int:
    """A new export or list; returns its id. `form` is csv, xlsx, jsonl, or what kind of list it is."""
    share_id = new_id()
    row = {"id": share_id, "newsroom_id": newsroom_id, "member_id": member_id, "form": form, "name": name[:200]}
    await conn.execute(sa.insert(t), [row | {"rows": 0, "made_at": now}])
    return share_id


async def hold(conn: AsyncConnection, newsroom_id: int, share_id: int, held: Iterable[Account]) -> None:
    """Keep that it holds these accounts, with the status that it shows."""
    values: list[dict[str, object]] = [
        {"share_id": share_id, "account_id": each.id, "newsroom_id": newsroom_id, "status": each.status.value}
        for each in held
    ]
    for chunk in _chunks(values):
        await insert_ignoring(conn, rows, chunk, ["share_id", "account_id"])
    own = sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == share_id)
    await conn.execute(sa.update(t).where(own).values(rows=t.c.rows + len(values)))


def _chunks(values: list[dict[str, object]]) -> Iterable[list[dict[str, object]]]:
    """Rows in lists that one statement takes."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


async def get(conn: AsyncConnection, newsroom_id: int, share_id: int) -> Share | None:
    """An export or a list."""
    found = await _load(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == share_id), None)
    return found[0] if found else None


async def accounts_in(conn: AsyncConnection, newsroom_id: int, share_id: int) -> list[int]:
    """The accounts that it holds."""
    query = sa.select(rows.c.account_id).where(rows.c.newsroom_id == newsroom_id, rows.c.share_id == share_id)
    return list((await conn.execute(query.order_by(rows.c.account_id))).scalars())


async def holding(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[Share]:
    """What held an account, oldest first."""
    held = sa.select(rows.c.share_id).where(rows.c.newsroom_id == newsroom_id, rows.c.account_id == account_id)
    return await _load(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.id.in_(held)), None)


async def recent(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[Share]:
    """The latest ones, each with the accounts in it that are cleared now."""
    return await _load(conn, t.c.newsroom_id == newsroom_id, limit)


async def _load(conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int | None) -> list[Share]:
    query = (
        sa.select(t, members.c.name.label("member")).outerjoin(members, members.c.id == t.c.member_id).where(condition)
    )
    query = query.order_by(t.c.id.desc()).limit(limit) if limit is not None else query.order_by(t.c.id)
    found = (await conn.execute(query)).all()
    cleared = await _cleared(conn, [row.id for row in found])
    return [
        Share(
            id=row.id,
            member_id=row.member_id,
            member=row.member,
            form=row.form,
            name=row.name,
            rows=row.rows,
            made_at=row.made_at,
            cleared=cleared.get(row.id, ()),
        )
        for row in found
    ]


async def _cleared(conn: AsyncConnection, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Accounts that were not cleared when they left the house, and are now."""
    a, found = accounts.c, dict[int, tuple[str, ...]]()
    query = (
        sa.select(rows.c.share_id, a.platform, a.handle, a.numeric_id)
        .join(accounts, a.id == rows.c.account_id)
        .where(rows.c.share_id.in_(ids), a.status == AccountStatus.CLEARED.value)
        .where(rows.c.status != AccountStatus.CLEARED.value)
        .order_by(a.id)
    )
    for row in (await conn.execute(query)).all():
        label = account_label(row.platform, row.handle, row.numeric_id, ())
        found[row.share_id] = (*found.get(row.share_id, ()), label)
    return found
