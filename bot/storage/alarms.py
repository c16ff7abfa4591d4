"""Alarms with the moment at which they go on, and whom they went to."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.alarm import Alarm, AlarmState
from bot.model.ids import new_id
from bot.storage.tables import alarm_calls as calls
from bot.storage.tables import alarms as t
from bot.storage.upsert import insert_for

_HANDED_ON: Final = timedelta(days=1)


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    incident_id: int,
    threat_id: int,
    weight: tuple[int, bool],
    due_at: datetime | None,
    now: datetime,
) -> int:
    """Raise one; `weight` is severity and imminence. Returns its id."""
    row = {
        "id": new_id(),
        "newsroom_id": newsroom_id,
        "incident_id": incident_id,
        "threat_id": threat_id,
        "state": AlarmState.RINGING.value,
        "step": 0,
        "times": 1,
        "threats": 1,
        "severity": weight[0],
        "imminent": weight[1],
        "raised_at": now,
        "due_at": due_at,
    }
    await conn.execute(sa.insert(t), [row])
    return int(str(row["id"]))


async def latest_of_incident(
    conn: AsyncConnection, newsroom_id: int, incident_id: int, before: int | None = None
) -> Alarm | None:
    """The alarm of an incident that was raised last; of those `before` an alarm with that id."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.incident_id == incident_id)
    if before is not None:
        query = query.where(t.c.id < before)
    row = (await conn.execute(query.order_by(t.c.id.desc()).limit(1))).first()
    return _alarm(row) if row else None


async def by_id(conn: AsyncConnection, newsroom_id: int, alarm_id: int, *, hold: bool = False) -> Alarm | None:
    """An alarm; with `hold` nobody else changes it until the transaction ends."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == alarm_id)
    row = (await conn.execute(query.with_for_update() if hold else query)).first()
    return _alarm(row) if row else None


async def count_up(
    conn: AsyncConnection, newsroom_id: int, alarm_id: int, times: int, threats: int, weight: tuple[int, bool]
) -> None:
    """The same wave goes on: more posts, more records, perhaps a graver one."""
    values = {
        "times": t.c.times + times,
        "threats": t.c.threats + threats,
        "severity": sa.case((t.c.severity < weight[0], weight[0]), else_=t.c.severity),
        "imminent": sa.true() if weight[1] else t.c.imminent,
    }
    await conn.execute(sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == alarm_id).values(values))


async def any_due(conn: AsyncConnection, now: datetime) -> bool:
    """Whether an alarm waits to go on."""
    query = sa.select(t.c.id).where(sa.text("state = 'ringing'"), t.c.due_at <= now).limit(1)
    return await conn.scalar(query) is not None


async def due(conn: AsyncConnection, now: datetime, limit: int) -> list[Alarm]:
    """Alarms that nobody answered in time, in any newsroom; on PostgreSQL no other process takes the same ones."""
    query = sa.select(t).where(sa.text("state = 'ringing'"), t.c.due_at <= now).order_by(t.c.due_at).limit(limit)
    return [_alarm(row) for row in (await conn.execute(query.with_for_update(skip_locked=True))).all()]


async def go_on(conn: AsyncConnection, alarm: Alarm, step: int, due_at: datetime | None) -> bool:
    """Move to a step; False when somebody answered meanwhile or another process did it: each step is made once."""
    mine = sa.update(t).where(t.c.id == alarm.id, t.c.step == alarm.step, t.c.state == AlarmState.RINGING.value)
    return (await conn.execute(mine.values(step=step, due_at=due_at))).rowcount == 1


async def answer(
    conn: AsyncConnection, newsroom_id: int, alarm_id: int, member_id: int, state: AlarmState, now: datetime
) -> bool:
    """Somebody answers it; False when somebody else was first."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == alarm_id)
    ringing = mine.where(t.c.state == AlarmState.RINGING.value)
    values = {"state": state.value, "answered_by": member_id, "answered_at": now, "due_at": None}
    return (await conn.execute(ringing.values(values))).rowcount == 1


