"""Incidents: which wave a threat belongs to. They grow by themselves, and people merge and split them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.threat import Incident
from bot.storage.filing import take_numbers
from bot.storage.restrictions import restricted
from bot.storage.tables import incidents as t
from bot.storage.tables import threat_sightings, threats


async def open_since(conn: AsyncConnection, newsroom_id: int, since: datetime) -> list[Incident]:
    """Incidents that grew since a moment and may grow on, the latest first."""
    query = sa.select(t).where(
        t.c.newsroom_id == newsroom_id, t.c.last_seen >= since, t.c.merged_into.is_(None), t.c.is_closed.is_(False)
    )
    # What is restricted takes in nothing of others.
    kept = sa.select(threats.c.incident_id).where(threats.c.submission_id.in_(restricted(newsroom_id)))
    query = query.where(t.c.id.not_in(kept.where(threats.c.incident_id.is_not(None))))
    return [_incident(row) for row in (await conn.execute(query.order_by(t.c.last_seen.desc(), t.c.id.desc()))).all()]


async def recent(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[Incident]:
    """The incidents that grew last, split ones too."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.merged_into.is_(None))
    return [_incident(row) for row in (await conn.execute(query.order_by(t.c.last_seen.desc()).limit(limit))).all()]


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> Incident | None:
    """Incident I-number, as it is."""
    row = (await conn.execute(sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.number == number))).first()
    return _incident(row) if row else None


async def by_id(conn: AsyncConnection, newsroom_id: int, incident_id: int) -> Incident | None:
    """An incident."""
    row = (await conn.execute(sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == incident_id))).first()
    return _incident(row) if row else None


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    staff_ids: Collection[int],
    campaign_numbers: Collection[int],
    now: datetime,
    *,
    is_closed: bool = False,
) -> Incident:
    """A new one; one that is closed takes in nothing by itself."""
    number = await take_numbers(conn, newsroom_id, "incident_counter", 1)
    row = {
        "id": new_id(),
        "newsroom_id": newsroom_id,
        "number": number,
        "staff_ids": sorted(staff_ids),
        "campaign_numbers": sorted(campaign_numbers),
        "is_closed": is_closed,
        "first_seen": now,
        "last_seen": now,
    }
    await conn.execute(sa.insert(t), [row])
    return Incident(
        id=int(str(row["id"])),
        number=number,
        first_seen=now,
        last_seen=now,
        merged_into=None,
        staff_ids=frozenset(staff_ids),
        campaign_numbers=frozenset(campaign_numbers),
    )


async def grow(conn: AsyncConnection, newsroom_id: int, incident: Incident) -> None:
    """Keep what an incident has come to: its people, campaigns and last moment."""
    values = {
        "staff_ids": sorted(incident.staff_ids),
        "campaign_numbers": sorted(incident.campaign_numbers),
        "first_seen": incident.first_seen,
        "last_seen": incident.last_seen,
    }
    await conn.execute(sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == incident.id).values(values))


async def move(
    conn: AsyncConnection, newsroom_id: int, incident_id: int, threat_ids: Iterable[int] | None, into: int
) -> None:
    """Put records of an incident (None: all of them) into another one."""
    c = threats.c
    change = sa.update(threats).where(c.newsroom_id == newsroom_id, c.incident_id == incident_id)
    if threat_ids is not None:
        change = change.where(c.id.in_(list(threat_ids)))
    await conn.execute(change.values(incident_id=into))


async def set_merged(conn: AsyncConnection, newsroom_id: int, incident_id: int, into: int) -> None:
    """An incident is another one from now on; a ringing alarm of its own goes on."""
    own = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == incident_id)
    await conn.execute(own.values(merged_into=into))
    earlier = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.merged_into == incident_id)
    await conn.execute(earlier.values(merged_into=into))


async def counts(conn: AsyncConnection, newsroom_id: int, incident_id: int) -> tuple[int, int, int, int]:
    """How many records, postings, submissions and accounts it holds."""
    c, s = threats.c, threat_sightings.c
    mine = sa.and_(c.newsroom_id == newsroom_id, c.incident_id == incident_id)
    one = (await conn.execute(sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(c.times), 0)).where(mine))).one()
    seen = (
        sa.select(sa.func.count(s.submission_id.distinct()), sa.func.count(s.account.distinct()))
        .join(threats, c.id == s.threat_id)
        .where(mine)
    )
    other = (await conn.execute(seen)).one()
    return int(one[0]), int(one[1]), int(other[0]), int(other[1])


async def ids_of(conn: AsyncConnection, newsroom_id: int, incident_id: int, limit: int, offset: int = 0) -> list[int]:
    """Its records, the gravest first."""
    c = threats.c
    query = sa.select(c.id).where(c.newsroom_id == newsroom_id, c.incident_id == incident_id)
    query = query.order_by(c.imminent.desc(), c.severity.desc(), c.number).limit(limit).offset(offset)
    return list((await conn.execute(query)).scalars())


def _incident(row: Any) -> Incident:
    staff_ids = row.staff_ids if isinstance(row.staff_ids, list) else []
    campaign_numbers = row.campaign_numbers if isinstance(row.campaign_numbers, list) else []
    return Incident(
        id=row.id,
        number=row.number,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        merged_into=row.merged_into,
        staff_ids=frozenset(staff_ids),
        campaign_numbers=frozenset(campaign_numbers),
    )
