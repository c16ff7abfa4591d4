"""A flood: strangers by the hundred a second cost next to nothing, and members are answered as ever."""

import asyncio
import json
import os
import random
import resource
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.inbox import Inbox
from bot.model.rights import Role
from bot.simulator import User, origins
from bot.simulator.calls import Call
from bot.storage.store import Store
from tests.bot_process import BotProcess
from tests.bot_runner import FlowingClock, Newsroom, open_newsroom, until
from tests.security.crowd import strangers_update
from tests.stores import StoppedClock

pytestmark = pytest.mark.asyncio(loop_scope="session")

MEMBERS, PER_SECOND = 20, 200
#: What members send a second: one in so many of it is a threat.
MEMBERS_PER_SECOND, THREATS = 2.0, 8
LATENCY = 2.0
CPU_SECONDS = 0.000_2
SHORT, LONG = 20.0, 300.0
#: Memory may grow by so much while the flood lasts, in bytes: the first messages of members load what reads them.
GROWTH = 60_000_000
WORDS = ["алма", "жол", "суу", "тоо", "кар", "мектеп", "китеп", "айыл", "шаар", "дарак", "кабар", "убакыт"]


@dataclass(kw_only=True)
class Watch:
    """When what was said to whom."""

    room: Newsroom
    said: list[tuple[float, str, int | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()

        def note(call: Call, _status: object) -> None:
            if call.method != "getUpdates":
                self.said.append((loop.time(), call.method, call.params.get("chat_id")))  # type: ignore[arg-type]

        self.room.simulator.observers.append(note)

    def first(self, chat: int, after: float, within: float, methods: frozenset[str]) -> float | None:
        """Seconds until the first of these requests to a chat after a moment."""
        for at, method, to in self.said:
            if after <= at <= after + within and method in methods and str(to) == str(chat):
                return at - after
        return None


MESSAGES = frozenset({"sendMessage"})


def p95(values: list[float]) -> float:
    """The 95th of a hundred."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def memory_of(bot: BotProcess) -> int:
    """Bytes that the bot's first process holds."""
    assert bot._process is not None
    lines = Path(f"/proc/{bot._process.pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS:"))) * 1024


def turns(seconds: float) -> Iterator[float]:
    """A moment for each twentieth of a second."""
    yield from (n / 20 for n in range(int(seconds * 20)))


async def _strangers(room: Newsroom, seconds: float, began: float) -> int:
    loop, chance, number = asyncio.get_running_loop(), random.Random(1), 0
    each = int((PER_SECOND - MEMBERS_PER_SECOND) / 20)
    for moment in turns(seconds):
        await asyncio.sleep(max(0.0, began + moment - loop.time()))
        updates = [strangers_update(chance, number + n) for n in range(each)]
        room.world.updates.push_raw(updates)
        number += each
    return number


async def _members(room: Newsroom, people: list[User], seconds: float, began: float) -> list[tuple[float, User, bool]]:
    loop, chance = asyncio.get_running_loop(), random.Random(2)
    sent: list[tuple[float, User, bool]] = []
    for number in range(int(seconds * MEMBERS_PER_SECOND)):
        await asyncio.sleep(max(0.0, began + number / MEMBERS_PER_SECOND - loop.time()))
        is_threat = number % THREATS == THREATS - 1
        words = "Мы сожжём вашу редакцию сегодня ночью" if is_threat else " ".join(chance.choices(WORDS, k=8))
        who = people[number % len(people)]
        room.world.forward(who, origins.from_hidden_user(f"X{number}"), f"{words} {chance.randrange(10**9)}")
        sent.append((loop.time(), who, is_threat))
    return sent


async def flood(folder: Path, seconds: float) -> dict[str, Any]:
    """20 members work while 1,000 strangers flood; what it was like."""
    quick = {"send_per_second": 25, "send_chat_seconds": 1.0, "burst_seconds": 2.0, "poll_timeout": 5}
    async with open_newsroom(folder, None, FlowingClock(), **quick) as room:
        people = await room.admit(Role.JOURNALIST, MEMBERS)
        (lead,) = await room.admit(Role.SECURITY, 1)
        bot, watch = BotProcess.of(room), Watch(room=room)
        bot.start()
        try:
            await until(lambda: room.world.journal.counts["getUpdates"] > 0, 60, bot)
            for who in people[:4]:
                room.world.forward(who, origins.from_hidden_user("W"), f"алгачкы сөздөр {who.id}")
            # Whoever reads texts is there from then on: it takes seconds to load what it reads them with.
            await until(lambda: room.world.journal.counts["sendMessage"] >= 4 and room.is_quiet(), 60, bot)
            loop = asyncio.get_running_loop()
            began, before = loop.time() + 0.5, memory_of(bot)
            strangers, sent = await asyncio.gather(
                _strangers(room, seconds, began), _members(room, people, seconds, began)
            )
            await asyncio.sleep(5)
            grown = memory_of(bot) - before
            left = len(room.world.updates)
            return _told(room, watch, sent, lead) | {"strangers": strangers, "grown": grown, "left": left}
        finally:
            await bot.stop()
            bot.close()