async def pass_on(conn: AsyncConnection, newsroom_id: int, member_id: int, now: datetime) -> None:
    """Somebody can answer no more: what rings for them, and what they took within the day, goes on at once."""
    theirs = sa.select(calls.c.alarm_id).where(calls.c.newsroom_id == newsroom_id, calls.c.member_id == member_id)
    ringing = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.state == AlarmState.RINGING.value)
    await conn.execute(ringing.where(t.c.id.in_(theirs), t.c.due_at.is_not(None)).values(due_at=now))
    # What waited because they had taken the one before waits no longer.
    other = t.alias()
    held = sa.select(other.c.incident_id).where(
        other.c.newsroom_id == newsroom_id, other.c.answered_by == member_id, other.c.answered_at >= now - _HANDED_ON
    )
    uncalled = t.c.id.not_in(sa.select(calls.c.alarm_id).where(calls.c.newsroom_id == newsroom_id))
    await conn.execute(ringing.where(t.c.incident_id.in_(held), uncalled).values(due_at=now))
    rings = sa.select(other.c.incident_id).where(
        other.c.newsroom_id == newsroom_id, other.c.state == AlarmState.RINGING.value
    )
    # Of each incident the latest alone: one at a time rings.
    newer = sa.select(sa.func.max(other.c.id)).where(other.c.newsroom_id == newsroom_id).group_by(other.c.incident_id)
    taken = sa.update(t).where(
        t.c.newsroom_id == newsroom_id,
        t.c.state == AlarmState.TAKEN.value,
        t.c.answered_by == member_id,
        t.c.answered_at >= now - _HANDED_ON,
        t.c.incident_id.not_in(rings),
        t.c.id.in_(newer),
    )
    back = {"state": AlarmState.RINGING.value, "answered_by": None, "answered_at": None, "due_at": now}
    await conn.execute(taken.values(back))


async def move(
    conn: AsyncConnection, newsroom_id: int, incident_id: int, threat_ids: Collection[int], into: int
) -> set[AlarmState]:
    """Alarms of these records go into another incident with them; returns the states of those that did."""
    mine = sa.and_(
        t.c.newsroom_id == newsroom_id, t.c.incident_id == incident_id, t.c.threat_id.in_(sorted(threat_ids))
    )
    found = {AlarmState(state) for state in (await conn.execute(sa.select(t.c.state).where(mine))).scalars()}
    await conn.execute(sa.update(t).where(mine).values(incident_id=into))
    return found


async def call(
    conn: AsyncConnection, newsroom_id: int, alarm_id: int, people: Collection[int], step: int, now: datetime
) -> None:
    """Note that an alarm went to these members."""
    for member_id in people:
        row = {"alarm_id": alarm_id, "member_id": member_id, "newsroom_id": newsroom_id, "step": step, "called_at": now}
        again = insert_for(conn, calls).values(row)
        await conn.execute(again.on_conflict_do_update(index_elements=["alarm_id", "member_id"], set_={"step": step}))


async def called(conn: AsyncConnection, newsroom_id: int, alarm_id: int) -> dict[int, int | None]:
    """Whom it went to, with the message that shows it to them."""
    query = sa.select(calls.c.member_id, calls.c.message_id).where(
        calls.c.newsroom_id == newsroom_id, calls.c.alarm_id == alarm_id
    )
    return {row.member_id: row.message_id for row in (await conn.execute(query.order_by(calls.c.called_at))).all()}


async def set_message(conn: AsyncConnection, alarm_id: int, member_id: int, message_id: int) -> None:
    """Remember the message that shows it to somebody."""
    mine = sa.update(calls).where(calls.c.alarm_id == alarm_id, calls.c.member_id == member_id)
    await conn.execute(mine.values(message_id=message_id))


async def of_threat(conn: AsyncConnection, newsroom_id: int, incident_id: int | None) -> Alarm | None:
    """The latest alarm of a record's incident."""
    return await latest_of_incident(conn, newsroom_id, incident_id) if incident_id is not None else None


async def answered_since(conn: AsyncConnection, newsroom_id: int, since: datetime) -> list[Alarm]:
    """Alarms raised since a moment."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.raised_at >= since).order_by(t.c.id)
    return [_alarm(row) for row in (await conn.execute(query)).all()]


def _alarm(row: Any) -> Alarm:
    values = {name: getattr(row, name) for name in Alarm.__dataclass_fields__}
    return Alarm(**(values | {"state": AlarmState(row.state)}))
