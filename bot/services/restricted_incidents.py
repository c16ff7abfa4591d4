"""An incident is restricted as a whole or not at all: what is restricted leaves those that others see.

Else its alarm, its counts and its growth would speak of both to both.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.alarm import AlarmState
from bot.model.threat import Status
from bot.services.alarm_raising import Growth, ring
from bot.storage import alarms, incidents, restrictions, threat_search, threats

_MOST = 1000
_GRAVE = 4


async def set_apart(conn: AsyncConnection, newsroom_id: int, submission_ids: Sequence[int], now: datetime) -> None:
    """Move the records of these cases out of incidents that hold records of other cases, with their alarms."""
    records = await restrictions.threats_of_cases(conn, newsroom_id, submission_ids)
    by_incident: defaultdict[int, set[int]] = defaultdict(set)
    for threat_id, incident_id in records.items():
        if incident_id is not None:
            by_incident[incident_id].add(threat_id)
    for incident_id, mine in by_incident.items():
        there = await incidents.ids_of(conn, newsroom_id, incident_id, _MOST)
        left = [each for each in there if each not in mine]
        if left:
            await _split(conn, newsroom_id, (incident_id, mine, left), now)


async def _split(
    conn: AsyncConnection, newsroom_id: int, parts: tuple[int, Collection[int], Sequence[int]], now: datetime
) -> None:
    incident_id, mine, left = parts
    people = await threat_search.targets(conn, newsroom_id, sorted(mine))
    staff_ids = {each.staff_id for found in people.values() for each in found if each.staff_id is not None}
    made = await incidents.add(conn, newsroom_id, staff_ids, (), now, is_closed=True)
    await incidents.move(conn, newsroom_id, incident_id, mine, made.id)
    went = await alarms.move(conn, newsroom_id, incident_id, mine, made.id)
    if AlarmState.RINGING in went:
        await _ring_for_the_rest(conn, newsroom_id, incident_id, left, now)


async def _ring_for_the_rest(
    conn: AsyncConnection, newsroom_id: int, incident_id: int, left: Sequence[int], now: datetime
) -> None:
    """The alarm that rang for both goes with what is restricted: what else cannot wait has one of its own."""
    incident = await incidents.by_id(conn, newsroom_id, incident_id)
    found = [await threats.recorded(conn, newsroom_id, each) for each in left]
    lines = {line.id: line.status for line in await threat_search.lines(conn, newsroom_id, left)}
    grave = [
        each
        for each in found
        if each is not None and (each.imminent or each.severity >= _GRAVE) and lines.get(each.id) is Status.NEW
    ]
    if incident is not None and grave:
        gravest = max(grave, key=lambda each: (each.imminent, each.severity))
        await ring(conn, newsroom_id, Growth(incident=incident, records=len(left), times=1, gravest=gravest), now)
