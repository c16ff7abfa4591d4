"""The durable inbox: whatever fails, whenever the process dies, an accepted update takes effect exactly once."""

import asyncio
import itertools
import json
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Outage, UnreadableUpdate
from bot.inbox import Inbox, Process, Work, Worker, WorkLimits
from bot.model.ids import new_id
from bot.model.newsroom import Member, MemberStatus, Newsroom
from bot.model.rights import Role
from bot.model.tokens import token_hash
from bot.redaction import RedactingFormatter
from bot.storage import history, members
from bot.storage import inbox as archive
from bot.storage.members import NewInvite
from bot.storage.store import Store
from bot.storage.tables import history as events
from bot.storage.tables import inbox_updates as table
from tests.newsroom import count, make_member, make_newsroom
from tests.stores import (
    MakeStore,
    StoppedClock,
    clock,
    migrated_file,
    more_stores,
    postgres_copy,
    spare_databases,
    sqlite_copy,
    sqlite_url,
    store,
    store_url,
)

__all__ = [
    "clock",
    "migrated_file",
    "more_stores",
    "postgres_copy",
    "spare_databases",
    "sqlite_copy",
    "store",
    "store_url",
]

BOT_ID, TRIES = 77, 3
Raw = dict[str, Any]
_numbers = itertools.count(1)


def raw(person: Member | int, text: str = "салам", *, update_id: int | None = None, **message: Any) -> Raw:
    """A message in a private chat, as Telegram's JSON has it."""
    number = next(_numbers) if update_id is None else update_id
    sender = person if isinstance(person, int) else person.telegram_id
    plain = {"message_id": number, "date": 1_700_000_000, "from": {"id": sender}, "chat": {"id": sender}, "text": text}
    return {"update_id": number, "message": plain | message}


def forward(person: Member) -> Raw:
    """A loose update: it asks nothing of what came before."""
    return raw(person, forward_origin={"type": "hidden_user"})


@dataclass(kw_only=True)
class House:
    """A newsroom with its inbox and one worker, and what the desk is told to do with updates.

    `desk` maps a text to what handling it does; every other text leaves one line of history, its effect.
    """

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    inbox: Inbox
    desk: dict[str, Callable[[Work], Awaitable[None]]] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    committed: int = 0

    def worker(self, at_once: int = 20) -> Worker:
        """A process that has just started."""
        return Worker(self.store, self.clock, self.inbox, WorkLimits(at_once=at_once, tries=TRIES), self._on_commit)

    def _on_commit(self) -> None:
        self.committed += 1

    async def process(self, work: Work) -> None:
        """What the front desk would do."""
        message = json.loads(work.update.raw)["message"]
        self.begun.append(message["text"])
        if message["text"] in self.desk:
            await self.desk[message["text"]](work)
        else:
            self.effect(work, message["text"])

    def effect(self, work: Work, name: str) -> None:
        """Leave the effect of an update for its transaction."""

        async def act(conn: AsyncConnection) -> None:
            await history.note(conn, self.newsroom.id, None, ("update", 0), name[:24], self.clock())

        work.stage_once(act)

    async def effects(self) -> list[str]:
        """What took effect, in the order of the commits."""
        async with self.store.read() as conn:
            return [event for event, _, _ in await history.of(conn, self.newsroom.id, ("update", 0))]

    async def states(self) -> dict[str, int]:
        async with self.store.read() as conn:
            return await archive.counts(conn)

    async def member(self) -> Member:
        return await make_member(self.store, self.newsroom, self.clock())


@pytest.fixture
async def house(store: Store, clock: StoppedClock) -> House:
    newsroom = await make_newsroom(store, clock())
    return House(store=store, clock=clock, newsroom=newsroom, inbox=Inbox(store, clock, BOT_ID))


