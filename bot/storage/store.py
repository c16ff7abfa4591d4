"""The engine: one definition for SQLite and PostgreSQL, one writer on SQLite, plain transactions on both.

SQLite runs in WAL with synchronous=FULL: with NORMAL, simulated power cuts lost 23 of 72,281 acknowledged commits, with
FULL 0 of 124,506. `secure_delete` overwrites what is deleted. With a key the file is SQLCipher's
(`bot.storage.cipher`).
"""

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import Damaged
from bot.storage import one_turn
from bot.storage.after_commit import expecting
from bot.storage.cipher import DRIVER, DatabaseLocked, connect_sealed, refuse_unfit
from bot.storage.columns import metadata
from bot.storage.faults import Fault, fault_of, tells_damage
from bot.storage.file_looks import Inode, keep, let_go, read_through
from bot.storage.migrating import upgrade
from bot.storage.need_to_know import build_wall, raise_wall
from bot.storage.page_look import pages_checked
from bot.storage.tenant_wall import settings_for
from bot.storage.turns import Turns

_PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=15000",
    "temp_store=MEMORY",
    # In KiB. With the usual 2 MB the inner pages of a million texts are read again and again: a key that is not
    # there took 0.18 ms to miss, with 16 MB 0.03 ms.
    "cache_size=-16000",
)
_READERS = 4
#: The advisory lock of a desk that opens; any number that nothing else in the database locks by.
_OPENING = 0x4B616C6B6170
#: Seconds before each look at a database that seems damaged.
_LOOKS = (0.0, 0.3, 1.0)


