"""INSERT … ON CONFLICT, which both engines have and SQLAlchemy spells once for each."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_for(conn: AsyncConnection, table: sa.Table) -> Any:
    """The dialect's own insert construct, which knows ON CONFLICT."""
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)


async def insert_ignoring(
    conn: AsyncConnection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    conflict: Sequence[str] = (),
    where: sa.ColumnElement[bool] | sa.TextClause | None = None,
) -> None:
    """Insert the rows that are not there yet by the unique `conflict` columns; one statement, run for each row.

    Without such columns, by whatever is unique: the primary key of a table in parts is not the same on both engines.
    """
    statement = insert_for(conn, table).on_conflict_do_nothing(index_elements=list(conflict) or None, index_where=where)
    await conn.execute(statement, list(rows))
