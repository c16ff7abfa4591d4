"""The whole bot on a PostgreSQL cluster: primaries and workers are killed under load, and nothing is lost or twice."""

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.model.rights import Role
from bot.simulator import User, origins
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, until
from tests.cluster.patroni import UNPACKED, Cluster, Node
from tests.journeys.crew import Crew, shared

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="session")]

#: Updates a second, by so many members, each so many messages at a time; of so many updates one is an order.
RATE, MEMBERS, A_BURST, ORDERS = 50, 20, 5, 25
PRIMARIES, WORKERS = 6, 20
#: Nobody waits in the slower lane, in which orders pass forwards.
LIMITS = ", ".join(f"{name}=100000/0.001" for name in ("forwards", "texts", "orders", "listings"))
#: Seconds that anybody may wait because a server died.
OUTAGE = 30.0


@contextmanager
def patroni() -> Iterator[Cluster]:
    """A cluster for as long as the block lasts."""
    if not UNPACKED.exists():
        pytest.fail("etcd and Patroni are missing: run scripts/setup-system --cluster")
    with tempfile.TemporaryDirectory(prefix="kalkan-cluster-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(folder=Path(folder))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


class Traffic:
    """What members send: forwards in bursts, and orders between them."""

    def __init__(self, room: Newsroom, people: Sequence[User]) -> None:
        self._room = room
        self._people = people
        self._chance = random.Random(7)
        self.forwards: set[tuple[int, int]] = set()
        self.sent = 0

    async def run(self) -> None:
        """Send until cancelled."""
        began = time.monotonic()
        while True:
            while self.sent < RATE * (time.monotonic() - began):
                self._burst(self._people[self.sent // A_BURST % MEMBERS])
            await asyncio.sleep(0.05)

    def _burst(self, who: User) -> None:
        for _ in range(A_BURST):
            self.sent += 1
            if self.sent % ORDERS == 0:
                self._room.world.send_text(who, "/mine")
                continue
            words = " ".join("".join(self._chance.choices("абвгдежзиклмнопрст", k=6)) for _ in range(8))
            text = f"Мы сожжём вашу редакцию {words}" if self.sent % 50 == 1 else words
            message = self._room.world.forward(who, origins.from_hidden_user(f"X{self.sent}"), text)
            self.forwards.add((message.chat_id, message.message_id))
        self._room.later(60 / MEMBERS)


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
                await _settled(room, crew)
                assert await crew.stop() == [0] * 5
            finally:
                crew.close()
            account = _account(room, traffic)
            room.database.close()
    print(f"\n{cluster.kills} primaries and {kills} workers killed under {traffic.sent} updates: {account}")
    assert (cluster.kills, kills) == (PRIMARIES, WORKERS)
    assert account.pop("cards twice") <= cluster.kills + kills
    assert max(account.pop("longest without an update taken"), account.pop("without one done")) <= OUTAGE
    assert not any(account.values()), account


async def _attack(cluster: Cluster, workers: Sequence[BotProcess]) -> int:
    kills = 0
    for number in range(PRIMARIES):
        kills += await _kill_workers(workers, 2)
        node = await asyncio.to_thread(cluster.kill_primary)
        assert node is not None
        kills += await _kill_workers(workers, 1 if number < WORKERS - 3 * PRIMARIES else 0)
        await _until(partial(_another_leads, cluster, node), 60)
        kills += await _kill_workers(workers, 1)
        await asyncio.to_thread(cluster.start_node, node)
        await _until(cluster.is_whole, 120)
    await asyncio.sleep(10)
    return kills


def _another_leads(cluster: Cluster, dead: Node) -> bool:
    return cluster.primary() not in (None, dead)


async def _kill_workers(workers: Sequence[BotProcess], times: int) -> int:
    for number in range(times):
        worker = workers[number % len(workers)]
        await asyncio.sleep(4)
        worker.check_alive()
        worker.kill()
        await asyncio.sleep(1)
        worker.start()
    return times


async def _until(holds: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - it is asked of servers
            await asyncio.sleep(0.2)


async def _settled(room: Newsroom, crew: Crew) -> None:
    await until(lambda: len(room.world.updates) == 0, 120, crew)
    async with asyncio.timeout(900):
        while not room.is_quiet():
            crew.check_alive()
            await asyncio.sleep(1)


def _account(room: Newsroom, traffic: Traffic) -> dict[str, float]:
    rows = room.database.rows
    filed = Counter((row[0], row[1]) for row in rows("SELECT chat_id, message_id FROM submission_parts"))
    said = Counter(row[0] for row in rows("SELECT source FROM comments"))
    sources = {f"telegram:{chat}:{message}" for chat, message in traffic.forwards}
    cards = _cards(room)
    return {
        "lost": len(traffic.forwards - filed.keys()),
        "filed twice": sum(number > 1 for number in filed.values()),
        "comments lost": len(sources - said.keys()),
        "comments twice": sum(number > 1 for number in said.values()),
        "dead letters": rows("SELECT count(*) FROM inbox_updates WHERE state = 'dead'")[0][0],
        "messages given up": rows("SELECT count(*) FROM outbox_messages WHERE state = 'failed'")[0][0],
        "cards missing": sum(number == 0 for number in cards),
        "cards twice": sum(number - 1 for number in cards if number),
        "out of order": _out_of_order(room),
        "longest without an update taken": _gap(room, "received_at"),
        "without one done": _gap(room, "done_at"),
    }


def _cards(room: Newsroom) -> list[int]:
    told: dict[int, Counter[str]] = {}
    found = []
    for number, chat in room.database.rows("SELECT number, chat_id FROM submissions WHERE number IS NOT NULL"):
        if chat not in told:
            told[chat] = Counter(message.text.partition(" ·")[0] for message in room.world.bot_messages(chat))
        found.append(told[chat][f"K-{number}"])
    return found


def _out_of_order(room: Newsroom) -> int:
    """Orders that were carried out before something that their chat had sent earlier."""
    query = "SELECT chat_key, update_id, loose, done_at FROM inbox_updates WHERE tries = 1 ORDER BY chat_key, update_id"
    chats: dict[int, list[Any]] = {}
    for row in room.database.rows(query):
        chats.setdefault(row[0], []).append(row)
    return sum(
        later[3] < earlier[3] for of_chat in chats.values() for earlier, later in pairwise(of_chat) if not later[2]
    )


def _gap(room: Newsroom, column: str) -> float:
    moments = [row[0] for row in room.database.rows(f"SELECT {column} FROM inbox_updates ORDER BY {column}")]  # noqa: S608
    return round(max((later - earlier).total_seconds() for earlier, later in pairwise(moments)), 1)
