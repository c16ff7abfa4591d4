"""`kalkan import comments` end to end: from the file to committed and found by its near copies, memory watched.

The campaigns of what was imported are looked for afterwards; they are a row of their own (nightly).
"""

import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process_cpu import cpu_of_tree
from benchmarks.scale import world
from benchmarks.scale.ground import House
from benchmarks.scale.measuring import peak


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """One import: comments, seconds, CPU seconds of all Kalkan's processes, most MB of theirs together."""

    comments: int
    seconds: float
    cpu: float
    memory: float

    @property
    def rate(self) -> float:
        """Comments a second."""
        return self.comments / self.seconds

    def __str__(self) -> str:
        milliseconds = 1000 * self.cpu / self.comments
        return f"{self.rate:,.0f}/s, {milliseconds:.2f} ms CPU a comment, at most {self.memory:.0f} MB"


def import_file(house: House, file: Path, count: int) -> Imported:
    """Import a file into an installation that is there already. Raises RuntimeError when it fails."""
    began = time.monotonic()
    with house.start("import", "comments", str(file), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        with peak(process.pid) as most:
            assert process.stdout is not None
            said = process.stdout.readline().decode()
        seconds, cpu = time.monotonic() - began, cpu_of_tree(process.pid)
        # What follows are the campaigns.
        process.send_signal(signal.SIGINT)
        process.communicate()
    if f"added {count}," not in said:
        raise RuntimeError(f"the import said {said!r}")
    return Imported(comments=count, seconds=seconds, cpu=cpu, memory=most.most)


def fill(house: House, count: int) -> Imported:
    """Make an installation and import so many comments into it."""
    house.run("export", "accounts")  # first use makes the database
    file = house.folder / "comments.jsonl"
    world.write(file, count)
    try:
        return import_file(house, file, count)
    finally:
        file.unlink()
