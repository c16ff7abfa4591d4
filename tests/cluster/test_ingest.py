"""The whole bot behind RabbitMQ: brokers, workers and receivers are killed under load, and nothing is lost or twice."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from bot.model.rights import Role
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, until
from tests.cluster.rabbit import QUEUE, RESTART, Rabbit, rabbit
from tests.cluster.traffic import LIMITS, MEMBERS, OUTAGE, Traffic, account, emptied, kill_workers, settled, waited
from tests.journeys.burst import FEW_MEMBERS, account_for, cards_in_flight, send_burst
from tests.journeys.crew import Crew, shared
from tests.postgres import PostgresServer, running_server

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session")]

#: Kills; each node in its turn, so that each is killed twice.
BROKERS, WORKERS, RECEIVERS = 6, 12, 2


@asynccontextmanager
async def behind_a_queue(folder: Path, brokers: Rabbit, server: PostgresServer) -> AsyncIterator[Newsroom]:
    """A newsroom on PostgreSQL whose updates come by webhook through a queue."""
    url = server.url(server.create())
    async with shared(folder, url, limits=LIMITS, queue_url=brokers.url) as room:
        yield room


@pytest.mark.timeout(2400)
async def test_nothing_is_lost_when_brokers_die(tmp_path: Path) -> None:
    """Six nodes, twelve workers and two receivers are killed under 50 updates a second; nobody starts any by hand.

    What a service manager starts again is started again: the bot's processes at once, nodes after ten seconds.
    """
    with rabbit() as brokers, running_server(synchronous_commit="on") as server:
        async with behind_a_queue(tmp_path, brokers, server) as room:
            crew = Crew(room, "web", "worker", "worker", "scheduler", "scheduler")
            people = await room.admit(Role.JOURNALIST, MEMBERS)
            try:
                await crew.start()
                traffic = Traffic(room, people)
                sending = asyncio.create_task(traffic.run())
                began = time.monotonic()
                leaders = await _attack(brokers, crew)
                sending.cancel()
                seconds = time.monotonic() - began
                await emptied(room, crew)
                await settled(room, crew)
                assert await crew.stop() == [0] * 5
            finally:
                crew.close()
            found = account(room, traffic)
            room.database.close()
    kills = sum(process.kills for process in crew.processes)
    print(
        f"\n{brokers.kills} brokers ({leaders} of them led the queue) and {kills} workers and receivers killed under"
        f" {traffic.sent} updates in {seconds:.0f} s: {found}"
    )
    assert (brokers.kills, kills) == (BROKERS, WORKERS + RECEIVERS)
    assert found.pop("cards twice") <= kills
    assert max(found.pop("longest without an update taken"), found.pop("without one done")) <= OUTAGE
    assert not any(found.values()), found


async def _attack(brokers: Rabbit, crew: Crew) -> int:
    workers = [each for each in crew.processes if "worker" in each.arguments]
    leaders = 0
    for number in range(BROKERS):
        await kill_workers(workers, 1)
        node = brokers.nodes[number % len(brokers.nodes)]
        leaders += await asyncio.to_thread(brokers.leader, QUEUE) is node
        assert await asyncio.to_thread(brokers.kill, node) == 1, "no process of that node was found"
        killed = time.monotonic()
        if number % (BROKERS // RECEIVERS) == 1:
            await _kill_receiver(crew.processes[0])
        await kill_workers(workers[::-1], 1)
        await asyncio.sleep(max(0.0, killed + RESTART - time.monotonic()))
        await asyncio.to_thread(brokers.revive)
        await waited(partial(brokers.is_whole_again, QUEUE), 240)
    await asyncio.sleep(10)
    return leaders


async def _kill_receiver(receiver: BotProcess) -> None:
    await asyncio.sleep(2)
    receiver.check_alive()
    receiver.kill()
    await asyncio.sleep(1)
    receiver.start()


@pytest.mark.timeout(600)
async def test_posts_are_taken_while_the_database_is_away(tmp_path: Path) -> None:
    """PostgreSQL is dead: 40 forwards are taken, also by a receiver that starts meanwhile; none is lost."""
    with rabbit(1) as brokers, running_server(synchronous_commit="on") as server:
        async with behind_a_queue(tmp_path, brokers, server) as room:
            crew = Crew(room, "web", "worker", "worker", "scheduler")
            people = await room.admit(Role.JOURNALIST, FEW_MEMBERS)
            try:
                await crew.start()
                await asyncio.to_thread(server.kill)
                crew.processes[0].kill()
                crew.processes[0].start()
                burst = send_burst(room, people, random.Random(3))
                await until(lambda: len(room.world.updates) == 0, 60, crew)
                await asyncio.to_thread(server.revive)
                await emptied(room, crew)
                in_flight = cards_in_flight(room.database)
                await until(room.is_quiet, 120, crew)
                assert await crew.stop() == [0] * 4
            finally:
                crew.close()
            found = account_for(room, burst, 1, in_flight)
            room.database.close()
    print(found.line("posts without a database"))
    assert (found.lost, found.cases_without_card, found.problems) == ([], [], [])


@pytest.mark.timeout(600)
async def test_everybody_waits_for_a_broker(tmp_path: Path) -> None:
    """All nodes are dead before anybody starts, and die again together: all go on by themselves, none is lost."""
    with rabbit() as brokers, running_server(synchronous_commit="on") as server:
        async with behind_a_queue(tmp_path, brokers, server) as room:
            crew = Crew(room, "web", "worker", "worker", "scheduler")
            people = await room.admit(Role.JOURNALIST, FEW_MEMBERS)
            try:
                assert sum(map(brokers.kill, brokers.nodes)) == 3
                await crew.start()
                burst = send_burst(room, people, random.Random(3))
                brokers.revive()
                await until(lambda: len(room.world.updates) < 30, 120, crew)
                await asyncio.to_thread(brokers.settle)
                assert sum(map(brokers.kill, brokers.nodes)) == 3
                await asyncio.sleep(3)
                brokers.revive()
                await emptied(room, crew)
                await until(room.is_quiet, 120, crew)
                assert await crew.stop() == [0] * 4
            finally:
                crew.close()
            found = account_for(room, burst, 0, 0)
            room.database.close()
    print(found.line("two deaths of the broker"))
    assert (found.lost, found.cases_without_card, found.problems) == ([], [], [])
