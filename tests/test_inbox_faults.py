"""The worker and a disk that fails: everything waits, nothing dies, and the sender is told of it once."""

import sqlite3
import time
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Damaged, NoRoom
from bot.inbox import Inbox
from bot.inbox_work import Work, Worker, WorkLimits
from bot.model.newsroom import Member
from bot.services.lateness import Lateness
from bot.storage import clock_jumps
from bot.storage import inbox as archive
from bot.storage.store import Store
from bot.storage.tables import inbox_updates as table
from tests.inbox_house import TRIES, House, forward, house, raw, running, settled, until
from tests.newsroom import said
from tests.stores import StoppedClock

__all__ = ["house"]


def full(*_: Any) -> sqlite3.OperationalError:
    """What SQLite says on a full disk."""
    return sqlite3.OperationalError("database or disk is full")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker waits a moment only."""
    monkeypatch.setattr("bot.inbox_work._PAUSE", 0.01)


class Failing:
    """Stands before a storage function and fails as long as it is told to."""

    def __init__(self, real: Any, error: Exception) -> None:
        self.real, self.error, self.fails, self.calls = real, error, True, 0

    async def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        if self.fails:
            raise self.error
        return await self.real(*arguments)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["finish", "claim"])
async def test_a_full_disk_is_waited_for(house: House, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What is handled stays ready and is committed once there is room; each took effect once, and no try was lost."""
    failing = Failing(getattr(archive, name), full())
    monkeypatch.setattr(archive, name, failing)
    member = await house.member()
    await house.inbox.accept([forward(member) for _ in range(5)])

    async def failed_often() -> bool:
        return failing.calls >= 4

    async with running(house):
        await until(failed_often)
        assert await house.effects() == []
        failing.fails = False
        await settled(house)
    assert len(await house.effects()) == 5
    assert await house.states() == {"done": 5}


@pytest.mark.usefixtures("quick")
async def test_an_update_that_meets_a_full_disk_does_not_die(house: House) -> None:
    """Neither for want of room nor for an error of the disk does it become a dead letter, however often it is tried."""
    member, tries = await house.member(), 0

    async def no_room(_work: Work) -> None:
        nonlocal tries
        tries += 1
        raise NoRoom("full") if tries % 2 else OSError(28, "No space left on device")

    house.desk["picture"] = no_room
    await house.inbox.accept([raw(member, "picture"), raw(member, "words")])

    async def tried_often() -> bool:
        house.clock.tick(31)
        return tries > 3 * TRIES

    async def words_passed() -> bool:
        return await house.effects() == ["words"]

    async with running(house):
        await until(words_passed)
        await until(tried_often)
        assert (await house.states()).get("dead", 0) == 0
        del house.desk["picture"]

        async def done() -> bool:
            house.clock.tick(31)
            return await house.states() == {"done": 2}

        await until(done)
    assert await house.effects() == ["words", "picture"]


@pytest.mark.usefixtures("quick")
async def test_damage_ends_the_worker(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not guess: whoever runs it sees why, and what was accepted waits."""
    monkeypatch.setattr(archive, "claim", Failing(archive.claim, Damaged()))
    await house.inbox.accept([forward(await house.member())])
    with pytest.raises(Damaged):
        await house.worker().run(house.process)
    assert await house.states() == {"new": 1}


@pytest.mark.usefixtures("quick")
async def test_the_sender_is_told_once(house: House) -> None:
    """That a file has to wait, in the transaction that puts it off; not again for the next one."""
    member, limits = await house.member(), WorkLimits(at_once=20, tries=TRIES)
    tries = 0

    async def no_room(_work: Work) -> None:
        nonlocal tries
        tries += 1
        raise NoRoom("full")

    house.desk["picture"] = no_room
    late = Lateness(house.clock).tell
    worker = Worker(house.store, house.clock, house.inbox, limits, lambda: None, late)
    await house.inbox.accept([raw(member, "picture"), raw(member, "picture")])

    async def tried_often() -> bool:
        house.clock.tick(31)
        return tries >= 8

    async with running(house, worker):
        await until(tried_often)
    assert await said(house.store, member) == ["late_file"]


async def test_who_wrote_to_a_bot_that_was_away_is_told_once(house: House) -> None:
    """One line for what waited longer than five minutes; none for what came while it ran, whatever the clock says."""
    one, other = await house.member(), await house.member()
    inbox = Inbox(house.store, house.clock, 1, absence=Lateness(house.clock))
    now = int(house.clock().timestamp())
    await inbox.accept([sent(one, now - 3600), sent(one, now - 1800), sent(other, now - 60)])
    assert (await said(house.store, one), await said(house.store, other)) == (["late_absent"], [])
    await inbox.accept([sent(other, now - 3600)])
    assert await said(house.store, other) == []


async def test_a_bot_that_fetched_nothing_for_long_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network was gone for six minutes, by the clock that nobody sets; a full batch is followed by what waited."""
    one, other, last = [await house.member() for _ in range(3)]
    inbox = Inbox(house.store, house.clock, 1, absence=Lateness(house.clock))
    await inbox.accept([])
    now, later = int(house.clock().timestamp()), time.monotonic() + 360
    monkeypatch.setattr("bot.inbox.time.monotonic", lambda: later)
    await inbox.accept([sent(one, now - 400) for _ in range(100)])
    await inbox.accept([sent(other, now - 400)])
    await inbox.accept([sent(last, now - 400)])
    told = [await said(house.store, each) for each in (one, other, last)]
    assert told == [["late_absent"], ["late_absent"], []]


async def test_what_waited_may_come_one_by_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """By webhook: for two minutes after the pause whoever waited is told; later nobody is, whatever the clock says."""
    members = [await house.member() for _ in range(3)]
    inbox = Inbox(house.store, house.clock, 1, absence=Lateness(house.clock), catch_up=timedelta(minutes=2))
    now, began = int(house.clock().timestamp()), time.monotonic()
    for member, seconds in zip(members, (0, 100, 130), strict=True):
        moment = began + seconds
        monkeypatch.setattr("bot.inbox.time.monotonic", lambda moment=moment: moment)
        await inbox.accept([sent(member, now - 3600)])
    told = [await said(house.store, each) for each in members]
    assert told == [["late_absent"], ["late_absent"], []]


def sent(member: Member, at: int) -> dict[str, Any]:
    """A forward with the moment at which it was sent, in seconds."""
    update = forward(member)
    return update | {"message": update["message"] | {"date": at}}


async def test_a_clock_set_back_holds_up_nothing(store: Store, clock: StoppedClock, house: House) -> None:
    """What was put off by a clock that was ten years ahead is due now; what is put off for a minute is not touched."""
    member = await house.member()
    await house.inbox.accept([forward(member) for _ in range(2)])
    ahead = clock().replace(year=clock().year + 10, day=1)

    async def put(conn: AsyncConnection) -> None:
        ids = (await conn.execute(sa.select(table.c.id).order_by(table.c.id))).scalars().all()
        await conn.execute(sa.update(table).where(table.c.id == ids[0]).values(not_before=ahead))

    async with store.write() as conn:
        await put(conn)
    async with store.write() as conn:
        assert await clock_jumps.bring_back(conn, clock()) == 1
    async with store.write() as conn:
        assert await clock_jumps.bring_back(conn, clock()) == 0
        assert len(await archive.claim(conn, clock(), 10, [])) == 2
