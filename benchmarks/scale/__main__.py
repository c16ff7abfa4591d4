"""`python -m benchmarks.scale [lookups|grown|webhook|workers|import|nightly|sqlite] …`: figures at a coalition's size.

Without a word: all but `grown`, which takes an hour for ten million comments. PostgreSQL is started for it on loopback.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.scale import beside, importing, lookups, nightly, report, webhook
from benchmarks.scale.ground import on_postgres, on_sqlite, server
from tests.postgres import PostgresServer

Options = argparse.Namespace
#: Room for index and texts, so that the comparison with pg_trgm is fair.
_ROOMY: Final = {"shared_buffers": "1GB", "work_mem": "64MB"}


def _lookups(options: Options) -> Iterator[str]:
    with server(**_ROOMY) as running, on_postgres(running) as house:
        yield report.imported("PostgreSQL", importing.fill(house, options.comments))
        lookups.furnish(house)
        yield from report.lookups(lookups.measure(house, options.comments))
        yield from report.beside(lookups.beside_trigrams(house, options.comments))


def _grown(options: Options) -> Iterator[str]:
    with server(**_ROOMY) as running, on_postgres(running) as house:
        yield report.imported("PostgreSQL", importing.fill(house, options.comments))
        lookups.furnish(house)
        small = lookups.measure(house, options.comments)
        yield from report.lookups(small)
        yield report.imported("PostgreSQL", lookups.grow(house, options.comments, options.grown))
        large = lookups.measure(house, options.grown)
        yield from report.lookups(large)
        yield report.grown(small, large)


def _import(options: Options) -> Iterator[str]:
    with server() as running, on_postgres(running) as house:
        yield report.imported("PostgreSQL", importing.fill(house, options.comments))
    with on_sqlite() as house:
        yield report.imported("SQLite", importing.fill(house, options.comments))


def _webhook(options: Options) -> Iterator[str]:
    with server() as running:
        yield from report.stream(webhook.to_committed(running, options.rate, options.seconds))


def _workers(options: Options) -> Iterator[str]:
    with server() as running:
        yield from report.shares(_over_workers(running, options))


def _over_workers(running: PostgresServer, options: Options) -> list[webhook.Share]:
    return webhook.over_workers(running, options.workers, options.slow_rate, min(60, options.seconds))


def _nightly(options: Options) -> Iterator[str]:
    yield from nightly.measure(options.comments, options.swept)


def _sqlite(options: Options) -> Iterator[str]:
    yield from beside.measure(options.before, options.rounds, options.count)


RUNS: Final[dict[str, Callable[[Options], Iterator[str]]]] = {
    "lookups": _lookups,
    "grown": _grown,
    "import": _import,
    "webhook": _webhook,
    "workers": _workers,
    "nightly": _nightly,
    "sqlite": _sqlite,
}


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", choices=[*RUNS, []], help="which; without one all but `grown`")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether everything runs, in some minutes")
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--grown", type=int, default=10_000_000)
    parser.add_argument("--rate", type=int, default=300, help="updates a second")
    parser.add_argument("--slow-rate", type=int, default=40, help="updates a second where workers are compared")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--swept", type=int, default=20_000, help="texts whose campaigns are looked for")
    parser.add_argument("--before", type=Path, help="another tree of the code, to compare SQLite with")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--count", type=int, default=2_000, help="forwards of a round")
    options = parser.parse_args()
    if options.quick:
        small = {"comments": 20_000, "grown": 60_000, "seconds": 20, "swept": 1_000, "rounds": 2, "count": 300}
        vars(options).update(small, workers=[1, 2])
    return options


def main() -> None:
    """Print a table of each run, row by row as it comes."""
    options = _options()
    for name in options.runs or [name for name in RUNS if name != "grown" and (name != "sqlite" or options.before)]:
        print(f"\n{name}\n\n| what | bar | measured |\n|---|--:|--:|", flush=True)
        for row in RUNS[name](options):
            print(row, flush=True)


if __name__ == "__main__":
    main()
