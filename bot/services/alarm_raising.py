"""Whom an alarm goes to, and raising it: in the transaction in which its threat is recorded."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import trail
from bot.model.alarm import ALARM_MINUTES, RING_AGAIN, Alarm, AlarmState, rounds
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Priority
from bot.model.rights import Right, Role
from bot.model.threat import WAVE, Incident
from bot.services import notices
from bot.storage import alarms, duty, members, newsrooms, outbox, restrictions, threat_search
from bot.storage.after_commit import after_commit
from bot.storage.threats import Recorded
from bot.trail import Milestone

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """By what an incident grew; `gravest` is the worst record that calls for an alarm, if any does.

    `is_news` when one of those is not in the log yet, or cannot wait since now: an alarm that was taken speaks for
    further sightings of its records only.
    """

    incident: Incident
    records: int
    times: int
    gravest: Recorded | None
    is_news: bool = False


async def ring(conn: AsyncConnection, newsroom_id: int, growth: Growth, now: datetime) -> None:
    """Raise an incident's alarm, or let the one that is there count up.

    What is new after an answer rings again, once within `RING_AGAIN`: what comes before that is counted by an alarm
    that waits for its first call until then. What is graver does not wait.
    """
    there = await alarms.latest_of_incident(conn, newsroom_id, growth.incident.id)
    if there is not None and _covers(there, growth, now):
        await _count(conn, newsroom_id, there, growth, now)
    elif growth.gravest is not None:
        first_call = _again_at(there, growth.gravest, now) if there is not None else now
        await _raise(conn, newsroom_id, growth, first_call, now)
        if there is not None:
            await show_again(conn, newsroom_id, there.id, now)


def _covers(alarm: Alarm, growth: Growth, now: datetime) -> bool:
    """Whether an alarm speaks for what came now: it rings, or somebody took it and it is the same, or can wait."""
    if alarm.state is AlarmState.RINGING or growth.gravest is None:
        return True
    is_recent = alarm.answered_at is not None and alarm.answered_at >= now - WAVE
    is_same = not growth.is_news and not _is_graver(growth.gravest, alarm)
    return alarm.state is AlarmState.TAKEN and is_recent and is_same


def _is_graver(record: Recorded, alarm: Alarm) -> bool:
    return (record.imminent, record.severity) > (alarm.imminent, alarm.severity)


def _again_at(alarm: Alarm, gravest: Recorded, now: datetime) -> datetime:
    if alarm.state is not AlarmState.TAKEN or alarm.answered_at is None or _is_graver(gravest, alarm):
        return now
    return max(now, alarm.answered_at + RING_AGAIN)


async def _count(conn: AsyncConnection, newsroom_id: int, alarm: Alarm, growth: Growth, now: datetime) -> None:
    gravest = growth.gravest
    weight = (gravest.severity, gravest.imminent) if gravest is not None else (0, False)
    await alarms.count_up(conn, newsroom_id, alarm.id, growth.times, growth.records, weight)
    if alarm.state is AlarmState.RINGING and not await alarms.called(conn, newsroom_id, alarm.id):
        if gravest is not None and _is_graver(gravest, alarm):
            people = await steps(conn, newsroom_id)
            if people and await alarms.go_on(conn, alarm, 0, now + await patience(conn, newsroom_id)):
                await call(conn, newsroom_id, alarm.id, people[0], 0, now)
        shown = await alarms.latest_of_incident(conn, newsroom_id, alarm.incident_id, before=alarm.id)
        if shown is not None:
            await show_again(conn, newsroom_id, shown.id, now)
    await show_again(conn, newsroom_id, alarm.id, now)


async def _raise(conn: AsyncConnection, newsroom_id: int, growth: Growth, first_call: datetime, now: datetime) -> None:
    gravest = growth.gravest
    if gravest is None:
        return
    people = await steps(conn, newsroom_id, gravest.id)
    waits = first_call > now
    due = first_call if waits else now + await patience(conn, newsroom_id)
    weight = (gravest.severity, gravest.imminent)
    alarm_id = await alarms.add(conn, newsroom_id, growth.incident.id, gravest.id, weight, due, now)
    if growth.times > 1 or growth.records > 1:
        await alarms.count_up(conn, newsroom_id, alarm_id, growth.times - 1, growth.records - 1, weight)
    if not waits:
        await call(conn, newsroom_id, alarm_id, people[0] if people else (), 0, now)
    case = await case_of(conn, newsroom_id, gravest.id)
    after_commit(conn, partial(_tell_raised, {"alarm": alarm_id} | ({"case": case} if case is not None else {})))


def _tell_raised(known: dict[str, int]) -> None:
    with trail.along(trail.current(), **known, stage=Milestone.RAISED.value):
        log.info("%s", Milestone.RAISED.value)


async def case_of(conn: AsyncConnection, newsroom_id: int, threat_id: int) -> int | None:
    """The case in which a threat was first found."""
    row = await threat_search.row(conn, newsroom_id, threat_id)
    return int(row["submission_id"]) if row is not None and row["submission_id"] is not None else None


async def call(
    conn: AsyncConnection, newsroom_id: int, alarm_id: int, people: Sequence[Member], step: int, now: datetime
) -> None:
    """Call these people, loudly."""
    await alarms.call(conn, newsroom_id, alarm_id, [member.id for member in people], step, now)
    await outbox.put(conn, [notices.alarm(member, alarm_id) for member in people], now)


async def show_again(
    conn: AsyncConnection,
    newsroom_id: int,
    alarm_id: int,
    now: datetime,
    *,
    but: Collection[int] = (),
    priority: Priority = Priority.CARD,
) -> None:
    """Bring the messages of an alarm up to date for whoever has one."""
    called = await alarms.called(conn, newsroom_id, alarm_id)
    people = [m for m in await members.by_ids(conn, called.keys() - set(but)) if m.status is MemberStatus.ACTIVE]
    await outbox.put(conn, [notices.alarm_edit(member, alarm_id, priority) for member in people], now)


async def steps(conn: AsyncConnection, newsroom_id: int, threat_id: int | None = None) -> list[tuple[Member, ...]]:
    """Whom an alarm goes to, step by step, as the roster is now; of a restricted record only whom it names.

    Security leads who are not on the roster come after those who are. Where nobody leads security, admins and editors
    are called together; where there is nobody of these either, nobody can be.
    """
    people = {m.id: m for m in await members.all_of(conn, newsroom_id, MemberStatus.ACTIVE)}
    leads = [i for i, member in people.items() if Role.SECURITY in member.roles]
    on_call = [watch.member_id for watch in await duty.roster(conn, newsroom_id) if watch.member_id in leads]
    roster = tuple(dict.fromkeys([*on_call, *leads]))
    wanted = {Role.EDITOR} if roster else {Role.EDITOR, Role.ADMIN}
    everyone = tuple(i for i, member in people.items() if member.roles & wanted)
    kept = await restrictions.of_threat(conn, newsroom_id, threat_id) if threat_id is not None else None
    if kept is not None:
        # Where nobody who is named leads security any more, all who do are to know.
        named_lead = any(i in leads for i in kept.members)
        roster = tuple(i for i in roster if i in kept.members) if named_lead else roster
        everyone = tuple(i for i in kept.members if i in people and people[i].may(Right.ANSWER_ALARM))
    return [tuple(people[i] for i in each) for each in rounds(roster, everyone)]


async def patience(conn: AsyncConnection, newsroom_id: int) -> timedelta:
    """How long an alarm waits for an answer before it goes on."""
    return timedelta(minutes=await newsrooms.limit(conn, newsroom_id, "alarm_minutes", ALARM_MINUTES))
