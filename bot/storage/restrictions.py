"""Restricted cases: who may know of each. What others see instead is `need_to_know`'s."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.restriction import Restriction
from bot.storage.restricted_rows import led
from bot.storage.tables import case_restrictions as t
from bot.storage.tables import restriction_members as named
from bot.storage.tables import submissions, threats
from bot.storage.upsert import insert_ignoring


async def put(conn: AsyncConnection, newsroom_id: int, submission_id: int, by: int, now: datetime) -> bool:
    """Restrict a case; False when it is restricted already."""
    row = {"submission_id": submission_id, "newsroom_id": newsroom_id, "made_by": by, "made_at": now}
    before = await of_cases(conn, newsroom_id, [submission_id])
    await insert_ignoring(conn, t, [row], ["submission_id"])
    return not before


async def name(
    conn: AsyncConnection, newsroom_id: int, submission_id: int, people: Collection[int], by: int, now: datetime
) -> None:
    """Let these members know of a restricted case."""
    row = {"submission_id": submission_id, "newsroom_id": newsroom_id, "added_by": by, "added_at": now}
    rows = [row | {"member_id": member_id} for member_id in sorted(people)]
    if rows:
        await insert_ignoring(conn, named, rows, ["submission_id", "member_id"])


async def unname(conn: AsyncConnection, newsroom_id: int, submission_id: int, member_id: int) -> None:
    """Somebody is not to know of it any longer."""
    theirs = sa.and_(named.c.submission_id == submission_id, named.c.member_id == member_id)
    await conn.execute(sa.delete(named).where(named.c.newsroom_id == newsroom_id, theirs))


async def lift(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> bool:
    """Everybody may know of a case again, as their role has it; False when it was not restricted."""
    for table in (named, t):
        mine = sa.and_(table.c.newsroom_id == newsroom_id, table.c.submission_id == submission_id)
        gone = (await conn.execute(sa.delete(table).where(mine))).rowcount
    return bool(gone)


async def of_cases(conn: AsyncConnection, newsroom_id: int, submission_ids: Collection[int]) -> dict[int, Restriction]:
    """The restrictions of those of these cases that have one."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.submission_id.in_(sorted(submission_ids)))
    rows = (await conn.execute(query)).all()
    people: defaultdict[int, list[int]] = defaultdict(list)
    who = sa.select(named.c.submission_id, named.c.member_id).where(
        named.c.newsroom_id == newsroom_id, named.c.submission_id.in_([row.submission_id for row in rows])
    )
    if rows:
        for row in (await conn.execute(who.order_by(named.c.added_at, named.c.member_id))).all():
            people[row.submission_id].append(row.member_id)
    return {
        row.submission_id: Restriction(
            submission_id=row.submission_id,
            made_by=row.made_by,
            made_at=row.made_at,
            opened_at=row.opened_at,
            members=tuple(people[row.submission_id]),
        )
        for row in rows
    }


async def of_threat(conn: AsyncConnection, newsroom_id: int, threat_id: int) -> Restriction | None:
    """The restriction of a record's case, if it has one."""
    query = sa.select(threats.c.submission_id).where(threats.c.newsroom_id == newsroom_id, threats.c.id == threat_id)
    submission_id = await conn.scalar(query)
    return (await of_cases(conn, newsroom_id, [submission_id])).get(submission_id) if submission_id else None


async def is_kept_from(conn: AsyncConnection, newsroom_id: int, submission_id: int, member_id: int) -> bool:
    """Whether a case is restricted, and to others."""
    found = (await of_cases(conn, newsroom_id, [submission_id])).get(submission_id)
    return found is not None and member_id not in found.members


async def cases_of_threats(conn: AsyncConnection, newsroom_id: int, threat_ids: Collection[int]) -> dict[int, int]:
    """The case of each of these records."""
    query = sa.select(threats.c.id, threats.c.submission_id).where(
        threats.c.newsroom_id == newsroom_id, threats.c.id.in_(sorted(threat_ids))
    )
    return {row.id: row.submission_id for row in (await conn.execute(query)).all()}


async def threats_of_cases(
    conn: AsyncConnection, newsroom_id: int, submission_ids: Collection[int]
) -> dict[int, int | None]:
    """The records whose cases these are, each with its incident."""
    query = sa.select(threats.c.id, threats.c.incident_id).where(
        threats.c.newsroom_id == newsroom_id, threats.c.submission_id.in_(sorted(submission_ids))
    )
    return {row.id: row.incident_id for row in (await conn.execute(query)).all()}


async def labels(conn: AsyncConnection, newsroom_id: int, submission_ids: Collection[int]) -> dict[int, str]:
    """What these cases are called: K-12."""
    s = submissions.c
    query = sa.select(s.id, s.number).where(s.newsroom_id == newsroom_id, s.id.in_(sorted(submission_ids)))
    return {row.id: f"K-{row.number}" for row in (await conn.execute(query.order_by(s.number))).all()}


async def to_settle(conn: AsyncConnection, newsroom_id: int) -> list[tuple[int, bool]]:
    """Cases whose restriction opened to all security leads, or closed again, since it was last told: with which."""
    is_led = led(t.c.submission_id)
    query = sa.select(t.c.submission_id, t.c.opened_at.is_(None).label("opens")).where(
        t.c.newsroom_id == newsroom_id,
        sa.or_(sa.and_(t.c.opened_at.is_(None), ~is_led), sa.and_(t.c.opened_at.is_not(None), is_led)),
    )
    return [(row.submission_id, bool(row.opens)) for row in (await conn.execute(query)).all()]


async def set_opened(conn: AsyncConnection, newsroom_id: int, submission_id: int, at: datetime | None) -> None:
    """Note that it opened to all security leads, or closed again."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.submission_id == submission_id)
    await conn.execute(mine.values(opened_at=at))


def restricted(newsroom_id: int) -> sa.Select[tuple[int]]:
    """The submissions of all restricted cases, for conditions."""
    return sa.select(t.c.submission_id).where(t.c.newsroom_id == newsroom_id)
