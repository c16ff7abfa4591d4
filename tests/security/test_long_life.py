"""A long life: a day of work in minutes, and afterwards the bot holds no more than after its first hours.

The bot runs as a process of its own whose clock is so fast that the day passes while people send; the jobs of the clock
run all the while. Memory, tasks, threads, files, tables and the write-ahead log are looked at along the way.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.model.rights import Role
from bot.simulator import User, origins
from tests import bot_process
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, open_newsroom, until
from tests.security.crowd import strangers_update

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # aiohttp's own, of the simulated Telegram when it takes a large picture of a digest.
    pytest.mark.filterwarnings("ignore:unread_data:DeprecationWarning"),
]

FEW, MANY = 1_400, 50_000
#: Seconds that the day lasts. After it a week passes in which nobody sends anything.
SHORT, LONG = 40.0, 1200.0
#: Share of the updates after which everything that is loaded once is loaded; then memory may grow by so much of itself.
WARM, GROWTH = 0.4, 0.05
MEMBERS, AT_A_TIME, A_BURST = 20, 50, 5
#: Of so many updates one is a member's.
ONE_IN = 4
#: So many strangers that hardly one of them comes twice: what is kept of each would be seen.
CROWD = 1_000_000
#: Connections for reading, each with a thread: one is opened when as many read at once as never before, and stays.
READERS = 4
#: What was done with in these a week ago is purged.
QUEUES = ("inbox_updates", "outbox_messages")
DONE = "SELECT id FROM {table} WHERE state = 'done'"
FORMS = (
    "алма жол суу тоо кар мектеп китеп айыл шаар дарак кабар убакыт эл бийлик сөз күн түн",
    "завтра город дорога школа вода гора снег книга дерево новость время люди власть слово день ночь",
)
WORDS = " ".join(FORMS).split()


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What the bot holds."""

    memory: int
    #: Of the C library's heap, and of that what SQLite holds.
    used: int
    sqlite: int
    tasks: int
    threads: int
    files: int
    objects: int
    database: int
    log: int
    inbox: int
    outbox: int


async def look(room: Newsroom, folder: Path) -> Look:
    """Look now: the bot writes what it holds when it is asked."""
    path = folder / "held.json"
    path.unlink(missing_ok=True)
    (folder / "look").touch()
    async with asyncio.timeout(60):
        while not path.exists():  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.1)
    database = room.database.path
    log = database.with_name(database.name + "-wal")
    return Look(
        **json.loads(path.read_text(encoding="utf-8")),
        database=database.stat().st_size,
        log=log.stat().st_size if log.exists() else 0,
        inbox=room.database.value("SELECT count(*) FROM inbox_updates"),
        outbox=room.database.value("SELECT count(*) FROM outbox_messages"),
    )


async def at_rest(room: Newsroom, folder: Path) -> Look:
    """Look in a moment in which the clock, so fast as it is, has the least under way: what leaked is there in each."""
    looks = [await look(room, folder) for _ in range(10)]
    return min(looks, key=lambda each: each.tasks)


