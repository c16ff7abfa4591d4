"""A file system that loses what was not forced to disk when its power is cut; it runs as a process of its own.

Each file has two contents: what a reader sees, and what is on disk; `fsync` makes them one. Each folder has two lists
of names likewise, and only an fsync of the folder itself makes them one: stricter than ext4, where a file's fsync
brings its name along. `stat` of the magic name cuts the power: from then on every call is an I/O error, and the image
that the disk would hold is written out. Of the writes that were not forced it keeps, as a seed decides, none, the
first few, any of them, or pieces of them that end within a write at a sector of 512 bytes; of a folder's changed names
the first few.

`stat` of another magic name makes the disk refuse every change with an error of choice, also to open files.

Run by `PowerlessDisk`; `python -m tests.faults.powerloss MOUNT IMAGE SEED` stands behind it.
"""

from __future__ import annotations

import errno
import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

SECTOR: Final = 512
CUT: Final = ".cut"
WAYS: Final = ("none", "prefix", "subset", "torn")
_CHANGES: Final = frozenset({"create", "write", "truncate", "fsync", "mkdir", "unlink", "rmdir", "rename"})
_ROOT: Final = Path(__file__).parents[2]


@dataclass
class File:
    """What a reader sees, what is on disk, and the writes between the two: (offset, bytes), or (None, new length)."""

    seen: bytearray = field(default_factory=bytearray)
    kept: bytes = b""
    pending: list[tuple[int | None, Any]] = field(default_factory=list)
    mode: int = 0o600

    def write(self, data: bytes, offset: int) -> None:
        """Into the cache."""
        _put(self.seen, data, offset)
        self.pending.append((offset, bytes(data)))

    def truncate(self, length: int) -> None:
        """In the cache."""
        _cut(self.seen, length)
        self.pending.append((None, length))

    def sync(self) -> None:
        """To the disk."""
        self.kept, self.pending = bytes(self.seen), []

    def after_cut(self, chance: random.Random) -> bytes:
        """What the disk holds after the power went."""
        way, left, most = chance.choice(WAYS), bytearray(self.kept), chance.randrange(len(self.pending) + 1)
        if way == "none":
            return bytes(left)
        for number, (offset, what) in enumerate(self.pending):
            if (way == "prefix" and number >= most) or (way != "prefix" and chance.random() < 0.5):
                continue
            if offset is None:
                _cut(left, what)
                continue
            sectors = len(what) // SECTOR
            torn = what[: SECTOR * chance.randrange(1, sectors + 1)] if way == "torn" and sectors > 1 else what
            _put(left, torn, offset)
        return bytes(left)


@dataclass
class Folder:
    """The names that a reader sees, those on disk, and the changes between the two: (name, what it names or None)."""

    seen: dict[str, File | Folder] = field(default_factory=dict)
    kept: dict[str, File | Folder] = field(default_factory=dict)
    pending: list[tuple[tuple[str, File | Folder | None], ...]] = field(default_factory=list)
    mode: int = 0o700

    def change(self, *names: tuple[str, File | Folder | None]) -> None:
        """Change names in the cache, all of these at once: a rename is never seen half done."""
        _name(self.seen, names)
        self.pending.append(names)

    def sync(self) -> None:
        """To the disk."""
        self.kept, self.pending = dict(self.seen), []

    def after_cut(self, chance: random.Random) -> dict[str, File | Folder]:
        """The names that the disk holds after the power went."""
        left = dict(self.kept)
        for names in self.pending[: chance.randrange(len(self.pending) + 1)]:
            _name(left, names)
        return left


def _put(into: bytearray, data: bytes, offset: int) -> None:
    if len(into) < offset:
        into.extend(bytes(offset - len(into)))
    into[offset : offset + len(data)] = data


def _cut(what: bytearray, length: int) -> None:
    if len(what) > length:
        del what[length:]
    else:
        what.extend(bytes(length - len(what)))


