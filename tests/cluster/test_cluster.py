"""The whole bot on a PostgreSQL cluster: primaries and workers are killed under load, and nothing is lost or twice."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from bot.model.rights import Role
from tests.bot_process import BotProcess
from tests.cluster.patroni import Cluster, patroni
from tests.cluster.traffic import LIMITS, MEMBERS, OUTAGE, Traffic, account, kill_workers, settled, waited
from tests.journeys.crew import Crew, shared

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session")]

PRIMARIES, WORKERS = 6, 20


@pytest.mark.timeout(2400)
async def test_nothing_is_lost_when_servers_die(tmp_path: Path) -> None:
    """Six primaries and twenty workers are killed under 50 updates a second; nobody starts anything by hand.

    What a service manager starts again is started again: workers at once, servers when the next one leads.
    """
    with patroni() as cluster:
        async with shared(tmp_path, cluster.url, limits=LIMITS) as room:
            crew = Crew(room, "web", "worker", "worker", "scheduler", "scheduler")
            people = await room.admit(Role.JOURNALIST, MEMBERS)
            try:
                await crew.start()
                traffic = Traffic(room, people)
                sending = asyncio.create_task(traffic.run())
                kills = await _attack(cluster, [each for each in crew.processes if "worker" in each.arguments])
                sending.cancel()
                await settled(room, crew)
                assert await crew.stop() == [0] * 5
            finally:
                crew.close()
            found = account(room, traffic)
            room.database.close()
    print(f"\n{cluster.kills} primaries and {kills} workers killed under {traffic.sent} updates: {found}")
    assert (cluster.kills, kills) == (PRIMARIES, WORKERS)
    assert found.pop("cards twice") <= cluster.kills + kills
    assert max(found.pop("longest without an update taken"), found.pop("without one done")) <= OUTAGE
    assert not any(found.values()), found


async def _attack(cluster: Cluster, workers: Sequence[BotProcess]) -> int:
    kills = 0
    for number in range(PRIMARIES):
        kills += await kill_workers(workers, 2)
        node = await asyncio.to_thread(cluster.kill_primary)
        assert node is not None
        kills += await kill_workers(workers, 1 if number < WORKERS - 3 * PRIMARIES else 0)
        await waited(partial(cluster.is_led_without, node), 60)
        kills += await kill_workers(workers, 1)
        await asyncio.to_thread(cluster.start_node, node)
        await waited(cluster.is_whole, 120)
    await asyncio.sleep(10)
    return kills
