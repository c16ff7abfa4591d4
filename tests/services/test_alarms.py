"""Alarms: raised with the case, again, to the next, to everyone; each step once; an answer ends it, across restarts."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.errors import Refusal
from bot.model.alarm import ALARM_MINUTES, RING_AGAIN, AlarmState, Watch, rounds
from bot.model.outbox import Priority
from bot.model.rights import Role
from bot.model.verdict import ThreatFound
from bot.services.duty import Duty
from bot.services.keys import Keys
from bot.services.members import Members
from bot.storage import alarms as alarm_rows
from bot.storage import clock_jumps, incidents, newsrooms
from bot.storage.store import Store
from bot.storage.tables import alarms as alarms_table
from bot.storage.tables import outbox_messages
from tests.newsroom import make_member
from tests.services.alarm_house import GRAVE, MILD, STEP, USUAL, House, open_house
from tests.stores import StoppedClock


@pytest.fixture
async def house(store: Store, clock: StoppedClock) -> House:
    """A newsroom with two security leads, an editor and an admin, on both engines."""
    return await open_house(store, clock, USUAL)


async def test_the_way_of_an_alarm(house: House) -> None:
    """The one on duty at once, the same again, the next, all editors with them, twice; each after its minutes."""
    await house.threaten()
    assert await house.rings() == [("lead", int(Priority.ALARM))]
    assert await house.pass_minutes(ALARM_MINUTES - 0.1) == 0
    for step in (["lead"], ["second"], ["editor", "lead", "second"], ["editor", "lead", "second"]):
        before = await house.called()
        assert await house.pass_minutes(ALARM_MINUTES) == 1
        assert (await house.called())[len(before) :] == step
    assert await house.pass_minutes(24 * 60) == 0
    assert (await house.only()).due_at is None


async def test_a_clock_set_back_keeps_no_alarm_back(house: House) -> None:
    """Two hours and a half back: it is told at once, and goes on after its newsroom's patience, not hours later."""
    await house.threaten()
    house.clock.tick(-2.5 * 3600)
    async with house.store.write() as conn:
        assert await clock_jumps.bring_back(conn, house.clock()) == 2
        late = sa.select(outbox_messages.c.id).where(outbox_messages.c.not_before > house.clock())
        assert (await conn.execute(late)).all() == []
    async with house.store.write() as conn:
        assert await clock_jumps.bring_back(conn, house.clock()) == 0
    assert await house.pass_minutes(ALARM_MINUTES - 0.1) == 0
    assert await house.pass_minutes(0.1) == 1
    assert await house.called() == ["lead", "lead"]


async def test_an_answer_ends_it(house: House) -> None:
    """Whoever was called first and takes it: nobody else is called; who and when are kept; a second answer is late."""
    await house.threaten()
    await house.pass_minutes(ALARM_MINUTES)
    await house.pass_minutes(ALARM_MINUTES)
    alarm = await house.only()
    for who, state in (("second", AlarmState.TAKEN), ("lead", AlarmState.FALSE)):
        await house.alarms.answer(house.stage, house.people[who], alarm.id, state)
        await house.stage.commit(house.store)
    row = await house.only()
    assert (row.state, row.answered_by, row.due_at) == ("taken", house.people["second"].id, None)
    assert row.answered_at == house.clock()
    called = await house.called()
    assert await house.pass_minutes(24 * 60) == 0
    assert await house.called() == called
    view = await house.alarms.view(house.people["lead"], alarm.id)
    assert (view.answered_by, view.alarm.state) == ("second", AlarmState.TAKEN)


async def test_only_who_was_called_may_answer(house: House) -> None:
    """An alarm is shown to, and answered by, those it went to."""
    await house.threaten()
    alarm = await house.only()
    for name in ("editor", "second", "journalist"):
        with pytest.raises(Refusal):
            await house.alarms.answer(house.stage, house.people[name], alarm.id, AlarmState.TAKEN)


async def test_escalation_by_press(house: House) -> None:
    """A press calls the next ones now; when everybody has been called it says so."""
    await house.threaten()
    alarm = await house.only()
    for called in (["second"], ["editor", "second"], []):
        before = await house.called()
        await house.delivered()
        await house.alarms.escalate(house.stage, house.people["lead"], alarm.id)
        await house.stage.commit(house.store)
        assert (await house.called())[len(before) :] == called
    assert (await house.only()).state == "ringing"


