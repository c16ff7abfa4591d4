"""Which cases' words are sealed to the leads, which are due, and by which age file."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.alarm import AlarmState
from bot.model.sealed_body import SealedBody
from bot.storage.tables import (
    alarms,
    comments,
    event_records,
    history,
    screen_readings,
    sealed_bodies,
    submission_parts,
    submissions,
    threat_sightings,
    threats,
)

_b = sealed_bodies.c
#: Steps of which somebody's words are kept.
WORDED = ("note", "told", "record")


async def due(conn: AsyncConnection, newsroom_id: int, end: datetime, limit: int) -> list[int]:
    """Cases in which a threat was seen before a moment, that nothing rings for or waits to read, and not sealed yet.

    Or to which words came since they were.
    """
    s, t = threat_sightings.c, submissions.c
    latest = sa.func.max(s.seen_at)
    query = (
        sa.select(s.submission_id)
        .join(submissions, sa.and_(t.id == s.submission_id, t.newsroom_id == s.newsroom_id))
        .where(s.newsroom_id == newsroom_id, t.settled, t.last_sent_at <= end)
        .where(~_rings(s.submission_id), ~_is_read(s.submission_id), ~_pending(s.submission_id))
        .where(sa.or_(~_sealed(s.submission_id), _grown(newsroom_id, s.submission_id, end)))
        .group_by(s.submission_id)
        .having(latest <= end)
    )
    return list((await conn.execute(query.order_by(s.submission_id).limit(limit))).scalars())


def _rings(case: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    own = threat_sightings.alias("own")
    rings = sa.and_(alarms.c.incident_id == threats.c.incident_id, alarms.c.state == AlarmState.RINGING.value)
    query = sa.select(sa.literal(1)).select_from(own.join(threats, threats.c.id == own.c.threat_id).join(alarms, rings))
    return query.where(own.c.submission_id == case).exists()


def _is_read(case: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    r = screen_readings.c
    return sa.select(sa.literal(1)).where(r.submission_id == case, r.state == "waiting").exists()


def _sealed(case: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    return sa.select(sa.literal(1)).where(_b.submission_id == case).exists()


def _pending(case: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    return sa.select(sa.literal(1)).where(_b.submission_id == case, _b.removed_id.is_(None)).exists()


def _grown(newsroom_id: int, case: sa.ColumnElement[int], end: datetime) -> sa.ColumnElement[bool]:
    """Whether words came to a case since it was sealed, and had their time."""
    since = sa.select(sa.func.max(_b.removed_id)).where(_b.submission_id == case).scalar_subquery()
    p, c, h, e = submission_parts.c, comments.c, history.c, event_records.c
    mine = sa.select(threats.c.id).where(threats.c.submission_id == case)
    one = sa.select(sa.literal(1))
    return sa.or_(
        one.where(p.submission_id == case, p.id > since, p.sent_at <= end).exists(),
        one.where(c.newsroom_id == newsroom_id, c.submission_id == case, c.id > since, c.added_at <= end).exists(),
        one.where(
            h.subject == "threat", h.subject_id.in_(mine), h.event.in_(WORDED), h.id > since, h.at <= end
        ).exists(),
        one.where(e.about == "threat", e.row_id.in_(mine), e.id > since, e.at <= end).exists(),
    )


def sealed_case(case: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a case's readable words were overwritten."""
    return sa.select(sa.literal(1)).where(_b.submission_id == case, _b.removed_id.is_not(None)).exists()


async def add(conn: AsyncConnection, newsroom_id: int, made: SealedBody) -> None:
    """The words of a case were sealed; they still stand readable as well."""
    row = {name: getattr(made, name) for name in SealedBody.__dataclass_fields__}
    await conn.execute(sa.insert(sealed_bodies), [row | {"newsroom_id": newsroom_id}])


async def to_remove(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[SealedBody]:
    """What was sealed, and whose readable words are still there."""
    return await _all(conn, _b.newsroom_id == newsroom_id, _b.removed_id.is_(None), limit=limit)


async def drop(conn: AsyncConnection, newsroom_id: int, body_id: int) -> None:
    """Words came meanwhile: this age file stands for nothing."""
    await conn.execute(sa.delete(sealed_bodies).where(_b.newsroom_id == newsroom_id, _b.id == body_id))


async def removed(conn: AsyncConnection, newsroom_id: int, body_id: int, removed_id: int) -> None:
    """The readable words are overwritten."""
    mine = sa.update(sealed_bodies).where(_b.newsroom_id == newsroom_id, _b.id == body_id)
    await conn.execute(mine.values(removed_id=removed_id))


async def of_cases(conn: AsyncConnection, newsroom_id: int, cases: Collection[int]) -> list[SealedBody]:
    """What stands for the words of these cases, the oldest first."""
    return await _all(
        conn, _b.newsroom_id == newsroom_id, _b.submission_id.in_(list(cases)), _b.removed_id.is_not(None)
    )


async def of_threat(conn: AsyncConnection, newsroom_id: int, threat_id: int) -> list[SealedBody]:
    """What stands for the words of a record and of its copies, the oldest first."""
    s, t = threat_sightings.c, threats.c
    seen = sa.select(s.submission_id).where(s.newsroom_id == newsroom_id, s.threat_id == threat_id)
    own = sa.select(t.submission_id).where(t.newsroom_id == newsroom_id, t.id == threat_id)
    mine = sa.or_(_b.submission_id.in_(seen), _b.submission_id.in_(own))
    return await _all(conn, _b.newsroom_id == newsroom_id, mine, _b.removed_id.is_not(None))


async def _all(conn: AsyncConnection, *which: sa.ColumnElement[bool], limit: int | None = None) -> list[SealedBody]:
    columns = [_b[name] for name in SealedBody.__dataclass_fields__]
    rows = (await conn.execute(sa.select(*columns).where(*which).order_by(_b.id).limit(limit))).mappings().all()
    return [SealedBody(**row) for row in rows]
