"""Digests that are due: once for each local day, over outages, double ticks, kills and clocks that go wrong."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.model.digest import ChatKind, ChatState, Place, Rhythm, Schedule
from bot.model.newsroom import Newsroom
from bot.model.rights import Role
from bot.services.digest_clock import DigestClock
from bot.services.digest_slots import slots
from bot.storage import digest_chats, digests, members, newsrooms
from bot.storage.store import Store
from bot.storage.tables import digest_slots as slot_rows
from bot.storage.tables import digests as digest_rows
from bot.storage.tables import outbox_messages
from tests.newsroom import make_member, make_newsroom
from tests.stores import MakeStore, StoppedClock

ZONES = (
    "Asia/Bishkek",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Pacific/Apia",
)
GROUP = Place(chat_id=-100_5, kind=ChatKind.GROUP, title="Редакция")


async def make_schedule(
    store: Store, newsroom: Newsroom, now: datetime, rhythm: Rhythm | None = None, place: Place = GROUP
) -> Schedule:
    """A schedule of a chat that was allowed."""
    async with store.write() as conn:
        chat = await digest_chats.put(conn, newsroom.id, place, ChatState.ALLOWED, (None, None), now)
        await digests.add(conn, chat, "ru", None, now, now)
        made = (await digests.of_chats(conn, newsroom.id))[chat.id]
        await digests.change(conn, newsroom.id, replace(made, rhythm=rhythm or Rhythm()))
        return (await digests.of_chats(conn, newsroom.id))[chat.id]


async def set_zone(store: Store, newsroom: Newsroom, zone: str) -> None:
    """The newsroom moves."""
    async with store.write() as conn:
        await newsrooms.change(conn, newsroom.id, zone=zone)


async def told(store: Store, schedule: Schedule) -> tuple[Counter[date], list[tuple[datetime, datetime]]]:
    """The days that are marked, and the windows in order; each digest has its text waiting once."""
    async with store.read() as conn:
        marks = (await conn.execute(sa.select(slot_rows.c.day).where(slot_rows.c.schedule_id == schedule.id))).scalars()
        mine = sa.select(digest_rows).where(digest_rows.c.schedule_id == schedule.id).order_by(digest_rows.c.id)
        rows = (await conn.execute(mine)).all()
        sent = (await conn.execute(sa.select(outbox_messages.c.body).where(outbox_messages.c.kind == "digest"))).all()
        texts = Counter(row.body["digest"] for row in sent if row.body["part"] == "text")
        days = Counter(marks)
    assert texts & Counter(row.id for row in rows) == Counter(row.id for row in rows)
    return days, [(row.since, row.until) for row in rows]


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    """A newsroom in Bishkek."""
    clock.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return await make_newsroom(store, clock())


async def simulate(store: Store, clock: StoppedClock, newsroom: Newsroom, zone: str, length: timedelta) -> None:
    """Tick through some time in a zone, with outages and doubled ticks, by two processes, and look at what came."""
    drawn = random.Random(zone)
    await set_zone(store, newsroom, zone)
    rhythm = Rhythm(at=time(drawn.choice((0, 1, 2, 9, 23)), drawn.choice((0, 15, 30))))
    place = replace(GROUP, chat_id=-drawn.randrange(10**9))
    start = clock()
    schedule = await make_schedule(store, newsroom, start, rhythm, place)
    processes = [DigestClock(store, clock), DigestClock(store, clock)]
    while clock() < start + length:
        clock.tick(drawn.uniform(0, 9 * 86_400) if drawn.random() < 0.05 else drawn.uniform(1, 6 * 3600))
        doubled = drawn.choice((1, 1, 2))
        await asyncio.gather(*(processes[n].tick() for n in range(doubled)))
    days, windows = await told(store, schedule)
    assert days == Counter(slot.day for slot in slots(rhythm, ZoneInfo(zone), start, clock()))
    assert [begin for begin, _ in windows] == [start, *(end for _, end in windows[:-1])]
    async with store.write() as conn:
        await digest_chats.stop(conn, newsroom.id, schedule.chat.id, "removed", clock())


@pytest.mark.parametrize("zone", ["Asia/Beirut", pytest.param("Australia/Lord_Howe", marks=pytest.mark.slow)])
async def test_weeks_over_daylight_saving(store: Store, clock: StoppedClock, newsroom: Newsroom, zone: str) -> None:
    """Outages, doubled ticks, two processes: each due day is told exactly once, and the windows touch."""
    clock.now = datetime(2026, 3, 25, 5, 17, tzinfo=UTC)
    await simulate(store, clock, newsroom, zone, timedelta(days=15))


#: Where a day begins and ends is the same on each engine.
YEARS = (*(("sqlite", zone) for zone in ZONES), ("postgres", "Asia/Beirut"), ("sqlcipher", "Asia/Bishkek"))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("store_url", "zone"), YEARS, indirect=["store_url"])
async def test_a_year(store: Store, clock: StoppedClock, newsroom: Newsroom, zone: str) -> None:
    """The same for a year in each of six zones."""
    clock.now = datetime(2026, 1, 1, 5, 17, tzinfo=UTC)
    await simulate(store, clock, newsroom, zone, timedelta(days=366))


async def test_two_processes_at_the_same_time(
    store: Store, more_stores: MakeStore, clock: StoppedClock, newsroom: Newsroom
) -> None:
    """However many tick at once, each with connections of its own: one digest, one text."""
    schedule = await make_schedule(store, newsroom, clock())
    clock.tick(86_400)
    made = await asyncio.gather(*(DigestClock(more_stores(), clock).tick() for _ in range(4)))
    assert sum(made) == 1
    days, windows = await told(store, schedule)
    assert list(days.values()) == [1]
    assert len(windows) == 1


async def test_days_of_downtime_come_as_one(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """After four days there is one digest that says since when; each of the four days is marked."""
    schedule = await make_schedule(store, newsroom, begun := clock())
    clock.tick(4 * 86_400)
    assert await DigestClock(store, clock).tick() == 1
    days, windows = await told(store, schedule)
    assert [day.day for day in sorted(days)] == [2, 3, 4, 5]
    assert windows == [(begun, datetime(2026, 3, 5, 3, tzinfo=UTC))]


async def test_a_kill_between_any_two_statements(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Whichever statement is the last of a process: the next one tells the day, once, and nothing is half written."""
    schedule = await make_schedule(store, newsroom, clock())
    clock.tick(86_400)
    for statement in range(1, 60):
        died = await _tick_until(store, clock, statement)
        days, windows = await told(store, schedule)
        assert (len(days), len(windows)) in ({(0, 0), (1, 1)} if died else {(1, 1)})
        if days:
            break
    else:
        pytest.fail("it was never told")
    assert statement > 3
    assert await DigestClock(store, clock).tick() == 0
    assert len((await told(store, schedule))[1]) == 1


