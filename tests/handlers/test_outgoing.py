"""The one door out, against a Telegram that says what the test wrote for it, on a real outbox."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.model.newsroom import Newsroom
from bot.model.outbox import Kind, Outgoing, Priority
from bot.services.newsrooms import NewsroomDefaults, Newsrooms
from bot.services.outbox import Outbox
from bot.storage import outbox as archive
from bot.storage.store import Store
from bot.storage.tables import outbox_chats, outbox_messages
from handlers import outgoing
from handlers.delivery import Delivered
from handlers.outgoing import Sender
from handlers.pacing import Pace, PaceLimits
from tests.bot_runner import PATIENCE, ShiftedClock, until

QUICK = PaceLimits(per_second=1000, chat_seconds=0, group_per_minute=1000)
#: Seconds of a message on its way that no test outlasts: what is said not to wait for it must come all the same.
ENDLESS = 20 * PATIENCE


class ScriptedTelegram:
    """Stands for `Delivery`: answers each chat's requests as `script` says, then with success; notes what was asked.

    `script[chat]` is a list of errors (None: it goes well), taken one a request; `slow` is how long a request takes.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.script: defaultdict[int, list[Exception | None]] = defaultdict(list)
        self.asked: list[tuple[float, Outgoing]] = []
        self.slow = 0.0
        self.under_way: list[tuple[int, bool]] = []
        self.most_at_once = 0
        self.most_cards_at_once = 0
        self._cards = 0
        self._clock = clock

    async def deliver(self, outgoing: Outgoing) -> Delivered:
        """What `Delivery.deliver` does, without Telegram."""
        place = outgoing.chat_id, outgoing.is_alarm
        is_free = place not in self.under_way and (outgoing.chat_id, True) not in self.under_way
        assert is_free, "two requests of one chat at once"
        self.asked.append((asyncio.get_running_loop().time(), outgoing))
        self.under_way.append(place)
        self._cards += outgoing.kind is Kind.SUBMISSION
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        self.most_cards_at_once = max(self.most_cards_at_once, self._cards)
        try:
            await asyncio.sleep(self.slow)
        finally:
            self.under_way.remove(place)
            self._cards -= outgoing.kind is Kind.SUBMISSION
        line = self.script[outgoing.chat_id]
        error = line.pop(0) if line else None
        if error is not None:
            raise error
        return Delivered(message_id=len(self.asked))

    def said(self, chat_id: int) -> list[str]:
        """The codes that were sent to a chat, in order."""
        return [o.body["code"] for _, o in self.asked if o.chat_id == chat_id]


