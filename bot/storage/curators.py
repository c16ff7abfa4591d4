"""Curators and clients with their ties and hypotheses. Only the service that asks for the right may read them."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.curator import Curator, Hypothesis, Tie
from bot.model.ids import new_id
from bot.storage.tables import curator_hypotheses, curator_ties, curators, farms, members


async def everybody(conn: AsyncConnection, newsroom_id: int) -> list[Curator]:
    """Every record, by number."""
    return await _load(conn, curators.c.newsroom_id == newsroom_id)


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> Curator | None:
    """Record P-number."""
    found = await _load(conn, sa.and_(curators.c.newsroom_id == newsroom_id, curators.c.number == number))
    return found[0] if found else None


async def of_farm(conn: AsyncConnection, newsroom_id: int, farm_id: int) -> list[Curator]:
    """Who had to do with a farm."""
    tied = sa.select(curator_ties.c.curator_id).where(
        curator_ties.c.newsroom_id == newsroom_id,
        curator_ties.c.farm_id == farm_id,
        curator_ties.c.removed_at.is_(None),
    )
    return await _load(conn, sa.and_(curators.c.newsroom_id == newsroom_id, curators.c.id.in_(tied)))


async def add(
    conn: AsyncConnection, newsroom_id: int, *, kind: str, name: str, grade: str, member_id: int, now: datetime
) -> tuple[int, int]:
    """A new record; returns its id and number. The caller holds the newsroom's lock."""
    highest = await conn.scalar(sa.select(sa.func.max(curators.c.number)).where(curators.c.newsroom_id == newsroom_id))
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "number": (highest or 0) + 1}
    row |= {"kind": kind, "name": name, "grade": grade, "member_id": member_id, "at": now}
    await conn.execute(sa.insert(curators), [row])
    return row["id"], row["number"]


async def set_note(conn: AsyncConnection, newsroom_id: int, curator_id: int, note: str) -> None:
    """Words to a record."""
    mine = sa.and_(curators.c.newsroom_id == newsroom_id, curators.c.id == curator_id)
    await conn.execute(sa.update(curators).where(mine).values(note=note))


async def remove(conn: AsyncConnection, newsroom_id: int, curator_id: int, now: datetime) -> bool:
    """Take a record off; it stays for who must know that it was there."""
    mine = sa.and_(curators.c.newsroom_id == newsroom_id, curators.c.id == curator_id, curators.c.removed_at.is_(None))
    return (await conn.execute(sa.update(curators).where(mine).values(removed_at=now))).rowcount == 1


async def tie(
    conn: AsyncConnection,
    newsroom_id: int,
    curator_id: int,
    *,
    farm_id: int | None,
    account_kind: str | None,
    span: tuple[date | None, date | None],
    grade: str,
    why: str,
    member_id: int,
    now: datetime,
) -> None:
    """That a person had to do with a farm, or with a kind of accounts."""
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "curator_id": curator_id, "farm_id": farm_id}
    row |= {"account_kind": account_kind, "since": span[0], "until": span[1], "grade": grade, "why": why}
    await conn.execute(sa.insert(curator_ties), [row | {"member_id": member_id, "at": now}])


async def untie(conn: AsyncConnection, newsroom_id: int, tie_id: int, now: datetime) -> bool:
    """A tie is taken back."""
    t = curator_ties.c
    mine = sa.and_(t.newsroom_id == newsroom_id, t.id == tie_id, t.removed_at.is_(None))
    return (await conn.execute(sa.update(curator_ties).where(mine).values(removed_at=now))).rowcount == 1


async def suppose(
    conn: AsyncConnection, newsroom_id: int, curator_id: int, text: str, grade: str, member_id: int, now: datetime
) -> None:
    """What else could explain the same facts."""
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "curator_id": curator_id, "text": text}
    await conn.execute(sa.insert(curator_hypotheses), [row | {"grade": grade, "member_id": member_id, "at": now}])


async def _load(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[Curator]:
    c = curators.c
    named = sa.select(curators, members.c.name.label("author")).join(members, members.c.id == c.member_id)
    rows = (await conn.execute(named.where(condition, c.removed_at.is_(None)).order_by(c.number))).all()
    ids = [row.id for row in rows]
    ties, guesses = await _ties(conn, ids), await _hypotheses(conn, ids)
    return [
        Curator(
            id=row.id,
            number=row.number,
            kind=row.kind,
            name=row.name,
            note=row.note,
            grade=row.grade,
            author=row.author,
            at=row.at,
            ties=tuple(ties.get(row.id, ())),
            hypotheses=tuple(guesses.get(row.id, ())),
        )
        for row in rows
    ]


async def _ties(conn: AsyncConnection, ids: list[int]) -> dict[int, list[Tie]]:
    t = curator_ties.c
    query = (
        sa.select(curator_ties, farms.c.number, members.c.name.label("author"))
        .outerjoin(farms, farms.c.id == t.farm_id)
        .join(members, members.c.id == t.member_id)
        .where(t.curator_id.in_(ids), t.removed_at.is_(None))
        .order_by(t.id)
    )
    found: dict[int, list[Tie]] = {}
    for row in (await conn.execute(query)).all():
        each = Tie(
            id=row.id,
            farm=f"F-{row.number}" if row.number is not None else None,
            account_kind=row.account_kind,
            since=row.since,
            until=row.until,
            grade=row.grade,
            why=row.why,
            author=row.author,
            at=row.at,
        )
        found.setdefault(row.curator_id, []).append(each)
    return found


async def _hypotheses(conn: AsyncConnection, ids: list[int]) -> dict[int, list[Hypothesis]]:
    h = curator_hypotheses.c
    query = (
        sa.select(curator_hypotheses, members.c.name.label("author"))
        .join(members, members.c.id == h.member_id)
        .where(h.curator_id.in_(ids))
        .order_by(h.id)
    )
    found: dict[int, list[Hypothesis]] = {}
    for row in (await conn.execute(query)).all():
        each = Hypothesis(text=row.text, grade=row.grade, author=row.author, at=row.at)
        found.setdefault(row.curator_id, []).append(each)
    return found
