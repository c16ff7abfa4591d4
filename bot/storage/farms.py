"""Farms and who belongs to them: people's word only, with its author; a membership that ended stays as history."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus, account_label
from bot.model.farm import Farm, FarmLine, Membership
from bot.model.ids import new_id
from bot.storage.tables import accounts, farm_members, farm_suggestions, farm_votes, farms, members
from bot.storage.upsert import insert_ignoring


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> Farm | None:
    """Farm F-number."""
    return await _one(conn, sa.and_(farms.c.newsroom_id == newsroom_id, farms.c.number == number))


async def by_id(conn: AsyncConnection, newsroom_id: int, farm_id: int) -> Farm | None:
    """The farm with this id."""
    return await _one(conn, sa.and_(farms.c.newsroom_id == newsroom_id, farms.c.id == farm_id))


async def by_name(conn: AsyncConnection, newsroom_id: int, name: str) -> Farm | None:
    """The farm that people call so; case does not matter."""
    found = await _all(conn, sa.and_(farms.c.newsroom_id == newsroom_id, farms.c.name.is_not(None)))
    wanted = name.strip().casefold()
    return next((farm for farm in found if (farm.name or "").casefold() == wanted), None)


async def everything(conn: AsyncConnection, newsroom_id: int) -> list[Farm]:
    """Every farm, by number."""
    return await _all(conn, farms.c.newsroom_id == newsroom_id)


async def add(conn: AsyncConnection, newsroom_id: int, name: str | None, now: datetime) -> Farm:
    """A new farm with the next number. The caller holds the newsroom's lock."""
    highest = await conn.scalar(sa.select(sa.func.max(farms.c.number)).where(farms.c.newsroom_id == newsroom_id))
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "number": (highest or 0) + 1}
    await conn.execute(sa.insert(farms), [row | {"name": name, "found_at": now}])
    return Farm(id=row["id"], number=row["number"], name=name, found_at=now)


async def rename(conn: AsyncConnection, newsroom_id: int, farm_id: int, name: str | None) -> None:
    """Call it otherwise."""
    change = sa.update(farms).where(farms.c.newsroom_id == newsroom_id, farms.c.id == farm_id)
    await conn.execute(change.values(name=name))


async def lines(conn: AsyncConnection, newsroom_id: int, limit: int, offset: int = 0) -> list[FarmLine]:
    """Farms with their sizes, the greatest first."""
    m, s, a = farm_members.c, farm_suggestions.c, accounts.c
    gone = sa.func.sum(sa.case((a.status == AccountStatus.GONE.value, 1), else_=0))
    said = (
        sa.select(m.farm_id, sa.func.count().label("members"), gone.label("gone"))
        .join(accounts, a.id == m.account_id)
        .where(m.newsroom_id == newsroom_id, m.ended_at.is_(None), a.status != AccountStatus.CLEARED.value)
        .group_by(m.farm_id)
        .subquery()
    )
    in_one = sa.select(m.account_id).where(m.newsroom_id == newsroom_id, m.ended_at.is_(None))
    offered = (
        sa.select(s.farm_id, sa.func.count().label("suggested"))
        .where(s.newsroom_id == newsroom_id, s.account_id.not_in(in_one))
        .group_by(s.farm_id)
        .subquery()
    )
    count = sa.func.coalesce
    known, maybe = count(said.c.members, 0), count(offered.c.suggested, 0)
    query = (
        sa.select(farms, known.label("members"), count(said.c.gone, 0).label("gone"), maybe.label("suggested"))
        .outerjoin(said, said.c.farm_id == farms.c.id)
        .outerjoin(offered, offered.c.farm_id == farms.c.id)
        .where(farms.c.newsroom_id == newsroom_id, sa.or_(known > 0, maybe > 0))
        .order_by((known + maybe).desc(), farms.c.number)
    )
    rows = (await conn.execute(query.limit(limit).offset(offset))).all()
    return [
        FarmLine(farm=_farm(row), members=int(row.members), gone=int(row.gone), suggested=int(row.suggested))
        for row in rows
    ]


async def line(conn: AsyncConnection, newsroom_id: int, farm: Farm) -> FarmLine | None:
    """The same of one farm; None of one that nobody belongs to any more."""
    found = await lines(conn, newsroom_id, 1_000_000)
    return next((each for each in found if each.farm.id == farm.id), None)


async def members_of(
    conn: AsyncConnection, newsroom_id: int, farm_id: int, limit: int | None = None, offset: int = 0
) -> list[Membership]:
    """Who belongs to a farm, the surest first; a cleared account never, one that is gone for ever."""
    m = farm_members.c
    wanted = sa.and_(
        m.newsroom_id == newsroom_id,
        m.farm_id == farm_id,
        m.ended_at.is_(None),
        accounts.c.status != AccountStatus.CLEARED.value,
    )
    query = _memberships(wanted).order_by(m.confidence.desc(), m.id).offset(offset)
    rows = (await conn.execute(query if limit is None else query.limit(limit))).all()
    return [_membership(row) for row in rows]


