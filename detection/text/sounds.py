"""Folded words in one coarse Latin spelling, in which all the ways of typing one sound come out alike.

Coarser than `detection.text.normalise.latinise`, which names are compared by: a text has a hundred letters to be told
apart by, a name has ten. docs/normalisation.md lists the classes with examples.
"""

from __future__ import annotations

import re
from typing import Final

_CYRILLIC: Final = {
    **dict(zip("абвгдезийклмнопрстуфхцчшщыіэ", "abvgdeziiklmnoprstufhccssiie", strict=True)),
    **dict(zip("ёңөүұқғҳһҷӣӯўїәєґѕјӏ", "enouukghhciuuiaegsii", strict=True)),
    **{"ж": "i", "җ": "i", "ъ": "", "ь": "", "ю": "iu", "я": "ia"},
}
#: One letter each: «ж» and "j" count as «й», since "j" is typed for both; "w" is slang for «ш».
_SOUNDS: Final = str.maketrans({**_CYRILLIC, "j": "i", "y": "i", "x": "h", "q": "k", "w": "s"})
_PAIRS: Final = (
    *(("kh", "h"), ("gh", "g"), ("zh", "i"), ("ts", "c"), ("tc", "c"), ("tz", "c"), ("ch", "c"), ("cz", "c")),
    *(("sh", "s"), ("sc", "s"), ("ng", "n"), ("ie", "e"), ("io", "e"), ("iaia", "ia"), ("iuiu", "iu")),
)
_DOUBLES: Final = tuple((letter * 2, letter) for letter in "abcdefghiklmnoprstuvz")
_ROUND_DOUBLES: Final = (("uu", "u"), ("iuiu", "iu"))
_REPEATED: Final = re.compile(r"([^\W\d_])\1+")


def sounded(folded: str) -> str:
    """Folded words in one Latin spelling; they come out as they are when given in again."""
    latin = folded.translate(_SOUNDS)
    if not latin.isascii():
        latin = _REPEATED.sub(r"\1", latin)
    # A few rounds at most: a pair that is folded may make another with its neighbour, at most once a letter of "ngkh".
    before = ""
    while latin != before:
        before = latin = _without_doubles(latin, _DOUBLES)
        for pair, sound in _PAIRS:
            latin = latin.replace(pair, sound)
    # "o" and "u" are one: Uzbek «ў» is oʻ, typed "o" or «у».
    return " ".join(_without_doubles(latin.replace("o", "u"), _ROUND_DOUBLES).split())


def _without_doubles(text: str, doubles: tuple[tuple[str, str], ...]) -> str:
    for double, letter in doubles:
        while double in text:
            text = text.replace(double, letter)
    return text
