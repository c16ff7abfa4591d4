"""Listed social-media accounts: their names in every script, their photos, and who decided what about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import Account, AccountEntry, AccountStatus, account_label
from bot.model.ids import new_id
from bot.storage import account_reports
from bot.storage.account_reports import NewReport
from bot.storage.tables import account_details, account_names, account_rulings, accounts, photos


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Who lists an account, in which batch, and when."""

    newsroom_id: int
    member_id: int | None
    lister: str
    batch: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """What the laboratory makes of an account's handle and names, to find it again."""

    handle: str | None
    names: dict[str, str]


class Ruled(NamedTuple):
    """One person's word on an account."""

    id: int
    member_id: int
    ruling: str
    at: datetime


async def find(conn: AsyncConnection, newsroom_id: int, entry: AccountEntry, keys: Keys) -> int | None:
    """The listed account that an entry speaks of: the same platform and handle, or id; of a merged one, what it is."""
    t = accounts.c
    ways = []
    if keys.handle:
        ways.append(t.handle_key == keys.handle)
    if entry.numeric_id:
        ways.append(t.numeric_id == entry.numeric_id)
    if not ways:
        return None
    d = account_details.c
    query = sa.select(sa.func.coalesce(d.merged_into, t.id)).outerjoin(account_details, d.account_id == t.id)
    query = query.where(t.newsroom_id == newsroom_id, t.platform == entry.platform, sa.or_(*ways))
    found: int | None = await conn.scalar(query.order_by(t.id).limit(1))
    return found


async def put(conn: AsyncConnection, entry: AccountEntry, keys: Keys, listing: Listing) -> tuple[int, str]:
    """List an account as suspected, or add what is new about a listed one; says "added", "changed" or "same"."""
    account_id = await find(conn, listing.newsroom_id, entry, keys)
    if account_id is None:
        account_id = await _insert(conn, entry, keys, listing)
        await _add_names(conn, listing.newsroom_id, account_id, keys.names)
        await account_reports.add(conn, _report(account_id, entry, keys, listing))
        return account_id, "added"
    await account_reports.add(conn, _report(account_id, entry, keys, listing))
    changed = await _fill(conn, account_id, entry, keys)
    if await _list_again(conn, account_id):
        # Of what it was taken off the list for nothing is left.
        await account_reports.rebuild(conn, listing.newsroom_id, account_id, listing.at)
        changed = True
    named = await _add_names(conn, listing.newsroom_id, account_id, keys.names)
    if changed or named:
        await touch(conn, account_id, listing.at)
        return account_id, "changed"
    return account_id, "same"


async def add_names(conn: AsyncConnection, newsroom_id: int, account_id: int, keys: Keys, now: datetime) -> bool:
    """Keep names of a listed account; False when all of them are known."""
    added = await _add_names(conn, newsroom_id, account_id, keys.names)
    if added:
        await touch(conn, account_id, now)
    return added


async def lock(conn: AsyncConnection, account_id: int) -> None:
    """Hold an account until the transaction ends, so that two people who rule at once are both counted."""
    if conn.dialect.name == "postgresql":
        await conn.execute(sa.select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())


async def touch(conn: AsyncConnection, account_id: int, now: datetime) -> None:
    """Note that something about the account changed, so that indexes take it in again."""
    await conn.execute(sa.update(accounts).where(accounts.c.id == account_id).values(changed_at=now))


async def get(conn: AsyncConnection, newsroom_id: int, account_id: int) -> Account | None:
    """A listed account."""
    found = await _load(conn, sa.and_(accounts.c.newsroom_id == newsroom_id, accounts.c.id == account_id), 1)
    return found[0] if found else None