class Bench:
    """A sender on a store of its own; `sending` runs it, and may run it again as after a restart."""

    def __init__(self, store: Store, newsroom: Newsroom, clock: ShiftedClock) -> None:
        self.store = store
        self.newsroom = newsroom
        self.clock = clock
        self.telegram = ScriptedTelegram(clock)
        self._sender: Sender | None = None

    async def put(self, chat_id: int, code: str, priority: Priority = Priority.CARD, kind: Kind = Kind.REPLY) -> None:
        """Queue a message."""
        row = Outgoing(
            kind=kind,
            chat_id=chat_id,
            newsroom_id=self.newsroom.id,
            priority=priority,
            body={"code": code, "submission": chat_id},
        )
        async with self.store.write() as conn:
            await archive.put(conn, [row], self.clock())
        if self._sender is not None:
            self._sender.wake()

    async def states(self) -> dict[str, tuple[str, str | None]]:
        """State and error of each message by its code."""
        t = outbox_messages.c
        async with self.store.read() as conn:
            rows = (await conn.execute(sa.select(t.body, t.state, t.error))).all()
        return {row.body["code"]: (row.state, row.error) for row in rows}

    async def come_true(self, code: str, state: str, error: str | None = None) -> None:
        """Wait until a message is in a state."""
        await self.until_states(lambda states: states[code] == (state, error))

    async def until_states(self, ready: Callable[[dict[str, tuple[str, str | None]]], bool]) -> None:
        """Look again and again until the messages' states are right."""
        async with asyncio.timeout(PATIENCE):
            while not ready(await self.states()):  # noqa: ASYNC110 - another connection's commit rings no bell
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def sending(self, limits: PaceLimits = QUICK, *, tries: int = 3, parallel: int = 8) -> AsyncIterator[None]:
        """A sender at work; at the end it is cut off as by a kill."""
        outbox = Outbox(self.store, self.clock, tries)
        self._sender = Sender(outbox, self.telegram, Pace(limits), self.clock, parallel)  # type: ignore[arg-type]
        task = asyncio.create_task(self._sender.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._sender = None


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """A newsroom with an empty outbox, whose senders wait for nothing at their end."""
    monkeypatch.setattr(outgoing, "_LAST_SECONDS", 0.0)
    clock, store = ShiftedClock(), Store(f"sqlite+aiosqlite:///{tmp_path / 'outbox.sqlite'}")
    await store.migrate()
    newsroom = await Newsrooms(store, clock).ensure(NewsroomDefaults(name="N", zone="UTC", language="en"))
    yield Bench(store, newsroom, clock)
    await store.close()


async def test_patience_is_asked_of_one_chat_only(bench: Bench) -> None:
    """429 holds that chat's messages, in their order, and no other's."""
    bench.telegram.script[1] = [RetryAfter(timedelta(hours=1))]
    async with bench.sending():
        await bench.put(1, "first")
        await bench.come_true("first", "new", "RetryAfter")
        await bench.put(1, "second")
        await bench.put(2, "other")
        await bench.come_true("other", "done")
        await bench.put(2, "another")
        await bench.come_true("another", "done")
        assert bench.telegram.said(1) == ["first"]
        bench.clock.shift += timedelta(minutes=61)
        await bench.come_true("second", "done")
        assert bench.telegram.said(1) == ["first", "first", "second"]


async def test_patience_survives_a_restart(bench: Bench) -> None:
    """What Telegram asked for stands in the store."""
    bench.telegram.script[1] = [RetryAfter(timedelta(hours=1))]
    async with bench.sending():
        await bench.put(1, "first")
        await bench.come_true("first", "new", "RetryAfter")
    async with bench.store.read() as conn:
        assert (await conn.execute(sa.select(outbox_chats.c.chat_id))).scalars().all() == [1]
    async with bench.sending():
        await bench.put(2, "other")
        await bench.come_true("other", "done")
        assert bench.telegram.said(1) == ["first"]
        bench.clock.shift += timedelta(minutes=61)
        await bench.come_true("first", "done")


@pytest.mark.parametrize("error", [Forbidden("bot was blocked"), ChatMigrated(5), BadRequest("chat not found")])
async def test_a_refusal_for_good_ends_a_message(bench: Bench, error: TelegramError) -> None:
    """It is not asked again, and the chat's next message has its turn."""
    bench.telegram.script[1] = [error]
    async with bench.sending():
        await bench.put(1, "first")
        await bench.put(1, "second")
        await bench.come_true("second", "done")
    assert (await bench.states())["first"] == ("failed", type(error).__name__)
    assert bench.telegram.said(1) == ["first", "second"]


@pytest.mark.parametrize("error", [NetworkError("Bad Gateway"), TimedOut()])
async def test_an_unreachable_telegram_is_asked_again(bench: Bench, error: TelegramError) -> None:
    """However often: a blocked network does not use a message's tries up; each wait is longer."""
    bench.telegram.script[1] = [error] * 5
    async with bench.sending(tries=3):
        await bench.put(1, "first")
        for count in range(1, 6):
            await bench.come_true("first", "new", type(error).__name__)
            await until(lambda count=count: len(bench.telegram.asked) == count, PATIENCE)
            bench.clock.shift += timedelta(minutes=3)
        await bench.come_true("first", "done")


async def test_other_errors_use_the_tries_up(bench: Bench) -> None:
    """What cannot even be rendered is tried a few times, then shown to the admin; its chat goes on."""
    bench.telegram.script[1] = [KeyError("no such card"), TelegramError("odd"), KeyError("no such card")]
    async with bench.sending(tries=3):
        await bench.put(1, "first")
        for count, error in ((1, "render"), (2, "TelegramError")):
            await until(lambda count=count: len(bench.telegram.asked) == count, PATIENCE)
            await bench.come_true("first", "new", error)
            bench.clock.shift += timedelta(minutes=3)
        await bench.come_true("first", "failed", "render")
        await bench.put(1, "second")
        await bench.come_true("second", "done")


async def test_the_most_urgent_goes_first(bench: Bench) -> None:
    """Alarm before answer before card before digest, whatever came first; the same kind in its order."""
    wanted = [Priority.DIGEST, Priority.CARD, Priority.ANSWER, Priority.ALARM, Priority.CARD, Priority.ALARM]
    for number, priority in enumerate(wanted):
        await bench.put(1, f"{priority.name} {number}", priority)
    async with bench.sending():
        await bench.come_true("DIGEST 0", "done")
    assert bench.telegram.said(1) == ["ALARM 3", "ALARM 5", "ANSWER 2", "CARD 1", "CARD 4", "DIGEST 0"]


async def test_one_chat_hears_one_thing_at_a_time(bench: Bench) -> None:
    """Requests run side by side for different chats, up to the limit, and never for one (the script asserts it)."""
    bench.telegram.slow = 0.02
    for number in range(40):
        await bench.put(number % 8 + 1, f"m{number}")
    async with bench.sending(parallel=4):
        await bench.come_true("m39", "done")
    assert 2 <= bench.telegram.most_at_once <= 4
    for chat in range(1, 9):
        assert bench.telegram.said(chat) == [f"m{n}" for n in range(chat - 1, 40, 8)]


async def test_an_alarm_does_not_wait_for_a_chart(bench: Bench) -> None:
    """It goes beside what is still being drawn for the same chat, though that chat may be written to once a minute;
    nothing else does, and a second alarm keeps the pace."""
    bench.telegram.slow = ENDLESS
    async with bench.sending(PaceLimits(per_second=25, chat_seconds=60, group_per_minute=20), parallel=1):
        await bench.put(1, "chart")
        await until(lambda: bench.telegram.said(1) == ["chart"], PATIENCE)
        bench.telegram.slow = 0
        await bench.put(1, "card")
        await bench.put(1, "alarm", Priority.ALARM)
        await bench.come_true("alarm", "done")
        await bench.put(1, "second alarm", Priority.ALARM)
        await asyncio.sleep(0.1)
    assert bench.telegram.said(1) == ["chart", "alarm"]


async def test_new_cards_leave_one_by_one(bench: Bench) -> None:
    """Of cards that would show a case for the first time, a kill leaves one in flight; the rest goes side by side."""
    bench.telegram.slow = 0.02
    for number in range(12):
        await bench.put(number + 1, f"card {number}", Priority.CARD, Kind.SUBMISSION)
        await bench.put(number + 101, f"reply {number}", Priority.CARD)
    async with bench.sending():
        await bench.until_states(lambda states: set(states.values()) == {("done", None)})
    assert bench.telegram.most_cards_at_once == 1
    assert bench.telegram.most_at_once > 1


async def test_what_is_no_card_goes_past_cards_that_wait(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new card is on its way and takes long, others wait for it: an answer in yet another chat does not."""
    monkeypatch.setattr(outgoing, "_NEW_CARD_SECONDS", 60)
    bench.telegram.slow = ENDLESS
    async with bench.sending():
        await bench.put(1, "slow card", Priority.CARD, Kind.SUBMISSION)
        await until(lambda: len(bench.telegram.asked) == 1, PATIENCE)
        bench.telegram.slow = 0
        for chat in range(2, 6):
            await bench.put(chat, f"card {chat}", Priority.CARD, Kind.SUBMISSION)
        await bench.put(9, "last of all", Priority.DIGEST)
        await bench.come_true("last of all", "done")
        assert bench.telegram.said(2) == []


async def test_the_pace_of_a_chat_is_kept(bench: Bench) -> None:
    """No two messages of one chat within `chat_seconds`; an answer to a press need not wait."""
    for number in range(4):
        await bench.put(1, f"m{number}")
    async with bench.sending(PaceLimits(per_second=25, chat_seconds=0.3, group_per_minute=20)):
        await until(lambda: len(bench.telegram.asked) >= 1, PATIENCE)
        await bench.put(1, "answer", Priority.ANSWER, Kind.ANSWER)
        await bench.come_true("m3", "done")
    messages = [at for at, o in bench.telegram.asked if o.kind is Kind.REPLY]
    assert all(b - a >= 0.3 - 0.01 for a, b in pairwise(messages))
    codes = [o.body["code"] for _, o in bench.telegram.asked]
    assert codes.index("answer") < 3


async def test_what_was_under_way_is_sent_again(bench: Bench) -> None:
    """A killed sender's row is found and sent anew: a card twice is better than a card lost."""
    bench.telegram.slow = ENDLESS
    async with bench.sending():
        await bench.put(1, "first")
        await until(lambda: len(bench.telegram.asked) == 1, PATIENCE)
    assert (await bench.states())["first"] == ("sending", None)
    bench.telegram.slow = 0
    async with bench.sending():
        await bench.come_true("first", "done")
    assert bench.telegram.said(1) == ["first", "first"]


async def test_what_is_under_way_at_a_quiet_end_is_heard(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram's answer is waited for, so that the next sender does not say the same again."""
    monkeypatch.setattr(outgoing, "_LAST_SECONDS", PATIENCE)
    bench.telegram.slow = 0.3
    async with bench.sending():
        await bench.put(1, "first")
        await until(lambda: len(bench.telegram.asked) == 1, PATIENCE)
    assert (await bench.states())["first"] == ("done", None)
    async with bench.sending():
        await bench.put(1, "last")
        await bench.come_true("last", "done")
    assert bench.telegram.said(1) == ["first", "last"]


async def test_nothing_is_said_twice_without_need(bench: Bench) -> None:
    """A second sender on the same store, after a quiet end, has nothing to say."""
    async with bench.sending():
        for number in range(10):
            await bench.put(number, f"m{number}")
        await bench.come_true("m9", "done")
        await until(lambda: len(bench.telegram.asked) == 10, PATIENCE)
        await bench.until_states(lambda states: set(states.values()) == {("done", None)})
    async with bench.sending():
        await bench.put(1, "last")
        await bench.come_true("last", "done")
    assert len(bench.telegram.asked) == 11
