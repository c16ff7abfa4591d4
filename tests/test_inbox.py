"""The durable inbox: whatever fails, whenever the process dies, an accepted update takes effect exactly once."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Outage, UnreadableUpdate
from bot.inbox import Inbox
from bot.inbox_work import Work, Worker
from bot.redaction import RedactingFormatter
from bot.storage import history
from bot.storage import inbox as archive
from bot.storage.tables import history as events
from bot.storage.tables import inbox_updates as table
from tests.inbox_house import TRIES, House, house, raw, running, settled, until
from tests.stores import MakeStore

__all__ = ["house"]
from tests.newsroom import count

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
