"""A digest or a report as XLSX: a sheet of facts, then one for each table; footnotes under every one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.documents.table import Sheet, book_file
from bot.model.handout import Handout

#: What Excel refuses in a sheet's name, and how long one may be.
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME: Final = 31


def workbook(handout: Handout) -> bytes:
    """The workbook: strings and numbers alone."""
    first = Sheet(name=handout.title, heads=[handout.title, ""], rows=[*_lines(handout)], notes=handout.notes)
    sheets = [
        first,
        *(Sheet(name=each.name, heads=each.heads, rows=each.rows, notes=handout.notes) for each in handout.tables),
    ]
    return book_file([_named(sheet, [s.name for s in sheets[:n]]) for n, sheet in enumerate(sheets)])


def _lines(handout: Handout) -> list[tuple[str, str]]:
    lines = [(handout.under, ""), *((name, value) for name, value in handout.facts)]
    for chapter in handout.chapters:
        lines += [("", ""), (chapter.title, ""), *(("", line) for line in chapter.lines)]
    return [*lines, ("", ""), (handout.footer, "")]


def _named(sheet: Sheet, before: Sequence[str]) -> Sheet:
    """The sheet with a name that Excel takes, and that no earlier one has."""
    wanted = _FORBIDDEN.sub(" ", sheet.name).strip() or "…"
    name = wanted[:_LONGEST_NAME]
    taken = {_FORBIDDEN.sub(" ", each).strip()[:_LONGEST_NAME].casefold() for each in before}
    if name.casefold() in taken:
        mark = f" {len(before)}"
        name = wanted[: _LONGEST_NAME - len(mark)] + mark
    return Sheet(name=name, heads=sheet.heads, rows=sheet.rows, notes=sheet.notes)
