"""Who said what of an account, row by row; and an account made anew of what those say whose word counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.model.account_record import ImportedList
from bot.model.ids import new_id
from bot.storage.tables import account_names, accounts, photos
from bot.storage.tables import account_reports as t

#: Whose word counts: neither its reporter nor its list was withdrawn.
LIVE: Final = sa.and_(t.c.withdrawn_at.is_(None), t.c.list_withdrawn_at.is_(None))
_PIECE = 5_000
# Of an account's own marks the first that was said stays, of what is told about it the last.
_FIRST = ("handle", "handle_key", "numeric_id")
_LAST = ("farm", "reason")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReport:
    """That somebody said something of an account; `said` by the names of what it brought."""

    newsroom_id: int
    account_id: int
    member_id: int | None
    batch: str | None
    lister: str
    source: str
    said: Mapping[str, Any]
    at: datetime


class Heard(NamedTuple):
    """A word that counts, or is held: of which account, whose, and when."""

    account_id: int
    member_id: int | None
    batch: str | None
    is_held: bool
    at: datetime


class Brought(NamedTuple):
    """A word that counts and brought a photo to an account."""

    photo_id: int
    account_id: int
    member_id: int | None
    batch: str | None
    at: datetime


async def photos_brought(conn: AsyncConnection, newsroom_id: int, account_ids: Collection[int]) -> list[Brought]:
    """Who brought which photo to these accounts."""
    query = sa.select(t.c.said, t.c.account_id, t.c.member_id, t.c.batch, t.c.at)
    query = query.where(t.c.newsroom_id == newsroom_id, t.c.account_id.in_(list(account_ids)), LIVE)
    return [
        Brought(int(photo), row.account_id, row.member_id, row.batch, row.at)
        for row in (await conn.execute(query)).all()
        for photo in row.said.get("photos", ())
    ]


async def add(conn: AsyncConnection, report: NewReport) -> None:
    """Keep what somebody said."""
    row = {name: getattr(report, name) for name in NewReport.__dataclass_fields__} | {"id": new_id()}
    await conn.execute(sa.insert(t), [row | {"said": dict(report.said)}])


async def heard(conn: AsyncConnection, newsroom_id: int, ids: Collection[int] | None) -> list[Heard]:
    """The words that count, or are held, of these accounts; of all for None."""
    columns = (t.c.account_id, t.c.member_id, t.c.batch, t.c.is_held, sa.func.min(t.c.at).label("at"))
    query = sa.select(*columns).where(t.c.newsroom_id == newsroom_id, LIVE).group_by(*columns[:4])
    if ids is None:
        return [Heard(*row) for row in (await conn.execute(query)).all()]
    found, wanted = [], list(ids)
    for start in range(0, len(wanted), _PIECE):
        some = query.where(t.c.account_id.in_(wanted[start : start + _PIECE]))
        found += [Heard(*row) for row in (await conn.execute(some)).all()]
    return found


def only_held(newsroom_id: int) -> sa.Select[tuple[int]]:
    """Suspected accounts of which every word is held: until an admin has looked they count nowhere."""
    own = (t.c.newsroom_id == newsroom_id, LIVE)
    of_it = sa.select(t.c.account_id).join(accounts, accounts.c.id == t.c.account_id).where(*own)
    suspected = of_it.where(accounts.c.status == AccountStatus.SUSPECTED.value)
    return suspected.group_by(t.c.account_id).having(sa.func.min(sa.cast(t.c.is_held, sa.Integer)) == 1)


async def of_member(conn: AsyncConnection, newsroom_id: int, member_id: int) -> list[int]:
    """Every account of which a member ever said something."""
    query = sa.select(t.c.account_id).distinct().where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    return sorted((await conn.execute(query)).scalars())


async def of_batch(conn: AsyncConnection, newsroom_id: int, batch: str) -> list[int]:
    """Every account of a list."""
    query = sa.select(t.c.account_id).distinct().where(t.c.newsroom_id == newsroom_id, t.c.batch == batch)
    return sorted((await conn.execute(query)).scalars())


async def lately(conn: AsyncConnection, newsroom_id: int, member_id: int, since: datetime) -> list[int]:
    """Accounts that a member listed by hand since a moment."""
    query = sa.select(t.c.account_id).distinct().where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    return sorted((await conn.execute(query.where(t.c.at >= since, t.c.batch.is_(None), LIVE))).scalars())


async def hold(
    conn: AsyncConnection, newsroom_id: int, member_id: int, ids: Collection[int] | None, *, held: bool
) -> int:
    """Words of a member about these accounts (None: all) do not count until somebody looked, or count again."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id, t.c.is_held.is_(not held))
    if ids is not None:
        mine = mine.where(t.c.account_id.in_(list(ids)), t.c.batch.is_(None))
    return (await conn.execute(mine.values(is_held=held))).rowcount


async def count_held(conn: AsyncConnection, newsroom_id: int, member_id: int) -> int:
    """Of how many accounts a member's words are held."""
    query = sa.select(sa.func.count(sa.distinct(t.c.account_id))).where(
        t.c.newsroom_id == newsroom_id, t.c.member_id == member_id, t.c.is_held.is_(True), LIVE
    )
    return int(await conn.scalar(query) or 0)


