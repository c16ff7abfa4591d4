"""Restores a backup into a place where nothing is: all of it, or nothing.

It is built beside the place and renamed at the end, after the rows were counted once more in the new database and the
custody log was checked. On PostgreSQL all rows are one transaction.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.backup import Heading, RestoredBackup, TableShape
from bot.model.custody import Trust
from bot.sealing.boxes import Box
from bot.services.backup.reading import Looking, read_backup
from bot.services.custody_secret import read_custody_keys
from bot.services.secret_files import place_file
from bot.services.verifying import Verification
from bot.storage import loading, newsrooms
from bot.storage.dumping import shapes, tallies
from bot.storage.migrating import revisions_known
from bot.storage.store import Store
from bot.storage.tenant_wall import standing_for
from bot.storage.vault import Seal, Vault

DATABASE: Final = "kalkan.sqlite"
CUSTODY_KEY: Final = "custody.key"
_NEWSROOMS: Final = "newsrooms"
OpenStore = Callable[[Path], Store]


async def check_backup(path: Path, identities: Any) -> RestoredBackup:
    """Read a backup to its end and write nothing. Raises Refusal."""
    return await read_backup(path, identities, Looking())


class Restorer:
    """Restores into `place`; `open_store` opens the new database, which may lie in the folder that it is given.

    `seal` and `box` are the new place's own, for originals and for key files: the server that made the backup may have
    had others, or none.

    `custody_key` is the file of the log's secret where it was kept apart from the backup, as it should be. With
    `even_broken` a log that does not verify is restored all the same: what is left is better than nothing.
    """

    def __init__(
        self,
        place: Path,
        open_store: OpenStore,
        custody_key: Path | None = None,
        *,
        seal: Seal | None = None,
        box: Box | None = None,
        even_broken: bool = False,
    ) -> None:
        self._place = place
        self._open_store = open_store
        self._custody_key = custody_key
        self._seal = seal
        self._box = box
        self._even_broken = even_broken

    async def restore(self, path: Path, identities: Any) -> RestoredBackup:
        """Everything, at its place. Raises Refusal, OSError; then the place is as it was."""
        _require_empty(self._place)
        await asyncio.to_thread(self._place.parent.mkdir, parents=True, exist_ok=True, mode=0o700)
        part = self._place.parent / f".{self._place.name}.restoring-{os.urandom(6).hex()}"
        part.mkdir(mode=0o700)
        try:
            store = self._open_store(part)
            try:
                restored = await self._fill(store, part, path, identities)
            finally:
                await store.close()
            await asyncio.to_thread(_move, part, self._place)
            return restored
        finally:
            await asyncio.to_thread(shutil.rmtree, part, ignore_errors=True)

    async def _fill(self, store: Store, part: Path, path: Path, identities: Any) -> RestoredBackup:
        async with AsyncExitStack() as stack:
            vault = Vault(part / "vault", self._seal)
            taker = _Writing(store, vault, lambda name, data: _write_key(part / name, data, self._box), stack)
            restored = await read_backup(path, identities, taker)
            async with taker.transaction() as conn:
                await taker.settle(conn)
                if restored.heading.tables == shapes() and await tallies(conn) != restored.manifest.tables:
                    raise Refusal("backup_incomplete")
        await store.migrate()
        keys = read_custody_keys(self._custody_key or part / CUSTODY_KEY, self._box)
        if not self._even_broken:
            await _verify(store, vault, keys)
        await store.scrub()
        return replace(restored, is_verified=keys is not None)


class _Writing:
    """Writes rows, originals and keys into a new place."""

    def __init__(
        self, store: Store, vault: Vault, write_key: Callable[[str, bytes], None], stack: AsyncExitStack
    ) -> None:
        self._store = store
        self._vault = vault
        self._write_key = write_key
        self._stack = stack
        self._conn: AsyncConnection | None = None
        self._later: dict[str, tuple[TableShape, list[dict[str, Any]]]] = {}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One for everything on a server; in a file that is not there yet, one for each block."""
        if self._store.is_sqlite:
            async with self._store.write() as conn:
                yield conn
            return
        if self._conn is None:
            self._conn = await self._stack.enter_async_context(self._store.write())
        yield self._conn

    async def begin(self, heading: Heading) -> None:
        """Make the tables as they were. Raises Refusal for a newer backup, and for a database with rows."""
        if heading.revision not in revisions_known():
            raise Refusal("backup_newer")
        if await self._is_filled():
            raise Refusal("restore_database_full")
        await self._store.migrate(heading.revision)
        async with self._store.read() as conn:
            there = await loading.columns_of(conn)
        if any(
            there.get(shape.name, frozenset()) != frozenset(name for name, _ in shape.columns)
            for shape in heading.tables
        ):
            raise Refusal("backup_foreign")

    async def rows(self, shape: TableShape, rows: list[dict[str, Any]]) -> None:
        """Write them; those of newsrooms come first, and on a server the rest is written in their name."""
        async with self.transaction() as conn:
            await loading.put(conn, shape, rows)
            if shape.name == _NEWSROOMS and rows and not self._store.is_sqlite:
                await conn.execute(standing_for(rows[0]["id"]))
        if shape.later:
            refers = [row for row in rows if any(row[name] is not None for name in shape.later)]
            self._later.setdefault(shape.name, (shape, []))[1].extend(refers)

    async def file(self, data: bytes) -> None:
        """Into the vault."""
        await self._vault.put(data)

    async def key(self, name: str, data: bytes) -> None:
        """Readable by its owner only."""
        await asyncio.to_thread(self._write_key, name, data)

    async def settle(self, conn: AsyncConnection) -> None:
        """What refers to rows of the same table."""
        for shape, rows in self._later.values():
            await loading.refer(conn, shape, rows)

    async def _is_filled(self) -> bool:
        async with self._store.read() as conn:
            return bool(await loading.rows_of(conn))


async def _verify(store: Store, vault: Vault, keys: CustodyKeys | None) -> None:
    async with store.read() as conn:
        ids = await newsrooms.all_ids(conn)
    for newsroom_id in ids:
        own = store.of(newsroom_id)
        try:
            report = await Verification(own, vault, keys, newsroom_id).run([])
        finally:
            if own is not store:
                await own.close()
        if report.trust is Trust.BROKEN:
            raise Refusal("restore_log_broken", why=report.broken.code if report.broken is not None else "")


def _require_empty(place: Path) -> None:
    if place.is_dir() and not any(place.iterdir()):
        return
    if place.exists() or place.is_symlink():
        raise Refusal("restore_place_full", place=str(place))


def _move(part: Path, place: Path) -> None:
    for folder, _, _ in os.walk(part):
        _sync(Path(folder))
    # Onto a folder that is not empty, or a file, this fails and changes nothing.
    part.rename(place)
    _sync(place.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        with suppress(OSError):
            os.close(descriptor)


def _write_key(path: Path, data: bytes, box: Box | None) -> None:
    if path.exists():
        raise Refusal("backup_foreign")
    place_file(path, data if box is None else box.seal(data, path.name.encode()))
