"""Rows of a backup, written into a database that has its tables and no row."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.backup import TableShape
from bot.storage.dumping import light_table
from bot.storage.partitions import whole_tables

#: Kept by migrations themselves.
_OWN = frozenset({"alembic_version", "sqlite_sequence"})
#: Reached by hashes that are salted with the newsroom: in a shared database all newsrooms' rows lie among each other.
SALTED: Final = frozenset({"text_postings", "text_stops"})


async def rows_of(conn: AsyncConnection) -> int:
    """How many rows the newsroom has already, up to one a table; none where the database has no table."""
    return await conn.run_sync(_filled)


async def columns_of(conn: AsyncConnection) -> Mapping[str, frozenset[str]]:
    """The tables and columns that the database has."""
    return await conn.run_sync(_columns)


async def put(conn: AsyncConnection, shape: TableShape, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows; what refers to the same table is left out until `refer`."""
    if rows:
        later = dict.fromkeys(shape.later)
        await conn.execute(sa.insert(light_table(shape)), [{**row, **later} for row in rows])


async def refer(conn: AsyncConnection, shape: TableShape, rows: Sequence[Mapping[str, Any]]) -> None:
    """Fill in what rows say of others of the same table."""
    table = light_table(shape)
    change = sa.update(table).where(*(table.c[name] == sa.bindparam(f"of_{name}") for name in shape.key))
    for row in rows:
        bound = {f"of_{name}": row[name] for name in shape.key}
        await conn.execute(change.values({name: row[name] for name in shape.later}), bound)


def _filled(connection: sa.Connection) -> int:
    names = [name for name in whole_tables(connection) if name not in _OWN | SALTED]
    query = sa.select(sa.literal(1)).limit(1)
    return sum(connection.scalar(query.select_from(sa.table(name))) or 0 for name in names)


def _columns(connection: sa.Connection) -> Mapping[str, frozenset[str]]:
    seen = sa.inspect(connection)
    return {
        name: frozenset(column["name"] for column in seen.get_columns(name))
        for name in whole_tables(connection)
        if name not in _OWN
    }
