"""All that a coalition runs on, at once: PostgreSQL under Patroni, RabbitMQ before it. Each of them dies under load."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from bot.model.rights import Role
from tests.bot_process import BotProcess
from tests.cluster.patroni import Cluster, patroni
from tests.cluster.rabbit import QUEUE, RESTART, Rabbit, rabbit
from tests.cluster.traffic import LIMITS, MEMBERS, OUTAGE, Traffic, account, emptied, kill_workers, settled, waited
from tests.journeys.crew import Crew, shared

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session")]

#: Kills: in each round a primary and a broker, each broker in its turn, and workers between them.
ROUNDS, WORKERS = 6, 20


@pytest.mark.timeout(3600)
async def test_nothing_is_lost_when_all_of_them_die(tmp_path: Path) -> None:
    """Six primaries, six brokers and twenty workers are killed under 50 updates a second.

    Nobody starts anything by hand. A broker dies while the dead primary is not back yet; what a service manager starts
    again is started again: workers at once, servers when the next one leads, brokers after ten seconds.
    """
    with patroni() as cluster, rabbit() as brokers:
        async with shared(tmp_path, cluster.url, limits=LIMITS, queue_url=brokers.url) as room:
            crew = Crew(room, "web", "worker", "worker", "scheduler", "scheduler")
            people = await room.admit(Role.JOURNALIST, MEMBERS)
            try:
                await crew.start()
                traffic = Traffic(room, people)
                sending, began = asyncio.create_task(traffic.run()), time.monotonic()
                kills = await _attack(cluster, brokers, [each for each in crew.processes if "worker" in each.arguments])
                sending.cancel()
                seconds = time.monotonic() - began
                await emptied(room, crew)
                await settled(room, crew)
                assert await crew.stop() == [0] * 5
            finally:
                crew.close()
            found = account(room, traffic)
            room.database.close()
    print(
        f"\n{cluster.kills} primaries, {brokers.kills} brokers and {kills} workers killed under {traffic.sent} updates"
        f" in {seconds:.0f} s: {found}"
    )
    assert (cluster.kills, brokers.kills, kills) == (ROUNDS, ROUNDS, WORKERS)
    assert found.pop("cards twice") <= cluster.kills + brokers.kills + kills
    assert max(found.pop("longest without an update taken"), found.pop("without one done")) <= OUTAGE
    assert not any(found.values()), found


async def _attack(cluster: Cluster, brokers: Rabbit, workers: Sequence[BotProcess]) -> int:
    kills = 0
    for number in range(ROUNDS):
        kills += await kill_workers(workers, 1)
        primary = await asyncio.to_thread(cluster.kill_primary)
        assert primary is not None
        kills += await kill_workers(workers[::-1], 1 + (number < WORKERS - 3 * ROUNDS))
        await waited(partial(cluster.is_led_without, primary), 60)
        # What waited meanwhile is taken before the next one dies: each outage has to be seen for itself.
        await asyncio.sleep(RESTART)
        assert await asyncio.to_thread(brokers.kill, brokers.nodes[number % len(brokers.nodes)]) == 1
        killed = time.monotonic()
        kills += await kill_workers(workers, 1)
        await asyncio.to_thread(cluster.start_node, primary)
        await asyncio.sleep(max(0.0, killed + RESTART - time.monotonic()))
        await asyncio.to_thread(brokers.revive)
        await waited(partial(brokers.is_whole_again, QUEUE), 240)
        await waited(cluster.is_whole, 240)
    await asyncio.sleep(RESTART)
    return kills