async def _tick_until(store: Store, clock: StoppedClock, statement: int) -> bool:
    """Tick in a store whose writer dies before its `statement`th statement; whether it died."""
    done = 0

    class Killed(BaseException):
        """The process is gone: nothing that catches errors sees it."""

    def count(*_: object) -> None:
        nonlocal done
        done += 1
        if done == statement:
            raise Killed

    @asynccontextmanager
    async def dying() -> AsyncIterator[object]:
        async with whole() as conn:
            sa.event.listen(conn.sync_connection, "before_cursor_execute", count)
            try:
                yield conn
            finally:
                sa.event.remove(conn.sync_connection, "before_cursor_execute", count)

    whole, died = store.write, False
    store.write = dying  # type: ignore[method-assign, assignment]
    try:
        await DigestClock(store, clock).tick()
    except Killed:
        died = True
    finally:
        store.write = whole  # type: ignore[method-assign]
    return died


async def test_a_clock_that_is_set_back(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A day ahead and back: no day comes twice, and what happens after it was set back is in the next window."""
    schedule = await make_schedule(store, newsroom, clock())
    ticking = DigestClock(store, clock)
    clock.tick(86_400 * 2)
    assert await ticking.tick() == 1
    set_back = clock.tick(-86_400)
    for _ in range(24 * 4):
        await ticking.tick()
        clock.tick(3600)
    days, windows = await told(store, schedule)
    assert set(days.values()) == {1}
    assert [day.day for day in sorted(days)] == [2, 3, 4, 5, 6]
    assert windows[1][0] == set_back
    assert [begin for begin, _ in windows[2:]] == [end for _, end in windows[1:-1]]


async def test_a_clock_that_was_years_ahead(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A wrong clock silences nobody for years: once it is right again, days are due as they come."""
    schedule = await make_schedule(store, newsroom, clock())
    ticking = DigestClock(store, clock)
    clock.tick(86_400 * 1000)
    assert await ticking.tick() == 1
    set_back = clock.tick(-86_400 * 999)
    for _ in range(24 * 3):
        await ticking.tick()
        clock.tick(3600)
    days, windows = await told(store, schedule)
    assert [day.day for day in sorted(days)] == [2, 3, 4, 5]
    assert set(days.values()) == {1}
    assert windows[1][0] == set_back


async def test_a_newsroom_that_moves(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """From Bishkek to New York and to Apia: no day twice, and the windows touch."""
    schedule = await make_schedule(store, newsroom, clock())
    ticking = DigestClock(store, clock)
    for zone in ("Asia/Bishkek", "America/New_York", "Pacific/Apia", "Asia/Bishkek"):
        await set_zone(store, newsroom, zone)
        for _ in range(40):
            clock.tick(3600)
            await ticking.tick()
    days, windows = await told(store, schedule)
    assert set(days.values()) == {1}
    assert len(days) >= 6
    assert [begin for begin, _ in windows[1:]] == [end for _, end in windows[:-1]]


async def test_nobody_without_the_right_is_told(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """An editor's own chat hears nothing while its owner is no editor; afterwards one digest covers the time."""
    editor = await make_member(store, newsroom, clock(), Role.EDITOR)
    place = Place(chat_id=editor.telegram_id, kind=ChatKind.PRIVATE)
    async with store.write() as conn:
        chat = await digest_chats.put(conn, newsroom.id, place, ChatState.ALLOWED, (editor.id, None), clock())
        await digests.add(conn, chat, "ru", editor.id, clock(), clock())
        schedule = (await digests.of_chats(conn, newsroom.id))[chat.id]
        await members.set_roles(conn, editor.id, [Role.JOURNALIST])
    begun = clock()
    clock.tick(2 * 86_400)
    assert await DigestClock(store, clock).tick() == 0
    async with store.write() as conn:
        await members.set_roles(conn, editor.id, [Role.EDITOR])
    assert await DigestClock(store, clock).tick() == 1
    assert (await told(store, schedule))[1][0][0] == begun


async def test_paused_and_stopped_chats_hear_nothing(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Neither a pause nor a chat that was taken off the list is told."""
    schedule = await make_schedule(store, newsroom, clock())
    async with store.write() as conn:
        await digests.change(conn, newsroom.id, replace(schedule, paused_at=clock()))
    clock.tick(86_400)
    assert await DigestClock(store, clock).tick() == 0
    async with store.write() as conn:
        await digests.change(conn, newsroom.id, schedule)
        await digest_chats.stop(conn, newsroom.id, schedule.chat.id, "public", clock())
    assert await DigestClock(store, clock).tick() == 0