class Store:
    """Transactions over the newsroom's database; `read()` and `write()` give an AsyncConnection.

    Both read for whom is looking (`bot.storage.need_to_know`): what is kept from them is not there.

    With a `key` of 32 bytes an SQLite file is encrypted; PostgreSQL takes none. Both raise DatabaseLocked where file
    and key do not fit each other. PostgreSQL shows the rows of `newsroom_id` alone (`bot.storage.tenant_wall`).
    """

    def __init__(self, url: str, key: bytes | None = None, newsroom_id: int | None = None) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._key = key if self.is_sqlite else None
        self._newsroom_id = newsroom_id
        #: Set as soon as the database says that it is damaged: from then on nothing is written.
        self.damaged = asyncio.Event()
        #: Called for each failure of the disk; a full one may be given room.
        self.on_fault: Callable[[Fault], None] = lambda _fault: None
        self._looking = asyncio.Lock()
        self._turns = Turns()
        # SQLite's writer stays checked out between transactions: fetching and returning it costs as much as an insert.
        self._kept: AsyncConnection | None = None
        # What is kept of the file for looks at it, from the first connection on.
        self._file: Inode | None = None
        self._reader = self._engine("BEGIN", _READERS)
        self._writer = self._engine("BEGIN IMMEDIATE", 1) if self.is_sqlite else self._reader

    def of(self, newsroom_id: int) -> "Store":
        """The same database for one newsroom, behind the wall; a file of SQLite's is one newsroom's as it is."""
        if self.is_sqlite:
            return self
        own = Store(self.url.render_as_string(hide_password=False), None, newsroom_id)
        own.on_fault = self.on_fault
        return own

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading: one consistent view, nothing is committed."""
        async with self._watched(), self._reader.connect() as conn:
            if not self.is_sqlite:
                await conn.execution_options(isolation_level="REPEATABLE READ")
            await raise_wall(conn)
            yield conn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at the end, or leaves nothing behind on any error. Raises Damaged."""
        if self.damaged.is_set():
            raise Damaged
        async with self._watched(), self._transaction() as conn:
            follows = expecting(conn)
            await raise_wall(conn)
            yield conn
        for act in follows:
            act()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        if not self.is_sqlite:
            async with self._writer.begin() as conn:
                yield conn
            return
        async with self._turns.turn(), self._kept_writer() as conn, conn.begin():
            yield conn

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        try:
            yield
        except Exception as error:
            fault = fault_of(error)
            if fault is None and isinstance(error, TimeoutError) and not self.is_sqlite:
                # A server that does not answer: asyncpg's own error says nothing else.
                self.on_fault(Fault.FAILING)
                raise ConnectionError("the database does not answer") from error
            if fault is None:
                raise
            if fault is Fault.DAMAGED:
                if await self._is_damaged():
                    self.damaged.set()
                    raise Damaged from error
                self.on_fault(Fault.FAILING)
                raise OSError(errno.EIO, "the database could not be read") from error
            self.on_fault(fault)
            raise

    async def _is_damaged(self) -> bool:
        # Of a read that failed SQLite says "malformed" as well: only fresh looks at what can be read are believed, and
        # only when none of them finds it whole. What is called damaged is not started again.
        async with self._looking:
            if self.damaged.is_set() or not self.is_sqlite:
                return True
            for pause in _LOOKS:
                await asyncio.sleep(pause)
                if not await self._looks_damaged():
                    return False
            return True

    async def _looks_damaged(self) -> bool:
        fresh = self._engine("BEGIN", 1)
        try:
            await asyncio.to_thread(read_through, Path(self.url.database or ""))
            async with fresh.connect() as conn:
                return tells_damage((await conn.execute(sa.text("PRAGMA quick_check(1)"))).scalars().all())
        except Exception as error:
            return fault_of(error) is Fault.DAMAGED or isinstance(error, DatabaseLocked)
        finally:
            await fresh.dispose()

    async def look_at_pages(self, seconds: float) -> bool | None:
        """Whether every page of SQLite's file is as it should be; None where they could not all be read in time.

        It reads with a connection of its own, in that connection's thread. PostgreSQL looks after its own files: True.
        Raises Damaged, and from then on nothing is written.
        """
        if not self.is_sqlite:
            return True
        fresh = self._engine("BEGIN", 1)
        try:
            async with self._watched(), fresh.connect() as conn:
                found = await pages_checked(conn, seconds)
                if found is not None and tells_damage(found):
                    self.damaged.set()
                    raise Damaged
                return True if found == ["ok"] else None
        finally:
            await fresh.dispose()

    @asynccontextmanager
    async def _kept_writer(self) -> AsyncIterator[AsyncConnection]:
        """The writer's connection; after an error it goes back to its pool, which sees to what is left of it."""
        if self._kept is None:
            self._kept = await self._writer.connect()
        try:
            yield self._kept
        except BaseException:
            await self._return_writer()
            raise

    async def _return_writer(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.close()

    async def scrub(self) -> bool:
        """Empty SQLite's write-ahead log, in which what was overwritten still stands; False while readers hold it.

        PostgreSQL keeps its log by rules of its own (see docs/farms.md): there this does nothing.
        """
        if not self.is_sqlite:
            return True
        async with self._turns.turn(), self._kept_writer() as conn:
            ((busy, *_),) = await conn.run_sync(_emptied)
        return not busy

    async def compact(self, tables: Collection[str]) -> None:
        """Write the database anew without what was deleted from these tables, its log included.

        SQLite overwrites what is deleted, but moves rows about within its pages; PostgreSQL only marks rows as dead.
        Writers wait meanwhile. Raises ValueError for a name that is no table's.
        """
        async with self._turns.turn():
            await self._return_writer()
            async with self._writer.connect() as conn:
                await conn.run_sync(_vacuumed if self.is_sqlite else partial(_vacuumed_full, tables=sorted(tables)))
        await self.scrub()

    @asynccontextmanager
    async def opening(self) -> AsyncIterator[None]:
        """What is done once when a desk opens: by one process at a time, where several share a PostgreSQL."""
        if self.is_sqlite:
            yield
            return
        async with self._writer.connect() as conn:
            await conn.execution_options(isolation_level="AUTOCOMMIT")
            await conn.execute(sa.select(sa.func.pg_advisory_lock(_OPENING)))
            try:
                yield
            finally:
                await conn.execute(sa.select(sa.func.pg_advisory_unlock(_OPENING)))

    async def migrate(self, revision: str = "head") -> None:
        """Bring the database to a schema, the newest by default; a new file is made readable by its owner only."""
        if self.is_sqlite and self.url.database:
            _make_private(Path(self.url.database))
        async with self._turns.turn():
            await self._return_writer()
            async with self._writer.connect() as conn:
                await conn.run_sync(upgrade, revision)

    async def close(self) -> None:
        """Close every connection."""
        await self._return_writer()
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()
        kept, self._file = self._file, None
        if kept is not None:
            let_go(kept)

    def _engine(self, begin: str, size: int) -> AsyncEngine:
        if not self.is_sqlite:
            return _shared_engine(self.url, self._newsroom_id, size)
        return _engine(self.url, self._key, self._keep_file, begin=begin, size=size)

    def _keep_file(self) -> None:
        if self._file is None:
            self._file = keep(Path(self.url.database or ""))


def _emptied(conn: sa.Connection) -> Any:
    # On the driver itself: within a transaction of SQLAlchemy's the log could not be emptied.
    driver: Any = conn.connection.dbapi_connection
    return driver.run_async(lambda connection: connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)"))


def _vacuumed(conn: sa.Connection) -> None:
    driver: Any = conn.connection.dbapi_connection
    driver.run_async(lambda connection: connection.execute_fetchall("VACUUM"))


def _vacuumed_full(conn: sa.Connection, tables: Sequence[str]) -> None:
    known = {table.name: table for table in metadata.sorted_tables}
    conn.rollback()
    conn.execution_options(isolation_level="AUTOCOMMIT")
    for name in tables:
        if name not in known:
            raise ValueError("no table of ours")
        conn.execute(sa.DDL("VACUUM (FULL) %(table)s", context={"table": name}))  # type: ignore[no-untyped-call]


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=True)


