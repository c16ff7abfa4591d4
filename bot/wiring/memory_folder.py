"""A folder in memory for what is worked on: whatever lies there is gone when the power is.

Exports are put together there, lists that were sent are read there, and the index of photos lies there, which is made
anew from the database. Each process has a folder of its own in it, locked while it lives and removed with the next
start.
"""

import ctypes
import fcntl
import hashlib
import os
import resource
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.config import Settings
from bot.errors import SettingsError

_KINDS: Final = frozenset({"tmpfs", "ramfs"})
_MOUNTS: Final = Path("/proc/self/mounts")
_PREFIX: Final = "work-"
#: Linux' number of the option (prctl(2)).
_PR_SET_DUMPABLE: Final = 4


def memory_folder(settings: Settings) -> Path:
    """The house's folder in memory, made private. Raises SettingsError where there is none."""
    folder = settings.memory_dir or _usual(settings.data_dir)
    if folder is None or not is_in_memory(folder):
        where = f"{folder} is not in memory" if folder else "no folder in memory was found"
        raise SettingsError(f"{where}: name a tmpfs by KALKAN_MEMORY_DIR (under systemd: RuntimeDirectory=kalkan)")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        raise SettingsError(f"{folder} belongs to somebody else: remove it, or name another by KALKAN_MEMORY_DIR")
    folder.chmod(0o700)
    return folder


@contextmanager
def work_folder(house: Path) -> Iterator[Path]:
    """A folder of this process's own, which libraries take for temporary files too; what dead ones left is removed."""
    _remove_abandoned(house)
    folder, lock = _locked(house)
    before, environment = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        os.environ.pop("TMPDIR")
        if environment is not None:
            os.environ["TMPDIR"] = environment
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def leave_no_core() -> None:
    """Forbid this process and its children to write their memory to a file when they crash."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):
        # A core that is piped to a program ignores the limit; what may not be dumped is not piped either.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def swap_in_use() -> bool:
    """Whether what is in memory may be written to a disk; False where that cannot be told."""
    with suppress(OSError):
        lines = Path("/proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
        return any(not line.startswith("/dev/zram") for line in lines)
    return False


def _usual(data_dir: Path) -> Path | None:
    given = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    if given:
        return Path(given)
    shared = Path("/dev/shm")  # noqa: S108 - private to its owner, and checked to be
    if not shared.is_dir():
        return None
    return shared / f"kalkan-{os.geteuid()}-{hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]}"


def is_in_memory(folder: Path) -> bool:
    """By the mount on which it lies or would lie; what cannot be told is not believed."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    place, kind = folder.resolve(), ""
    longest = -1
    for line in lines:
        _, mount, found, *_ = line.split(" ")
        mount = mount.replace("\\040", " ")
        if place.is_relative_to(mount) and len(mount) >= longest:
            longest, kind = len(mount), found
    return kind in _KINDS


def _locked(house: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=house))
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            # It was taken for an abandoned one between its making and its locking.
            os.close(lock)


def _remove_abandoned(house: Path) -> None:
    for folder in house.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
