"""Several processes on one database: each chat in one's hands, the dead's work taken again, and one that leads."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model.newsroom import Newsroom
from bot.model.process import CrewTrouble, ProcessRole
from bot.storage import inbox, leading, processes
from bot.storage.advisory import INSTANCE_KEY, LEAD_KEY, AdvisoryLock
from bot.storage.inbox import ClaimedUpdate
from bot.storage.leading import Lead
from bot.storage.processes import SILENCE, Process
from bot.storage.store import Store
from bot.storage.tables import processes as table
from tests.newsroom import make_newsroom
from tests.storage.test_inbox import accept, numbers, update
from tests.stores import MakeStore, StoppedClock

UPDATES, CHATS = 300, 12


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


def process(newsroom: Newsroom, number: int) -> Process:
    return Process(id=number, newsroom_id=newsroom.id, role="worker", host="one", pid=number)


async def test_who_is_silent_is_dead(store: Store, newsroom: Newsroom) -> None:
    """Whoever says that they live does; after some seconds without a word they count as dead, and are forgotten."""
    async with store.write() as conn:
        now = await processes.moment(conn)
        for number in (1, 2, 3):
            await processes.beat(conn, process(newsroom, number), now)
        await processes.leave(conn, 3)
        assert await processes.living(conn, newsroom.id, SILENCE, now) == [process(newsroom, 1), process(newsroom, 2)]
        before = (await conn.execute(sa.select(table.c.since).where(table.c.id == 1))).scalar_one()
        await conn.execute(sa.update(table).where(table.c.id == 1).values(beat_at=before - 2 * SILENCE))
        assert await processes.living(conn, newsroom.id, SILENCE, now) == [process(newsroom, 2)]
        assert await processes.forget(conn, 3 * SILENCE, now) == 0
        assert await processes.forget(conn, SILENCE, now) == 1
        await processes.beat(conn, process(newsroom, 1), now)
        assert await processes.living(conn, newsroom.id, SILENCE, now) == [process(newsroom, 1), process(newsroom, 2)]


async def test_who_is_at_work(store: Store, newsroom: Newsroom) -> None:
    """By what they do; where one process may do everything nobody is counted, and none of the silent ones is."""
    async with store.write() as conn:
        now = await processes.moment(conn)
        for number, role in enumerate(("web", "worker", "worker", "scheduler")):
            await processes.beat(conn, Process(id=number, newsroom_id=newsroom.id, role=role, host="one", pid=1), now)
        await processes.beat(
            conn, Process(id=9, newsroom_id=newsroom.id, role="worker", host="one", pid=1), now - 2 * SILENCE
        )
        crew = await processes.crew(conn, newsroom.id)
    if store.is_sqlite:
        assert crew is None
        return
    assert crew is not None
    assert [crew.count(role) for role in ProcessRole] == [0, 1, 2, 1]
    assert (crew.is_led, crew.is_alone, crew.troubles(1)) == (False, False, (CrewTrouble.NO_LEADER,))


async def test_who_leads_and_who_is_alone(store: Store, newsroom: Newsroom) -> None:
    """The locks say so, for as long as they are held."""
    if store.is_sqlite:
        return
    url = store.url.render_as_string(hide_password=False)
    lead, serving = AdvisoryLock(url, LEAD_KEY), AdvisoryLock(url, INSTANCE_KEY)
    try:
        assert await crew_of(store, newsroom.id) == (False, False)
        assert await lead.take()
        assert await serving.take(shared=True)
        assert await crew_of(store, newsroom.id) == (True, False)
        await lead.drop()
        await serving.drop()
        assert await serving.take()
        assert await crew_of(store, newsroom.id) == (False, True)
    finally:
        await lead.release()
        await serving.release()


async def crew_of(store: Store, newsroom_id: int) -> tuple[bool, bool]:
    """Whether one leads, and whether one is alone."""
    async with store.read() as conn:
        crew = await processes.crew(conn, newsroom_id)
    assert crew is not None
    return crew.is_led, crew.is_alone


async def test_what_a_dead_one_held_is_taken_again(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """And only that; whoever was taken for dead by mistake finishes, puts back and buries nothing of it any more."""
    await accept(store, clock, update(newsroom, 1, chat=10), update(newsroom, 2, chat=20))
    async with store.write() as conn:
        (one,) = await inbox.claim(conn, clock(), 1, (), holder=1)
        (two,) = await inbox.claim(conn, clock(), 1, (), holder=2)
        assert await inbox.recover(conn, living=[2]) == 1
        (again,) = await inbox.claim(conn, clock(), 9, (), holder=2)
        assert (again.id, again.tries) == (one.id, 2)
        assert await inbox.finish(conn, [one.id], clock(), holder=1) == 0
        assert not await inbox.put_back(conn, one.id, "late", clock(), holder=1)
        assert not await inbox.bury(conn, one.id, "late", clock(), holder=1)
        assert await inbox.finish(conn, [one.id, two.id], clock(), holder=2) == 2


@pytest.mark.parametrize("store_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_a_chat_is_claimed_by_one(
    store: Store, more_stores: MakeStore, clock: StoppedClock, newsroom: Newsroom
) -> None:
    """Before its claim is committed others pass the chat over, in either lane, and take what other chats wrote."""
    other, waits = more_stores(), timedelta(minutes=1)
    await accept(store, clock, *(update(newsroom, n, chat=n % 2, loose=True) for n in range(1, 7)))
    await accept(store, clock, *(update(newsroom, n, chat=7, wait=waits) for n in range(7, 9)))
    async with store.write() as first, other.write() as second:
        assert numbers(await inbox.claim(first, clock(), 1, (), 1)) == [1]
        assert numbers(await inbox.claim(second, clock(), 9, (), 2)) == [2, 4, 6]
        assert numbers(await inbox.claim_early(first, 1, 1)) == [7]
        assert await inbox.claim_early(second, 9, 2) == []
    async with other.write() as second:
        assert await inbox.claim(second, clock(), 9, (), 2) == []
        assert await inbox.claim_early(second, 9, 2) == []


@pytest.mark.parametrize("store_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.timeout(120)
async def test_chats_keep_their_order(
    store: Store, more_stores: MakeStore, clock: StoppedClock, newsroom: Newsroom
) -> None:
    """Four workers and a reaper who takes what some of them drop: each update is finished once, each chat in order."""
    await accept(store, clock, *(update(newsroom, n, chat=n % CHATS) for n in range(1, UPDATES + 1)))
    done: list[ClaimedUpdate] = []
    in_hand: Counter[int] = Counter()
    await asyncio.gather(*(_work(more_stores(), n, done, in_hand, clock) for n in range(1, 5)))
    assert sorted(numbers(done)) == list(range(1, UPDATES + 1))
    for chat in range(CHATS):
        of_chat = numbers([each for each in done if each.chat_key == chat])
        assert of_chat == sorted(of_chat)


async def _work(
    store: Store, holder: int, done: list[ClaimedUpdate], in_hand: Counter[int], clock: StoppedClock
) -> None:
    chance = random.Random(holder)
    held: list[ClaimedUpdate] = []
    while len(done) < UPDATES:
        async with store.write() as conn:
            finished = [each for each in held if chance.random() < 0.7]
            assert await inbox.finish(conn, [each.id for each in finished], clock(), holder) == len(finished)
            held = [each for each in held if each not in finished]
            # Before the commit: from then on others may have the chat.
            in_hand -= Counter(each.chat_key for each in finished)
            done += finished
            busy = {each.chat_key for each in held}
            claim = inbox.claim_early(conn, 3, holder) if chance.random() < 0.3 else None
            claimed = await (claim or inbox.claim(conn, clock(), 3, busy, holder))
        in_hand.update(each.chat_key for each in claimed)
        assert in_hand.most_common(1)[0][1] <= 1 if in_hand else True
        held += claimed
        await asyncio.sleep(chance.random() / 200)


@pytest.mark.parametrize("store_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_one_leads(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits, and takes over when the first loses its connection; the first then waits in its turn."""
    for name, seconds in {"_TRIES": 0.02, "_LOOKS": 0.02, "_GRACE": 0.1}.items():
        monkeypatch.setattr(leading, name, seconds)
    first, second = Lead(store_url), Lead(store_url)
    try:
        await _soon(first.won())
        waiting = asyncio.create_task(second.won())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await _cut(first)
        await _soon(first.lost())
        await _soon(waiting)
        with pytest.raises(TimeoutError):
            await _soon(first.won(), 0.3)
        await second.release()
        await _soon(first.won())
    finally:
        await first.release()
        await second.release()


@pytest.mark.parametrize("store_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_who_hangs_leads_no_longer(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends the connection of a leader that says nothing, and another takes over."""
    for name, seconds in {"_TRIES": 0.05, "_LOOKS": 0.05, "_GRACE": 0.1, "_SILENCE": 1}.items():
        monkeypatch.setattr(leading, name, seconds)
    first, second = Lead(store_url), Lead(store_url)
    try:
        await _soon(first.won())
        # It does not look: its process hangs.
        await _soon(second.won())
        await _soon(first.lost())
    finally:
        await first.release()
        await second.release()


async def _soon(work: Awaitable[None], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        await work


async def _cut(lead: Lead) -> None:
    assert lead._lock.conn is not None
    driver = (await lead._lock.conn.get_raw_connection()).driver_connection
    assert driver is not None
    driver.terminate()