def _engine(url: sa.URL, key: bytes | None, before: Callable[[], None], *, begin: str, size: int) -> AsyncEngine:
    url = url.set(drivername=f"sqlite+{one_turn.DRIVER if key is None else DRIVER}")
    creator = {} if key is None else {"async_creator": _opening(url.database or "", key, before)}
    engine = _pooled(url, size, **creator)
    _prepare_sqlite(engine, begin, before)
    return engine


def _shared_engine(url: sa.URL, newsroom_id: int | None, size: int) -> AsyncEngine:
    # Told when the connection is opened, it costs no transaction anything.
    return _pooled(url, size, connect_args={"server_settings": settings_for(newsroom_id)})


def _pooled(url: sa.URL, size: int, **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        url,
        **options,
        pool_size=size,
        max_overflow=0,
        poolclass=AsyncAdaptedQueuePool,
        pool_timeout=60,
        # The one that was used last: its pages are at hand, and those that are seldom needed hold few.
        pool_use_lifo=True,
        # Errors are logged; what members forward is nobody's business there.
        hide_parameters=True,
    )
    build_wall(engine)
    return engine


def _opening(path: str, key: bytes, before: Callable[[], None]) -> Callable[..., Awaitable[Any]]:
    async def open_one(*_arguments: Any, **_options: Any) -> Any:
        before()
        return await connect_sealed(path, key)

    return open_one


def _prepare_sqlite(engine: AsyncEngine, begin: str, before: Callable[[], None]) -> None:
    @sa.event.listens_for(engine.sync_engine, "do_connect")
    def on_opening(_dialect: object, _record: object, arguments: Any, _options: object) -> None:
        before()
        # Only without a key: with one, `connect_sealed` looks for itself.
        refuse_unfit(Path(arguments[0]), None)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        # The driver's own BEGIN is deferred and late; ours is explicit, so that a writer never deadlocks on upgrade.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            for pragma in _PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
        except Exception:
            # Nobody else would: SQLAlchemy does not have it yet.
            connection.close()
            raise
        cursor.close()
        # SQLite's own knows ASCII only: "Ферма" would not be found by "ферма", as it is on PostgreSQL.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @sa.event.listens_for(engine.sync_engine, "begin")
    def on_begin(conn: sa.Connection) -> None:
        # Without what SQLAlchemy does around a statement: every transaction says this.
        driver: Any = conn.connection.dbapi_connection
        driver.run_async(lambda connection: connection.execute_fetchall(begin))


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value
