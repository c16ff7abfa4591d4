"""Statements given to the driver as they are, for what is done for every comment.

SQLAlchemy hands a statement on SQLite to the driver's thread four times, which costs more than many a statement itself;
here it is once. Only inside `Store.write()`, whose transaction has begun by then.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

#: One statement for each dialect: by name, with the driver's own marks for parameters.
Statements = Mapping[str, str]


async def fetch(conn: AsyncConnection, statements: Statements, *parameters: Any) -> Sequence[Any]:
    """Run one statement; returns its rows."""
    statement = statements[conn.dialect.name]
    if conn.dialect.name == "postgresql":
        result = await conn.exec_driver_sql(statement, parameters)
        return result.all() if result.returns_rows else ()
    driver: Any = (await conn.get_raw_connection()).driver_connection
    rows: Sequence[Any] = await driver.execute_fetchall(statement, parameters)
    return rows


async def insert(conn: AsyncConnection, statements: Statements, columns: Sequence[Sequence[Any]]) -> None:
    """Insert many rows, given by columns: PostgreSQL takes each column as an array, SQLite row after row."""
    statement = statements[conn.dialect.name]
    if conn.dialect.name == "postgresql":
        await conn.exec_driver_sql(statement, tuple(columns))
        return
    driver: Any = (await conn.get_raw_connection()).driver_connection
    # Nothing is left to be fetched, so that the cursor needs no closing: that would be one more turn of the thread.
    await driver.executemany(statement, zip(*columns, strict=True))


def number_parameter(conn: AsyncConnection, numbers: Collection[int]) -> Any:
    """Whole numbers as one parameter: an array on PostgreSQL, JSON on SQLite."""
    return list(numbers) if conn.dialect.name == "postgresql" else str(list(numbers))