async def of_account(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[tuple[Farm, Membership]]:
    """To which farms an account belongs by people's word; of spares it may be several."""
    m = farm_members.c
    wanted = sa.and_(m.newsroom_id == newsroom_id, m.account_id == account_id, m.ended_at.is_(None))
    rows = (await conn.execute(_memberships(wanted).order_by(m.id))).all()
    known = {farm.id: farm for farm in await everything(conn, newsroom_id)}
    return [(known[row.farm_id], _membership(row)) for row in rows]


async def joined(conn: AsyncConnection, newsroom_id: int) -> dict[int, set[int]]:
    """Per account the ids of the farms it belongs to, by people's word; without the cleared ones."""
    m = farm_members.c
    query = (
        sa.select(m.account_id, m.farm_id)
        .join(accounts, accounts.c.id == m.account_id)
        .where(m.newsroom_id == newsroom_id, m.ended_at.is_(None), accounts.c.status != AccountStatus.CLEARED.value)
    )
    found: dict[int, set[int]] = {}
    for row in (await conn.execute(query)).all():
        found.setdefault(row.account_id, set()).add(row.farm_id)
    return found


async def join(
    conn: AsyncConnection,
    newsroom_id: int,
    farm_id: int,
    account_ids: Iterable[int],
    *,
    reason: str,
    confidence: int,
    source: str,
    member_id: int | None,
    now: datetime,
) -> list[int]:
    """Let accounts belong to a farm; those that do already are passed over. Returns who joined."""
    m = farm_members.c
    inside = sa.select(m.account_id).where(m.newsroom_id == newsroom_id, m.farm_id == farm_id, m.ended_at.is_(None))
    there = set((await conn.execute(inside)).scalars())
    new = [account_id for account_id in dict.fromkeys(account_ids) if account_id not in there]
    said = {"newsroom_id": newsroom_id, "farm_id": farm_id, "reason": reason, "confidence": confidence}
    said |= {"source": source, "member_id": member_id, "at": now}
    if new:
        await conn.execute(sa.insert(farm_members), [said | {"id": new_id(), "account_id": each} for each in new])
    return new


async def end(
    conn: AsyncConnection, newsroom_id: int, farm_id: int, account_id: int, member_id: int, now: datetime
) -> bool:
    """End a membership; False when there is none."""
    m = farm_members.c
    mine = sa.and_(m.newsroom_id == newsroom_id, m.farm_id == farm_id, m.account_id == account_id, m.ended_at.is_(None))
    done = await conn.execute(sa.update(farm_members).where(mine).values(ended_at=now, ended_by=member_id))
    return done.rowcount > 0


async def labelled(conn: AsyncConnection, newsroom_id: int) -> list[tuple[int, str]]:
    """Accounts whose entry names a farm that they do not belong to by it yet: id and label, in the list's order."""
    a, m = accounts.c, farm_members.c
    taken = sa.select(m.account_id).where(m.newsroom_id == newsroom_id, m.source == "label")
    wanted = sa.and_(a.newsroom_id == newsroom_id, a.farm.is_not(None), a.farm != "", a.id.not_in(taken))
    query = sa.select(a.id, a.farm).where(wanted).order_by(a.id)
    return [(row.id, row.farm) for row in (await conn.execute(query)).all()]


async def votes(conn: AsyncConnection, newsroom_id: int) -> list[tuple[date, str]]:
    """Days of votes with their names, the latest first."""
    v = farm_votes.c
    query = sa.select(v.day, v.name).where(v.newsroom_id == newsroom_id).order_by(v.day.desc())
    return [(row.day, row.name) for row in (await conn.execute(query)).all()]


async def add_vote(
    conn: AsyncConnection, newsroom_id: int, day: date, name: str, member_id: int, now: datetime
) -> None:
    """Note a day of a vote; one that is known is left as it is."""
    row = {"id": new_id(), "newsroom_id": newsroom_id, "day": day, "name": name, "member_id": member_id, "at": now}
    await insert_ignoring(conn, farm_votes, [row], ["newsroom_id", "day"])


async def labels(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, str]:
    """How accounts are called on cards, without their names."""
    a = accounts.c
    found = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 5_000):
        query = sa.select(a.id, a.platform, a.handle, a.numeric_id).where(
            a.newsroom_id == newsroom_id, a.id.in_(wanted[start : start + 5_000])
        )
        for row in (await conn.execute(query)).all():
            found[row.id] = account_label(row.platform, row.handle, row.numeric_id, ())
    return found


def _memberships(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    m, a = farm_members.c, accounts.c
    return (
        sa.select(farm_members, a.platform, a.handle, a.numeric_id, a.status, members.c.name.label("author"))
        .join(accounts, a.id == m.account_id)
        .outerjoin(members, members.c.id == m.member_id)
        .where(condition)
    )


def _membership(row: Any) -> Membership:
    return Membership(
        account_id=row.account_id,
        account=account_label(row.platform, row.handle, row.numeric_id, ()),
        status=AccountStatus(row.status),
        reason=row.reason,
        confidence=row.confidence,
        source=row.source,
        author=row.author,
        at=row.at,
    )


async def _one(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> Farm | None:
    found = await _all(conn, condition)
    return found[0] if found else None


async def _all(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[Farm]:
    rows = (await conn.execute(sa.select(farms).where(condition).order_by(farms.c.number))).all()
    return [_farm(row) for row in rows]


def _farm(row: Any) -> Farm:
    return Farm(id=row.id, number=row.number, name=row.name, found_at=row.found_at)
