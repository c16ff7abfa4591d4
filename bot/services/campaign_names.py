"""What a campaign is called: its most typical text, in one line."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_LONGEST: Final = 80
_LINK: Final = re.compile(r"\w{2,12}://\S+|\b(?:www\.|t\.me/)\S+", re.IGNORECASE)
_BEFORE_ELLIPSIS: Final = " .!?,;:…–—-"
# Nothing of these is seen, and some turn the direction of the line in which the name stands.
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn")


def name_of(text: str) -> str:
    """The first words of `text` in one line of at most 80 characters, without links and invisible characters."""
    seen = "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in text[: 20 * _LONGEST])
    line = " ".join(_LINK.sub(" ", seen).split())
    if len(line) <= _LONGEST:
        return line
    words = line[:_LONGEST].rsplit(" ", 1)[0] if " " in line[:_LONGEST] else line[: _LONGEST - 1]
    # What is nothing but such signs keeps them.
    return (words.rstrip(_BEFORE_ELLIPSIS) or words) + "…"


def most_typical(words: Sequence[str]) -> int:
    """Which of these texts is most like the others by shared runs of three letters; the first among equals.

    It chooses a name only: whether texts are copies is detection's to say. Raises ValueError when there is no text.
    """
    shapes = [_runs(each) for each in words]
    likeness = [sum(_overlap(one, other) for other in shapes) for one in shapes]
    return likeness.index(max(likeness))


def _runs(words: str) -> frozenset[str]:
    return frozenset(words[n : n + 3] for n in range(max(1, len(words) - 2)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