@asynccontextmanager
async def running(house: House, worker: Worker | None = None, process: Process | None = None) -> AsyncIterator[None]:
    """The worker at work for as long as the block lasts; what ends it by itself is raised."""
    task = asyncio.create_task((worker or house.worker()).run(process or house.process))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Wait for it; fails when it does not come."""
    end = asyncio.get_running_loop().time() + seconds
    while not await condition():
        assert asyncio.get_running_loop().time() < end, "what was waited for did not come"
        await asyncio.sleep(0.01)


async def settled(house: House) -> None:
    """Until nothing is new or being worked on."""

    async def quiet() -> bool:
        return not {"new", "working"} & (await house.states()).keys()

    await until(quiet)


# --- the door


async def test_strangers_leave_nothing(house: House, clock: StoppedClock) -> None:
    """Whoever is no active member: no row, only a count; a member in the same batch is stored."""
    member = await house.member()
    waiting = await make_member(house.store, house.newsroom, clock(), status=MemberStatus.PENDING)
    gone = await make_member(house.store, house.newsroom, clock(), status=MemberStatus.REMOVED)
    await house.inbox.accept([raw(5), raw(waiting), raw(gone), {"update_id": 1}, raw(5, "/start")])
    assert (await house.states(), house.inbox.turned_away) == ({}, 5)
    assert not house.inbox.arrived.is_set()
    await house.inbox.accept([raw(5), raw(member)])
    assert (await house.states(), house.inbox.turned_away) == ({"new": 1}, 6)
    assert house.inbox.arrived.is_set()


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("/start {token}", True),
        ("/start@kalkan_bot {token}", True),
        ("/start {token} ", False),
        ("/start  {token}", False),
        ("/Start {token}", False),
        ("start {token}", False),
        ("/start {token}x", False),
        ("/start", False),
        ("{token}", False),
        ("/invite {token}", False),
    ],
)
async def test_a_stranger_with_a_live_invite_is_let_to_the_door(
    house: House, clock: StoppedClock, text: str, stored: bool
) -> None:
    """The well-formed /start TOKEN in a private chat, and only while the invite lives."""
    token = "t" * 22
    invite = NewInvite(
        id=new_id(),
        newsroom_id=house.newsroom.id,
        token_hash=token_hash(token),
        role=Role.EDITOR,
        created_by=None,
        needs_approval=False,
        created_at=clock(),
        expires_at=clock() + timedelta(hours=1),
    )
    said = text.format(token=token)
    await house.inbox.accept([raw(5, said)])
    assert await house.states() == {}
    async with house.store.write() as conn:
        await members.add_invite(conn, invite)
    await house.inbox.accept([raw(5, said), raw(5, said, chat={"id": -9}), raw(5, caption=said, text=None)])
    assert await house.states() == ({"new": 1} if stored else {})
    clock.tick(3600)
    await house.inbox.accept([raw(6, said)])
    assert await house.states() == ({"new": 1} if stored else {})


async def test_what_telegram_sends_again_is_stored_once(house: House) -> None:
    """The same update again; the same number for another one, after the numbering began anew, is another."""
    member = await house.member()
    await house.inbox.accept([raw(member, update_id=5)])
    await house.inbox.accept([raw(member, update_id=5), raw(member, update_id=6)])
    await house.inbox.accept([raw(member, update_id=5, date=1_800_000_000, message_id=99)])
    assert await house.states() == {"new": 3}


async def test_an_odd_update_does_not_hold_up_its_batch(house: House) -> None:
    """Whatever one update holds, the others of its batch are stored."""
    member = await house.member()
    odd: list[Any] = [
        {"update_id": 2**70, "message": {"from": {"id": member.telegram_id}}},
        {"update_id": "7", "message": {"from": {"id": member.telegram_id}}},
        {"update_id": 7, "message": "text"},
        {"update_id": 8, "message": {"from": {"id": True}}},
        ["no object"],
        None,
    ]
    strange = [
        raw(member, "a\0b"),
        raw(member, "\ud800"),
        raw(member, media_group_id="a\0b"),
        raw(member, media_group_id="\udfff"),
        raw(member, media_group_id="x" * 5000),
        raw(member, media_group_id=["list"]),
        raw(member, date=10**30),
    ]
    await house.inbox.accept([*odd, *strange, raw(member)])
    assert await house.states() == {"new": len(strange) + 1}
    assert house.inbox.turned_away == len(odd)


# --- the worker


async def test_every_update_takes_effect(house: House) -> None:
    """In the order of its chat, committed with "done", and the sender is woken."""
    people = [await house.member() for _ in range(5)]
    await house.inbox.accept([raw(p, f"{p.telegram_id}-{n}") for n in range(10) for p in people])
    async with running(house):
        await settled(house)
    assert await house.states() == {"done": 50}
    done = await house.effects()
    for person in people:
        mine = [name for name in done if name.startswith(str(person.telegram_id))]
        assert mine == [f"{person.telegram_id}-{n}" for n in range(10)]
    assert house.committed > 0


async def test_a_chat_is_one_at_a_time_and_chats_are_parallel(house: House) -> None:
    """While one chat's update takes long, its next one has not begun, and other chats are served."""
    slow, quick = await house.member(), await house.member()
    gate = asyncio.Event()

    async def wait(work: Work) -> None:
        await gate.wait()
        house.effect(work, "slow")

    house.desk["slow"] = wait
    await house.inbox.accept([raw(slow, "slow"), raw(slow, "after"), *(raw(quick, f"quick {n}") for n in range(5))])

    async def served() -> bool:
        return len(await house.effects()) == 5

    async with running(house):
        await until(served)
        assert "after" not in house.begun
        gate.set()
        await settled(house)
    assert (await house.effects())[5:] == ["slow", "after"]


