"""What the log says of an update under way: its numbers, in its own tasks and nowhere else."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars

from bot import trail
from bot.analysis.limits import WorkerLimits
from bot.analysis.pool import LimitedPool
from bot.inbox_work import Work
from bot.model.ids import new_id
from bot.model.outbox import Kind, Outgoing
from bot.redaction import RedactingFormatter
from bot.services.batching import Batched
from bot.storage.after_commit import after_commit
from bot.storage.store import Store
from bot.trail import Milestone
from tests.inbox_house import House, house, raw, running, until

__all__ = ["house"]

log = logging.getLogger("bot.any")
Line = dict[str, str]


class Lines(logging.Handler):
    """Every line as the product writes it, read again as JSON."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(RedactingFormatter(form="json"))
        self.told: list[Line] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("bot."):
            self.told.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    ear, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield ear.told
    root.removeHandler(ear)
    root.setLevel(before)


def text_of(**given: object) -> str:
    """A warning as a person reads it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(RedactingFormatter())
    record = logging.LogRecord("bot.any", logging.WARNING, "", 0, "slow", None, None)
    with bound_contextvars(**given):
        handler.emit(record)
    return out.getvalue().rstrip("\n")


def test_what_people_read() -> None:
    """As it always was, and behind it the numbers; one process alone need not say what it does."""
    assert text_of().endswith(" WARNING bot.any: slow")
    assert text_of(role="all").endswith(" WARNING bot.any: slow")
    assert text_of(role="worker", update=12, case=3).endswith(" WARNING bot.any: slow [role=worker update=12 case=3]")


async def test_what_becomes_known_stays_known(lines: list[Line]) -> None:
    """From the moment on at which it does, and only in this task."""

    async def work() -> None:
        trail.take_up(new_id())
        log.info("one")
        trail.learn(case=7, **trail.numbered(3))
        trail.reach(log, Milestone.ANALYSED, task="texts")
        log.info("two")

    await asyncio.create_task(work())
    trail.learn(case=8)
    log.info("three")
    one, analysed, two, three = lines
    assert "case" not in one
    assert (analysed["event"], analysed["stage"], analysed["task"]) == ("analysed", "analysed", "texts")
    assert (two["case"], two["number"], two["stage"]) == ("7", "K-3", "analysed")
    assert one["update"] == two["update"]
    assert trail.current() is None
    assert "case" not in three


async def test_what_many_share_is_nobodys(lines: list[Line]) -> None:
    """Who asks first begins a batch for all: what it logs carries no one's number, and each asker keeps their own."""

    async def answer(asked: list[int]) -> list[int]:
        log.info("a batch of %d", len(asked))
        return asked

    batched = Batched(answer, 10)

    async def work(number: int) -> None:
        trail.begin(update=number)
        await batched.ask(number)
        log.info("mine is %d", number)

    await asyncio.gather(*(asyncio.create_task(work(number)) for number in range(5)))
    shared = [line for line in lines if "batch" in line["event"]]
    own = [line for line in lines if "mine" in line["event"]]
    assert shared
    assert all("update" not in line for line in shared)
    assert [line["update"] for line in own] == [line["event"].split()[-1] for line in own]
    assert len(own) == 5


async def test_two_updates_at_once(house: House, lines: list[Line]) -> None:
    """Whatever is logged while several updates are worked on belongs to one of them, from its claim to its commit."""
    met = asyncio.Barrier(3)

    async def meet(work: Work) -> None:
        await met.wait()
        trail.learn(case=work.update.id + 1)
        await asyncio.sleep(0)
        log.info("met as %d", work.update.id)

    people = [await house.member() for _ in range(3)]
    for number, person in enumerate(people):
        house.desk[f"m{number}"] = meet
        await house.inbox.accept([raw(person, f"m{number}")])

    async def done() -> bool:
        return len([line for line in lines if line["event"] == "done"]) == 3

    async with running(house):
        await until(done)
    told = [line for line in lines if line.get("update")]
    numbers = {line["update"] for line in told}
    assert len(numbers) == 3
    for number in numbers:
        mine = [line for line in told if line["update"] == number]
        assert [line["event"] for line in mine] == ["received", "claimed", f"met as {number}", "handled", "done"]
        assert {line["case"] for line in mine[2:]} == {str(int(number) + 1)}
        assert [line["stage"] for line in mine] == ["received", "claimed", "claimed", "handled", "done"]


async def test_what_failed_says_whose_it_was(house: House, lines: list[Line]) -> None:
    """The fault stands beside the number of its update, and of its case where that was known."""

    async def fail(work: Work) -> None:
        trail.learn(case=5)
        raise ValueError("broken")

    house.desk["bad"] = fail
    await house.inbox.accept([raw(await house.member(), "bad")])

    async def told() -> bool:
        return any("failed at try" in line["event"] for line in lines)

    async with running(house):
        await until(told)
    failed = next(line for line in lines if "failed at try" in line["event"])
    assert failed["case"] == "5"
    assert failed["update"] in failed["event"]
    assert failed["exception"].endswith("ValueError: broken")


async def test_one_that_came_twice_is_received_once(house: House, lines: list[Line]) -> None:
    """A redelivered update has no line: one that is received is done."""
    update = raw(await house.member())
    await house.inbox.accept([update])
    await house.inbox.accept([update])
    assert len([line for line in lines if line["event"] == "received"]) == 1


async def test_only_what_is_committed_is_said(store: Store) -> None:
    """Of a transaction that was rolled back nothing follows, not even after the next one."""
    said: list[str] = []

    async def fail() -> None:
        async with store.write() as conn:
            after_commit(conn, lambda: said.append("lost"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with store.write() as conn:
        after_commit(conn, lambda: said.append("kept"))
        assert said == []
    assert said == ["kept"]


async def test_workers_know_of_nobody() -> None:
    """What is bound here is not known in the detectors' processes, which serve everybody."""
    limits = WorkerLimits(cpu_seconds=20, wall_seconds=60, memory_bytes=2_000_000_000, file_bytes=1_000_000)
    pool = LimitedPool(workers=1, tasks_per_worker=0, warm_up=get_contextvars, limits=limits)
    pool.start()
    try:
        trail.begin(update=1, case=2)
        with bound_contextvars(role="worker"):
            assert await pool.run(get_contextvars) == {}
            assert await pool.run(trail.current) is None
    finally:
        trail.leave()
        await pool.stop()


@pytest.mark.parametrize(
    ("body", "case"),
    [
        ({"submission": 5}, 5),
        ({"code": "x", "values": {"submission": "6"}}, 6),
        ({"code": "x", "values": {"submission": "K"}}, None),
        ({"alarm": 5, "values": None}, None),
    ],
)
def test_of_which_case_a_message_speaks(body: dict[str, object], case: int | None) -> None:
    """Where its row says so."""
    assert Outgoing(kind=Kind.REPLY, chat_id=1, newsroom_id=1, body=dict(body)).case == case
