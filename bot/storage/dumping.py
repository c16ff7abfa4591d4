"""The whole database as lines of JSON, a list a row: the same for SQLite, encrypted or not, and PostgreSQL.

What is read is one consistent view, in the order of the primary keys, while the bot goes on writing. Values are told by
their columns' kinds, so that the lines of a row are the same on each engine; free pages, indexes and what was erased
are not in them.
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.backup import TableShape, Tally
from bot.storage.columns import UtcDateTime
from bot.storage.tables import metadata

#: Rows that are read and written at once.
ROWS: Final = 2_000
PLAIN: Final = "plain"
_KINDS: Final[tuple[tuple[type[Any], str], ...]] = (
    (UtcDateTime, "moment"),
    (sa.Date, "day"),
    (sa.LargeBinary, "bytes"),
    (sa.JSON, "json"),
    (sa.Boolean, "bool"),
)
_TOLD: Final[Mapping[str, Callable[[Any], Any]]] = {
    "moment": datetime.isoformat,
    "day": date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
}
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "bool": bool,
}
_TYPES: Final[Mapping[str, sa.types.TypeEngine[Any]]] = {
    "moment": UtcDateTime(),
    "day": sa.Date(),
    "bytes": sa.LargeBinary(),
    "json": sa.JSON(none_as_null=True),
    "bool": sa.Boolean(),
    PLAIN: sa.types.NullType(),
}


def shapes() -> tuple[TableShape, ...]:
    """Every table, those that others refer to first."""
    return tuple(_shape(table) for table in metadata.sorted_tables)


async def blocks(conn: AsyncConnection, shape: TableShape, skip: int = 0) -> AsyncGenerator[bytes, None]:
    """A table's rows, some thousand lines at a time; the first `skip` of them are passed over."""
    table = metadata.tables[shape.name]
    chosen = [table.c[name] for name, _ in shape.columns]
    is_collated = conn.dialect.name == "postgresql"
    query = sa.select(*chosen).order_by(*(_ordered(table.c[name], is_collated) for name in shape.key)).offset(skip)
    tellers = [_TOLD.get(kind) for _, kind in shape.columns]
    result = await conn.stream(query.execution_options(yield_per=ROWS))
    async for rows in result.partitions(ROWS):
        # In a thread: a block takes some ten milliseconds, and members wait for the bot meanwhile.
        yield await asyncio.to_thread(_lines, rows, tellers)


def read_block(shape: TableShape, block: bytes) -> list[dict[str, Any]]:
    """The rows of a block. Raises ValueError for what is none of this shape."""
    names = [name for name, _ in shape.columns]
    readers = [_READ.get(kind) for _, kind in shape.columns]
    rows = []
    for line in block.splitlines():
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(names):
            raise ValueError("a row has other columns")
        rows.append(dict(zip(names, map(_read, values, readers), strict=True)))
    return rows


def light_table(shape: TableShape) -> sa.TableClause:
    """The table as it was when the backup was made, whatever has become of it since."""
    return sa.table(shape.name, *(sa.column(name, _TYPES[kind]) for name, kind in shape.columns))


class Counted:
    """How much of each table went by."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._hashes: dict[str, Any] = {}

    def take(self, table: str, block: bytes) -> None:
        """A block of this table went by."""
        self._rows[table] = self._rows.get(table, 0) + block.count(b"\n")
        self._hashes.setdefault(table, hashlib.sha256()).update(block)

    def tallies(self, shapes: Sequence[TableShape]) -> dict[str, Tally]:
        """Of each of these tables; an empty one has none of both."""
        empty = hashlib.sha256()
        return {
            shape.name: Tally(
                rows=self._rows.get(shape.name, 0), sha256=self._hashes.get(shape.name, empty).hexdigest()
            )
            for shape in shapes
        }


async def counts(conn: AsyncConnection) -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    for shape in shapes():
        query = sa.select(sa.func.count()).select_from(metadata.tables[shape.name])
        found[shape.name] = int((await conn.execute(query)).scalar_one())
    return found


async def tallies(conn: AsyncConnection) -> dict[str, Tally]:
    """What a backup of this database, as it is now, would count."""
    counted, every = Counted(), shapes()
    for shape in every:
        async for block in blocks(conn, shape):
            counted.take(shape.name, block)
    return counted.tallies(every)


def _shape(table: sa.Table) -> TableShape:
    own = [column.name for column in table.c if any(key.column.table is table for key in column.foreign_keys)]
    return TableShape(
        name=table.name,
        columns=tuple((column.name, _kind(column.type)) for column in table.c),
        key=tuple(column.name for column in table.primary_key),
        later=tuple(own),
    )


def _ordered(column: sa.Column[Any], is_collated: bool) -> sa.ColumnElement[Any]:
    # SQLite compares bytes; a PostgreSQL server may compare as its language does.
    return column.collate("C") if is_collated and isinstance(column.type, sa.String) else column


def _kind(column: sa.types.TypeEngine[Any]) -> str:
    return next((kind for found, kind in _KINDS if isinstance(column, found)), PLAIN)


def _lines(rows: Sequence[Sequence[Any]], tellers: Sequence[Callable[[Any], Any] | None]) -> bytes:
    told = []
    for row in rows:
        values = [
            value if teller is None or value is None else teller(value)
            for value, teller in zip(row, tellers, strict=True)
        ]
        # Only ASCII: a line ends where JSON says, and nowhere within what strangers wrote. PostgreSQL keeps the keys of
        # an object in an order of its own.
        told.append(json.dumps(values, separators=(",", ":"), sort_keys=True))
    told.append("")
    return "\n".join(told).encode()


def _read(value: Any, reader: Callable[[Any], Any] | None) -> Any:
    return value if reader is None or value is None else reader(value)
