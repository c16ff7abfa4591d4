"""What a bot has stored, looked at from outside: what is there, whatever the bot says."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa

from bot.storage.cipher import open_sealed
from bot.storage.file_looks import Inode, keep, let_go
from tests.postgres import SUPERUSER

#: Seconds that a PostgreSQL may be away, and what it says while it comes and goes.
_PATIENCE = 60.0
_AWAY = (
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.ReadOnlySQLTransactionError,
)
_SETTLED = """
    SELECT (SELECT count(*) FROM inbox_updates WHERE state IN ('new', 'working'))
         + (SELECT count(*) FROM outbox_messages WHERE state IN ('new', 'sending') AND kind != 'delete'
              AND coalesce(error, '') != 'lockdown')
         + (SELECT count(*) FROM submissions WHERE NOT settled)
         + (SELECT count(*) FROM screen_readings WHERE state = 'waiting')
         + (SELECT count(*) FROM campaign_pictures WHERE waiting)
         + (SELECT count(*) FROM custody_pending)
         + (SELECT count(*) FROM account_files WHERE state = 'ready')
         + (SELECT count(*) FROM accounts a LEFT JOIN account_details d ON d.account_id = a.id
            WHERE (d.compared_at IS NULL OR d.compared_at < a.changed_at)
              AND d.merged_into IS NULL AND d.withdrawn_at IS NULL)
"""


@dataclass(kw_only=True)
class Database:
    """A look into a bot's SQLite file from outside: what is there, whatever the bot says."""

    path: Path
    #: Of an encrypted one.
    key: bytes | None = None
    _reading: Any = None
    _kept: Inode | None = None

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a query."""
        if self._reading is None:
            # Kept: reading the schema anew takes a hundred times as long as the query that is asked again and again.
            # A store of this process that is closed meanwhile would let go of its locks, and the bot remove the log.
            self._kept = keep(self.path)
            self._reading = self._opened()
        rows: list[sqlite3.Row] = self._reading.execute(query, values).fetchall()
        return rows

    def _opened(self) -> Any:
        if self.key is not None:
            return open_sealed(str(self.path), self.key)
        reading = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=15)
        reading.row_factory = sqlite3.Row
        return reading

    def close(self) -> None:
        """Close what was opened; the next look opens it anew."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None
        if self._kept is not None:
            let_go(self._kept)
            self._kept = None

    def value(self, query: str, *values: object) -> Any:
        """The one value of a query."""
        return self.rows(query, *values)[0][0]

    async def write(self, query: str, *values: object) -> None:
        """Change it behind the bot's back; in a thread, since a bot of the same event loop may hold the lock."""

        def change() -> None:
            conn = sqlite3.connect(self.path, timeout=15) if self.key is None else self._opened()
            try:
                with conn:
                    conn.execute(query, values)
            finally:
                conn.close()

        await asyncio.to_thread(change)

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {table: self.value(f"SELECT count(*) FROM {table}") for table in self.tables()}  # noqa: S608

    def tables(self) -> list[str]:
        """Every table of the newsroom; the migrations' own left out."""
        names = [row[0] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [name for name in names if name != "alembic_version" and not name.startswith("sqlite_")]

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, for a comparison of before and after."""
        return {table: sorted(map(tuple, self.rows(f"SELECT * FROM {table}")), key=repr) for table in self.tables()}  # noqa: S608

    def is_quiet(self) -> bool:
        """Nothing waits to be handled, sent or settled."""
        return self.left() == 0

    def left(self) -> int:
        """How much waits to be handled, sent or settled."""
        return int(self.value(_SETTLED))


@dataclass(kw_only=True)
class PostgresDatabase(Database):
    """A look into a bot's PostgreSQL; questions are asked as of SQLite, with `?` for each value."""

    url: str
    _loop: asyncio.AbstractEventLoop | None = None

    def rows(self, query: str, *values: object) -> Sequence[Any]:
        """The rows of a query."""
        return self._run(self._asked(query, values))

    async def write(self, query: str, *values: object) -> None:
        """Change it behind the bot's back."""
        await asyncio.to_thread(self.rows, query, *values)

    def tables(self) -> list[str]:
        """Every table of the newsroom; the migrations' own left out."""
        names = self.rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = CAST('public' AS regnamespace)"
        )
        return [row[0] for row in names if row[0] != "alembic_version"]

    def close(self) -> None:
        """Close what was opened; the next look opens it anew."""
        if self._loop is not None:
            if self._reading is not None:
                self._run(self._reading.close())
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._reading = self._loop = None

    async def _asked(self, query: str, values: Sequence[object]) -> Sequence[Any]:
        numbers = count(1)
        asked = "".join(f"${next(numbers)}" if sign == "?" else sign for sign in query)
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                if self._reading is None or self._reading.is_closed():
                    self._reading = await asyncpg.connect(**self._place(), timeout=3)
                found: Sequence[Any] = await self._reading.fetch(asked, *values, timeout=10)
            except (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, *_AWAY):
                # Servers that die are what such tests are about.
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(0.2)
            else:
                return found

    def _place(self) -> dict[str, Any]:
        url = sa.make_url(self.url)
        _, place = url.get_dialect()().create_connect_args(url)
        return {**place, "user": SUPERUSER}

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        # In a loop and a thread of its own: whoever asks waits for the answer, as with SQLite.
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=_turning, args=(self._loop,), daemon=True).start()
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE + 15)


def _turning(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()