def act(room: Newsroom, chance: random.Random, people: list[User], number: int) -> None:
    """Three times of four a stranger, else a member: mostly forwards, now and then a threat, a question, an order.

    Of a long day's 50,000 updates each of the 20 members sends 625.

    Members forward some messages one after another, as people do, and these become one case: new cards leave one by
    one, and as many cases as messages would take an hour to be shown.
    """
    if number % ONE_IN:
        room.world.updates.push_raw([strangers_update(chance, number, CROWD)])
        return
    who = people[number // (ONE_IN * A_BURST) % len(people)]
    match chance.randrange(40):
        case 0:
            room.world.send_text(who, "/find " + " ".join(chance.choices(WORDS, k=4)))
        case 1:
            room.world.send_text(who, "/mine")
        case 2:
            room.world.forward(who, origins.from_hidden_user("Z"), f"Мы сожжём вашу редакцию {number}")
        case 3:
            room.world.send_text(who, f"/fake https://facebook.com/fake.{number % 300}")
        case _:
            text = " ".join(chance.choices(WORDS, k=12))
            room.world.forward(who, origins.from_hidden_user(f"X{number % 50}"), f"{text} {number % 997}")


async def live(folder: Path, updates: int, seconds: float, monkeypatch: pytest.MonkeyPatch) -> tuple[Look, Look]:
    """Let a bot live through so many updates and a day: what it holds once it is warm, and at the end."""
    speed = 86_400 / seconds
    limits = ", ".join(f"{name}=100000/0.001" for name in ("forwards", "texts", "orders", "find", "listings"))
    async with open_newsroom(folder, None, limits=limits) as room:
        people = await room.admit(Role.EDITOR, MEMBERS)
        await room.admit(Role.SECURITY, 1)
        module = (sys.executable, "-m", "tests.security.hurried_bot", str(speed), str(folder.parent))
        monkeypatch.setattr(bot_process, "COMMAND", module)
        bot = BotProcess.of(room)
        bot.start()
        try:
            await until(lambda: room.world.journal.counts["getUpdates"] > 0, 60, bot)
            began, chance, warm = time.monotonic(), random.Random(5), None
            for start in range(0, updates, AT_A_TIME):
                for number in range(start, start + AT_A_TIME):
                    act(room, chance, people, number)
                room.later(60)
                await until(lambda: _has_room(room), 120, bot)
                await asyncio.sleep(max(0.0, began + seconds * (start + AT_A_TIME) / updates - time.monotonic()))
                if warm is None and start >= updates * WARM:
                    warm = await look(room, folder.parent)
            await until(lambda: len(room.world.updates) == 0 and _waiting(room) < 20, 120, bot)
            assert warm is not None
            old = {table: _done(room, table) for table in QUEUES}
            (folder.parent / "later").touch()
            await until(lambda: not any(old[table] & _done(room, table) for table in QUEUES), 60, bot)
            return warm, await at_rest(room, folder.parent)
        finally:
            await bot.stop()
            bot.close()


def _done(room: Newsroom, table: str) -> set[int]:
    return {row[0] for row in room.database.rows(DONE.format(table=table))}


def _has_room(room: Newsroom) -> bool:
    return len(room.world.updates) == 0 and _waiting(room) < 4 * AT_A_TIME


def _waiting(room: Newsroom) -> int:
    inbox = room.database.value("SELECT count(*) FROM inbox_updates WHERE state IN ('new', 'working')")
    return int(inbox + room.database.value("SELECT count(*) FROM outbox_messages WHERE state IN ('new', 'sending')"))


def check(warm: Look, end: Look) -> None:
    """What a long life has to be like."""
    assert end.memory <= warm.memory * (1 + GROWTH), f"{(end.memory - warm.memory) / 1e6:+.1f} MB"
    assert end.tasks <= warm.tasks + 4
    assert end.threads <= warm.threads + 2 + READERS
    assert end.files <= warm.files + 4
    assert end.log <= 64_000_000


def _say(what: str, updates: int, warm: Look, end: Look) -> None:
    print(
        f"\n{what}, {updates} updates: memory {warm.memory / 1e6:.1f} -> {end.memory / 1e6:.1f} MB "
        f"({end.memory / warm.memory - 1:+.1%}), of the heap in use {warm.used / 1e6:.1f} -> {end.used / 1e6:.1f} MB, "
        f"by SQLite {warm.sqlite / 1e6:.1f} -> {end.sqlite / 1e6:.1f} MB, "
        f"objects {warm.objects} -> {end.objects}, tasks {warm.tasks} -> "
        f"{end.tasks}, threads {warm.threads} -> {end.threads}, files {warm.files} -> {end.files}, database "
        f"{warm.database / 1e6:.1f} -> {end.database / 1e6:.1f} MB, log {end.log / 1e6:.1f} MB, rows of the inbox "
        f"{warm.inbox} -> {end.inbox}, of the outbox {warm.outbox} -> {end.outbox}"
    )


@pytest.mark.proof
@pytest.mark.timeout(480)
async def test_nothing_leaks_in_a_short_life(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,400 updates and a day."""
    warm, end = await live(folder, FEW, SHORT, monkeypatch)
    _say("a short life", FEW, warm, end)
    check(warm, end)


@pytest.mark.slow
@pytest.mark.timeout(3000)
async def test_nothing_leaks_in_a_long_life(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """50,000 updates and a day; a week later everything handled is purged."""
    warm, end = await live(folder, MANY, LONG, monkeypatch)
    _say("a long life", MANY, warm, end)
    check(warm, end)
