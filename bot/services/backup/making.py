"""Makes a backup while the bot runs: database, originals and keys, streamed into one encrypted file.

The database is read in one view of it; originals are kept from being removed meanwhile. Nothing of it is ever on disk
in the clear, and under its final name there is all of it or nothing.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.custody.merkle import root_of
from bot.errors import Refusal
from bot.model.backup import Heading, MadeBackup, Manifest, Root
from bot.sealing.boxes import Box
from bot.services.backup.heading import FORM, HEADING, MANIFEST, hash_of_names, told
from bot.services.backup.packing import END, packed
from bot.services.backup.sealing import Recipients, seal
from bot.services.secret_files import read_secret
from bot.storage import custody, newsrooms
from bot.storage.dumping import Counted, blocks, shapes
from bot.storage.migrating import is_current
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultError

log = logging.getLogger(__name__)

_PART: Final = ".kalkan-backup-"
_REVISION: Final = sa.text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupPlaces:
    """Where originals and keys lie; `keys` by the names that they get in the backup, sealed where there is a `box`.

    In the backup originals and keys stand without the seal of this server: another one opens them with its own.
    """

    vault: Vault
    keys: Mapping[str, Path]
    box: Box | None = None


@dataclass(kw_only=True, slots=True)
class _Course:
    """A backup while it is made."""

    now: datetime
    counted: Counted
    files: list[str]
    roots: tuple[Root, ...] = ()


class BackupMaker:
    """Makes backups of one store."""

    def __init__(self, store: Store, clock: Clock, places: BackupPlaces) -> None:
        self._store = store
        self._clock = clock
        self._places = places

    async def make(self, folder: Path, recipients: Recipients) -> MadeBackup:
        """A new backup in `folder`. Raises Refusal (no recipients, another schema), OSError (disk full)."""
        if not recipients:
            raise Refusal("backup_no_recipients")
        await asyncio.to_thread(_make_folder, folder)
        now = self._clock()
        course = _Course(now=now, counted=Counted(), files=[])
        part, out = await asyncio.to_thread(_part, folder)
        try:
            async with self._places.vault.held(), self._store.read() as conn:
                if not await conn.run_sync(is_current):
                    raise Refusal("backup_schema")
                await seal(self._pieces(conn, course), out, recipients)
            path = folder / _name(course)
            size = await asyncio.to_thread(_finish, part, out, path)
        finally:
            part.unlink(missing_ok=True)
            # On a full disk closing tries to write what is left, once more.
            with contextlib.suppress(OSError):
                out.close()
        rows = sum(tally.rows for tally in course.counted.tallies(shapes()).values())
        return MadeBackup(path=path, made_at=now, size=size, rows=rows, files=len(course.files), roots=course.roots)

    async def _pieces(self, conn: AsyncConnection, course: _Course) -> AsyncIterator[bytes]:
        heading = await _heading(conn, course.now)
        course.roots = heading.roots
        yield packed(HEADING, told(heading), course.now)
        for shape in heading.tables:
            number = 0
            async for block in blocks(conn, shape):
                number += 1
                course.counted.take(shape.name, block)
                yield packed(f"database/{shape.name}/{number}.jsonl", block, course.now)
        async for piece in self._originals(course):
            yield piece
        keys = []
        for name, path in self._places.keys.items():
            if await asyncio.to_thread(path.is_file):
                keys.append(name)
                secret = await asyncio.to_thread(read_secret, path, name, self._places.box)
                yield packed(f"keys/{name}", secret, course.now)
        manifest = Manifest(
            tables=course.counted.tallies(heading.tables),
            files=len(course.files),
            files_sha256=hash_of_names(course.files),
            keys=tuple(keys),
        )
        yield packed(MANIFEST, told(manifest), course.now) + END

    async def _originals(self, course: _Course) -> AsyncIterator[bytes]:
        for sha256 in await self._places.vault.names():
            try:
                data = await self._places.vault.get(sha256)
            except VaultError as error:
                # What is damaged cannot be saved any more; the daily check of the log names it as well.
                log.error("the original %s… is not in the backup: %s", sha256[:8], type(error).__name__)
                continue
            course.files.append(sha256)
            yield packed(f"vault/{sha256}", data, course.now)


async def _heading(conn: AsyncConnection, now: datetime) -> Heading:
    roots = []
    for newsroom_id in await newsrooms.all_ids(conn):
        end = await custody.state(conn, newsroom_id)
        if end is not None:
            roots.append(Root(newsroom_id=newsroom_id, size=end.size, root=root_of(end.frontier).hex()))
    revision = str(await conn.scalar(_REVISION))
    return Heading(form=FORM, made_at=now, revision=revision, roots=tuple(roots), tables=shapes())


def _name(course: _Course) -> str:
    """The time, and where the log stood: a name that tells of itself which one is the newest."""
    size, root = (course.roots[0].size, course.roots[0].root) if course.roots else (0, "0" * 64)
    return f"kalkan-{course.now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{size}-{root[:16]}.tar.age"


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f"{_PART}*"):
        _remove_if_abandoned(left)


def _remove_if_abandoned(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()


def _part(folder: Path) -> tuple[Path, BinaryIO]:
    path = folder / f"{_PART}{os.urandom(8).hex()}"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    # The lock tells of a living writer, and ends with the process.
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return path, os.fdopen(descriptor, "wb")


def _finish(part: Path, out: Any, path: Path) -> int:
    out.flush()
    os.fsync(out.fileno())
    size = os.fstat(out.fileno()).st_size
    part.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return size
