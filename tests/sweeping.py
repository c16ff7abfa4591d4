"""Empties PostgreSQL databases between tests: over one connection that is kept, and only the tables that hold rows.

A connection of its own for each test would learn the schema anew each time: thirty milliseconds of processor time for
what then takes two, in a thousand tests.
"""

import asyncio
from collections.abc import Sequence

import asyncpg
import sqlalchemy as sa

from bot.storage.tables import metadata
from tests.postgres import SUPERUSER

#: In the order in which rows may go: none is left that others lean on.
_TABLES = tuple(reversed(metadata.sorted_tables))
_FULL = " UNION ALL ".join(
    f"SELECT {number} WHERE EXISTS (SELECT FROM {table.name})"  # noqa: S608 - our own names
    for number, table in enumerate(_TABLES)
)
# A test that failed half-way may have left a transaction open: it must not hold up the next one.
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Broom:
    """Keeps a connection to each database that it has emptied, and a loop in which they live, until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._connections: dict[str, asyncpg.Connection] = {}

    def empty(self, url: str) -> None:
        """Leave no row in any table, and nobody else connected. Not from within a running loop."""
        self._loop.run_until_complete(self._empty(url))

    def close(self) -> None:
        """End the connections; the databases stay."""
        for each in self._connections.values():
            self._loop.run_until_complete(each.close())
        self._loop.close()

    async def _empty(self, url: str) -> None:
        connection = self._connections.get(url)
        if connection is None or connection.is_closed():
            connection = await self._connect(url)
        await connection.execute(_END_OTHERS)
        if full := [row[0] for row in await connection.fetch(_FULL)]:
            await connection.execute(_deleting(full))

    async def _connect(self, url: str) -> asyncpg.Connection:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""), user=SUPERUSER)
        # The custody log refuses to be emptied; in this role, which a superuser alone may take, its triggers rest.
        await connection.execute("SET session_replication_role = replica")
        self._connections[url] = connection
        return connection


def _deleting(numbers: Sequence[int]) -> str:
    return ";".join(str(sa.delete(_TABLES[number])) for number in sorted(numbers))
