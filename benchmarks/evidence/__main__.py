"""`python -m benchmarks.evidence`: what the custody log and the bags catch, and how fast, as a table."""

import argparse
import asyncio
import contextlib
import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.evidence import runs
from benchmarks.evidence.ground import lay
from benchmarks.evidence.tampering import KINDS


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evidence", description=__doc__)
    parser.add_argument("--each", type=int, default=100, help="tamperings of each kind")
    parser.add_argument("--mutations", type=int, default=50, help="mutations of each kind")
    parser.add_argument("--lines", type=int, default=100_000, help="lines of the log that is verified")
    parser.add_argument("--postgres", metavar="URL", help="an empty database, to measure the sequencer on it too")
    given = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    print("| what | figure |\n|---|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _trees()
        asyncio.run(_tampering(folder, given.each))
        _bags(folder, given.mutations)
        asyncio.run(_speed(folder, given.lines, given.postgres))


def _row(what: str, figure: object) -> None:
    print(f"| {what} | {figure} |", flush=True)


def _trees() -> None:
    _row("roots equal to pymerkle's, sizes 1 to 300", f"{runs.equal_roots(300)} of 300")
    _row("inclusion proofs that hold, and fail for another leaf", f"{runs.good_proofs(500)} of 500")


async def _tampering(folder: Path, each: int) -> None:
    ground = await lay(folder / "tampering", 200)
    caught = total = 0
    for kind in KINDS:
        with_anchor, alone = await runs.tampering(ground, kind, each)
        caught, total = caught + with_anchor, total + each
        _row(f"tampering: {kind}: caught with one checkpoint outside / without", f"{with_anchor} / {alone} of {each}")
    _row("tampering, all kinds, with one checkpoint outside", f"{caught} of {total}")


def _bags(folder: Path, each: int) -> None:
    for what, good in runs.validated(folder).items():
        _row(what, "valid" if good else "NOT VALID")
    caught = total = 0
    with contextlib.redirect_stdout(io.StringIO()):
        found = list(runs.mutations(runs.bag_in(folder), each))
    for kind, verifier, stock in found:
        caught, total = caught + verifier, total + each
        _row(f"bag: {kind}: caught by the verifier / by the stock commands", f"{verifier} / {stock} of {each}")
    _row("bag, all mutations, by the verifier", f"{caught} of {total}")


async def _speed(folder: Path, lines: int, postgres: str | None) -> None:
    rate = await runs.verified_per_second(folder / "speed", lines)
    _row(f"lines verified a second of CPU time, {lines:,} lines", f"{rate:,.0f}")
    urls = {"SQLite": f"sqlite+aiosqlite:///{folder / 'logged.sqlite'}"}
    urls |= {"PostgreSQL": postgres} if postgres else {}
    for engine, url in urls.items():
        accepted, numbered = await runs.logged_per_second(url, 3_000)
        what = f"entries a second accepted, one a transaction / numbered by the sequencer, {engine}"
        _row(what, f"{accepted:,.0f} / {numbered:,.0f}")


if __name__ == "__main__":
    main()
