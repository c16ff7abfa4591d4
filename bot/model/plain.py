"""Text of strangers made harmless for one line of a chat, a table or a file: nothing steers the reader's screen."""

import re
import unicodedata

#: Marks that turn the direction of what follows: a name could show the rest of a line backwards.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = re.compile(r"\s+")
#: With these a spreadsheet begins a formula; tab and return are skipped by some of them on the way to one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def one_line(text: str) -> str:
    """The text in one line, without control characters, line breaks, marks of direction and halves of characters."""
    spaced = _SPACES.sub(" ", text)
    # Once more: between two blanks may have stood what is not shown.
    return _SPACES.sub(" ", "".join(char for char in spaced if _is_shown(char))).strip()


def name_line(text: str) -> str:
    """A person's name in one line, without any sign that cannot be seen: two names that look alike are the same."""
    return one_line("".join(char for char in text if unicodedata.category(char) != "Cf"))


def without_bidi(text: str) -> str:
    """The text with its lines, without what turns the direction of writing or cannot be shown."""
    return "".join(char for char in text if char == "\n" or _is_shown(char))


def cell(text: str) -> str:
    """The text for a table's cell: in one line, and no spreadsheet takes it for a formula (an apostrophe leads it)."""
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def _is_shown(char: str) -> bool:
    return char not in _BIDI and unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn")
