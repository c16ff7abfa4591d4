"""Takes words out of what rows tell: a leaf of JSON, or a whole text, that is one of them is replaced."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

#: Under these keys of objects stand codes, never anybody's name: somebody may be called as a code is.
CODES: Final = frozenset(
    {"level", "kind", "kinds", "why", "tier", "status", "strength", "reasons", "failure", "remark", "demotions"}
    | {"platform", "state", "event", "code", "what", "form", "role", "roles", "language", "lang", "type", "key"}
)


def words_in(told: Any) -> set[str]:
    """Every number and text within, as text."""
    found: set[str] = set()
    waiting: list[Any] = [told]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, Sequence) and not isinstance(each, str):
            waiting += each
        else:
            found.add(str(each))
    return found


def without(told: Any, instead: Mapping[str, str]) -> Any:
    """The same with every text or number that is a key of `instead` replaced, codes left; a number becomes 0."""
    if isinstance(told, dict):
        return {key: value if key in CODES else without(value, instead) for key, value in told.items()}
    if isinstance(told, list):
        return [without(value, instead) for value in told]
    if isinstance(told, str):
        return instead.get(told, told)
    return 0 if isinstance(told, int) and not isinstance(told, bool) and str(told) in instead else told


async def scrub(
    conn: AsyncConnection,
    column: "sa.Column[Any]",
    instead: Mapping[str, str],
    where: sa.ColumnElement[bool],
    within: str | None = None,
) -> int:
    """Replace words in a column (text or JSON) of the rows of `where`; returns in how many rows.

    The engine looks for the letters first, so that a long table is not read by Python. With `within` only what stands
    under that key of a JSON object is touched.
    """
    if not instead:
        return 0
    table = column.table
    keys = list(table.primary_key.columns)
    held = sa.or_(*_holding(conn, column, instead))
    query = sa.select(*keys, column.label("told")).where(where, held)
    changed = 0
    for row in (await conn.execute(query)).mappings().all():
        new = _changed(row["told"], instead, within)
        if new != row["told"]:
            mine = sa.and_(*(key == row[key.name] for key in keys))
            await conn.execute(sa.update(table).where(mine).values({column.name: new}))
            changed += 1
    return changed


def _changed(told: Any, instead: Mapping[str, str], within: str | None) -> Any:
    if within is None:
        return without(told, instead)
    return told | {within: without(told[within], instead)} if within in told else told


def _holding(
    conn: AsyncConnection, column: "sa.Column[Any]", words: Mapping[str, str]
) -> Iterator[sa.ColumnElement[bool]]:
    if not isinstance(column.type, sa.JSON):
        yield column.in_(list(words))
        return
    # SQLite keeps JSON as it was spelled, with letters beyond ASCII as \\u04xx; PostgreSQL spells it anew.
    plain = conn.dialect.name == "postgresql"
    for word in words:
        spelled = json.dumps(word, ensure_ascii=not plain)[1:-1]
        yield sa.cast(column, sa.Text).contains(spelled, autoescape=True)
