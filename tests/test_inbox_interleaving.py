"""Any interleaving of arrivals, rounds and kills: each accepted update takes effect exactly once."""

import asyncio
import json
import logging
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import UnreadableUpdate
from bot.inbox import Inbox
from bot.inbox_work import Work, Worker, WorkLimits
from bot.storage import history
from bot.storage import inbox as archive
from bot.storage.store import Store
from tests.inbox_house import BOT_ID, Raw, raw
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock, sqlite_url


class Killed(BaseException):
    """The process dies in the middle of a transaction."""


class AnyInterleaving(RuleBasedStateMachine):
    """Several processes on one database take, handle and commit updates, fail, die and start, in any order.

    The model is a counter: every accepted update is to have one effect, an unreadable one none.
    """

    migrated: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="kalkan-inbox-")
        path = Path(self.folder.name) / "kalkan.sqlite"
        shutil.copy(self.migrated, path)
        self.runner = asyncio.Runner()
        self.store = Store(sqlite_url(path))
        self.clock = StoppedClock()
        self.workers: list[Worker] = []
        self.taken: list[tuple[Worker, Any]] = []
        self.sent: list[Raw] = []
        self.expected: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.kill_next = False

    @initialize()
    def begin(self) -> None:
        """A newsroom with three people."""

        async def make() -> None:
            self.newsroom = await make_newsroom(self.store, self.clock())
            self.people = [await make_member(self.store, self.newsroom, self.clock()) for _ in range(3)]

        self.runner.run(make())
        self.inbox = Inbox(self.store, self.clock, BOT_ID)
        self.start()

    @rule(
        news=st.lists(
            st.tuples(
                st.integers(0, 2), st.booleans(), st.sampled_from(["fine", "fine", "flaky", "bad step", "unreadable"])
            ),
            max_size=5,
        ),
        again=st.sets(st.integers(0, 30), max_size=3),
    )
    def arrive(self, news: list[tuple[int, bool, str]], again: set[int]) -> None:
        """Telegram delivers: new updates, some of the old ones again, a stranger's among them."""
        batch = [self.sent[number] for number in again if number < len(self.sent)]
        for who, loose, what in news:
            name = f"{len(self.sent)} {what}"
            extra = {"forward_origin": {}} if loose else {}
            self.sent.append(raw(self.people[who], name, **extra))
            self.expected[name] = 0 if what == "unreadable" else 1
            self.failures[name] = 2 if what in ("flaky", "bad step") else 0
            batch.append(self.sent[-1])
        self.runner.run(self.inbox.accept([*batch, raw(13)]))

    @rule(serves=st.booleans())
    def start(self, serves: bool = False) -> None:
        """Another process starts, takes what it thinks was left, and may finish it at once."""
        if len(self.workers) < 3:
            worker = Worker(self.store, self.clock, self.inbox, WorkLimits(at_once=6, tries=10_000), lambda: None)
            self.runner.run(worker.recover())
            self.workers.append(worker)
            if serves:
                self.serve(len(self.workers) - 1)

    @precondition(lambda self: self.workers)
    @rule(number=st.integers(0, 2), killed=st.sampled_from([False, False, False, True]))
    def round(self, number: int, killed: bool) -> None:
        """A process commits what is ready and claims what comes next; or it is killed in that transaction."""
        worker = self.workers[number % len(self.workers)]
        self.kill_next = killed
        try:
            claimed = self.runner.run(worker._round())
        except Killed:
            self._forget(worker)
            return
        finally:
            self.kill_next = False
        for update in claimed:
            worker._in_hand[update.id] = self.runner.run(_done())
            worker._chats[update.chat_key] += 1
            self.taken.append((worker, update))

    @precondition(lambda self: self.taken)
    @rule(number=st.integers(0, 30), commits=st.booleans())
    def handle(self, number: int, commits: bool = False) -> None:
        """A process handles one of the updates that it has in hand, and may commit what came of it at once."""
        worker, update = self.taken.pop(number % len(self.taken))
        self.runner.run(worker._handle(self._process, update))
        if commits:
            self.round(self.workers.index(worker), False)

    @precondition(lambda self: self.workers)
    @rule(number=st.integers(0, 2))
    def serve(self, number: int) -> None:
        """A process handles all that it has in hand, and commits it."""
        worker = self.workers[number % len(self.workers)]
        self.round(number, False)
        for owner, update in [each for each in self.taken if each[0] is worker]:
            self.taken.remove((owner, update))
            self.runner.run(worker._handle(self._process, update))
        self.round(number, False)

    @precondition(lambda self: self.workers)
    @rule(number=st.integers(0, 2))
    def kill(self, number: int) -> None:
        """A process is gone, with all that it had in hand."""
        self._forget(self.workers[number % len(self.workers)])

    @rule(seconds=st.sampled_from([0.5, 3, 400]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.clock.tick(seconds)

    def teardown(self) -> None:
        """One process is left to finish; then the effects are counted."""
        try:
            if self.workers or self.sent:
                self._drain()
                self._count()
        finally:
            self.runner.run(self.store.close())
            self.runner.close()
            self.folder.cleanup()

    def _drain(self) -> None:
        for worker in list(self.workers):
            self._forget(worker)
        self.start()
        for _ in range(40 + 4 * len(self.sent)):
            self.round(0, False)
            if not self.taken and not {"new", "working"} & self._look()[1].keys():
                return
            while self.taken:
                self.handle(0)
            self.clock.tick(400)

    def _count(self) -> None:
        effects, states = self._look()
        assert effects == +self.expected
        assert states.get("done", 0) == self.expected.total()
        assert states.get("dead", 0) == sum(1 for wanted in self.expected.values() if wanted == 0)
        assert set(states) <= {"done", "dead"}

    def _look(self) -> tuple[Counter[str], dict[str, int]]:
        async def look() -> tuple[Counter[str], dict[str, int]]:
            async with self.store.read() as conn:
                done = await history.of(conn, self.newsroom.id, ("update", 0))
                return Counter(event for event, _, _ in done), await archive.counts(conn)

        return self.runner.run(look())

    def _forget(self, worker: Worker) -> None:
        self.workers.remove(worker)
        self.taken = [(owner, update) for owner, update in self.taken if owner is not worker]

    async def _process(self, work: Work) -> None:
        name = json.loads(work.update.raw)["message"]["text"]
        if name.endswith("unreadable"):
            raise UnreadableUpdate(name)
        fails = self.failures[name] > 0
        self.failures[name] -= 1
        if fails and name.endswith("flaky"):
            raise RuntimeError(name)

        async def act(conn: AsyncConnection) -> None:
            await history.note(conn, self.newsroom.id, None, ("update", 0), name, self.clock())
            if self.kill_next:
                raise Killed
            if fails:
                raise ValueError(name)

        work.stage_once(act)


async def _done() -> asyncio.Task[None]:
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    return task


@pytest.mark.parametrize("examples", [15, pytest.param(300, marks=pytest.mark.slow)])
def test_any_interleaving(migrated_file: Path, caplog: pytest.LogCaptureFixture, examples: int) -> None:
    """Accept, claim, handle, commit, fail, kill and start in any order: every effect exactly once."""
    caplog.set_level(logging.CRITICAL)
    machine = type("Interleaving", (AnyInterleaving,), {"migrated": migrated_file})
    how = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(machine, settings=how)
