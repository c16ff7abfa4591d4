"""A process's times and memory, as the operating system counts them."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of single calls: median and 99th percentile, of process CPU (all threads) and of the wall clock."""

    calls: int
    cpu_p50: float
    cpu_p99: float
    wall_p50: float
    wall_p99: float


class Stopwatch:
    """Takes the times of single pieces of work, as a context around each."""

    def __init__(self) -> None:
        self._cpu: list[float] = []
        self._wall: list[float] = []
        self._started = (0.0, 0.0)

    def __enter__(self) -> None:
        self._started = (time.process_time(), time.perf_counter())

    def __exit__(self, *_: object) -> None:
        self._cpu.append(1000 * (time.process_time() - self._started[0]))
        self._wall.append(1000 * (time.perf_counter() - self._started[1]))

    def times(self) -> Times:
        """What was measured."""
        cpu, wall = self._cpu, self._wall
        return Times(len(cpu), statistics.median(cpu), _p99(cpu), statistics.median(wall), _p99(wall))


def timed(calls: Sequence[Callable[[], object]]) -> Times:
    """Run each call once and alone."""
    watch = Stopwatch()
    for call in calls:
        with watch:
            call()
    return watch.times()


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


def resident_mb() -> float:
    """The process's resident memory now, in MB. Raises `OSError` where the system has no /proc."""
    return _status("VmRSS:")


def peak_mb() -> float:
    """The most resident memory the process had so far, in MB.

    getrusage would tell the parent's peak: Linux hands it on to a child that is started.
    """
    return _status("VmHWM:")


def _status(name: str) -> float:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024
