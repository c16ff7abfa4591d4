"""What is computed anew at night, or after an import: campaigns and farms, on PostgreSQL; time, cores and memory."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from benchmarks.process_cpu import cpu_of_tree
from benchmarks.scale import importing, lookups
from benchmarks.scale.ground import House, on_postgres, server
from benchmarks.scale.measuring import Peak, peak
from bot.config import Settings
from bot.wiring import Desk, open_desk
from tests.postgres import PostgresServer

_STEP = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What something took: seconds, CPU seconds of Kalkan and of PostgreSQL, most MB of Kalkan's."""

    seconds: float
    own: float
    database: float
    memory: float

    def __str__(self) -> str:
        cores = (self.own + self.database) / self.seconds
        return (
            f"{self.seconds:,.0f} s, {cores:.1f} cores busy (Kalkan {self.own:,.0f} s CPU, PostgreSQL"
            f" {self.database:,.0f} s), at most {self.memory:.0f} MB"
        )


def measure(comments: int, swept: int) -> Iterator[str]:
    """Rows of a table."""
    with server(shared_buffers="1GB") as running, on_postgres(running) as house:
        importing.fill(house, comments)
        lookups.furnish(house)
        house.ask("ANALYZE")
        with patch.dict(os.environ, house.environment):
            yield from asyncio.run(_measured(house, running, comments, swept))


async def _measured(house: House, running: PostgresServer, comments: int, swept: int) -> list[str]:
    with _watched() as memory:
        async with open_desk(Settings.read()) as desk:
            campaigns = await _spent(running, memory, lambda: _swept(desk, swept))
            memory.most = 0.0
            farms = await _spent(running, memory, desk.farm_runs.run)
    waiting = house.ask("SELECT count(*) FROM texts WHERE state < 2")[0][0]
    rate = swept / campaigns.seconds
    return [
        f"| campaigns looked for, {swept:,} texts among {comments:,} comments | | {rate:,.0f} texts/s: {campaigns};"
        f" {waiting:,} left |",
        f"| farms of 10,000 accounts with {comments:,} comments | | {farms} |",
    ]


@contextmanager
def _watched() -> Iterator[Peak]:
    with peak(os.getpid()) as memory:
        yield memory


async def _swept(desk: Desk, most: int) -> None:
    done = 0
    while done < most and (step := await desk.campaigns.sweep(_STEP)):
        done += step


async def _spent(running: PostgresServer, memory: Peak, act: Callable[[], Awaitable[None]]) -> Spent:
    began, own, theirs = time.monotonic(), cpu_of_tree(os.getpid()), cpu_of_tree(running.pid)
    await act()
    # The server is this process's child.
    database = cpu_of_tree(running.pid) - theirs
    return Spent(
        seconds=time.monotonic() - began,
        own=cpu_of_tree(os.getpid()) - own - database,
        database=database,
        memory=memory.most,
    )
