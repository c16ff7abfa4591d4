"""Taking a newsroom out of a PostgreSQL that it has left: every row of its tables, the custody log and itself at last.

The log is append-only, and its triggers stop whoever forgets that; here they rest for the one transaction in which the
newsroom goes. The index of texts lies among other newsrooms' by hashes alone: it goes when nobody else is left.
"""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.loading import SALTED
from bot.storage.tables import custody_bodies, custody_entries, metadata, newsrooms

_GUARDED: Final = (custody_entries, custody_bodies)
#: What goes with the newsroom itself: until then its log says what became of it.
_LAST: Final = frozenset({"custody_entries", "custody_bodies", "custody_logs", "newsrooms"})


def cleared() -> list[str]:
    """The tables that are cleared one by one, those that refer to others first."""
    return [table.name for table in _from_the_leaves() if table.name not in _LAST | SALTED]


def everything() -> list[str]:
    """Every table of the database."""
    return [table.name for table in metadata.sorted_tables]


async def clear(conn: AsyncConnection, newsroom_id: int, name: str) -> int:
    """Remove a newsroom's rows from a table; how many there were."""
    table = metadata.tables[name]
    return (await conn.execute(sa.delete(table).where(table.c.newsroom_id == newsroom_id))).rowcount


async def clear_last(conn: AsyncConnection, newsroom_id: int) -> int:
    """Remove the log and the newsroom; how many rows there were."""
    for table in _GUARDED:
        await conn.execute(_turned("DISABLE", table))
    removed = 0
    for table in _from_the_leaves():
        if table.name in _LAST:
            owner = table.c.id if table is newsrooms else table.c.newsroom_id
            removed += (await conn.execute(sa.delete(table).where(owner == newsroom_id))).rowcount
    for table in _GUARDED:
        await conn.execute(_turned("ENABLE", table))
    return removed


async def clear_index(conn: AsyncConnection) -> None:
    """Remove what only hashes lead to; for a database in which no newsroom is left."""
    for name in sorted(SALTED):
        await conn.execute(sa.delete(metadata.tables[name]))


def _from_the_leaves() -> list[sa.Table]:
    return list(reversed(metadata.sorted_tables))


def _turned(how: str, table: sa.Table) -> sa.DDL:
    named = {"how": how, "place": table.name}
    return sa.DDL("ALTER TABLE %(place)s %(how)s TRIGGER USER", context=named)  # type: ignore[no-untyped-call]
