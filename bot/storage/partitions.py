"""Tables in parts, on PostgreSQL: what grows with every comment and every deed, by the hash of its newsroom.

The index of texts, where a newsroom's rows cannot be told from another's, lies in parts by its own hashes: they are
spread evenly as they are, and a sorted list of them falls into one stretch for each part. A query that says whose rows
it wants, or which hashes, reads those parts alone; and as each key of such a table says where a row lies, Citus spreads
them over servers as they are (docs/scale.md). SQLite has no parts, and needs none.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

#: Parts of a table. A statement whose plan is kept looks at each of them before it reads one: few cost little.
PARTS: Final = 8
#: Hashes of 48 bits, with their sign, shifted so far to the right are from -4 to 3: one for each part.
HASH_SHIFT: Final = 45
_FIRST: Final = -(PARTS // 2)

_NAMES_OF_PARTS: Final = sa.text(
    "SELECT relname FROM pg_class"
    " WHERE relispartition AND relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)"
)
_CONSTRAINTS: Final = sa.text(
    "SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
    " WHERE conrelid = CAST(:place AS regclass) AND contype IN ('u', 'f') AND conparentid = 0"
    " ORDER BY contype DESC, conname"
)
_INDEXES: Final = sa.text(
    "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index AS i"
    " WHERE indrelid = CAST(:place AS regclass)"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)"
    " ORDER BY 1"
)
_TRIGGERS: Final = sa.text(
    "SELECT pg_get_triggerdef(oid, true) FROM pg_trigger"
    " WHERE tgrelid = CAST(:place AS regclass) AND NOT tgisinternal ORDER BY 1"
)


class Belongings(NamedTuple):
    """What stands beside a table's columns, in the server's own words."""

    constraints: Sequence[tuple[str, str]]
    indexes: Sequence[str]
    triggers: Sequence[str]


def whole_tables(connection: sa.Connection) -> list[str]:
    """The tables of a database, a table in parts as one."""
    names = sa.inspect(connection).get_table_names()
    parts = set(connection.scalars(_NAMES_OF_PARTS)) if connection.dialect.name == "postgresql" else set()
    return [name for name in names if name not in parts]


def parts_of(table: str) -> list[str]:
    """The names of a table's parts."""
    return [f"{table}_{number}" for number in range(PARTS)]


def part_by_newsroom(connection: sa.Connection, table: str, primary: Sequence[str]) -> None:
    """Lay a table and all its rows in parts by the hash of their newsroom; its primary key has to hold that.

    Nothing may refer to the table, and no wall stands around it or its parts afterwards. For migrations.
    """
    places = [f"WITH (MODULUS {PARTS}, REMAINDER {number})" for number in range(PARTS)]
    _part(connection, table, "HASH (newsroom_id)", places, primary)


def part_by_hash(connection: sa.Connection, table: str, primary: Sequence[str]) -> None:
    """Lay a table of fingerprints in parts by equal stretches of their hashes. For migrations."""
    bounds = [str((_FIRST + number) << HASH_SHIFT) for number in range(1, PARTS)]
    places = [
        f"FROM ({low}) TO ({high})" for low, high in zip(("MINVALUE", *bounds), (*bounds, "MAXVALUE"), strict=True)
    ]
    _part(connection, table, "RANGE (hash)", places, primary)


def unpart(connection: sa.Connection, table: str, primary: Sequence[str]) -> None:
    """Lay a table into one piece again. For migrations."""
    belongings = _set_aside(connection, table)
    _run(connection, f"CREATE TABLE {table} (LIKE {_aside(table)} INCLUDING DEFAULTS)")
    _fill(connection, table, primary, belongings)


def _part(connection: sa.Connection, table: str, way: str, places: Sequence[str], primary: Sequence[str]) -> None:
    belongings = _set_aside(connection, table)
    _run(connection, f"CREATE TABLE {table} (LIKE {_aside(table)} INCLUDING DEFAULTS) PARTITION BY {way}")
    for name, place in zip(parts_of(table), places, strict=True):
        _run(connection, f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES {place}")
    _fill(connection, table, primary, belongings)
    for trigger in belongings.triggers:
        # Of a statement that names a part, the server asks the part's triggers alone.
        for name in parts_of(table):
            _run(connection, trigger.replace(f" ON {table} ", f" ON {name} "))


def _set_aside(connection: sa.Connection, table: str) -> Belongings:
    """Rename a table, and take the names of what belongs to it from it."""
    place = {"place": table}
    constraints = {row.conname: row.definition for row in connection.execute(_CONSTRAINTS, place)}
    indexes = {row.name: row.definition for row in connection.execute(_INDEXES, place)}
    triggers = connection.scalars(_TRIGGERS, place).all()
    # Who moves the rows stands for no newsroom, and would find none.
    _run(connection, f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    _run(connection, f"ALTER TABLE {table} RENAME TO {_aside(table)}")
    for name in (f"pk_{table}", *constraints):
        _run(connection, f"ALTER TABLE {_aside(table)} DROP CONSTRAINT {name}")
    for name in indexes:
        _run(connection, f"DROP INDEX {name}")
    whole = [definition.replace(" ON ONLY ", " ON ") for definition in indexes.values()]
    return Belongings(list(constraints.items()), whole, triggers)


def _fill(connection: sa.Connection, table: str, primary: Sequence[str], belongings: Belongings) -> None:
    """Move the rows, and put beside them what stood beside them before."""
    _run(connection, f"INSERT INTO {table} SELECT * FROM {_aside(table)}")  # noqa: S608 - names of our own tables
    _run(connection, f"DROP TABLE {_aside(table)}")
    _run(connection, f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({', '.join(primary)})")
    for name, definition in belongings.constraints:
        _run(connection, f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for statement in (*belongings.indexes, *belongings.triggers):
        _run(connection, statement)


def _aside(table: str) -> str:
    return f"{table}_aside"


def _run(connection: sa.Connection, statement: str) -> None:
    connection.execute(sa.DDL("%(words)s", context={"words": statement}))  # type: ignore[no-untyped-call]
