"""Statements given to the driver as they are, for what is done for every comment.

SQLAlchemy hands a statement on SQLite to the driver's thread four times, and each turn costs more than many a statement
itself. Here an operation is written as steps, a generator that yields what it asks and is sent the rows: on SQLite
all of them run in one turn of the driver's thread, on PostgreSQL each question is awaited. What is computed between
them stays off the event loop on both. Only inside `Store.read()` or `Store.write()`, whose transaction has begun by
then.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

#: One statement for each dialect: by name, with the driver's own marks for parameters. One that SQLite, with its single
#: writer, does not need is left out: no rows.
Statements = Mapping[str, str]
Rows = Sequence[Any]


class Ask(NamedTuple):
    """One statement that returns rows; a list of whole numbers is one parameter, as JSON or as an array."""

    statements: Statements
    parameters: tuple[Any, ...]


class Insert(NamedTuple):
    """Many rows, given by columns: PostgreSQL takes each column as an array, SQLite row after row."""

    statements: Statements
    columns: Sequence[Sequence[Any]]


class Add(NamedTuple):
    """New rows of a table, all with the same columns; the table's types say how values are stored.

    One that is there already by its unique `unless` columns is passed over. PostgreSQL takes each column as an array:
    row after row took it three times as long.
    """

    table: sa.Table
    rows: Sequence[Mapping[str, Any]]
    unless: tuple[str, ...] = ()


Question = Ask | Insert | Add
#: An operation: yields questions, is sent their rows, returns its result.
Steps = Generator[Question, Rows, T]


async def take(conn: AsyncConnection, steps: Steps[T]) -> T:
    """Take all the steps; returns what they return."""
    if conn.dialect.name == "postgresql":
        return await _one_by_one(conn, steps)
    driver: Any = (await conn.get_raw_connection()).driver_connection
    # aiosqlite has no public name for running a function in its thread, where alone its connection may be used.
    done: T = await driver._execute(_all_at_once, driver._conn, steps)
    return done


async def fetch(conn: AsyncConnection, statements: Statements, *parameters: Any) -> Rows:
    """Run one statement; returns its rows."""
    return await take(conn, _one(Ask(statements, parameters)))


def _one(question: Ask) -> Steps[Rows]:
    return (yield question)


def _all_at_once(connection: sqlite3.Connection, steps: Steps[T]) -> T:
    try:
        question = next(steps)
        while True:
            question = steps.send(_answered(connection, question))
    except StopIteration as end:
        result: T = end.value
        return result


def _answered(connection: sqlite3.Connection, question: Question) -> Rows:
    if isinstance(question, Add):
        form = _plain_insert(question.table, frozenset(question.rows[0]), question.unless)
        connection.executemany(form.statement, map(form.values, question.rows))
        return ()
    statement = question.statements.get("sqlite")
    if statement is None:
        return ()
    if isinstance(question, Insert):
        connection.executemany(statement, zip(*question.columns, strict=True))
        return ()
    # Python writes a list of whole numbers exactly as JSON does.
    given = [str(each) if isinstance(each, list) else each for each in question.parameters]
    return connection.execute(statement, given).fetchall()


async def _one_by_one(conn: AsyncConnection, steps: Steps[T]) -> T:
    rows: Rows | None = None
    while True:
        asked, result = await asyncio.to_thread(_next, steps, rows)
        if asked is None:
            return result  # type: ignore[return-value]
        found = await conn.exec_driver_sql(*asked)
        rows = found.all() if found.returns_rows else ()


def _next(steps: Steps[T], rows: Rows | None) -> tuple[tuple[str, tuple[Any, ...]] | None, T | None]:
    """What PostgreSQL is asked next; or nothing, and the result. A thread cannot hand StopIteration on."""
    try:
        return _asked(next(steps) if rows is None else steps.send(rows)), None
    except StopIteration as end:
        return None, end.value


def _asked(question: Question) -> tuple[str, tuple[Any, ...]]:
    if isinstance(question, Add):
        form = _array_insert(question.table, frozenset(question.rows[0]), question.unless)
        return form.statement, tuple(form.by_column(question.rows))
    given = question.columns if isinstance(question, Insert) else question.parameters
    return question.statements["postgresql"], tuple(given)


_SQLITE: Final[sa.Dialect] = sqlite.dialect()
_POSTGRES: Final[sa.Dialect] = asyncpg.dialect()  # type: ignore[no-untyped-call]


class _PlainInsert(NamedTuple):
    """A statement that takes rows of a table, and what the table's types make of the values."""

    statement: str
    columns: Sequence[tuple[str, Callable[[Any], Any] | None]]

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        return [row[name] if store is None else store(row[name]) for name, store in self.columns]

    def by_column(self, rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
        return [
            [row[name] for row in rows] if store is None else [store(row[name]) for row in rows]
            for name, store in self.columns
        ]


@lru_cache(maxsize=64)
def _plain_insert(table: sa.Table, names: frozenset[str], unless: tuple[str, ...]) -> _PlainInsert:
    compiled = sa.insert(table).compile(dialect=_SQLITE, column_keys=sorted(names))
    statement = f"{compiled}{_passing_over(unless)}"
    return _PlainInsert(statement, [(name, _stored(table, name, _SQLITE)) for name in compiled.positiontup or ()])


@lru_cache(maxsize=64)
def _array_insert(table: sa.Table, names: frozenset[str], unless: tuple[str, ...]) -> _PlainInsert:
    ordered, quote = sorted(names), _POSTGRES.identifier_preparer.quote
    arrays = ", ".join(f"CAST(${n} AS {_array_of(table, name)})" for n, name in enumerate(ordered, 1))
    into = f"{quote(table.name)} ({', '.join(map(quote, ordered))})"
    statement = f"INSERT INTO {into} SELECT * FROM unnest({arrays})"  # noqa: S608 - names of our own tables
    statement += _passing_over(unless)
    return _PlainInsert(statement, [(name, _stored(table, name, _POSTGRES)) for name in ordered])


def _passing_over(unless: Sequence[str]) -> str:
    return f" ON CONFLICT ({', '.join(unless)}) DO NOTHING" if unless else ""


def _array_of(table: sa.Table, name: str) -> str:
    kind = table.c[name].type
    # A cast to a length would cut what is too long without a word; the column itself refuses it.
    return "TEXT[]" if isinstance(kind, sa.String) else f"{kind.compile(dialect=_POSTGRES)}[]"


def _stored(table: sa.Table, name: str, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
