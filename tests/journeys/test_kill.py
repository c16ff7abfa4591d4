"""Nothing forwarded is ever lost: kill -9 in the middle of a burst, start again, and count.

A kill comes when the bot has made a drawn number of requests, and a few milliseconds later: so the instants are spread
over the whole run, downloads of albums included.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.clock import utcnow
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.simulator import FaultKind, User, World
from bot.simulator.faults import MALFORMED_UPDATES
from bot.storage import members
from bot.storage.store import Store
from tests.bot_runner import BotProcess, Newsroom, open_newsroom, until
from tests.journeys.burst import MEMBERS, Account, account_for, cards_in_flight, send_burst

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: Requests of an undisturbed run, as measured; the instants of kills are drawn from them.
REQUESTS = 230
PATIENCE = 120.0
SAYING = ("sendMessage", "editMessageText", "setMessageReaction")


@asynccontextmanager
async def twenty_members(folder: Path) -> AsyncIterator[tuple[Newsroom, list[User]]]:
    """A newsroom whose 20 members have written to the bot before."""
    async with open_newsroom(folder / "data", send_chat_seconds=0.05, poll_timeout=2) as room:
        people = [room.world.add_user(f"Member {n}", started=True) for n in range(MEMBERS)]
        store, role, active = Store(room.settings.database), Role.JOURNALIST, MemberStatus.ACTIVE
        async with store.write() as conn:
            tenant = room.database.value("SELECT id FROM newsrooms")
            for user in people:
                await members.admit(conn, tenant, user.id, user.first_name, role, active, None, utcnow())
        await store.close()
        yield room, people


async def play(folder: Path, seed: int, instants: Sequence[float], *, bad_day: bool = False) -> Account:
    """One burst with a kill at each instant (a share of the run, 0 to 1), until all is quiet: the account of it."""
    chance = random.Random(seed)
    async with twenty_members(folder) as (room, people):
        process, in_flight = BotProcess.of(room), 0
        if bad_day:
            arm(room.world, seed)
        burst = send_burst(room, people, chance, between=list(MALFORMED_UPDATES) if bad_day else ())
        try:
            for instant in instants:
                process.start()
                await requests(room, process, round(instant * REQUESTS))
                await asyncio.sleep(chance.uniform(0, 0.08))
                process.kill()
                in_flight += cards_in_flight(room.database)
            polls = room.world.journal.counts["getUpdates"]
            process.start()
            await until(lambda: room.world.journal.counts["getUpdates"] > polls, PATIENCE, process)
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


async def until_quiet(room: Newsroom, process: BotProcess) -> None:
    """Wait until the bot that now runs has nothing to do."""
    try:
        await until(room.is_quiet, PATIENCE, process)
    except TimeoutError:
        raise AssertionError(f"the bot is not quiet after {PATIENCE:.0f} s:\n{process.last_words()}") from None


def arm(world: World, seed: int) -> None:
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


def judge(name: str, account: Account) -> None:
    """The bar: nothing lost, nothing twice but what was in flight."""
    print(account.line(name))
    assert account.lost == []
    assert account.cases_without_card == []
    assert account.problems == []
    assert account.duplicate_cards <= account.in_flight + account.unheard, account.line(name)


def spread(chance: random.Random, count: int) -> list[float]:
    """Instants drawn one from each of `count` equal stretches of the run."""
    return [(n + chance.random()) / count for n in range(count)]


async def test_two_kills_in_a_burst(tmp_path: Path) -> None:
    """100 forwards, 2 kills, on a good day: 0 lost, 0 duplicate cases."""
    judge("2 kills", await play(tmp_path, 1, [0.0, 0.4]))


async def test_a_kill_on_a_bad_day(tmp_path: Path) -> None:
    """The same with a kill among faults and malformed updates."""
    judge("1 kill on a bad day", await play(tmp_path, 2, [0.3], bad_day=True))


@pytest.mark.slow
@pytest.mark.parametrize("bad_day", [False, True], ids=["good", "bad"])
async def test_ten_instants(tmp_path: Path, bad_day: bool) -> None:
    """A burst for each of 10 instants that lie spread over the run."""
    for number, instant in enumerate(spread(random.Random(7), 10)):
        folder = tmp_path / str(number)
        folder.mkdir()
        judge(f"kill at {instant:.0%}", await play(folder, 100 + number, [instant], bad_day=bad_day))


@pytest.mark.slow
@pytest.mark.parametrize("bad_day", [False, True], ids=["good", "bad"])
async def test_ten_kills_in_one_burst(tmp_path: Path, bad_day: bool) -> None:
    """One burst whose bot is killed ten times."""
    judge("10 kills", await play(tmp_path, 11, spread(random.Random(9), 10), bad_day=bad_day))
