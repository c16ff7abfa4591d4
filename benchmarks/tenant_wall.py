"""`python -m benchmarks.tenant_wall [--newsrooms N] [--rounds N]`: the wall between newsrooms in one PostgreSQL.

Every query of the archive is asked by every newsroom with another one's keys, as it is and without its own condition:
how many rows of others it got. Then each is timed behind the wall and by a role that the wall does not hold for, in
turns, on the same tables. Every newsroom has a few rows in each table: there the cost of a statement shows most.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.store import Store
from tests.postgres import running_server, seeing_all
from tests.storage.forgetting import forgetting
from tests.storage.houses import House, build
from tests.storage.queries import QUERIES, arguments, functions, numbers_in
from tests.stores import StoppedClock


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Milliseconds of a query, behind the wall and without it: the median of its rounds."""

    name: str
    walled: float
    open: float


async def _asked(conn: AsyncConnection, name: str, mine: House, other: House) -> Any:
    return await functions()[name](conn, *arguments(name, mine, other))


async def foreign(store: Store, houses: Sequence[House], *, forgetful: bool) -> tuple[int, int]:
    """How many questions were asked, and how many answers held a number of another newsroom."""
    asked = leaks = 0
    for mine, other in zip(houses, (*houses[1:], houses[0]), strict=True):
        own = store.of(mine.newsroom.id)
        async with own.read() as conn:
            with forgetting(conn) if forgetful else nullcontext():
                for name in QUERIES:
                    asked += 1
                    leaks += not other.ids.isdisjoint(numbers_in(await _asked(conn, name, mine, other)))
        await own.close()
    return asked, leaks


async def timed(walled: Store, free: Store, house: House, rounds: int) -> list[Timing]:
    """Every query of a newsroom, both ways in turns."""
    found = []
    async with walled.read() as behind, free.read() as beyond:
        for name in QUERIES:
            times: dict[AsyncConnection, list[float]] = {behind: [], beyond: []}
            for _ in range(rounds):
                for conn, taken in times.items():
                    began = time.perf_counter()
                    await _asked(conn, name, house, house)
                    taken.append((time.perf_counter() - began) * 1000)
                    # Some take locks, for which the other way would wait.
                    await conn.rollback()
            # The first two rounds prepare the statements.
            medians = [statistics.median(taken[2:]) for taken in times.values()]
            found.append(Timing(name=name, walled=medians[0], open=medians[1]))
    return found


def told(timings: Sequence[Timing]) -> str:
    """The sums, and the median of the ratios."""
    walled, free = sum(each.walled for each in timings), sum(each.open for each in timings)
    ratio = statistics.median(each.walled / each.open for each in timings)
    return (
        f"{len(timings)} queries: {walled:.1f} ms behind the wall, {free:.1f} ms without it ({walled / free - 1:+.1%});"
        f" the median query {ratio - 1:+.1%}"
    )


async def measure(url: str, newsrooms: int, rounds: int, say: Callable[[str], None] = print) -> int:
    """Fill a database and measure; how many answers leaked."""
    house, store, clock = Store(url), Store(seeing_all(url)), StoppedClock()
    try:
        await house.migrate()
        houses = [await build(store, clock) for _ in range(newsrooms)]
        everything = 0
        for forgetful, how in ((False, "as they are"), (True, "without their newsroom's condition")):
            asked, leaks = await foreign(house, houses, forgetful=forgetful)
            say(f"{newsrooms} newsrooms, queries {how}: {asked} asked, {leaks} answers with rows of others")
            everything += leaks
        own = house.of(houses[0].newsroom.id)
        say(told(await timed(own, store, houses[0], rounds)))
        await own.close()
        return everything
    finally:
        await store.close()
        await house.close()


def main() -> int:
    """Measure on a server of its own; 1 where anything leaked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--newsrooms", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=12)
    chosen = parser.parse_args()
    with running_server() as server:
        leaks = asyncio.run(measure(server.url(server.create()), chosen.newsrooms, chosen.rounds))
    return 1 if leaks else 0


if __name__ == "__main__":
    raise SystemExit(main())