def _name(folder: dict[str, File | Folder], names: tuple[tuple[str, File | Folder | None], ...]) -> None:
    for name, node in names:
        if node is None:
            folder.pop(name, None)
        else:
            folder[name] = node


class Disk:
    """What the kernel asks of the file system, by mfusepy's names; raises OSError with the number it is to answer."""

    def __init__(self, image: Path, seed: int) -> None:
        self.root = _loaded(image)
        self._image = image
        self._chance = random.Random(seed)
        self._dead = False
        #: The error with which every change is refused; 0 for none.
        self._failing = 0
        self.syncs = self.writes = 0

    def __call__(self, operation: str, path: str, *arguments: Any) -> Any:
        if path == f"/{CUT}":
            self._cut_power()
            raise OSError(errno.ENOENT, path)
        if path.startswith("/.fail-"):
            self._failing = int(path.removeprefix("/.fail-"))
            raise OSError(errno.ENOENT, path)
        if self._dead:
            raise OSError(errno.EIO, path)
        if self._failing and operation in _CHANGES:
            raise OSError(self._failing, path)
        return getattr(self, operation)(path, *arguments)

    def _cut_power(self) -> None:
        if not self._dead:
            self._dead = True
            _write_out(self.root, self._image, self._chance)
            (self._image / CUT).write_text(f"{self.writes} {self.syncs}")

    def _find(self, path: str) -> File | Folder:
        node: File | Folder = self.root
        for name in path.split("/")[1:]:
            if name == "":
                continue
            if not isinstance(node, Folder) or name not in node.seen:
                raise OSError(errno.ENOENT, path)
            node = node.seen[name]
        return node

    def _file(self, path: str) -> File:
        node = self._find(path)
        if isinstance(node, Folder):
            raise OSError(errno.EISDIR, path)
        return node

    def _parent(self, path: str) -> tuple[Folder, str]:
        above, _, name = path.rpartition("/")
        node = self._find(above)
        assert isinstance(node, Folder)
        return node, name

    def getattr(self, path: str, _fh: Any = None) -> dict[str, Any]:
        node, now = self._find(path), time.time_ns()
        kind = stat.S_IFDIR if isinstance(node, Folder) else stat.S_IFREG
        size = 0 if isinstance(node, Folder) else len(node.seen)
        times = {"st_mtime": now, "st_atime": now, "st_ctime": now}
        return {"st_mode": kind | node.mode, "st_nlink": 1, "st_size": size, "st_uid": os.getuid(), **times}

    def readdir(self, path: str, _fh: int) -> list[str]:
        node = self._find(path)
        return [".", "..", *(node.seen if isinstance(node, Folder) else ())]

    def create(self, path: str, mode: int, _fi: Any = None) -> int:
        folder, name = self._parent(path)
        folder.change((name, File(mode=mode & 0o7777)))
        return 0

    def open(self, path: str, _flags: int) -> int:
        self._file(path)
        return 0

    def read(self, path: str, size: int, offset: int, _fh: int) -> bytes:
        return bytes(self._file(path).seen[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, _fh: int) -> int:
        self._file(path).write(data, offset)
        self.writes += 1
        return len(data)

    def truncate(self, path: str, length: int, _fh: Any = None) -> int:
        self._file(path).truncate(length)
        return 0

    def fsync(self, path: str, _datasync: int, _fh: int) -> int:
        self._file(path).sync()
        self.syncs += 1
        return 0

    def fsyncdir(self, path: str, _datasync: int, _fh: int) -> int:
        node = self._find(path)
        assert isinstance(node, Folder)
        node.sync()
        self.syncs += 1
        return 0

    def mkdir(self, path: str, mode: int) -> int:
        folder, name = self._parent(path)
        folder.change((name, Folder(mode=mode & 0o7777)))
        return 0

    def unlink(self, path: str) -> int:
        self._find(path)
        folder, name = self._parent(path)
        folder.change((name, None))
        return 0

    rmdir = unlink

    def rename(self, old: str, new: str) -> int:
        node, (source, name), (target, other) = self._find(old), self._parent(old), self._parent(new)
        if source is target:
            source.change((name, None), (other, node))
        else:
            target.change((other, node))
            source.change((name, None))
        return 0

    def chmod(self, path: str, mode: int) -> int:
        self._find(path).mode = mode & 0o7777
        return 0

    def chown(self, *_: Any) -> int:
        return 0

    def utimens(self, *_: Any) -> int:
        return 0

    def flush(self, *_: Any) -> int:
        return 0

    def statfs(self, _path: str) -> dict[str, int]:
        plenty = 1 << 20
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": plenty, "f_bavail": plenty, "f_bfree": plenty}


class _Wired:
    """The disk as mfusepy takes it: an attribute for each operation, and each goes by way of the power switch."""

    use_ns = True

    def __init__(self, disk: Disk) -> None:
        for name, operation in vars(Disk).items():
            if not name.startswith("_") and callable(operation):
                setattr(self, name, partial(disk, name))

    def init(self, _path: str) -> None:
        """Nothing to prepare."""


def _loaded(image: Path) -> Folder:
    """What lies in a real folder, all of it on disk."""
    folder = Folder()
    for path in image.iterdir():
        data = path.read_bytes() if path.is_file() else b""
        folder.seen[path.name] = _loaded(path) if path.is_dir() else File(seen=bytearray(data), kept=data)
    folder.kept = dict(folder.seen)
    return folder


def _write_out(folder: Folder, to: Path, chance: random.Random) -> None:
    names = folder.after_cut(chance)
    for path in to.iterdir():
        if path.is_file() and path.name not in names:
            path.unlink()
    for name, node in names.items():
        if isinstance(node, Folder):
            (to / name).mkdir(exist_ok=True, mode=0o700)
            _write_out(node, to / name, chance)
        else:
            (to / name).write_bytes(node.after_cut(chance))


def why_not() -> str | None:
    """Why there can be no such disk here; None where there can."""
    if os.geteuid() != 0 or not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "simulated power cuts need root and /dev/fuse"
    try:
        os.environ.setdefault("FUSE_LIBRARY_NAME", "fuse3")
        import mfusepy  # noqa: F401 - finds its library when it is imported
    except (ImportError, OSError) as error:
        return f"simulated power cuts need libfuse3-3 and mfusepy: {error}"
    return None


@dataclass
class PowerlessDisk:
    """The mounted file system: `mount` to write under, `image` with what the disk held when the power went."""

    mount: Path
    image: Path
    seed: int
    writes: int = 0
    syncs: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PowerlessDisk:
        self.mount.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tests.faults.powerloss", str(self.mount), str(self.image), str(self.seed)]
        environment = os.environ | {"PYTHONPATH": str(_ROOT), "FUSE_LIBRARY_NAME": "fuse3"}
        self._process = subprocess.Popen(command, env=environment, cwd=_ROOT, stdout=subprocess.DEVNULL)
        _wait_until(self.mount.is_mount)
        return self

    def cut(self) -> None:
        """The power goes, now."""
        (self.mount / CUT).exists()
        marker = self.image / CUT
        _wait_until(marker.exists)
        self.writes, self.syncs = map(int, marker.read_text().split())
        marker.unlink()

    def fail(self, number: int) -> None:
        """Every change is refused from now on, with this error (EROFS, ENOSPC, …); 0 ends it."""
        (self.mount / f".fail-{number}").exists()

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "-l", str(self.mount)], check=False, capture_output=True)
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)


def _wait_until(holds: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the simulated disk does not answer")
        time.sleep(0.005)


def files_under(folder: Path) -> Iterator[Path]:
    """Every file."""
    return (path for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    from mfusepy import FUSE

    FUSE(_Wired(Disk(Path(sys.argv[2]), int(sys.argv[3]))), sys.argv[1], foreground=True, nothreads=True)