async def test_a_new_arrival_is_not_kept_waiting(house: House) -> None:
    """Also while a slow update is in hand."""
    slow, quick = await house.member(), await house.member()
    gate = asyncio.Event()

    async def wait(work: Work) -> None:
        await gate.wait()

    house.desk["slow"] = wait
    await house.inbox.accept([raw(slow, "slow")])

    async def quick_one() -> bool:
        return "quick" in await house.effects()

    async with running(house):
        await asyncio.sleep(0.2)
        await house.inbox.accept([raw(quick, "quick")])
        await until(quick_one, 0.5)
        gate.set()
        await settled(house)


async def test_forwards_of_a_chat_are_read_together(house: House) -> None:
    """Ten at a time, and what was typed after them waits for all of them."""
    member = await house.member()
    at_once, most = 0, 0

    async def read(work: Work) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        house.effect(work, "forward")

    house.desk["forward"] = read
    sent = [raw(member, "forward", forward_origin={}) for _ in range(25)]
    await house.inbox.accept([*sent, raw(member, "typed")])
    async with running(house):
        await settled(house)
    assert most == 10
    assert await house.effects() == ["forward"] * 25 + ["typed"]


async def test_what_is_committed_together_keeps_its_order(house: House) -> None:
    """Whichever of the neighbours is read first, in one transaction the earlier message is filed first."""
    member = await house.member()
    filed: list[str] = []

    async def file(conn: AsyncConnection, items: list[str]) -> None:
        filed.extend(items)

    async def process(work: Work) -> None:
        name = json.loads(work.update.raw)["message"]["text"]
        for _ in range(ord("d") - ord(name)):
            await asyncio.sleep(0)
        work.stage(file, name)

    await house.inbox.accept([raw(member, name, forward_origin={}) for name in "abc"])
    async with running(house, process=process):
        await settled(house)
    assert filed == ["a", "b", "c"]


async def test_steps_of_a_kind_are_done_together(house: House) -> None:
    """The same step of many updates is one call with all their items; what it returns is called after the commit."""
    people = [await house.member() for _ in range(6)]
    calls: list[tuple[list[str], bool]] = []

    async def together(conn: AsyncConnection, items: list[str]) -> Callable[[], None]:
        return lambda: calls.append((sorted(items), conn.in_transaction()))

    async def process(work: Work) -> None:
        work.stage(together, json.loads(work.update.raw)["message"]["text"])

    await house.inbox.accept([raw(p, f"n{n}") for n, p in enumerate(people)])
    async with running(house, process=process):
        await settled(house)
    assert sorted(name for items, _ in calls for name in items) == [f"n{n}" for n in range(6)]
    assert len(calls) < 6
    assert not any(inside for _, inside in calls)