async def is_left_out(conn: AsyncConnection, newsroom_id: int, member_id: int) -> bool:
    """Whether there is something that a member said and that does not count."""
    query = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    return (await conn.execute(query.where(t.c.withdrawn_at.is_not(None)).limit(1))).first() is not None


async def withdraw_member(conn: AsyncConnection, newsroom_id: int, member_id: int, at: datetime | None) -> None:
    """A member's words no longer count from a moment on; for None they count again."""
    turned = t.c.withdrawn_at.is_(None) if at is not None else t.c.withdrawn_at.is_not(None)
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id, turned)
    await conn.execute(mine.values(withdrawn_at=at))


async def withdraw_batch(conn: AsyncConnection, newsroom_id: int, batch: str, at: datetime | None) -> None:
    """What a list says no longer counts from a moment on; for None it counts again."""
    turned = t.c.list_withdrawn_at.is_(None) if at is not None else t.c.list_withdrawn_at.is_not(None)
    its = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.batch == batch, turned)
    await conn.execute(its.values(list_withdrawn_at=at))


async def batches(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[ImportedList]:
    """The latest lists that were taken in."""
    query = (
        sa.select(t.c.batch, sa.func.min(t.c.lister), sa.func.count(sa.distinct(t.c.account_id)))
        .add_columns(sa.func.min(t.c.at), sa.func.count(t.c.list_withdrawn_at))
        .where(t.c.newsroom_id == newsroom_id, t.c.batch.is_not(None))
        .group_by(t.c.batch)
        .order_by(sa.func.max(t.c.id).desc())
        .limit(limit)
    )
    return [ImportedList(row[0], row[1], row[2], row[3], bool(row[4])) for row in (await conn.execute(query)).all()]


async def photo_ids(conn: AsyncConnection, newsroom_id: int, account_id: int, shas: Collection[str]) -> list[int]:
    """The photos of an account that have these bytes."""
    p = photos.c
    query = sa.select(p.id).where(p.newsroom_id == newsroom_id, p.account_id == account_id, p.sha256.in_(list(shas)))
    return sorted((await conn.execute(query)).scalars())


async def moments(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> set[datetime]:
    """When words about these accounts were withdrawn, whether or not they count again by now."""
    query = sa.select(t.c.withdrawn_at, t.c.list_withdrawn_at).where(
        t.c.newsroom_id == newsroom_id, t.c.account_id.in_(list(ids))
    )
    return {at for row in (await conn.execute(query)).all() for at in row if at is not None}


async def rebuild(
    conn: AsyncConnection, newsroom_id: int, account_id: int, now: datetime, undone: Collection[datetime] = ()
) -> bool:
    """Make an account of what counts now; photos hidden at the moments `undone` come back. False: nothing counts."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.account_id == account_id).order_by(t.c.id)
    rows = (await conn.execute(query)).all()
    live = [row for row in rows if row.withdrawn_at is None and row.list_withdrawn_at is None]
    if not live:
        return not rows
    await _set_row(conn, account_id, rows, live)
    await _set_names(conn, newsroom_id, account_id, rows, live)
    await _set_photos(conn, rows, live, now, undone)
    return True


async def _set_row(conn: AsyncConnection, account_id: int, rows: Sequence[Any], live: Sequence[Any]) -> None:
    first = live[0]
    values: dict[str, Any] = {name: getattr(first, name) for name in ("lister", "batch", "source")}
    values |= {"listed_by": first.member_id, "listed_at": first.at}
    for name in (*_FIRST, *_LAST):
        if not any(row.said.get(name) for row in rows):
            continue  # Nobody is on record for it: it stays.
        said = [row.said[name] for row in live if row.said.get(name)]
        values[name] = (said[0] if name in _FIRST else said[-1]) if said else None
    await conn.execute(sa.update(accounts).where(accounts.c.id == account_id).values(**values))


async def _set_names(
    conn: AsyncConnection, newsroom_id: int, account_id: int, rows: Sequence[Any], live: Sequence[Any]
) -> None:
    said = {name: key for row in live for name, key in (row.said.get("names") or {}).items()}
    gone = {name for row in rows for name in row.said.get("names") or {}} - said.keys()
    n = account_names
    if gone:
        await conn.execute(sa.delete(n).where(n.c.account_id == account_id, n.c.name.in_(sorted(gone))))
    there = set((await conn.execute(sa.select(n.c.name).where(n.c.account_id == account_id))).scalars())
    new = [
        {"id": new_id(), "newsroom_id": newsroom_id, "account_id": account_id, "name": name, "name_key": key}
        for name, key in said.items()
        if name not in there
    ]
    if new:
        await conn.execute(sa.insert(n), new)


async def _set_photos(
    conn: AsyncConnection, rows: Sequence[Any], live: Sequence[Any], now: datetime, undone: Collection[datetime]
) -> None:
    shown = {i for row in live for i in row.said.get("photos") or ()}
    hidden = {i for row in rows for i in row.said.get("photos") or ()} - shown
    p = photos
    if hidden:
        away = sa.update(p).where(p.c.id.in_(sorted(hidden)), p.c.withdrawn_at.is_(None))
        await conn.execute(away.values(withdrawn_at=now))
    if shown and undone:
        back = sa.update(p).where(p.c.id.in_(sorted(shown)), p.c.withdrawn_at.in_(list(undone)))
        await conn.execute(back.values(withdrawn_at=None))
