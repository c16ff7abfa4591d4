"""Looks at the bytes of a database file without letting go of SQLite's locks on it.

POSIX takes every lock of a process on a file away as soon as that process closes any descriptor of the file. SQLite
waits with its own; a file that Python opens and closes for a look would leave the bot's connections without locks:
the next command that ends beside the bot believes that it is the last, and deletes the write-ahead log under it. So
whoever has connections to a file keeps one descriptor of it until the last of them is closed, and looks through that.
"""

import os
from pathlib import Path
from threading import Lock
from typing import Final

Inode = tuple[int, int]
#: Of each file that this process has connections to: the descriptor for looks, and how many keep it.
_KEPT: Final[dict[Inode, tuple[int, int]]] = {}
_LOCK: Final = Lock()
_PIECE: Final = 1 << 20


def keep(path: Path) -> Inode | None:
    """Keep a descriptor before connections are opened, to be given back by `let_go`; None where no file is yet."""
    with _LOCK:
        try:
            status = path.stat()
        except FileNotFoundError:
            return None
        inode = (status.st_dev, status.st_ino)
        # Opened once: what is opened beside it could not be closed again.
        if inode not in _KEPT:
            _KEPT[inode] = (os.open(path, os.O_RDONLY | os.O_CLOEXEC), 0)
        descriptor, keepers = _KEPT[inode]
        _KEPT[inode] = (descriptor, keepers + 1)
        return inode


def let_go(inode: Inode) -> None:
    """Give it back, after the connections were closed."""
    with _LOCK:
        descriptor, keepers = _KEPT[inode]
        if keepers > 1:
            _KEPT[inode] = (descriptor, keepers - 1)
            return
        del _KEPT[inode]
        os.close(descriptor)


def read_through(path: Path) -> None:
    """Read every byte of a file. Raises OSError where the disk gives nothing."""
    at = 0
    while piece := _bytes_at(path, at, _PIECE):
        at += len(piece)


def first_bytes(path: Path, count: int) -> bytes:
    """The beginning of a file. Raises OSError."""
    return _bytes_at(path, 0, count)


def _bytes_at(path: Path, at: int, count: int) -> bytes:
    with _LOCK:
        status = path.stat()
        kept = _KEPT.get((status.st_dev, status.st_ino))
        if kept is not None:
            return os.pread(kept[0], count, at)
        with path.open("rb", buffering=0) as file:
            return os.pread(file.fileno(), count, at)
