"""Lines of JSONL and CSV as bytes: one object a line whatever is in it, and no cell that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Final

from bot.services.batchfiles.rows import GUARDED

# Many readers end a line at these as well; inside JSON they can be escaped.
_LINE_ENDS: Final = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


def json_line(value: Any) -> bytes:
    """One line of JSON in UTF-8; a half surrogate pair, which UTF-8 does not know, is escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_LINE_ENDS)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False).encode() + b"\n"


def csv_line(cells: Sequence[str]) -> bytes:
    """One row of a CSV in UTF-8, every cell guarded."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return out.getvalue().encode("utf-8", "replace")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet could take it for a formula; imports take it off again."""
    return f"'{cell}" if GUARDED.match(cell) else cell
