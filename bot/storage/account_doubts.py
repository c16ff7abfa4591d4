"""What a member alone put on the list, and how much of what they reported was cleared."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus, account_label
from bot.storage.account_reports import LIVE
from bot.storage.tables import account_details, account_facts, account_reports, account_rulings, accounts, photos

_a, _d = accounts.c, account_details.c


async def listed_by(conn: AsyncConnection, newsroom_id: int) -> dict[int, tuple[int, int]]:
    """How many accounts each member listed, and how many of those are cleared."""
    cleared = sa.func.sum(sa.case((_a.status == AccountStatus.CLEARED.value, 1), else_=0))
    query = (
        sa.select(_a.listed_by, sa.func.count(), cleared)
        .where(_a.newsroom_id == newsroom_id, _a.listed_by.is_not(None))
        .group_by(_a.listed_by)
    )
    return {int(row[0]): (int(row[1]), int(row[2])) for row in (await conn.execute(query)).all()}


async def cleared_of(conn: AsyncConnection, newsroom_id: int, member_id: int) -> list[tuple[int, str]]:
    """The cleared accounts that a member listed: id and label, oldest first."""
    query = sa.select(accounts).where(
        _a.newsroom_id == newsroom_id, _a.listed_by == member_id, _a.status == AccountStatus.CLEARED.value
    )
    found = (await conn.execute(query.order_by(_a.id))).all()
    return [(row.id, account_label(row.platform, row.handle, row.numeric_id, ())) for row in found]


async def alone(conn: AsyncConnection, newsroom_id: int, member_id: int, *, withdrawn: bool = False) -> list[int]:
    """Suspected accounts of which nobody but this member said anything: on the list, or taken off it before."""
    r, f = account_rulings.c, account_facts.c
    others_ruled = sa.exists().where(
        r.account_id == _a.id, r.member_id != member_id, r.live.is_(True), r.withdrawn_at.is_(None)
    )
    said = account_reports.c
    others_said = sa.exists().where(
        said.account_id == _a.id, sa.or_(said.member_id != member_id, said.member_id.is_(None)), LIVE
    )
    others_saw = sa.exists().where(
        f.account_id == _a.id, sa.or_(f.member_id != member_id, f.member_id.is_(None)), f.removed_at.is_(None)
    )
    gone = _d.withdrawn_at.is_not(None) if withdrawn else _d.withdrawn_at.is_(None)
    query = (
        sa.select(_a.id)
        .outerjoin(account_details, _d.account_id == _a.id)
        .where(_a.newsroom_id == newsroom_id, _a.listed_by == member_id, _a.batch.is_(None), gone)
        .where(_a.status == AccountStatus.SUSPECTED.value, ~others_ruled, ~others_saw, ~others_said)
    )
    return list((await conn.execute(query.order_by(_a.id))).scalars())


async def hide_photos(conn: AsyncConnection, newsroom_id: int, ids: Collection[int], now: datetime) -> None:
    """Photos of these accounts no longer count, until `show_photos` with the same moment."""
    mine = sa.and_(photos.c.newsroom_id == newsroom_id, photos.c.account_id.in_(ids))
    await conn.execute(sa.update(photos).where(mine, photos.c.withdrawn_at.is_(None)).values(withdrawn_at=now))


async def show_photos(conn: AsyncConnection, newsroom_id: int, account_id: int, hidden_at: datetime) -> None:
    """Photos of an account that were hidden at a moment count again; others stay as they are."""
    mine = sa.and_(photos.c.newsroom_id == newsroom_id, photos.c.account_id == account_id)
    await conn.execute(sa.update(photos).where(mine, photos.c.withdrawn_at == hidden_at).values(withdrawn_at=None))


async def withdrawn_at(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, datetime]:
    """When each of these was taken off the list."""
    query = sa.select(_d.account_id, _d.withdrawn_at).where(
        _d.newsroom_id == newsroom_id, _d.account_id.in_(ids), _d.withdrawn_at.is_not(None)
    )
    return {row.account_id: row.withdrawn_at for row in (await conn.execute(query)).all()}


async def hide_facts(conn: AsyncConnection, newsroom_id: int, member_id: int, now: datetime) -> list[int]:
    """What a member noted no longer stands in the records; the accounts that it was about."""
    f = account_facts
    mine = sa.update(f).where(f.c.newsroom_id == newsroom_id, f.c.member_id == member_id, f.c.removed_at.is_(None))
    about = (await conn.execute(mine.values(removed_at=now).returning(f.c.account_id))).scalars()
    return sorted(set(about))


async def show_facts(
    conn: AsyncConnection, newsroom_id: int, member_id: int, hidden: Collection[datetime]
) -> list[int]:
    """What was hidden at these moments stands there again; what was taken out for itself stays out."""
    f = account_facts
    mine = sa.update(f).where(
        f.c.newsroom_id == newsroom_id, f.c.member_id == member_id, f.c.removed_at.in_(list(hidden))
    )
    about = (await conn.execute(mine.values(removed_at=None).returning(f.c.account_id))).scalars()
    return sorted(set(about))


async def has_other_grounds(conn: AsyncConnection, newsroom_id: int, account_id: int) -> bool:
    """Whether an account that nobody reports stands on something else: a ruling, a fact, a decision."""
    r, f = account_rulings.c, account_facts.c
    ruled = sa.exists().where(r.account_id == _a.id, r.live.is_(True), r.withdrawn_at.is_(None))
    seen = sa.exists().where(f.account_id == _a.id, f.removed_at.is_(None))
    decided = _a.status != AccountStatus.SUSPECTED.value
    query = sa.select(_a.id).where(_a.newsroom_id == newsroom_id, _a.id == account_id, sa.or_(ruled, seen, decided))
    return (await conn.execute(query)).first() is not None


async def was_ruled(conn: AsyncConnection, newsroom_id: int, account_id: int) -> bool:
    """Whether anybody ever said a word that decides, withdrawn or not."""
    r = account_rulings.c
    query = sa.select(r.id).where(r.newsroom_id == newsroom_id, r.account_id == account_id).limit(1)
    return (await conn.execute(query)).first() is not None


async def lister_of(conn: AsyncConnection, newsroom_id: int, account_id: int) -> int | None:
    """The member who put an account on the list; None for the command line."""
    query = sa.select(_a.listed_by).where(_a.newsroom_id == newsroom_id, _a.id == account_id)
    found: int | None = await conn.scalar(query)
    return found