async def by_ids(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[Account]:
    """These accounts."""
    return await _load(conn, sa.and_(accounts.c.newsroom_id == newsroom_id, accounts.c.id.in_(ids)), len(ids))


async def changed_since(conn: AsyncConnection, newsroom_id: int, since: datetime | None) -> list[Account]:
    """Accounts listed or changed since a moment; all of them for None."""
    condition = accounts.c.newsroom_id == newsroom_id
    if since is not None:
        condition = sa.and_(condition, accounts.c.changed_at >= since)
    return await _load(conn, condition, None)


async def search(
    conn: AsyncConnection, newsroom_id: int, words: str, name_key: str, limit: int, offset: int = 0
) -> list[Account]:
    """Accounts whose handle, id, farm or any name holds the words; every one for no words. The newest come first."""
    t = accounts.c
    condition = t.newsroom_id == newsroom_id
    if words:
        named = sa.select(account_names.c.account_id).where(
            account_names.c.newsroom_id == newsroom_id,
            account_names.c.name_key.contains(name_key or words, autoescape=True),
        )
        held = [column.ilike(f"%{escape_like(words)}%", escape="/") for column in (t.handle, t.numeric_id, t.farm)]
        condition = sa.and_(condition, sa.or_(t.id.in_(named), *held))
    return await _load(conn, sa.and_(condition, t.id.not_in(_OFF_THE_LIST)), limit, offset)


async def count(conn: AsyncConnection, newsroom_id: int) -> int:
    """How many accounts stand on the list."""
    t = accounts.c
    query = sa.select(sa.func.count()).where(t.newsroom_id == newsroom_id, t.id.not_in(_OFF_THE_LIST))
    return int((await conn.execute(query)).scalar_one())


# Merged into others, or taken off with all that one member filed.
_OFF_THE_LIST = sa.select(account_details.c.account_id).where(
    sa.or_(account_details.c.merged_into.is_not(None), account_details.c.withdrawn_at.is_not(None))
)


def escape_like(words: str) -> str:
    """The words with LIKE's wildcards made plain; the escape character is a slash."""
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


async def batch_members(conn: AsyncConnection, newsroom_id: int, batch: str) -> list[int]:
    """Ids of the suspected accounts of an import batch."""
    t = accounts.c
    query = sa.select(t.id).where(
        t.newsroom_id == newsroom_id,
        t.batch == batch,
        t.status == AccountStatus.SUSPECTED.value,
        t.id.not_in(_OFF_THE_LIST),
    )
    return list((await conn.execute(query.order_by(t.id))).scalars())


async def rule(
    conn: AsyncConnection,
    newsroom_id: int,
    account_id: int,
    member_id: int,
    ruling: str,
    reason: str | None,
    at: datetime,
) -> bool:
    """Record one person's word on an account; False when the same person has confirmed it already.

    A confirmation is counted, so that it is said once; each other word stands with its own reason.
    """
    t = account_rulings.c
    row = {"newsroom_id": newsroom_id, "account_id": account_id, "member_id": member_id, "ruling": ruling}
    mine = sa.select(t.id).where(*(t[name] == value for name, value in row.items()))
    said = mine.where(t.live.is_(True), t.withdrawn_at.is_(None))
    if ruling == "confirm" and (await conn.execute(said)).first() is not None:
        return False
    await conn.execute(sa.insert(account_rulings), [row | {"id": new_id(), "reason": reason, "at": at, "live": True}])
    return True


async def end_rulings(conn: AsyncConnection, account_id: int, ruling: str) -> None:
    """Earlier words of a kind no longer count: a cleared account needs two people anew."""
    t = account_rulings
    await conn.execute(sa.update(t).where(t.c.account_id == account_id, t.c.ruling == ruling).values(live=False))


async def rulings_of(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[Ruled]:
    """The words on an account that were not withdrawn, in the order in which they were said."""
    t = account_rulings.c
    query = sa.select(t.id, t.member_id, t.ruling, t.at).where(
        t.newsroom_id == newsroom_id, t.account_id == account_id, t.withdrawn_at.is_(None)
    )
    return [Ruled(*row) for row in (await conn.execute(query.order_by(t.id))).all()]


async def ruled_by(conn: AsyncConnection, newsroom_id: int, member_id: int) -> list[int]:
    """Accounts on which a member's word counts."""
    t = account_rulings.c
    query = sa.select(t.account_id).distinct().where(t.newsroom_id == newsroom_id, t.member_id == member_id)
    return sorted((await conn.execute(query.where(t.live.is_(True), t.withdrawn_at.is_(None)))).scalars())


async def withdraw_rulings(conn: AsyncConnection, newsroom_id: int, member_id: int, at: datetime | None) -> list[int]:
    """A member's words no longer count from a moment on, for None they do again; the accounts that they are about."""
    t = account_rulings
    turned = t.c.withdrawn_at.is_(None) if at is not None else t.c.withdrawn_at.is_not(None)
    change = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id, turned)
    about = (await conn.execute(change.values(withdrawn_at=at).returning(t.c.account_id))).scalars()
    return sorted(set(about))


async def set_live(conn: AsyncConnection, account_id: int, live: Collection[int]) -> None:
    """Of the words on an account these count, and no others."""
    t = account_rulings
    of_it = sa.update(t).where(t.c.account_id == account_id)
    await conn.execute(of_it.values(live=t.c.id.in_(list(live))))


async def set_status(
    conn: AsyncConnection, account_id: int, status: AccountStatus, before: Sequence[AccountStatus], now: datetime
) -> bool:
    """Change the status if it is still one of `before`."""
    t = accounts
    change = sa.update(t).where(t.c.id == account_id, t.c.status.in_([s.value for s in before]))
    return (await conn.execute(change.values(status=status.value, changed_at=now))).rowcount == 1


async def _insert(conn: AsyncConnection, entry: AccountEntry, keys: Keys, listing: Listing) -> int:
    row: dict[str, Any] = {
        "id": new_id(),
        "newsroom_id": listing.newsroom_id,
        "platform": entry.platform,
        "handle": entry.handle,
        "handle_key": keys.handle,
        "numeric_id": entry.numeric_id,
        "status": AccountStatus.SUSPECTED.value,
        "farm": entry.farm,
        "reason": entry.reason,
        "source": entry.source,
        "batch": listing.batch,
        "listed_by": listing.member_id,
        "lister": listing.lister,
        "listed_at": listing.at,
        "changed_at": listing.at,
    }
    await conn.execute(sa.insert(accounts), [row])
    return int(row["id"])


def _report(account_id: int, entry: AccountEntry, keys: Keys, listing: Listing) -> NewReport:
    said = {
        "handle": entry.handle,
        "handle_key": keys.handle,
        "numeric_id": entry.numeric_id,
        "farm": entry.farm,
        "reason": entry.reason,
        "names": keys.names,
    }
    return NewReport(
        newsroom_id=listing.newsroom_id,
        account_id=account_id,
        member_id=listing.member_id,
        batch=listing.batch,
        lister=listing.lister,
        source=entry.source,
        said={name: value for name, value in said.items() if value},
        at=listing.at,
    )


async def _fill(conn: AsyncConnection, account_id: int, entry: AccountEntry, keys: Keys) -> bool:
    row = (await conn.execute(sa.select(accounts).where(accounts.c.id == account_id))).one()
    said = {
        "handle": entry.handle,
        "handle_key": keys.handle,
        "numeric_id": entry.numeric_id,
        "farm": entry.farm,
        "reason": entry.reason,
    }
    kept = {"handle", "handle_key", "numeric_id"}
    values = {
        name: value
        for name, value in said.items()
        if value and value != getattr(row, name) and not (name in kept and getattr(row, name))
    }
    if values:
        await conn.execute(sa.update(accounts).where(accounts.c.id == account_id).values(**values))
    return bool(values)


async def _list_again(conn: AsyncConnection, account_id: int) -> bool:
    """An account that was taken off with its reporter's other ones is on the list again when somebody lists it."""
    d = account_details
    there = sa.update(d).where(d.c.account_id == account_id, d.c.withdrawn_at.is_not(None))
    return (await conn.execute(there.values(withdrawn_at=None))).rowcount == 1


async def _add_names(conn: AsyncConnection, newsroom_id: int, account_id: int, names: dict[str, str]) -> bool:
    query = sa.select(account_names.c.name).where(account_names.c.account_id == account_id)
    there = set((await conn.execute(query)).scalars())
    rows = [
        {"id": new_id(), "newsroom_id": newsroom_id, "account_id": account_id, "name": name, "name_key": key}
        for name, key in names.items()
        if name not in there
    ]
    if rows:
        await conn.execute(sa.insert(account_names), rows)
    return bool(rows)


async def _load(
    conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int | None, offset: int = 0
) -> list[Account]:
    query = sa.select(accounts).where(condition).order_by(accounts.c.id.desc()).offset(offset or None)
    rows = (await conn.execute(query.limit(limit) if limit is not None else query)).all()
    ids = [row.id for row in rows]
    parents, withdrawn = await _standing(conn, ids)
    others = await _others(conn, ids)
    every = [*ids, *(other for held in others.values() for other, _ in held)]
    names = await _grouped(conn, account_names.c.account_id, account_names.c.name, account_names.c.id, every)
    stays = photos.c.withdrawn_at.is_(None)
    shas = await _grouped(conn, photos.c.account_id, photos.c.sha256, photos.c.id, every, stays)
    r = account_rulings.c
    said = await _grouped(conn, r.account_id, r.member_id, r.id, ids, _CONFIRMS)

    def gathered(of: dict[int, tuple[Any, ...]], account_id: int) -> tuple[Any, ...]:
        held = others.get(account_id, ())
        return tuple(dict.fromkeys(value for i in (account_id, *(o for o, _ in held)) for value in of.get(i, ())))

    return [
        replace(
            _account(row, gathered(names, row.id), gathered(shas, row.id), said.get(row.id, ())),
            merged_into=parents.get(row.id),
            is_withdrawn=row.id in withdrawn,
            others=others.get(row.id, ()),
        )
        for row in rows
    ]


async def _standing(conn: AsyncConnection, ids: Sequence[int]) -> tuple[dict[int, int], set[int]]:
    """Which of these accounts are others, by id; and which were taken off the list."""
    d = account_details.c
    parents: dict[int, int] = {}
    withdrawn: set[int] = set()
    for start in range(0, len(ids), _CHUNK):
        query = sa.select(d.account_id, d.merged_into, d.withdrawn_at).where(
            d.account_id.in_(ids[start : start + _CHUNK]),
            sa.or_(d.merged_into.is_not(None), d.withdrawn_at.is_not(None)),
        )
        for row in (await conn.execute(query)).all():
            if row.merged_into is not None:
                parents[row.account_id] = row.merged_into
            if row.withdrawn_at is not None:
                withdrawn.add(row.account_id)
    return parents, withdrawn


async def _others(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    """The accounts that were merged into each of these, with how they are called."""
    a, d = accounts.c, account_details.c
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for start in range(0, len(ids), _CHUNK):
        query = sa.select(d.merged_into, a.id, a.platform, a.handle, a.numeric_id).join(accounts, a.id == d.account_id)
        query = query.where(d.merged_into.in_(ids[start : start + _CHUNK])).order_by(a.id)
        for row in (await conn.execute(query)).all():
            label = account_label(row.platform, row.handle, row.numeric_id, ())
            found[row.merged_into] = (*found.get(row.merged_into, ()), (row.id, label))
    return found


_CHUNK = 5_000
_CONFIRMS = sa.and_(
    account_rulings.c.ruling == "confirm", account_rulings.c.live.is_(True), account_rulings.c.withdrawn_at.is_(None)
)


async def _grouped(
    conn: AsyncConnection,
    owner: sa.Column[Any],
    value: sa.Column[Any],
    order: sa.Column[Any],
    ids: Sequence[int],
    condition: sa.ColumnElement[bool] | None = None,
) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    for start in range(0, len(ids), _CHUNK):
        query = sa.select(owner, value).where(owner.in_(ids[start : start + _CHUNK])).order_by(order)
        for key, item in (await conn.execute(query if condition is None else query.where(condition))).all():
            found[key] = (*found.get(key, ()), item)
    return found


def _account(row: Any, names: tuple[str, ...], shas: tuple[str, ...], confirmations: tuple[int, ...]) -> Account:
    return Account(
        id=row.id,
        platform=row.platform,
        handle=row.handle,
        numeric_id=row.numeric_id,
        names=names,
        status=AccountStatus(row.status),
        farm=row.farm,
        reason=row.reason,
        source=row.source,
        batch=row.batch,
        listed_by=row.lister,
        listed_at=row.listed_at,
        photos=shas,
        confirmations=confirmations,
    )
