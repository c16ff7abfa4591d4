"""Nothing forwarded is ever lost: kill -9 in the middle of a burst, start again, and count.

A kill comes when the bot has made a drawn number of requests, and a few milliseconds later: so the instants are spread
over the whole run, downloads of albums included.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle
from pathlib import Path

import pytest

from bot.model.rights import Role
from bot.simulator import FaultKind, User, World
from bot.simulator.faults import MALFORMED_UPDATES
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, open_newsroom, until
from tests.faults.nursery import Nursery, nursery
from tests.journeys.burst import FEW_MEMBERS, MEMBERS, Account, account_for, cards_in_flight, send_burst

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: Requests of an undisturbed run for each member, as measured; the instants of kills are drawn from them.
REQUESTS = 11.5
PATIENCE = 180.0
SAYING = ("sendMessage", "editMessageText", "setMessageReaction")


@pytest.fixture(scope="module")
def here() -> Iterator[Nursery]:
    """Where all bots of these tests are forked."""
    with nursery() as opened:
        yield opened


@asynccontextmanager
async def newsroom_of(folder: Path, members: int) -> AsyncIterator[tuple[Newsroom, list[User]]]:
    """A newsroom whose members have written to the bot before."""
    async with open_newsroom(folder / "data", send_chat_seconds=0.05, poll_timeout=2) as room:
        people = await room.admit(Role.JOURNALIST, members)
        yield room, people


async def play(
    folder: Path, here: Nursery, seed: int, instants: Sequence[float], weather: str, members: int = MEMBERS
) -> Account:
    """One burst with a kill at each instant (a share of the run, 0 to 1), until all is quiet: the account of it."""
    chance = random.Random(seed)
    async with newsroom_of(folder, members) as (room, people):
        process, in_flight = BotProcess.of(room), 0
        process.nursery = here
        WEATHER[weather](room.world, seed)
        burst = send_burst(room, people, chance, between=list(MALFORMED_UPDATES) if weather == "bad" else ())
        try:
            for instant in instants:
                process.start()
                await requests(room, process, round(instant * REQUESTS * members))
                if weather == "far":
                    await card_under_way(room)
                await asyncio.sleep(chance.uniform(0, 0.08))
                process.kill()
                in_flight += cards_in_flight(room.database)
            await until_polling(room, process)
            await until_quiet(room, process)
            assert await process.stop() == 0
        finally:
            process.close()
        return account_for(room, burst, process.kills, in_flight)


async def requests(room: Newsroom, process: BotProcess, count: int) -> None:
    """Wait until the bot has asked so much of Telegram since the world began, or has nothing more to ask."""
    counts = room.world.journal.counts

    def enough() -> bool:
        return counts["getUpdates"] > 0 and (counts.total() - counts["getUpdates"] >= count or room.is_quiet())

    await until(enough, PATIENCE, process)


async def card_under_way(room: Newsroom) -> None:
    """Wait a moment for the worst instant: Telegram has a card, and the bot does not know it yet."""
    with suppress(TimeoutError):
        await until(lambda: cards_in_flight(room.database) > 0, 1.0)


async def until_polling(room: Newsroom, process: BotProcess) -> None:
    """Start the bot and wait until it has introduced itself, and then polled; its forerunner's last poll may linger."""
    counts = room.world.journal.counts
    introduced = counts["getMe"]
    process.start()
    await until(lambda: counts["getMe"] > introduced, PATIENCE, process)
    polled = counts["getUpdates"]
    await until(lambda: counts["getUpdates"] > polled, PATIENCE, process)


async def until_quiet(room: Newsroom, process: BotProcess) -> None:
    """Wait until the bot has nothing to do. What it would try again after minutes, it may try again soon."""
    for _ in range(6):
        with suppress(TimeoutError):
            await until(room.is_quiet, PATIENCE / 6, process)
            return
        await room.database.write("UPDATE inbox_updates SET not_before = received_at WHERE state = 'new'")
    raise AssertionError(f"the bot is not quiet after {PATIENCE:.0f} s:\n{process.last_words()}")


def near(_world: World, _seed: int) -> None:
    """Telegram next door: every request is answered at once."""


def far(world: World, _seed: int) -> None:
    """Telegram far away: what is said takes 80 ms, so that something is always in flight."""
    world.faults.add(FaultKind.SLOW, methods=[*SAYING, "getFile"], count=None, delay=0.08)


def bad(world: World, seed: int) -> None:
    """A bad day: Telegram asks for patience, fails, hangs and breaks off, before and after it did what was asked."""
    faults = world.faults
    faults.seed = seed
    faults.add(FaultKind.TOO_MANY_REQUESTS, methods=SAYING, probability=0.05, count=15, retry_after=1)
    faults.add(FaultKind.SERVER_ERROR, methods=[*SAYING, "getMe"], probability=0.06, count=20)
    faults.add(FaultKind.SERVER_ERROR, methods="getUpdates", probability=0.3, count=4)
    for kind in (FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER, FaultKind.MALFORMED_JSON):
        faults.add(kind, methods=[*SAYING, "getFile"], probability=0.02, count=4)
        faults.add(kind, methods="getUpdates", probability=0.2, count=2)
    for kind in (FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER):
        faults.add(kind, methods=[*SAYING, "getFile"], probability=0.01, count=2)
        faults.add(kind, methods="getUpdates", probability=0.1, count=1, delay=2)


WEATHER = {"near": near, "far": far, "bad": bad}


def judge(name: str, account: Account) -> None:
    """The bar: nothing lost, nothing twice but what was in flight."""
    print(account.line(name))
    assert account.lost == []
    assert account.cases_without_card == []
    assert account.problems == []
    assert account.duplicate_cards <= account.kills + account.unheard, account.line(name)


def spread(chance: random.Random, count: int) -> list[float]:
    """Instants drawn one from each of `count` equal stretches of the run."""
    return [(n + chance.random()) / count for n in range(count)]


async def test_a_kill_in_a_burst(tmp_path: Path, here: Nursery) -> None:
    """40 forwards, killed in the midst of them: 0 lost, 0 duplicate cases."""
    judge("1 kill", await play(tmp_path, here, 1, [0.3], "far", FEW_MEMBERS))


@pytest.mark.slow
async def test_two_kills_in_a_burst(tmp_path: Path, here: Nursery) -> None:
    """The same, killed early and again half-way."""
    judge("2 kills", await play(tmp_path, here, 1, [0.1, 0.5], "far", FEW_MEMBERS))


@pytest.mark.slow
async def test_a_kill_on_a_bad_day(tmp_path: Path, here: Nursery) -> None:
    """The same with a kill among faults and malformed updates."""
    judge("1 kill on a bad day", await play(tmp_path, here, 2, [0.3], "bad", FEW_MEMBERS))


@pytest.mark.slow
async def test_twelve_instants(tmp_path: Path, here: Nursery) -> None:
    """A small burst for each of 12 instants that lie spread over the run, in each weather in turn."""
    for number, (instant, weather) in enumerate(zip(spread(random.Random(7), 12), cycle(WEATHER), strict=False)):
        folder = tmp_path / str(number)
        folder.mkdir()
        judge(
            f"{weather}, kill at {instant:.0%}", await play(folder, here, 100 + number, [instant], weather, FEW_MEMBERS)
        )


@pytest.mark.slow
@pytest.mark.parametrize("weather", WEATHER)
async def test_ten_kills_in_one_burst(tmp_path: Path, here: Nursery, weather: str) -> None:
    """One burst whose bot is killed ten times."""
    judge(f"{weather}, 10 kills", await play(tmp_path, here, 11, spread(random.Random(9), 10), weather))
