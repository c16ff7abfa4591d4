"""Fills whatever tables a revision has with made-up rows, so that migrations are tried on a database in use."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.storage.partitions import whole_tables

MOMENT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
ROWS = 3


def fill(connection: sa.Connection) -> dict[str, int]:
    """Put some rows into every table there is, parents first; returns how many each table then holds."""
    found = sa.MetaData()
    whole = set(whole_tables(connection))
    # With what refers to a table in parts the parts are found as well.
    found.reflect(connection, only=whole)
    filled = {}
    for table in found.sorted_tables:
        if table.name == "alembic_version" or table.name not in whole:
            continue
        rows = [{column.name: _value(column, number) for column in table.columns} for number in range(1, ROWS + 1)]
        connection.execute(sa.insert(table), rows)
        filled[table.name] = ROWS
    connection.commit()
    return filled


def counts(connection: sa.Connection, tables: dict[str, int]) -> dict[str, int]:
    """How many rows these tables hold."""
    return {
        name: int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one())
        for name in tables
    }


def _value(column: sa.Column[Any], number: int) -> object:
    # A foreign key points at the parent's row of the same number: primary keys count from one as well.
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {"n": number}
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.DateTime):
        return MOMENT if kind.timezone else MOMENT.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return MOMENT.date()
    if isinstance(kind, sa.LargeBinary):
        return bytes([number])
    if isinstance(kind, sa.Integer):
        return number
    return f"{number}"[: kind.length or 9] if isinstance(kind, sa.String) else number
