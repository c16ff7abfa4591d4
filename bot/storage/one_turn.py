"""SQLite's statements in one turn of the driver's thread each.

aiosqlite keeps every connection in a thread of its own, and SQLAlchemy goes there four times for a statement: for a
cursor, to execute, to fetch, to close. Each turn wakes that thread and then the event loop. On a machine that does much
else a turn takes milliseconds, and writers wait for one another meanwhile: under a flood that was most of what members
waited for. Here all four are one turn; what SQLAlchemy sees is the same.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import aiosqlite
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)

#: How SQLAlchemy calls this driver: sqlite+oneturn. Settings name aiosqlite, which it is.
DRIVER: Final = "oneturn"


class _Told(NamedTuple):
    """What a cursor of the driver's knows once it has executed and was closed."""

    description: Any
    rowcount: int
    lastrowid: int | None
    arraysize: int = 1


_NOTHING: Final = _Told(None, -1, None)


class OneTurnCursor(AsyncAdapt_aiosqlite_cursor):
    """Executes, fetches everything and closes in one turn."""

    __slots__ = ()

    def __init__(self, adapt_connection: Any) -> None:
        # Not the base's: it would fetch a cursor from the thread at once.
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._soft_closed_memoized: Any = {}
        self._forget()

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        return await self._done(_executed, operation, () if parameters is None else parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        return await self._done(_executed_many, operation, seq_of_parameters)

    async def _done(self, act: Callable[..., tuple[_Told, list[Any]]], *arguments: Any) -> Any:
        driver: Any = self._connection
        async with self._adapt_connection._execute_mutex:
            self._forget()
            told, rows = await driver._execute(act, driver._conn, *arguments)
            self._cursor, self._rows = told, deque(rows)
        return self

    def _forget(self) -> None:
        told: Any = _NOTHING
        self._cursor, self._rows = told, deque()

    async def _async_soft_close(self) -> None:
        """Closed already; what it told is kept."""

    def close(self) -> None:
        """Closed already: only the rows are let go."""
        self._rows.clear()


def _executed(connection: Any, operation: str, parameters: Any) -> tuple[_Told, list[Any]]:
    return _told(connection.execute(operation, parameters))


def _executed_many(connection: Any, operation: str, parameters: Any) -> tuple[_Told, list[Any]]:
    return _told(connection.executemany(operation, parameters))


def _told(cursor: Any) -> tuple[_Told, list[Any]]:
    try:
        rows = cursor.fetchall() if cursor.description else []
        return _Told(cursor.description, cursor.rowcount, cursor.lastrowid), rows
    finally:
        cursor.close()


class _OneTurnConnection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    _cursor_cls = OneTurnCursor


class OneTurnAdapter(AsyncAdapt_aiosqlite_dbapi):
    """aiosqlite's adapter, with such cursors."""

    def connect(self, *arguments: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        """A new connection."""
        return _OneTurnConnection(self, super().connect(*arguments, **options)._connection)


class OneTurnDialect(SQLiteDialect_aiosqlite):
    """SQLite as aiosqlite speaks it, with fewer words."""

    driver = DRIVER
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """What makes connections, with the errors of the standard library's sqlite3."""
        return OneTurnAdapter(aiosqlite, sqlite3)


registry.register(f"sqlite.{DRIVER}", __name__, OneTurnDialect.__name__)