async def test_a_flood_is_one_message(house: House) -> None:
    """Forty more threats of the same wave: one alarm, one call; the message counts up."""
    for number in range(41):
        await house.threaten(text=f"угроза {number}")
    assert await house.called() == ["lead"]
    row = await house.only()
    assert (row.times, row.threats) == (41, 41)
    async with house.store.read() as conn:
        assert len(await incidents.recent(conn, house.newsroom.id, 99)) == 1


async def test_what_can_wait_rings_for_nobody(house: House) -> None:
    """A milder threat is recorded without an alarm; a graver one of the same wave then raises it."""
    await house.threaten(MILD)
    assert await house.called() == []
    await house.threaten()
    assert await house.called() == ["lead"]


async def take(house: House, who: str = "lead") -> None:
    """Somebody takes the alarm that was raised last."""
    async with house.store.read() as conn:
        alarm = (await conn.execute(sa.select(alarms_table).order_by(alarms_table.c.id.desc()))).first()
    assert alarm is not None
    await house.alarms.answer(house.stage, house.people[who], alarm.id, AlarmState.TAKEN)
    await house.stage.commit(house.store)
    await house.delivered()


async def test_after_an_answer_copies_only_count(house: House) -> None:
    """Somebody has taken it: the same words, seen for a day, are no new alarm; something graver is, at once."""
    quiet = ThreatFound(level="threat", kinds=("arson",), severity=4)
    await house.threaten(quiet, words="мы сожжём вашу редакцию")
    await take(house)
    for _ in range(3):
        house.clock.tick(5 * 3600)
        await house.threaten(quiet, words="мы сожжём вашу редакцию")
    assert await house.called() == ["lead"]
    assert (await house.only()).times == 4
    await house.threaten(GRAVE)
    assert await house.called() == ["lead", "lead"]


async def test_a_taken_alarm_hides_no_other_threat(house: House) -> None:
    """An invented threat was taken: other words ring again, once the minutes are over at once; those within count."""
    again = RING_AGAIN.total_seconds() / 60
    await house.threaten(text="выдумка")
    await take(house)
    await house.pass_minutes(again - 2)
    for number in range(3):
        await house.threaten(text=f"настоящая {number}")
    assert await house.called() == ["lead"]
    assert await house.pass_minutes(1) == 0
    assert await house.pass_minutes(1) == 1
    assert await house.called() == ["lead", "lead"]
    async with house.store.read() as conn:
        raised = (await conn.execute(sa.select(alarms_table).order_by(alarms_table.c.id))).all()
    assert [(row.state, row.threats) for row in raised] == [("taken", 1), ("ringing", 3)]
    await house.pass_minutes(ALARM_MINUTES)
    assert await house.called() == ["lead", "lead", "lead"]
    await take(house)
    await house.pass_minutes(20 * 60)
    await house.threaten(text="и ещё одна")
    assert await house.called() == ["lead"] * 4


async def test_what_waits_goes_on_with_who_took_the_first(house: House) -> None:
    """Whoever took the alarm can answer no more: what waits for the minutes to pass is called at once."""
    await house.threaten(text="выдумка")
    await take(house)
    await house.threaten(text="настоящая")
    async with house.store.write() as conn:
        await alarm_rows.pass_on(conn, house.newsroom.id, house.people["lead"].id, house.clock())
    assert await house.alarms.sweep() == 1


@pytest.mark.parametrize("roles", [None, [Role.JOURNALIST], [Role.EDITOR]])
@pytest.mark.parametrize("answered", [True, False])
async def test_who_leaves_hands_alarms_on(house: House, roles: list[Role] | None, answered: bool) -> None:
    """Removed, or no security lead any longer: what rings for them, or what they took, goes to the next at once."""
    await house.threaten()
    if answered:
        await take(house)
    people = Members(house.store, house.clock, Keys(b"k" * 32), 24)
    admin, lead = house.people["admin"], house.people["lead"]
    if roles is None:
        await people.remove(house.stage, admin, lead.id)
    else:
        await people.set_roles(house.stage, admin, lead.id, roles)
    await house.stage.commit(house.store)
    assert await house.pass_minutes(0) == 1
    assert (await house.called())[-1] == "second"


async def test_what_is_graver_does_not_wait(house: House) -> None:
    """Among what waits something graver comes: it rings at once, and is one alarm with the rest."""
    quiet = ThreatFound(level="threat", kinds=("arson",), severity=4)
    await house.threaten(quiet)
    await take(house)
    await house.threaten(quiet)
    assert await house.called() == ["lead"]
    await house.threaten(GRAVE)
    assert await house.called() == ["lead", "lead"]


