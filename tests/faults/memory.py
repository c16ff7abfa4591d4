"""A limit of memory that the kernel keeps: a control group of the test's own, with a neighbour in it who eats.

Version 2 of control groups where the machine lets the test have one, else version 1.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ROOTS: Final = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/memory"))
_EATER: Final = (
    "import time\nhad = []\nwhile True:\n    had.append(bytearray(b'x' * 2_000_000))\n    time.sleep(0.01)\n"
)
_UNLIMITED: Final = 1 << 45


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the files of one version are called."""

    limit: str
    used: str
    kills: str


_NEW: Final = Names(limit="memory.max", used="memory.current", kills="memory.events")
_OLD: Final = Names(limit="memory.limit_in_bytes", used="memory.usage_in_bytes", kills="memory.oom_control")


@dataclass(frozen=True, kw_only=True)
class MemoryBox:
    """Processes that together have so much memory."""

    folder: Path
    names: Names

    def add(self, pid: int) -> None:
        """Put a process in, with all that it starts from now on."""
        (self.folder / "cgroup.procs").write_text(str(pid), encoding="ascii")

    @property
    def used(self) -> int:
        """Bytes."""
        return int((self.folder / self.names.used).read_text(encoding="ascii"))

    def limit(self, size: int = _UNLIMITED) -> None:
        """Set how much all of them have; the kernel ends one of them when they need more."""
        (self.folder / self.names.limit).write_text(str(size), encoding="ascii")

    @property
    def kills(self) -> int:
        """How many processes the kernel has ended for want of memory."""
        lines = (self.folder / self.names.kills).read_text(encoding="ascii").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    @contextmanager
    def eaten(self, margin: int) -> Iterator[None]:
        """A neighbour takes what is left, little as it is; `margin` bytes are left at first."""
        eater = subprocess.Popen([sys.executable, "-I", "-c", _EATER])
        try:
            self.add(eater.pid)
            self.limit(self.used + margin)
            yield
        finally:
            eater.kill()
            eater.wait()
            self.limit()


def prefer(pid: int) -> None:
    """Tell the kernel whom to end first of all."""
    Path(f"/proc/{pid}/oom_score_adj").write_text("1000", encoding="ascii")


@contextmanager
def memory_box() -> Iterator[MemoryBox]:
    """A group that is removed at the end. Raises OSError where there can be none."""
    folder, names = _made()
    try:
        yield MemoryBox(folder=folder, names=names)
    finally:
        with suppress(OSError):
            folder.rmdir()


def _made() -> tuple[Path, Names]:
    for root, names in zip(_ROOTS, (_NEW, _OLD), strict=True):
        folder = root / f"kalkan-test-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        if (folder / names.limit).exists() and os.access(folder / names.limit, os.W_OK):
            return folder, names
        folder.rmdir()
    raise OSError("no control group with a limit of memory can be made here")


def why_not() -> str | None:
    """Why there is no limit here; None where there is."""
    try:
        with memory_box() as box:
            box.limit()
    except OSError as error:
        return str(error)
    return None