async def test_one_bad_step_does_not_spoil_its_batch(house: House) -> None:
    """The others' effects are committed; the bad one is tried again, then it is a dead letter, with no effect."""
    people = [await house.member() for _ in range(4)]

    async def break_it(work: Work) -> None:
        async def act(conn: AsyncConnection) -> None:
            await conn.execute(sa.insert(events), [{"id": 1, "event": "a row like no other"}])

        house.effect(work, "half done")
        work.stage_once(act)

    house.desk["bad"] = break_it
    await house.inbox.accept([raw(people[0], "bad"), *(raw(p, "good") for p in people[1:])])
    async with running(house):

        async def good_ones() -> bool:
            return await house.effects() == ["good"] * 3

        await until(good_ones)
        for _ in range(TRIES):
            house.clock.tick(600)
            house.inbox.arrived.set()
            await asyncio.sleep(0.1)
        await settled(house)
    assert await house.states() == {"done": 3, "dead": 1}
    assert await house.effects() == ["good"] * 3
    assert house.begun.count("bad") == TRIES
    async with house.store.read() as conn:
        (letter,) = await archive.dead_letters(conn, house.newsroom.id)
    assert (letter.tries, letter.error) == (TRIES, "IntegrityError")


async def test_what_cannot_be_parsed_is_buried_at_once(house: House) -> None:
    """Trying again would change nothing; its chat goes on."""
    member = await house.member()

    async def unreadable(work: Work) -> None:
        raise UnreadableUpdate("no")

    house.desk["?"] = unreadable
    await house.inbox.accept([raw(member, "?"), raw(member, "next")])
    async with running(house):
        await settled(house)
    assert (await house.states(), await house.effects()) == ({"dead": 1, "done": 1}, ["next"])
    assert house.begun == ["?", "next"]


async def test_the_next_of_the_chat_does_not_wait_for_the_failed_one(house: House) -> None:
    """It is taken at once, not at the next arrival."""
    member = await house.member()

    async def fail(work: Work) -> None:
        raise RuntimeError

    house.desk["bad"] = fail
    await house.inbox.accept([raw(member, "bad"), raw(member, "next")])

    async def served() -> bool:
        return await house.effects() == ["next"]

    async with running(house):
        await until(served, 0.7)
    assert await house.states() == {"new": 1, "done": 1}


async def test_an_outage_is_waited_out(house: House) -> None:
    """Long after others would be buried; the waits grow to five minutes, and the effect comes when it is over."""
    member, down = await house.member(), True

    async def fetch(work: Work) -> None:
        if down:
            raise Outage("Telegram is away")
        house.effect(work, "at last")

    house.desk["picture"] = fetch
    await house.inbox.accept([raw(member, "picture")])
    worker, waits = house.worker(), []
    for _ in range(12):
        await _once(house, worker)
        async with house.store.read() as conn:
            due = await archive.next_due(conn)
        assert due is not None
        waits.append((due - house.clock()).total_seconds())
        house.clock.now = due
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    down = False
    await _once(house, worker)
    assert (await house.states(), await house.effects()) == ({"done": 1}, ["at last"])


async def _once(house: House, worker: Worker) -> None:
    """One update: claimed, handled, committed or judged."""
    async with running(house, worker):

        async def judged() -> bool:
            return "working" not in await house.states() and not worker._in_hand

        begun = len(house.begun)

        async def seen() -> bool:
            return len(house.begun) > begun

        await until(seen)
        await until(judged)


async def test_an_outage_has_an_end(house: House) -> None:
    """After sixty tries it is a dead letter: an admin decides."""
    member = await house.member()
    await house.inbox.accept([raw(member)])
    async with house.store.write() as conn:
        await conn.execute(sa.update(table).values(tries=59))

    async def outage(work: Work) -> None:
        raise Outage("down")

    async with running(house, process=outage):
        await settled(house)
    assert await house.states() == {"dead": 1}


