"""Figures of processes and of many waits."""

import statistics
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_MB = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """How long many answers took, in milliseconds."""

    p50: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Waits":
        """Of waits in seconds; at least two."""
        cuts = statistics.quantiles(seconds, n=100, method="inclusive")
        return cls(p50=1000 * cuts[49], p99=1000 * cuts[98], longest=1000 * max(seconds))

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms, longest {self.longest:.0f} ms"


def family(pid: int) -> set[int]:
    """A process and its living descendants."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # It has ended meanwhile.
            parents[int(folder.name)] = int(stat.rsplit(")", 1)[1].split()[1])
    ours = {pid}
    while found := {each for each, parent in parents.items() if parent in ours} - ours:
        ours |= found
    return ours


def resident(pid: int) -> float:
    """MB in memory of a process and its descendants; pages that they share are counted once."""
    return sum(_share(each) for each in family(pid)) / _MB


def _share(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@dataclass(kw_only=True, slots=True)
class Peak:
    """The most memory that a process and its descendants had, in MB, looked at twice a second.

    A look goes through their page tables: five a second took a tenth of two cores from what is measured.
    """

    most: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)

    def _watch(self, pid: int) -> None:
        while not self._ended.wait(0.5):
            self.most = max(self.most, resident(pid))


@contextmanager
def peak(pid: int) -> Iterator[Peak]:
    """Watch a process."""
    watched = Peak()
    thread = threading.Thread(target=watched._watch, args=(pid,), daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        watched._ended.set()
        thread.join()
