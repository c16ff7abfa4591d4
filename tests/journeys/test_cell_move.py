"""A newsroom moves to another server while its members write: what waits meanwhile comes in there, once."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.model.rights import Role
from bot.simulator import User
from tests.bot_database import PostgresDatabase
from tests.bot_runner import Newsroom, until
from tests.journeys.burst import FEW_MEMBERS, Burst, account_for, cards_in_flight, send_burst
from tests.journeys.command_line import CommandLine
from tests.journeys.crew import Crew, shared
from tests.postgres import PostgresServer

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow, pytest.mark.timeout(300)]
ROLES = ("web", "worker", "worker", "scheduler")


async def test_a_move_among_forwards(tmp_path: Path, postgres_copy: str, postgres_server: PostgresServer) -> None:
    """40 forwards come in before and during the move, 40 while nobody serves: each is in one case, with a card."""
    there = postgres_server.url(postgres_server.create())
    async with shared(tmp_path, postgres_copy, newsroom="moving") as room:
        people = await room.admit(Role.JOURNALIST, FEW_MEMBERS)
        first = await _served(room, people, random.Random(3))
        in_flight = cards_in_flight(room.database)
        kalkan = CommandLine(room.settings.data_dir, KALKAN_DATABASE_URL=postgres_copy, KALKAN_NEWSROOM="moving")
        moving = asyncio.create_task(asyncio.to_thread(kalkan, "migrate-to", there))
        second = send_burst(room, people, random.Random(4))
        done = await moving
        assert (done.code, "each compared" in done.out) == (0, True), done.err
        room.database.close()
        room.settings = room.settings.model_copy(update={"database_url": there})
        room.database = PostgresDatabase(path=room.settings.data_dir / "none", url=there)
        crew = Crew(room, *ROLES)
        try:
            await crew.start()
            await until(room.is_quiet, 120, crew)
            assert await crew.stop() == [0] * len(ROLES)
        finally:
            crew.close()
        account = account_for(room, _both(first, second), 0, in_flight)
        room.database.close()
    print(account.line("a move"))
    assert (account.lost, account.cases_without_card, account.problems) == ([], [], [])
    assert account.duplicate_cards == 0


async def _served(room: Newsroom, people: Sequence[User], chance: random.Random) -> Burst:
    """A burst at the old place, where all stop politely in the midst of it."""
    crew = Crew(room, *ROLES)
    try:
        await crew.start()
        burst = send_burst(room, people, chance)
        await until(lambda: bool(room.database.rows("SELECT 1 FROM submissions LIMIT 1")), 60, crew)
        assert await crew.stop() == [0] * len(ROLES)
    finally:
        crew.close()
    return burst


def _both(one: Burst, other: Burst) -> Burst:
    return Burst(
        cases=one.cases + other.cases,
        texts=one.texts | other.texts,
        threats=one.threats | other.threats,
        pictures=one.pictures | other.pictures,
    )