async def test_stopping_leaves_the_work_in_the_inbox(house: House) -> None:
    """What is in hand when the worker is stopped has no effect yet, and all of its effect after the next start."""
    people = [await house.member() for _ in range(3)]
    gate = asyncio.Event()

    async def wait(work: Work) -> None:
        house.effect(work, "slow")
        await gate.wait()

    house.desk["slow"] = wait
    await house.inbox.accept([raw(p, "slow") for p in people])
    async with running(house):

        async def begun() -> bool:
            return len(house.begun) == 3

        await until(begun)
    assert (await house.states(), await house.effects()) == ({"working": 3}, [])
    gate.set()
    again = house.worker()
    await again.recover()
    async with running(house, again):
        await settled(house)
    assert (await house.states(), await house.effects()) == ({"done": 3}, ["slow"] * 3)


async def test_a_fault_after_the_commit_does_not_repeat_it(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """What is committed is committed: a failing follow-up is logged, and the others' follow-ups are called."""
    member, called = await house.member(), []

    async def step(conn: AsyncConnection, items: list[None]) -> Callable[[], None]:
        await history.note(conn, house.newsroom.id, None, ("update", 0), "effect", house.clock())
        return lambda: 1 / 0  # type: ignore[return-value]

    async def another(conn: AsyncConnection, items: list[None]) -> Callable[[], None]:
        return lambda: called.append(1)

    async def process(work: Work) -> None:
        work.stage(step, None)
        work.stage(another, None)

    await house.inbox.accept([raw(member)])
    async with running(house, process=process):
        await settled(house)
    assert (await house.effects(), called) == (["effect"], [1])
    assert "what follows a commit failed" in caplog.text


async def test_a_process_that_was_given_up_commits_nothing(house: House, more_stores: MakeStore) -> None:
    """It still lives while another one has taken its work over: the effect is there once, whoever comes first."""
    member = await house.member()
    gate = asyncio.Event()

    async def wait(work: Work) -> None:
        await gate.wait()
        house.effect(work, "slow")

    house.desk["slow"] = wait
    await house.inbox.accept([raw(member, "slow")])

    async def begun() -> bool:
        return bool(house.begun)

    async with running(house):
        await until(begun)
        second = House(
            store=more_stores(), clock=house.clock, newsroom=house.newsroom, inbox=Inbox(house.store, house.clock, 1)
        )
        worker = second.worker()
        await worker.recover()
        async with running(second, worker):
            await settled(house)
        assert await house.effects() == ["slow"]
        gate.set()
        await asyncio.sleep(0.3)
    assert (await house.effects(), await house.states()) == (["slow"], {"done": 1})


async def test_a_database_that_fails_ends_the_worker_aloud(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Rather than go on in silence with nothing committed: the next start takes the work up again."""
    member = await house.member()
    await house.inbox.accept([raw(member)])

    async def broken(*_: Any) -> None:
        raise OperationalError("COMMIT", None, Exception("disk full"))

    with monkeypatch.context() as patch:
        for name in ("finish", "put_back"):
            patch.setattr(archive, name, broken)
        with pytest.raises(OperationalError):
            await asyncio.wait_for(house.worker().run(house.process), 5)
    assert (await house.states(), await house.effects()) == ({"working": 1}, [])
    worker = house.worker()
    await worker.recover()
    async with running(house, worker):
        await settled(house)
    assert await house.effects() == ["салам"]


async def test_no_message_is_quoted_by_an_error(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A dead letter says the error's class only; a failing statement is logged without what was to be stored."""
    member, words = await house.member(), "сөз жүзүндө"

    async def fail(work: Work) -> None:
        async def act(conn: AsyncConnection) -> None:
            await conn.execute(sa.insert(events), [{"id": 1, "event": words}])

        work.stage_once(act)

    house.desk["bad"] = fail
    await house.inbox.accept([raw(member, "bad")])
    async with running(house):

        async def failed() -> bool:
            async with house.store.read() as conn:
                return await count(conn, table, table.c.error == "IntegrityError") == 1

        await until(failed)
    logged = "\n".join(RedactingFormatter().format(record) for record in caplog.records)
    assert "INSERT INTO history" in logged
    assert words not in logged


# --- any interleaving


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


@pytest.mark.parametrize("examples", [25, pytest.param(300, marks=pytest.mark.slow)])
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
