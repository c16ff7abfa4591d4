"""The vault keeps original bytes by their SHA-256, once each, and gives back only what still has that hash.

With a seal the bytes lie encrypted, and their names are keyed hashes of their hashes (HMAC-SHA256): whoever seizes the
disk and holds a picture that he has seen elsewhere cannot even find out that it is there. What is sealed begins with
the hash, so that the vault itself can tell what it holds. Without a seal, names are the hashes.

An object is written to a temporary file in its own folder, forced to disk, and then renamed: under its final name there
is either nothing or all of it, whenever the power goes. ``put`` returns when the bytes, their name and every new folder
are on disk. Names are made from the hash alone, never from what a sender called the file.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import KalkanError
from bot.sealing.boxes import HEAD, Box, Unreadable

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_HASH_BYTES: Final = 32
_TEMPORARY: Final = ".incoming-"
#: Seconds between putting an object and writing down that it is needed: an hour is far more than any transaction.
GRACE: Final = 3_600.0


class VaultError(KalkanError):
    """The vault cannot give what was asked; ``sha256`` says for which object."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


class VaultMissing(VaultError):
    """No object is kept under this hash."""


class VaultCorrupt(VaultError):
    """The bytes kept under this hash no longer have it: the disk or a hand has changed them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What was kept: its SHA-256 in lower-case hex, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What makes a vault unreadable from outside: the box for its bytes, the key for its names."""

    box: Box
    names: bytes


class Vault:
    """Objects under ``root``, in folders of two hex digits twice over; the root is made at the first ``put``.

    Folders are 0700 and files 0600. Every method works in a thread; several processes may share one root.
    """

    def __init__(self, root: Path, seal: Seal | None = None) -> None:
        self.root = root
        self._seal = seal

    async def put(self, data: bytes) -> Digest:
        """Keep ``data``; the same bytes are kept once, and a damaged copy is replaced. Raises OSError (disk full)."""
        return await asyncio.to_thread(self._put, data)

    async def get(self, sha256: str) -> bytes:
        """The bytes with this hash. Raises VaultMissing, VaultCorrupt, and ValueError for what is no SHA-256."""
        return await asyncio.to_thread(self._get, sha256)

    async def exists(self, sha256: str) -> bool:
        """Whether an object is kept under this hash; it is not read. Raises ValueError for what is no SHA-256."""
        return await asyncio.to_thread(self.path_for(sha256).is_file)

    async def names(self) -> list[str]:
        """The SHA-256 of every object that is kept, in order; damaged ones whose hash cannot be told are left out."""
        return await asyncio.to_thread(self._names)

    async def remove(self, sha256: str, *, unused_for: float = GRACE) -> bool:
        """Overwrite and remove an object; False while somebody holds the vault, or put it within so many seconds.

        Whoever puts an object writes down afterwards that it is needed: it must still be there then. One that is not
        there counts as removed.
        """
        return await asyncio.to_thread(self._remove, sha256, unused_for)

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Nothing is removed, by any process, before the end of the block; new objects may be put."""
        descriptor = await asyncio.to_thread(self._lock, fcntl.LOCK_SH)
        try:
            yield
        finally:
            os.close(descriptor)

    async def remove_leftovers(self) -> int:
        """Remove the temporary files of writers that were killed, and say how many; live writers are left alone."""
        return await asyncio.to_thread(self._remove_leftovers)

    def path_for(self, sha256: str) -> Path:
        """Where the object with this hash lies or would lie. Raises ValueError for what is no lower-case SHA-256."""
        if not _SHA256.match(sha256):
            raise ValueError("not a SHA-256 in lower-case hex")
        name = sha256 if self._seal is None else hmac.digest(self._seal.names, sha256.encode(), "sha256").hex()
        return self.root / name[:2] / name[2:4] / name

    def _put(self, data: bytes) -> Digest:
        digest = Digest(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        path = self.path_for(digest.sha256)
        _make_folders(path.parent)
        lock = self._lock(fcntl.LOCK_SH)
        try:
            if self._holds(path, digest):
                os.utime(path)
            else:
                _write(path, data if self._seal is None else _sealed(self._seal, path, digest, data))
            # Also when the object was there: whoever renamed it may not have come to this line yet.
            _sync_folder(path.parent)
        finally:
            os.close(lock)
        return digest

    def _get(self, sha256: str) -> bytes:
        try:
            data = self._opened(self.path_for(sha256))
        except FileNotFoundError as error:
            raise VaultMissing(sha256) from error
        except Unreadable as error:
            raise VaultCorrupt(sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise VaultCorrupt(sha256)
        return data

    def _opened(self, path: Path) -> bytes:
        data = path.read_bytes()
        return data if self._seal is None else self._seal.box.open(data, path.name.encode())[_HASH_BYTES:]

    def _names(self) -> list[str]:
        paths = [path for path in self.root.glob("??/??/*") if _SHA256.match(path.name)]
        return sorted(name for name in map(self._name, paths) if name is not None)

    def _name(self, path: Path) -> str | None:
        """The SHA-256 of an object; None for one that was removed meanwhile, or is damaged beyond that."""
        if self._seal is None:
            return path.name
        try:
            with path.open("rb") as file:
                return self._seal.box.beginning(file.read(HEAD), path.name.encode())[:_HASH_BYTES].hex()
        except (FileNotFoundError, Unreadable):
            return None

    def _holds(self, path: Path, digest: Digest) -> bool:
        """Whether ``path`` holds exactly the object, judged by its bytes: a damaged copy is no kept one."""
        try:
            return hashlib.sha256(self._opened(path)).hexdigest() == digest.sha256
        except (FileNotFoundError, Unreadable):
            return False

    def _remove(self, sha256: str, unused_for: float) -> bool:
        path = self.path_for(sha256)
        try:
            lock = self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime < unused_for:
                    return False
                _overwrite(path)
                path.unlink()
                _sync_folder(path.parent)
        finally:
            os.close(lock)
        return True

    def _lock(self, kind: int) -> int:
        _make_folders(self.root)
        descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, kind)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _remove_leftovers(self) -> int:
        return sum(_remove_if_abandoned(path) for path in self.root.glob(f"??/??/{_TEMPORARY}*"))


def _sealed(seal: Seal, path: Path, digest: Digest, data: bytes) -> bytes:
    return seal.box.seal(bytes.fromhex(digest.sha256) + data, path.name.encode())


def _write(path: Path, data: bytes) -> None:
    temporary, descriptor = _locked_temporary(path.parent)
    try:
        _write_all(descriptor, data)
        os.fsync(descriptor)
        temporary.rename(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise
    finally:
        os.close(descriptor)


def _locked_temporary(folder: Path) -> tuple[Path, int]:
    """A new temporary file, locked: the lock tells remove_leftovers of a living writer and ends with the process."""
    while True:
        path = folder / f"{_TEMPORARY}{secrets.token_hex(8)}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        # It was taken for a leftover between its making and its locking.
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _make_folders(folder: Path) -> None:
    """Make ``folder`` and its missing parents, each 0700 and each on disk in its own parent."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    # Two writers may make the same folder at once: both then force it to disk.
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(path: Path) -> None:
    """Put zeros where the bytes were: on disks that write in place nothing of them is left."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        _write_all(descriptor, bytes(size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_if_abandoned(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    except (BlockingIOError, FileNotFoundError):
        return False
    finally:
        os.close(descriptor)
    return True
