"""The whole bot on SQLite, this tree and another one turn by turn: has what came for PostgreSQL made it slower?"""

import os
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from unittest.mock import patch

from benchmarks.throughput import SENDERS, Kalkan, forwards, post, stage

_HERE: Final = Path(__file__).resolve().parents[2]
_STORED: Final = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Turns:
    """What one tree did in all of its turns: forwards a second, and milliseconds of CPU a forward."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def measure(before: Path | None, rounds: int, count: int) -> Iterator[str]:
    """Rows of a table. Raises FileNotFoundError without the other tree."""
    if before is None or not (before / "bot").is_dir():
        raise FileNotFoundError("--before: a tree of the code from before")
    told = {before.resolve(): Turns(), _HERE: Turns()}
    for number in range(rounds):
        for tree in sorted(told, reverse=bool(number % 2)):
            _turn(tree, count, told[tree])
    old, new = (told[tree] for tree in (before.resolve(), _HERE))
    for what, bar, then, now, unit in (
        ("forwards a second", "at least 0.95x", old.rates, new.rates, "/s"),
        ("CPU a forward, whole bot", "at most 1.05x", old.cpu, new.cpu, " ms"),
    ):
        a, b = statistics.median(then), statistics.median(now)
        pairs = sorted(y / x for x, y in zip(then, now, strict=True))
        yield (
            f"| SQLite, {what}, {rounds} turns of {count:,}: before; now | {bar} | {a:,.1f}{unit}; {b:,.1f}{unit}:"
            f" {b / a:.3f}x (turns {pairs[0]:.2f}-{pairs[-1]:.2f}) |"
        )


def _turn(tree: Path, count: int, told: Turns) -> None:
    # Without the working folder in its path, which is this tree.
    place = {"PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"}
    with stage() as root, tempfile.TemporaryDirectory() as folder:
        with patch.dict(os.environ, place):
            kalkan = Kalkan(root, Path(folder) / "data")
        kalkan.prepare(_STORED)
        with kalkan:
            post(root, forwards(0, SENDERS))
            kalkan.wait_for(SENDERS)
            used = kalkan.cpu_seconds
            post(root, forwards(SENDERS, count))
            times = kalkan.wait_for(SENDERS + count)[SENDERS:]
            used = kalkan.cpu_seconds - used
    told.rates.append(count / (max(done for _, done in times) - min(came for came, _ in times)))
    told.cpu.append(1000 * used / count)
