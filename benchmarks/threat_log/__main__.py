"""`python -m benchmarks.threat_log [--records N] [--rounds N] [--postgres URL]`: queries of the threat log, timed.

Each round asks every query for a page chosen at random: count, page, targets and texts, as a card needs them.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from bot.model.threat import Range, ThreatQuery
from bot.storage.store import Store
from tests.services.threat_ground import Log, fill, open_log
from tests.stores import StoppedClock

QUERIES = {
    "no query": ThreatQuery(),
    "target, kinds, severity, status": ThreatQuery(
        targets=("azattyk",), kinds=("death", "arson"), severity=Range(least=3), statuses=("new",)
    ),
    "free text, two words": ThreatQuery(words=("номер 77", "дорогу")),
    "mine, gravest first": ThreatQuery(assignees=("me",), sort="severity"),
    "platform, without a status, most copied": ThreatQuery(
        platforms=("instagram",), without=(("status", "resolved"),), sort="copies"
    ),
    "account": ThreatQuery(accounts=("author_29",)),
    "since, urgent": ThreatQuery(imminent=True),
}


async def measure(url: str, records: int, rounds: int) -> None:
    """Fill a database and print a line for each query."""
    store, clock = Store(url), StoppedClock()
    try:
        await store.migrate()
        log = await open_log(store, clock)
        await fill(log, records, clock())
        await _print(log, store.url.get_backend_name(), records, rounds)
    finally:
        await store.close()


async def _print(log: Log, engine: str, records: int, rounds: int) -> None:
    chance, lead, every = random.Random(5), log.people["lead"], []
    print(
        f"{engine}, {records} records, {rounds} rounds: ms median / p95 / max by the clock, then of this process's CPU"
    )
    for name, query in QUERIES.items():
        pages = (await log.threats.page(lead, query)).pages
        times = []
        for _ in range(rounds):
            began = (time.perf_counter(), time.process_time())
            await log.threats.page(lead, query, chance.randrange(pages))
            times.append(((time.perf_counter() - began[0]) * 1000, (time.process_time() - began[1]) * 1000))
        every += times
        print(f"  {name:42} {_line(times)}")
    print(f"  {'all':42} {_line(every)}")


def _line(times: list[tuple[float, float]]) -> str:
    # On a loaded machine the clock measures the others; PostgreSQL computes in a process of its own.
    return "   ".join(_figures([each[way] for each in times]) for way in (0, 1))


def _figures(times: list[float]) -> str:
    ranked = sorted(times)
    return f"{statistics.median(ranked):6.1f} {ranked[int(len(ranked) * 0.95)]:6.1f} {ranked[-1]:6.1f}"


def main() -> None:
    """Measure SQLite, and PostgreSQL where a URL of an empty database is given."""
    parser = argparse.ArgumentParser(description="queries of the threat log")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--postgres", default=None, help="URL of an empty database: postgresql+asyncpg://…")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(f"sqlite+aiosqlite:///{Path(folder) / 'log.sqlite'}", options.records, options.rounds))
    if options.postgres:
        asyncio.run(measure(options.postgres, options.records, options.rounds))


if __name__ == "__main__":
    main()
