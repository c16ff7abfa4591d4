"""What is handed over of cases: their messages, threats and rulings, as rows."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import (
    history,
    incidents,
    members,
    rulings,
    staff,
    submission_parts,
    submissions,
    threat_sightings,
    threat_targets,
    threats,
)

Rows = Sequence[Mapping[str, Any]]


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


async def threats_in(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[int]:
    """The threats that were seen in these cases, as the first or again."""
    s = threat_sightings.c
    query = sa.select(s.threat_id).where(s.newsroom_id == newsroom_id, s.submission_id.in_(ids)).distinct()
    mine = sa.select(threats.c.id).where(threats.c.newsroom_id == newsroom_id, threats.c.submission_id.in_(ids))
    return sorted({*(await conn.execute(query)).scalars(), *(await conn.execute(mine)).scalars()})


async def threat_rows(conn: AsyncConnection, newsroom_id: int, threat_ids: Collection[int]) -> Rows:
    """These threats with their incident and who sees to each."""
    query = (
        sa.select(threats, members.c.name.label("assignee"), incidents.c.number.label("incident"))
        .outerjoin(members, members.c.id == threats.c.assignee_id)
        .outerjoin(incidents, incidents.c.id == threats.c.incident_id)
        .where(threats.c.newsroom_id == newsroom_id, threats.c.id.in_(threat_ids))
    )
    return [dict(row) for row in (await conn.execute(query.order_by(threats.c.number))).mappings()]


async def numbered_threats(conn: AsyncConnection, newsroom_id: int, numbers: Collection[int]) -> dict[int, int]:
    """The id of each of these threats, by its number."""
    query = sa.select(threats.c.number, threats.c.id)
    query = query.where(threats.c.newsroom_id == newsroom_id, threats.c.number.in_(numbers))
    return {row.number: row.id for row in (await conn.execute(query)).all()}


async def target_names(conn: AsyncConnection, newsroom_id: int, threat_ids: Collection[int]) -> dict[int, list[str]]:
    """Who is meant by each of these threats, as the log says by now."""
    g = threat_targets.c
    query = sa.select(g.threat_id, g.name).where(g.newsroom_id == newsroom_id, g.threat_id.in_(threat_ids))
    found: dict[int, list[str]] = {}
    for row in (await conn.execute(query.order_by(g.id))).all():
        found.setdefault(row.threat_id, []).append(row.name)
    return found


async def sighting_rows(conn: AsyncConnection, newsroom_id: int, threat_ids: Collection[int]) -> Rows:
    """Each time that one of these threats was seen, the first one first."""
    s, p = threat_sightings.c, submission_parts.c
    query = (
        sa.select(s.threat_id, s.submission_id, s.part_id, s.place, s.text, s.account, s.link, s.posted_at, s.seen_at)
        .add_columns(submissions.c.number.label("case_number"), p.sha256, p.origin)
        .join(submissions, submissions.c.id == s.submission_id)
        .join(submission_parts, p.id == s.part_id)
        .where(s.newsroom_id == newsroom_id, s.threat_id.in_(threat_ids))
    )
    return [dict(row) for row in (await conn.execute(query.order_by(s.id))).mappings()]


async def step_rows(conn: AsyncConnection, newsroom_id: int, noun: str, ids: Collection[int]) -> Rows:
    """What people did with these rows, oldest first, with their names."""
    h = history.c
    query = (
        sa.select(h.subject_id, h.event, h.at, h.details, members.c.name.label("who"))
        .outerjoin(members, members.c.id == h.member_id)
        .where(h.newsroom_id == newsroom_id, h.subject == noun, h.subject_id.in_(ids))
    )
    return [dict(row) for row in (await conn.execute(query.order_by(h.id))).mappings()]


async def incidents_around(
    conn: AsyncConnection, newsroom_id: int, threat_ids: Collection[int]
) -> dict[int, frozenset[int]]:
    """The incidents that these threats belong to, by their numbers: the numbers of all records that each holds."""
    mine = sa.select(threats.c.incident_id).where(threats.c.newsroom_id == newsroom_id, threats.c.id.in_(threat_ids))
    query = (
        sa.select(incidents.c.number, threats.c.number.label("threat"))
        .join(incidents, incidents.c.id == threats.c.incident_id)
        .where(threats.c.newsroom_id == newsroom_id, threats.c.incident_id.in_(mine), threats.c.status != "withdrawn")
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in (await conn.execute(query)).all():
        found[row.number].add(row.threat)
    return {number: frozenset(held) for number, held in found.items()}


async def ruling_rows(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> Rows:
    """What people decided of these cases, in their order."""
    query = (
        sa.select(rulings, members.c.name.label("who"))
        .join(members, members.c.id == rulings.c.member_id)
        .where(rulings.c.newsroom_id == newsroom_id, rulings.c.submission_id.in_(ids))
    )
    return [dict(row) for row in (await conn.execute(query.order_by(rulings.c.id))).mappings()]
