"""Alarms until somebody answers: again, to the next, to everyone. What is due stands in the database alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import trail
from bot.clock import Clock
from bot.errors import Refusal
from bot.model.alarm import Alarm, AlarmState
from bot.model.newsroom import Member
from bot.model.outbox import Priority
from bot.model.threat import Incident, ThreatLine
from bot.services import notices
from bot.services.alarm_raising import call, case_of, patience, show_again, steps
from bot.services.stage import Stage
from bot.storage import alarms, history, incidents, members, outbox, threat_search
from bot.storage.store import Store

_AT_A_TIME = 100
_SHOWN = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmView:
    """An alarm with what its message shows: its gravest records, whom it went to, who answered."""

    alarm: Alarm
    incident: Incident
    lines: tuple[ThreatLine, ...]
    records: int
    times: int
    called: tuple[str, ...]
    answered_by: str | None
    #: The message that shows it to the member who asked.
    message_id: int | None


class Alarms:
    """Lets alarms go on, and takes the answers."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def view(self, member: Member, alarm_id: int) -> AlarmView:
        """An alarm. Raises Refusal for whoever it did not go to."""
        async with self._store.read() as conn:
            alarm = await alarms.by_id(conn, member.newsroom_id, alarm_id)
            called = await alarms.called(conn, member.newsroom_id, alarm_id)
            if alarm is None or member.id not in called:
                raise Refusal("alarm_unknown")
            incident = await _incident(conn, alarm)
            ids = await incidents.ids_of(conn, member.newsroom_id, incident.id, _SHOWN)
            lines = await threat_search.lines(conn, member.newsroom_id, ids or [alarm.threat_id])
            await _learn_case(conn, alarm)
            records, times, _, _ = await incidents.counts(conn, member.newsroom_id, incident.id)
            names = {each.id: each.name for each in await members.by_ids(conn, {*called, alarm.answered_by or 0})}
        return AlarmView(
            alarm=alarm,
            incident=incident,
            lines=tuple(lines),
            records=max(records, len(lines)),
            times=times,
            called=tuple(names[i] for i in called if i in names),
            answered_by=names.get(alarm.answered_by or 0),
            message_id=called[member.id],
        )

    async def sweep(self) -> int:
        """Let every alarm that nobody answered in time go on by one step; returns how many did."""
        async with self._store.read() as conn:
            if not await alarms.any_due(conn, self._clock()):
                return 0
        async with self._store.write() as conn:
            now = self._clock()
            waiting = await alarms.due(conn, now, _AT_A_TIME)
            return sum([await self._go_on(conn, alarm, now) for alarm in waiting])

    async def _go_on(self, conn: AsyncConnection, alarm: Alarm, now: datetime) -> bool:
        people = await steps(conn, alarm.newsroom_id, alarm.threat_id)
        called = await alarms.called(conn, alarm.newsroom_id, alarm.id)
        # With nobody to call at first, the first step is still to be made.
        step = alarm.step + 1 if called else 0
        if not people:
            return await alarms.go_on(conn, alarm, alarm.step, now + await patience(conn, alarm.newsroom_id))
        is_last = step >= len(people) - 1
        due = None if is_last else now + await patience(conn, alarm.newsroom_id)
        if step >= len(people):
            await alarms.go_on(conn, alarm, alarm.step, None)
            return False
        if not await alarms.go_on(conn, alarm, step, due):
            return False
        await call(conn, alarm.newsroom_id, alarm.id, people[step], step, now)
        await history.note(
            conn, alarm.newsroom_id, None, ("threat", alarm.threat_id), "alarm_on", now, **_names(people[step])
        )
        again = [member.id for member in people[step]]
        await show_again(conn, alarm.newsroom_id, alarm.id, now, but=again)
        return True

    async def answer(self, stage: Stage, member: Member, alarm_id: int, state: AlarmState) -> None:
        """Somebody takes an alarm, or says that it is false; the first answer counts. Raises Refusal when unknown."""
        await self.view(member, alarm_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if await alarms.answer(conn, member.newsroom_id, alarm_id, member.id, state, now):
                alarm = await alarms.by_id(conn, member.newsroom_id, alarm_id)
                if alarm is not None:
                    event = "alarm_taken" if state is AlarmState.TAKEN else "alarm_false"
                    await history.note(
                        conn, member.newsroom_id, member.id, ("threat", alarm.threat_id), event, now, alarm=alarm_id
                    )
            await show_again(conn, member.newsroom_id, alarm_id, now, priority=Priority.ANSWER)

        stage.stage_once(act)

    async def escalate(self, stage: Stage, member: Member, alarm_id: int) -> None:
        """Somebody who was called wants the next ones called now. Raises Refusal when unknown, or nobody is left."""
        await self.view(member, alarm_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            alarm = await alarms.by_id(conn, member.newsroom_id, alarm_id, hold=True)
            if alarm is None or alarm.state is not AlarmState.RINGING:
                await show_again(conn, member.newsroom_id, alarm_id, now, priority=Priority.ANSWER)
                return
            people = await steps(conn, member.newsroom_id, alarm.threat_id)
            called = await alarms.called(conn, member.newsroom_id, alarm_id)
            fresh = (n for n, each in enumerate(people) if n > alarm.step and any(m.id not in called for m in each))
            step = next(fresh, None)
            if step is None:
                await outbox.put(conn, [notices.reply(member, "alarm_everybody_called")], now)
                return
            due = None if step >= len(people) - 1 else now + await patience(conn, member.newsroom_id)
            if await alarms.go_on(conn, alarm, step, due):
                others = [each for each in people[step] if each.id != member.id]
                await call(conn, member.newsroom_id, alarm_id, others, step, now)
                told = _names(tuple(others))
                await history.note(
                    conn, member.newsroom_id, member.id, ("threat", alarm.threat_id), "alarm_up", now, **told
                )
                await show_again(conn, member.newsroom_id, alarm_id, now, but=[each.id for each in others])

        stage.stage_once(act)


def _names(people: tuple[Member, ...]) -> dict[str, str]:
    return {"who": ", ".join(member.name for member in people)[:200]}


async def _learn_case(conn: AsyncConnection, alarm: Alarm) -> None:
    if trail.current() is not None and (case := await case_of(conn, alarm.newsroom_id, alarm.threat_id)) is not None:
        trail.learn(case=case)


async def _incident(conn: AsyncConnection, alarm: Alarm) -> Incident:
    incident = await incidents.by_id(conn, alarm.newsroom_id, alarm.incident_id)
    if incident is not None and incident.merged_into is not None:
        incident = await incidents.by_id(conn, alarm.newsroom_id, incident.merged_into)
    if incident is None:
        raise LookupError("an alarm without its incident")
    return incident
