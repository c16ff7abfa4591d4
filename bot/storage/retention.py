"""Cases that nobody needs any more: those without a ruling, a threat or a link to an account, and too old."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import (
    campaign_pictures,
    comments,
    inbox_updates,
    photos,
    retention_marks,
    rulings,
    screen_readings,
    submission_accounts,
    submissions,
    threat_sightings,
    threats,
)
from bot.storage.upsert import insert_ignoring

_S = submissions.c


class OldCase(NamedTuple):
    """A case that may leave, or is about to; without a number it is one that never became a case."""

    submission_id: int
    number: int | None
    member_id: int


async def to_warn(conn: AsyncConnection, newsroom_id: int, before: datetime, limit: int) -> list[OldCase]:
    """Cases that will be old enough soon, and whose sender was not told yet; the oldest first."""
    unmarked = ~sa.exists().where(retention_marks.c.submission_id == _S.id)
    return await _chosen(conn, newsroom_id, before, sa.and_(_S.number.is_not(None), unmarked), limit)


async def due(
    conn: AsyncConnection, newsroom_id: int, before: datetime, warned_before: datetime, after: int, limit: int
) -> list[OldCase]:
    """Cases behind the id `after` that are too old, and of which the sender knew long enough; the oldest first."""
    m = retention_marks.c
    told = sa.exists().where(m.submission_id == _S.id, m.warned_at <= warned_before, m.kept_at.is_(None))
    return await _chosen(conn, newsroom_id, before, sa.and_(_S.id > after, sa.or_(_S.number.is_(None), told)), limit)


async def is_due(conn: AsyncConnection, newsroom_id: int, submission_id: int, before: datetime) -> bool:
    """Whether it may leave even now."""
    kept = sa.exists().where(retention_marks.c.submission_id == _S.id, retention_marks.c.kept_at.is_not(None))
    return bool(await _chosen(conn, newsroom_id, before, sa.and_(_S.id == submission_id, ~kept), 1))


async def warned(conn: AsyncConnection, newsroom_id: int, submission_id: int, now: datetime) -> None:
    """Its sender is told in this transaction."""
    row = {"newsroom_id": newsroom_id, "submission_id": submission_id, "warned_at": now}
    await insert_ignoring(conn, retention_marks, [row | {"kept_by": None, "kept_at": None}], ["submission_id"])


async def keep(conn: AsyncConnection, newsroom_id: int, submission_id: int, member_id: int, now: datetime) -> bool:
    """Somebody needs it: it stays for good. False when it was kept, or left, before."""
    m = retention_marks
    here = sa.and_(m.c.newsroom_id == newsroom_id, m.c.submission_id == submission_id, m.c.kept_at.is_(None))
    return (await conn.execute(sa.update(m).where(here).values(kept_by=member_id, kept_at=now))).rowcount == 1


async def _chosen(
    conn: AsyncConnection, newsroom_id: int, before: datetime, condition: sa.ColumnElement[bool], limit: int
) -> list[OldCase]:
    old = sa.and_(_S.newsroom_id == newsroom_id, _S.settled.is_(True), _S.last_sent_at < before)
    query = sa.select(_S.id, _S.number, _S.member_id).where(old, _is_needless(), condition)
    return [OldCase(*row) for row in (await conn.execute(query.order_by(_S.id).limit(limit))).all()]


def _is_needless() -> sa.ColumnElement[bool]:
    """Nothing hangs on it, and nothing of it still waits."""
    c = comments.c
    said = sa.and_(c.newsroom_id == _S.newsroom_id, c.submission_id == _S.id)
    return sa.and_(
        *(
            ~sa.exists().where(table.c.submission_id == _S.id)
            for table in (rulings, threats, threat_sightings, submission_accounts)
        ),
        ~sa.exists().where(photos.c.submission_id == _S.id, photos.c.account_id.is_not(None)),
        ~sa.exists().where(said, c.handle.is_not(None), c.withdrawn_at.is_(None)),
        ~sa.exists().where(screen_readings.c.submission_id == _S.id, screen_readings.c.state == "waiting"),
        ~sa.exists().where(campaign_pictures.c.submission_id == _S.id, campaign_pictures.c.waiting.is_(True)),
        ~sa.exists().where(inbox_updates.c.chat_key == _S.chat_id, inbox_updates.c.state.in_(("new", "working"))),
    )
