"""Room on the disk: watched, kept in reserve, and said when it runs out.

Below one share of free room the administrators are told, once a day; below another, files wait with Telegram while
words are still taken. On a full disk SQLite cannot even delete: a ballast file then gives its room back, and is made
again when there is some.
"""

import asyncio
import logging
import math
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.errors import NoRoom
from bot.model.rights import Role
from bot.services import notices
from bot.storage import members, outbox
from bot.storage.faults import Fault
from bot.storage.store import Store

log = logging.getLogger(__name__)

BALLAST: Final = "ballast"
_FRESH_SECONDS: Final = 1.0
_RECOUNT_SECONDS: Final = 600.0
_TELL_AGAIN: Final = timedelta(hours=24)
_CHUNK: Final = 1 << 20
#: The ballast is made again when so many times its size are free above the line below which files wait.
_ROOM_FOR_BALLAST: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class DiskLimits:
    """Free shares in percent of the disk; bytes of the ballast, and of the vault (0: as much as the disk holds)."""

    alarm_percent: float
    files_percent: float
    ballast_bytes: int
    vault_bytes: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """How much is free: bytes, and percent of the disk or of its inodes, whichever is less."""

    bytes: int
    percent: float


def room_at(folder: Path) -> Room:
    """The room on the disk of a folder, for who is not root. Raises OSError."""
    found = os.statvfs(folder)
    percent = 100 * found.f_bavail / max(1, found.f_blocks)
    if found.f_files:
        percent = min(percent, 100 * found.f_favail / found.f_files)
    return Room(bytes=found.f_bavail * found.f_frsize, percent=percent)


class DiskRoom:
    """Watches the disk of a data folder."""

    def __init__(
        self, folder: Path, vault: Path, limits: DiskLimits, measure: Callable[[Path], Room] = room_at
    ) -> None:
        self._folder = folder
        self._vault = vault
        self._limits = limits
        self._measure = measure
        #: How long a measurement is good: of the disk, and of the vault.
        self.fresh_seconds = _FRESH_SECONDS
        self._measured: tuple[float, Room] | None = None
        self.recount_seconds = _RECOUNT_SECONDS
        self._vault_used, self._counted = 0, -math.inf

    @property
    def ballast(self) -> Path:
        """The file that holds room in reserve."""
        return self._folder / BALLAST

    def room(self) -> Room | None:
        """The room as it was a second ago at most; None when it cannot be told."""
        now = time.monotonic()
        if self._measured is None or now - self._measured[0] > self.fresh_seconds:
            try:
                self._measured = (now, self._measure(self._folder))
            except OSError:
                return None
        return self._measured[1]

    def admit(self, size: int) -> None:
        """Whether a file of this size may be kept. Raises NoRoom."""
        room = self.room()
        if room is not None and (room.percent < self._limits.files_percent or room.bytes < size):
            raise NoRoom(f"{room.percent:.0f} % of the disk are free")
        if self._limits.vault_bytes and self._vault_used + size > self._limits.vault_bytes:
            raise NoRoom("the vault is as large as it may become")
        self._vault_used += size

    def on_fault(self, fault: Fault) -> None:
        """A full disk gets the ballast's room."""
        if fault is Fault.FULL:
            self._measured = None
            with suppress(OSError):
                self.ballast.unlink()
                log.error("the disk is full: the ballast file was given up")

    async def refresh(self) -> None:
        """Measure the vault, and make the ballast again where there is room for it."""
        if self._limits.vault_bytes and time.monotonic() - self._counted > self.recount_seconds:
            self._counted = time.monotonic()
            self._vault_used = await asyncio.to_thread(_size_of, self._vault)
        if self._limits.ballast_bytes and not self.ballast.exists() and self._has_room_for_ballast():
            with suppress(OSError):
                await asyncio.to_thread(make_ballast, self.ballast, self._limits.ballast_bytes)
                self._measured = None

    def _has_room_for_ballast(self) -> bool:
        room = self.room()
        enough = room is not None and room.bytes > _ROOM_FOR_BALLAST * self._limits.ballast_bytes
        return enough and room is not None and room.percent > self._limits.files_percent

    def alarm(self) -> Room | None:
        """The room where it is less than the administrators want to know of."""
        room = self.room()
        return room if room is not None and room.percent < self._limits.alarm_percent else None


def make_ballast(path: Path, size: int) -> None:
    """A file that takes its whole size on disk, of bytes that no file system packs. Raises OSError, leaving nothing."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        for start in range(0, size, _CHUNK):
            _write_all(descriptor, secrets.token_bytes(min(_CHUNK, size - start)))
        os.fsync(descriptor)
    except BaseException:
        path.unlink()
        raise
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _size_of(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total


class DiskWatch:
    """Tells the administrators of a newsroom."""

    def __init__(self, store: Store, clock: Clock, room: DiskRoom, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._room = room
        self._newsroom_id = newsroom_id

    async def sweep(self) -> bool:
        """Keep the ballast, and tell once a day while there is little room; says whether anybody was told."""
        await self._room.refresh()
        low = self._room.alarm()
        if low is None:
            return False
        now, told = self._clock(), False
        async with self._store.write() as conn:
            for admin in await members.with_role(conn, self._newsroom_id, Role.ADMIN):
                key = f"disk_low:{admin.id}"
                if await outbox.queued_since(conn, self._newsroom_id, key, now - _TELL_AGAIN):
                    continue
                said = notices.keyed_reply(admin, key, "disk_low", percent=int(low.percent), mb=low.bytes // 1_000_000)
                await outbox.put(conn, [said], now)
                told = True
        return told
