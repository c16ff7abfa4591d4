"""What is stored of people is written down: no column of text is missing from docs/privacy.md, and none is made up."""

import re
from pathlib import Path

import sqlalchemy as sa

from bot.storage.tables import metadata

PAGE = Path(__file__).resolve().parents[1] / "docs" / "privacy.md"
_ROW = re.compile(r"\| `(\w+)` \| ((?:`\w+` ?)+)\|")
#: Numbers by which Telegram knows a person.
_NUMBERS = {"telegram_id", "chat_id", "chat_key", "used_by"}


def told() -> dict[str, set[str]]:
    """The columns of each table, as the page has them."""
    rows = [found for line in PAGE.read_text().splitlines() if (found := _ROW.match(line))]
    assert len({row[1] for row in rows}) == len(rows)
    return {row[1]: set(re.findall(r"\w+", row[2])) for row in rows}


def stored() -> dict[str, set[str]]:
    """The columns that can hold something of a person."""
    kinds = (sa.String, sa.JSON, sa.LargeBinary)
    found = {
        table.name: {c.name for c in table.columns if isinstance(c.type, kinds) or c.name in _NUMBERS}
        for table in metadata.sorted_tables
    }
    return {name: columns for name, columns in found.items() if columns}


def test_every_column_of_text_is_written_down() -> None:
    """A new table, or a new column, says what it holds of whom, for how long, and how it is erased."""
    assert told() == stored()
