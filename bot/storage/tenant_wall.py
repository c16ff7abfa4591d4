"""The second wall between newsrooms that share a PostgreSQL: row-level security on each table that says whose a row is.

Each query asks for its newsroom, and that is the first wall. The second holds where one forgets to: the server shows
and takes the rows of one newsroom alone, that which the connection was opened for. One that was opened for nobody sees
no row at all. It holds for the tables' owner too (FORCE), but for no role that is a superuser's or has BYPASSRLS:
`stands` says whether it does.

An equality and nothing else: of a query that asks for its newsroom the planner makes one comparison of two constants,
so that no row is asked twice. (A range of subqueries, for which a house that sees everything would be a range too, made
every statement 0.1 ms dearer; `python -m benchmarks.tenant_wall`.) So nobody sees every row: a migration that changes
rows does so newsroom by newsroom (`standing_for`), and the house itself, which looks for its newsroom by its key, sees
the table of newsrooms alone.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

_RAISING: Final = (
    "ALTER TABLE %(place)s ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE %(place)s FORCE ROW LEVEL SECURITY",
    "CREATE POLICY own_newsroom ON %(place)s"
    " USING (%(owner)s = nullif(current_setting('kalkan.newsroom', true), '')::bigint)",
)
_HOUSE: Final = "CREATE POLICY house ON %(place)s USING (current_setting('kalkan.house', true) = 'yes')"
_OPENING: Final = (
    "DROP POLICY own_newsroom ON %(place)s",
    "DROP POLICY IF EXISTS house ON %(place)s",
    "ALTER TABLE %(place)s NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE %(place)s DISABLE ROW LEVEL SECURITY",
)


def settings_for(newsroom_id: int | None) -> dict[str, str]:
    """What the server is told when a connection is opened for a newsroom; for None, that it is the house itself."""
    return {"kalkan.house": "yes"} if newsroom_id is None else {"kalkan.newsroom": str(newsroom_id)}


def standing_for(newsroom_id: int) -> sa.Select[tuple[str]]:
    """What lets a transaction stand for a newsroom to its end, whatever its connection was opened for."""
    return sa.select(sa.func.set_config("kalkan.newsroom", str(newsroom_id), True))


def walling(table: str) -> list[sa.DDL]:
    """Statements that put a table behind the wall; for migrations, each of which names its own tables."""
    return _said(_RAISING, table, "newsroom_id")


def walling_newsrooms() -> list[sa.DDL]:
    """The same for the newsrooms themselves, of which the house sees all."""
    return _said((*_RAISING, _HOUSE), "newsrooms", "id")


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
