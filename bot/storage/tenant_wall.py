"""The second wall between newsrooms that share a PostgreSQL: row-level security on each table that says whose a row is.

Each query asks for its newsroom, and that is the first wall. The second holds where one forgets to: the server shows
and takes the rows of one newsroom alone, that which the connection was opened for. One that was opened for nobody sees
no row at all. It holds for the tables' owner too (FORCE), but for no role that is a superuser's or has BYPASSRLS:
`stands` says whether it does.

A range and no equality, so that the house itself (migrations, a move, a backup of all) is a range too, and no row asks
an "or". Each bound is a subquery: the server reads the setting once a statement instead of once a row.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

_EVERY: Final = (0, (1 << 63) - 1)
_RAISING: Final = (
    "ALTER TABLE %(place)s ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE %(place)s FORCE ROW LEVEL SECURITY",
    """CREATE POLICY own_newsroom ON %(place)s USING (%(owner)s BETWEEN
         (SELECT nullif(current_setting('kalkan.least', true), '')::bigint)
         AND (SELECT nullif(current_setting('kalkan.most', true), '')::bigint))""",
)
_OPENING: Final = (
    "DROP POLICY own_newsroom ON %(place)s",
    "ALTER TABLE %(place)s NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE %(place)s DISABLE ROW LEVEL SECURITY",
)


def settings_for(newsroom_id: int | None) -> dict[str, str]:
    """What the server is told when a connection is opened for a newsroom; for None, that it is the house itself."""
    least, most = _EVERY if newsroom_id is None else (newsroom_id, newsroom_id)
    return {"kalkan.least": str(least), "kalkan.most": str(most)}


def walling(table: str, owner: str = "newsroom_id") -> list[sa.DDL]:
    """Statements that put a table behind the wall; for migrations, each of which names its own tables.

    `owner` is the column that says whose a row is.
    """
    return _said(_RAISING, table, owner)


def opening(table: str) -> list[sa.DDL]:
    """Statements that take a table out of it again."""
    return _said(_OPENING, table, "")


async def stands(conn: AsyncConnection) -> bool:
    """Whether the wall holds for this connection's role."""
    if conn.dialect.name != "postgresql":
        return False
    passes = sa.text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    return not await conn.scalar(passes)


def _said(statements: Sequence[str], table: str, owner: str) -> list[sa.DDL]:
    names = {"place": table, "owner": owner}
    return [sa.DDL(words, context=names) for words in statements]  # type: ignore[no-untyped-call]