def _told(room: Newsroom, watch: Watch, sent: list[tuple[float, User, bool]], lead: User) -> dict[str, Any]:
    answers = [watch.first(who.id, at, 30, MESSAGES) for at, who, _ in sent]
    # The first threat of a wave rings; each of the others counts up what rings.
    alarms = [watch.first(lead.id, at, 30, MESSAGES | {"editMessageText"}) for at, _, is_threat in sent if is_threat]
    known = {user.id for user in room.world.users.values()}
    foreign = [to for _, _, to in watch.said if to is not None and int(to) not in known]
    return {
        "sent": len(sent),
        "answered": [each for each in answers if each is not None],
        "alarms": [each for each in alarms if each is not None],
        "threats": sum(is_threat for *_, is_threat in sent),
        "foreign": foreign,
    }


def check(told: dict[str, Any]) -> None:
    """What a flood has to be like."""
    assert told["foreign"] == [], "a stranger was answered"
    assert told["left"] == 0, "updates were left behind"
    assert len(told["answered"]) == told["sent"]
    assert len(told["alarms"]) == told["threats"]
    assert p95(told["answered"]) <= LATENCY, f"members wait {p95(told['answered']):.2f} s"
    assert max(told["alarms"]) <= LATENCY, f"alarms wait {max(told['alarms']):.2f} s"
    assert told["grown"] <= GROWTH, f"{told['grown'] / 1e6:.0f} MB"


def _say(what: str, told: dict[str, Any]) -> None:
    print(
        f"\n{what}: {told['strangers']} updates of strangers, {told['sent']} of members; "
        f"p95 {p95(told['answered']):.2f} s, alarms at most {max(told['alarms']):.2f} s ({len(told['alarms'])}), "
        f"memory {told['grown'] / 1e6:+.1f} MB, load {os.getloadavg()[0]:.1f}"
    )


@pytest.mark.proof
@pytest.mark.alone
@pytest.mark.timeout(180)
async def test_members_are_answered_while_strangers_flood(folder: Path) -> None:
    """200 updates a second for 20 s."""
    told = await flood(folder, SHORT)
    _say("flood", told)
    check(told)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(600)
async def test_members_are_answered_while_strangers_flood_for_minutes(folder: Path) -> None:
    """200 updates a second for 5 minutes."""
    told = await flood(folder, LONG)
    _say("long flood", told)
    check(told)


@pytest.mark.proof
@pytest.mark.alone
async def test_a_strangers_update_costs_next_to_nothing(sqlite_copy: str) -> None:
    """CPU time from the raw text of an answer of Telegram's to the sieve's "no": 20,000 updates in answers of 100."""
    store, clock, chance = Store(sqlite_copy), StoppedClock(), random.Random(3)
    inbox = Inbox(store, clock, 7)
    answers = [[{"update_id": n, **strangers_update(chance, n)} for n in range(s, s + 100)] for s in range(200)]
    raws = [json.dumps(each) for each in answers]
    try:
        await inbox.accept(json.loads(raws[0]))
        began = resource.getrusage(resource.RUSAGE_SELF)
        for raw in raws:
            await inbox.accept(json.loads(raw))
        ended = resource.getrusage(resource.RUSAGE_SELF)
    finally:
        await store.close()
    used = (ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime) / 20_000
    print(f"\na stranger's update: {used * 1000:.3f} ms CPU")
    assert inbox.turned_away == 20_100
    assert used <= CPU_SECONDS


@pytest.mark.proof
@pytest.mark.timeout(120)
async def test_strangers_take_no_turn_of_the_writer(sqlite_copy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written for them, so that no member waits behind them."""
    store = Store(sqlite_copy)
    inbox = Inbox(store, StoppedClock(), 7)

    def refuse() -> None:
        raise AssertionError("a stranger's update took the writer's turn")

    monkeypatch.setattr(store, "write", refuse)
    chance = random.Random(4)
    updates = [{"update_id": n, **strangers_update(chance, n)} for n in range(500)]
    assert any("/start 0123456789abcdefABCDEF" in str(each) for each in updates)
    try:
        await inbox.accept(updates)
    finally:
        await store.close()
    assert inbox.turned_away == len(updates)
