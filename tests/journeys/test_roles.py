"""Several processes on one PostgreSQL: a receiver, workers, schedulers. Some are killed: nothing is lost or twice."""

import asyncio
import random
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.model.process import ProcessRole
from bot.model.rights import Role
from bot.wiring import serving
from tests.bot_runner import open_newsroom, until
from tests.journeys.burst import FEW_MEMBERS, account_for, cards_in_flight, send_burst
from tests.journeys.crew import Crew, shared
from tests.postgres import running_server

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_deaths_among_posts(tmp_path: Path, postgres_copy: str) -> None:
    """40 forwards come in while a worker, the receiver and the leader are killed: each is in one case, with a card."""
    async with shared(tmp_path, postgres_copy) as room:
        crew = Crew(room, "web", "worker", "worker", "scheduler", "scheduler")
        web, worker = crew.processes[:2]
        people = await room.admit(Role.JOURNALIST, FEW_MEMBERS)
        try:
            await crew.start()
            burst = send_burst(room, people, random.Random(3))
            await until(lambda: bool(room.database.rows("SELECT 1 FROM submissions LIMIT 1")), 60, crew)
            leader = crew.leader()
            for process in (worker, web, leader):
                process.kill()
                in_flight = cards_in_flight(room.database)
                await asyncio.sleep(1)
                if process is not leader:
                    process.start()
            crew.processes.remove(leader)
            await until(room.is_quiet, 120, crew)
            assert await crew.stop() == [0] * 4
        finally:
            crew.close()
        account = account_for(room, burst, 3, in_flight)
    print(account.line("three deaths"))
    assert (account.lost, account.cases_without_card, account.problems) == ([], [], [])
    assert account.duplicate_cards <= account.kills


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_the_database_dies(tmp_path: Path) -> None:
    """PostgreSQL is killed twice among 40 forwards, and is away for seconds: all go on by themselves, none is lost."""
    # What it says is committed has to outlive it.
    with running_server(synchronous_commit="on") as server:
        async with shared(tmp_path, server.url(server.create())) as room:
            crew = Crew(room, "web", "worker", "worker", "scheduler")
            people = await room.admit(Role.JOURNALIST, FEW_MEMBERS)
            try:
                await crew.start()
                burst = send_burst(room, people, random.Random(3))
                await until(lambda: bool(room.database.rows("SELECT 1 FROM submissions LIMIT 1")), 60, crew)
                for seconds in (0.5, 6):
                    in_flight = cards_in_flight(room.database)
                    await asyncio.to_thread(server.kill)
                    await asyncio.sleep(seconds)
                    await asyncio.to_thread(server.revive)
                    await asyncio.sleep(4)
                await until(room.is_quiet, 120, crew)
                assert await crew.stop() == [0] * 4
            finally:
                crew.close()
            account = account_for(room, burst, 2, in_flight)
            room.database.close()
    print(account.line("two deaths of the database"))
    assert (account.lost, account.cases_without_card, account.problems) == ([], [], [])
    assert account.duplicate_cards <= account.kills


async def test_who_may_not_share(tmp_path: Path, postgres_copy: str) -> None:
    """A part needs PostgreSQL, and the receiver an address to which updates are posted."""
    async with open_newsroom(tmp_path / "data") as room:
        with pytest.raises(SettingsError, match="need PostgreSQL"):
            await serving.serve(room.settings, role=ProcessRole.WORKER)
    async with open_newsroom(tmp_path / "other", database_url=postgres_copy) as room:
        with pytest.raises(SettingsError, match="KALKAN_WEBHOOK_URL"):
            await serving.serve(room.settings, role=ProcessRole.WEB)
