"""strace takes hold of a running bot: counts its system calls, kills it at the n-th, or answers in the kernel's stead.

strace counts calls by thread, so what is drawn is drawn from what one thread was seen to make.
"""

import asyncio
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STRACE: Final = shutil.which("strace")
_PATIENCE: Final = 20.0
_CALL: Final = re.compile(r"(\d+)\s+(\w+)\((.*)")


@dataclass(frozen=True, kw_only=True)
class Spell:
    """A system call; with a database only those on its files."""

    call: str
    database: Path | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """What strace is asked to look at."""
        ends = ("", "-wal", "-shm") if self.database is not None else ()
        return (f"--trace={self.call}", *(f"--trace-path={self.database}{end}" for end in ends))


@contextmanager
def traced(pid: int, log: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Hold every thread of a process and what it starts from now on; let go at the end."""
    assert STRACE is not None
    log.unlink(missing_ok=True)
    command = (STRACE, "-f", "-qq", f"--output={log}", f"--attach={pid}", *options)
    tracer = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        yield tracer
    finally:
        tracer.send_signal(signal.SIGTERM)
        try:
            tracer.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            tracer.kill()
            tracer.wait()


async def held(pid: int, tracer: subprocess.Popen[bytes]) -> bool:
    """Wait until the process is in the tracer's hands; whether it is."""
    async with asyncio.timeout(_PATIENCE):
        while tracer.poll() is None:
            if _tracer_of(pid) in (tracer.pid, None):
                return _tracer_of(pid) is not None
            await asyncio.sleep(0.01)
    return False


def _tracer_of(pid: int) -> int | None:
    """Who holds a process: 0 for nobody; None when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("TracerPid:")), None)


def offspring(pid: int) -> set[str]:
    """Every thread of the processes that a process has started, and of those that they have."""
    found: set[str] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text(encoding="utf-8").split():
            found |= {task.name for task in Path(f"/proc/{child}/task").glob("*")} | offspring(int(child))
    return found


def most_by_a_thread(log: Path, spells: Sequence[Spell], others: Collection[str]) -> dict[Spell, int]:
    """Of each spell how often the busiest thread made it, in a log that was written with `--decode-fds=path`.

    Threads among the `others` do not count.
    """
    seen: dict[Spell, Counter[str]] = {spell: Counter() for spell in spells}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if (match := _CALL.match(line)) is None:
            continue
        thread, call, rest = match.groups()
        if thread in others:
            continue
        for spell in spells:
            if call == spell.call and (spell.database is None or str(spell.database) in rest):
                seen[spell][thread] += 1
    return {spell: max(threads.values()) for spell, threads in seen.items() if threads}


def injected(log: Path) -> int:
    """How many calls were answered in the kernel's stead."""
    return log.read_text(encoding="utf-8", errors="replace").count("(INJECTED)") if log.exists() else 0
