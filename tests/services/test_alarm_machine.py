"""Alarms in any order of things: forwards, presses, minutes, outages and restarts, beside a model of their way."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.model.alarm import RING_AGAIN, AlarmState
from bot.storage.store import Store
from bot.storage.tables import alarms as alarms_table
from bot.storage.tables import history
from tests.services.alarm_house import STEP, USUAL, House, open_house
from tests.stores import StoppedClock, migrate, sqlite_url


class AlarmMachine(RuleBasedStateMachine):
    """Forwards, presses, minutes, outages and restarts in any order; a model of the way beside the real one."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = StoppedClock()
        self.house: House
        self.state = "none"
        self.step = -1
        self.due: Any = None
        self.is_called = False
        self.taken_at: Any = None

    def run(self, act: Any) -> Any:
        """Do something on the machine's own loop."""
        return self.loop.run_until_complete(act)

    @initialize()
    def open(self) -> None:
        """An empty newsroom."""
        path = Path(MACHINE_FOLDER[0]) / f"{id(self)}-{len(list(Path(MACHINE_FOLDER[0]).iterdir()))}.sqlite"
        path.write_bytes(Path(MACHINE_FOLDER[1]).read_bytes())
        self.house = self.run(open_house(Store(sqlite_url(path)), self.clock, USUAL))

    @rule()
    def threaten(self) -> None:
        """A grave threat comes: the first of its wave calls; later ones count up, or call after an answer."""
        self.run(self.house.threaten())
        if self.state == "ringing":
            return
        again = self.taken_at + RING_AGAIN if self.state == "taken" else self.clock()
        self.is_called = again <= self.clock()
        self.state, self.step = "ringing", 0
        self.due = self.clock() + timedelta(seconds=STEP) if self.is_called else again

    @rule(minutes=st.integers(0, 12))
    def wait(self, minutes: int) -> None:
        """Time passes; the ticker looks once, as after an outage of so long."""
        self.clock.tick(minutes * 60)
        made = self.run(self.house.alarms.sweep())
        if self.state == "ringing" and self.due is not None and self.clock() >= self.due:
            assert made == 1
            self.step += self.is_called
            self.is_called = True
            self.due = self.clock() + timedelta(seconds=STEP) if self.step < 4 else None
        else:
            assert made == 0

    @rule()
    def deliver(self) -> None:
        """Telegram takes what waits."""
        self.run(self.house.delivered())

    @rule()
    def restart(self) -> None:
        """The process is killed and starts again: only the database is left."""
        url = self.house.store.url.render_as_string(hide_password=False)
        self.run(self.house.store.close())
        self.house.store = Store(url)

    @precondition(lambda self: self.state == "ringing" and self.is_called)
    @rule(state=st.sampled_from([AlarmState.TAKEN, AlarmState.FALSE]))
    def answer(self, state: AlarmState) -> None:
        """The lead, who was called first, answers."""
        alarm = self.latest()
        self.run(self.house.alarms.answer(self.house.stage, self.house.people["lead"], alarm.id, state))
        self.run(self.house.stage.commit(self.house.store))
        self.state, self.due, self.taken_at = state.value, None, self.clock()

    def latest(self) -> Any:
        """The alarm that was raised last."""

        async def read() -> Any:
            async with self.house.store.read() as conn:
                return (await conn.execute(sa.select(alarms_table).order_by(alarms_table.c.id.desc()))).first()

        return self.run(read())

    @invariant()
    def the_archive_agrees(self) -> None:
        """State, step and due moment are those of the model; nobody is called more often than steps were made."""
        if not hasattr(self, "house") or self.state == "none":
            return
        alarm = self.latest()
        assert (alarm.state, alarm.step, alarm.due_at) == (self.state, self.step, self.due)

        async def read() -> int:
            async with self.house.store.read() as conn:
                query = sa.select(sa.func.count()).select_from(history).where(history.c.event == "alarm_on")
                return int(await conn.scalar(query) or 0)

        assert self.run(read()) >= self.step

    def teardown(self) -> None:
        """Close the database."""
        if hasattr(self, "house"):
            self.run(self.house.store.close())
        self.loop.close()


MACHINE_FOLDER: list[str] = []


def test_any_order_of_things(tmp_path: Path) -> None:
    """Exactly one step for each time that is due, none after an answer, whatever happens in between."""
    template = tmp_path / "template.sqlite"
    migrate(sqlite_url(template))
    (tmp_path / "runs").mkdir()
    MACHINE_FOLDER[:] = [str(tmp_path / "runs"), str(template)]
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(AlarmMachine, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