async def test_a_false_alarm_does_not_silence_the_next(house: House) -> None:
    """What comes after a false alarm calls again."""
    await house.threaten()
    alarm = await house.only()
    await house.alarms.answer(house.stage, house.people["lead"], alarm.id, AlarmState.FALSE)
    await house.stage.commit(house.store)
    await house.delivered()
    await house.threaten()
    assert await house.called() == ["lead", "lead"]


async def test_without_security_admins_and_editors_are_told(store: Store, clock: StoppedClock) -> None:
    """All of them, at once; and again."""
    house = await open_house(store, clock, [p for p in USUAL if p[1] is not Role.SECURITY])
    await house.threaten()
    assert sorted(await house.called()) == ["admin", "editor"]
    await house.pass_minutes(ALARM_MINUTES)
    assert len(await house.called()) == 4


async def test_with_nobody_to_call_it_waits_for_somebody(store: Store, clock: StoppedClock) -> None:
    """A newsroom of one journalist: the alarm stands; whoever comes later is called."""
    house = await open_house(store, clock, [("journalist", Role.JOURNALIST)])
    await house.threaten()
    assert await house.called() == []
    await house.pass_minutes(ALARM_MINUTES)
    house.people["lead"] = await make_member(store, house.newsroom, clock(), Role.SECURITY, name="lead")
    await house.pass_minutes(ALARM_MINUTES)
    assert await house.called() == ["lead"]


async def test_an_outage_changes_nothing_of_the_way(house: House) -> None:
    """Telegram takes nothing for an hour: the steps are made all the same, and nobody's call waits twice."""
    await house.threaten()
    for _ in range(4):
        house.clock.tick(STEP)
        await house.alarms.sweep()
    called = await house.called()
    assert sorted(called) == ["editor", "lead", "second"]


async def test_the_minutes_are_a_setting(house: House) -> None:
    """The newsroom's own number counts."""
    async with house.store.write() as conn:
        await newsrooms.set_limit(conn, house.newsroom.id, "alarm_minutes", 1)
    await house.threaten()
    assert await house.pass_minutes(1) == 1


async def test_the_roster_decides_who_is_first(house: House) -> None:
    """On duty is who said so last; quiet hours are never asked."""
    duty = Duty(house.store, house.clock)
    for name in ("lead", "second"):
        await duty.take(house.stage, house.people[name], None)
        await house.stage.commit(house.store)
    await duty.set_quiet(house.stage, house.people["second"], (0, 24 * 60 - 1))
    await house.stage.commit(house.store)
    assert [watch.name for watch in await duty.roster(house.newsroom.id)] == ["second", "lead"]
    await house.threaten()
    assert await house.called() == ["second"]
    await duty.leave(house.stage, house.people["second"], None)
    await house.stage.commit(house.store)
    assert [watch.name for watch in await duty.roster(house.newsroom.id)] == ["lead"]


async def test_two_tickers_make_a_step_once(house: House) -> None:
    """Also when two processes look at the same moment."""
    await house.threaten()
    await house.delivered()
    house.clock.tick(STEP)
    done = await asyncio.gather(house.alarms.sweep(), house.alarms.sweep())
    assert sum(done) == 1
    assert await house.called() == ["lead", "lead"]


@pytest.mark.parametrize(
    ("hours", "minute", "quiet"),
    [
        ((22 * 60, 7 * 60), 23 * 60, True),
        ((22 * 60, 7 * 60), 6 * 60, True),
        ((22 * 60, 7 * 60), 7 * 60, False),
        ((22 * 60, 7 * 60), 12 * 60, False),
        ((60, 120), 90, True),
        ((60, 120), 120, False),
    ],
)
def test_quiet_hours_may_go_over_midnight(hours: tuple[int, int], minute: int, quiet: bool) -> None:
    """From the first minute to before the last."""
    assert Watch(member_id=1, name="x", place=1, quiet_from=hours[0], quiet_until=hours[1]).is_quiet(minute) == quiet


def test_rounds() -> None:
    """Nobody, somebody alone, a roster."""
    assert rounds((), ()) == ()
    assert rounds((), (3,)) == ((3,), (3,))
    assert rounds((1,), ()) == ((1,), (1,), (1,), (1,))
    assert rounds((1, 2), (3, 1)) == ((1,), (1,), (2,), (3, 1, 2), (3, 1, 2))
