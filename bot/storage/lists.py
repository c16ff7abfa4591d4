"""A list of whole numbers as one bound parameter: no limit on its length, and one compiled statement for every length.

SQLite takes it as JSON, PostgreSQL as an array. `IN (?, ?, …)` takes 32,766 parameters at the most on SQLite and
32,767 through asyncpg, and has to be rendered anew for each length.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class NumberList(sa.types.TypeDecorator[Collection[int]]):
    """The type of a bound list of 64-bit numbers."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """An array, or its JSON text."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(sa.BigInteger))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: sa.Dialect) -> Any:
        """What the driver takes."""
        numbers = list(value or ())
        # Python writes a list of whole numbers exactly as JSON does.
        return numbers if dialect.name == "postgresql" else str(numbers)


class PairList(sa.types.TypeDecorator[Sequence[Collection[int]]]):
    """The type of bound lists of 64-bit numbers: JSON, or an array of (which list, number), one after the other.

    PostgreSQL knows how long an array is, and takes it that JSON has ten thousand members: enough to read a newsroom
    from end to end for two of them.
    """

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """An array, or its JSON text."""
        return NumberList().load_dialect_impl(dialect)

    def process_bind_param(self, value: Sequence[Collection[int]] | None, dialect: sa.Dialect) -> Any:
        """What the driver takes."""
        lists = [list(each) for each in value or ()]
        if dialect.name != "postgresql":
            return str(lists)
        return [number for place, each in enumerate(lists) for member in each for number in (place, member)]


def number_list(name: str, numbers: Collection[int] = ()) -> sa.BindParameter[Any]:
    """A parameter that takes whole numbers: these, unless others are bound when the statement is run."""
    return sa.bindparam(name, numbers, type_=NumberList())


class among(FunctionElement[Any]):
    """`among(column, number_list("keys"))`: whether the column is one of the list's numbers.

    `among(newsroom, of, column, list)`: whether, beside that, `newsroom` is `of`. SQLite, which knows nothing of how
    rows are spread, would otherwise read all rows of the newsroom instead of looking the numbers up in the index.
    """

    # As a Boolean, SQLAlchemy would have it compared with 1 on SQLite, and no index could be used.
    type = sa.types.NULLTYPE
    inherit_cache = True


@compiles(among, "sqlite")
def _among_json(element: among, compiler: SQLCompiler, **options: Any) -> str:
    *pair, column, numbers = (compiler.process(each, **options) for each in element.clauses)
    if not pair:
        return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - compiled parts, not values
    return f"({pair[0]}, {column}) IN (SELECT {pair[1]}, value FROM json_each({numbers}))"  # noqa: S608 - see above


@compiles(among, "postgresql")
def _among_array(element: among, compiler: SQLCompiler, **options: Any) -> str:
    *pair, column, numbers = (compiler.process(each, **options) for each in element.clauses)
    return " AND ".join([*([f"{pair[0]} = {pair[1]}"] if pair else []), f"{column} = ANY ({numbers})"])


class grouped(FunctionElement[Any]):
    """A table (group_number, member) made of a bound list of lists of numbers: `groups(...)` gives it."""

    inherit_cache = True


def groups(name: str) -> sa.TableValuedAlias:
    """The lists that are bound as the parameter `name`, as rows (group_number from 0, member)."""
    columns = (sa.column("group_number", sa.BigInteger), sa.column("member", sa.BigInteger))
    return grouped(sa.bindparam(name, type_=PairList())).table_valued(*columns, name=name)


@compiles(grouped, "sqlite")
def _grouped_json(element: grouped, compiler: SQLCompiler, **options: Any) -> str:
    return _GROUPED_JSON.format(compiler.process(element.clauses, **options))


@compiles(grouped, "postgresql")
def _grouped_array(element: grouped, compiler: SQLCompiler, **options: Any) -> str:
    return _GROUPED_ARRAY.format(compiler.process(element.clauses, **options))


_GROUPED_JSON: Final = (
    "(SELECT one.key AS group_number, each.value AS member FROM json_each({0}) AS one, json_each(one.value) AS each)"
)
_GROUPED_ARRAY: Final = (
    "(SELECT pairs[2 * place - 1] AS group_number, pairs[2 * place] AS member"
    # As sums of its own they would, behind the wall between newsrooms, be no key to look up in an index.
    " FROM (SELECT {0} AS pairs) AS given, generate_series(1, cardinality(pairs) / 2) AS place OFFSET 0)"
)
