"""What is handed over of cases: their messages, threats and rulings, as rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import members, rulings, staff, submission_parts, submissions, threats

Rows = Sequence[Mapping[str, Any]]


async def cases_of_threats(conn: AsyncConnection, newsroom_id: int, numbers: Collection[int]) -> dict[int, int]:
    """The submission of each of these threats, by the threat's number."""
    query = sa.select(threats.c.number, threats.c.submission_id)
    query = query.where(threats.c.newsroom_id == newsroom_id, threats.c.number.in_(numbers))
    return {row.number: row.submission_id for row in (await conn.execute(query)).all()}


async def cases_of_numbers(conn: AsyncConnection, newsroom_id: int, numbers: Collection[int]) -> dict[int, int]:
    """The submission of each of these cases, by the case's number."""
    query = sa.select(submissions.c.number, submissions.c.id)
    query = query.where(submissions.c.newsroom_id == newsroom_id, submissions.c.number.in_(numbers))
    return {row.number: row.id for row in (await conn.execute(query)).all()}


async def case_rows(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> Rows:
    """These cases with who sent them and whom they are aimed at."""
    target = sa.and_(staff.c.id == submissions.c.target_id, staff.c.newsroom_id == submissions.c.newsroom_id)
    query = (
        sa.select(submissions, members.c.name.label("reporter"), staff.c.name.label("target"))
        .add_columns(staff.c.kind.label("target_kind"))
        .join(members, members.c.id == submissions.c.member_id)
        .outerjoin(staff, target)
        .where(submissions.c.newsroom_id == newsroom_id, submissions.c.id.in_(ids))
    )
    return [dict(row) for row in (await conn.execute(query.order_by(submissions.c.id))).mappings()]


async def part_rows(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> Rows:
    """The messages of these cases, in the order in which they came."""
    t = submission_parts.c
    query = sa.select(submission_parts).where(t.newsroom_id == newsroom_id, t.submission_id.in_(ids))
    return [dict(row) for row in (await conn.execute(query.order_by(t.submission_id, t.message_id))).mappings()]


async def threat_rows(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> Rows:
    """The threats recorded in these cases."""
    query = sa.select(threats).where(threats.c.newsroom_id == newsroom_id, threats.c.submission_id.in_(ids))
    return [dict(row) for row in (await conn.execute(query.order_by(threats.c.number))).mappings()]


async def ruling_rows(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> Rows:
    """What people decided of these cases, in their order."""
    query = (
        sa.select(rulings, members.c.name.label("who"))
        .join(members, members.c.id == rulings.c.member_id)
        .where(rulings.c.newsroom_id == newsroom_id, rulings.c.submission_id.in_(ids))
    )
    return [dict(row) for row in (await conn.execute(query.order_by(rulings.c.id))).mappings()]
