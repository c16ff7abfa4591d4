"""Words of strangers in files that others open: nothing hidden, nothing turned around, nothing that a program runs."""

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

#: What a spreadsheet takes for a formula, also behind blanks and quotes, also in full width (OWASP ASVS 1.2.10).
_FORMULA: Final = re.compile("[\\s'\"]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
#: They join and part letters in scripts that need it, and emoji; they turn nothing around.
_JOINERS: Final = frozenset("\u200c\u200d\u00ad")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST_WORD: Final = 30


def shown(text: str, *, lines: bool = True) -> str:
    """The text with every sign that has no picture shown by its number: <U+202E>; line breaks stay if `lines`."""
    return "".join(char if _is_seen(char, lines) else f"<U+{ord(char):04X}>" for char in text)


def breakable(text: str, every: int = _LONGEST_WORD) -> str:
    """Words without end get places where a line may break, so that none runs off the page, or out of its column."""
    return re.sub(rf"\S{{{every}}}(?=\S)", "\\g<0>\u200b", text)


def cell(value: object) -> str:
    """A value as a cell of a table: one line, no formula."""
    text = shown(_plain(value), lines=False)
    return f"'{text}" if _FORMULA.match(text) else text


def json_bytes(value: Any) -> bytes:
    """JSON in UTF-8 that reads back exactly; what has no picture is escaped, so that it harms no viewer."""
    text = json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)
    return "".join(char if _is_seen(char, True) else _escaped(char) for char in text).encode() + b"\n"


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(_plain, value))
    return str(value)


def _is_seen(char: str, lines: bool) -> bool:
    return (lines and char == "\n") or char in _JOINERS or unicodedata.category(char) not in _UNSEEN


def _escaped(char: str) -> str:
    # Outside the basic plane JSON writes two halves.
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
