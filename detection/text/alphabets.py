"""Letters that stand for other letters: decorated forms, the region's alphabets, and one Latin script.

Tables: the letters that Kyrgyz, Kazakh, Tajik, Uzbek and Ukrainian add to Russian, small capitals and negative circled
letters, Latin letters with a stroke. Compatibility forms (full width, mathematical bold, circled, superscript) need no
table: NFKD resolves them. Look-alikes of other scripts are in `detection.text.confusables`.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from detection.text import confusables

#: What a letter looks like in the other script.
TO_CYRILLIC: Final = confusables.LETTERS_TO_CYRILLIC
#: The same, and digits too: for handles, which are Latin.
TO_LATIN: Final = confusables.LETTERS_TO_LATIN | str.maketrans("013457@$", "oieastas")

#: A Latin word of these letters alone may be a Cyrillic word in disguise ("cyka"), and the other way round.
LOOKALIKE_LATIN: Final = confusables.LOOKALIKE_LATIN
LOOKALIKE_CYRILLIC: Final = confusables.LOOKALIKE_CYRILLIC

# The region's letters brought to their nearest Russian one: Kyrgyz typed on a Russian keyboard is the same text.
FOLD: Final = str.maketrans(dict(zip("ёңөүұқғҳһҷӣӯўіїәєґйҗѕјӏ", "енооукгххчиууииаегижсии", strict=True)) | {"ү": "у"})

_LATIN_OF: Final = {
    **dict(zip("абвгдезийклмнопрстуфхцчшыэ", "abvgdeziiklmnoprstufhccsie", strict=True)),
    **dict(zip("ёңөүұқғҳһҷӣӯўіїәєґѕјӏ", "enouukghhciuuiiaegsii", strict=True)),
    **{"ж": "z", "җ": "z", "щ": "sc", "ъ": "", "ь": "", "ю": "iu", "я": "ia"},
}
CYRILLIC_TO_LATIN: Final = str.maketrans(_LATIN_OF)

# The ways of writing one sound in Latin, brought to the letter that CYRILLIC_TO_LATIN gives it.
LATIN_SPELLINGS: Final = {
    **dict.fromkeys(("shch", "sch"), "sc"),
    **{"kh": "h", "x": "h", "sh": "s", "zh": "z", "ch": "c", "gh": "g", "ts": "c", "ck": "k", "oo": "u"},
    **{"w": "v", "q": "k", "y": "i", "j": "i"},
}

# Characters without a picture that break a word or a link for the machine and not for the eye.
INVISIBLE: Final = dict.fromkeys(
    [
        *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
        *(*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xE0000, 0xE0080)),
    ]
)

#: Signs that Latin spellings use within a word ("oʻ", "g'alaba", "ob'ekt"); they are left out.
APOSTROPHES: Final = frozenset("'`’‘´ʻʼʹʺˈ′ʾʿꞌ＇")
_DROPPED: Final = frozenset({"Mn", "Me", "Cf", "Cc", "Sk"})
_SPACES: Final = frozenset("\t\n\r\v\f\x1c\x1d\x1e\x1f\x85")
# Latin letters that Unicode does not decompose, and three that stand for two in scholarly Cyrillic (ISO 9).
_PLAIN_LATIN: Final = {
    **dict(zip("łŁøØđĐħĦŧŦŋŊıƣƢǫǪ", "lLoOdDhHtTnNiqQqQ", strict=True)),
    **{"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ž": "zh", "Ž": "ZH", "â": "ya", "Â": "YA", "û": "yu", "Û": "YU"},
    **dict(zip("ᴙᴎᴫᴨᴧᴦᴩ", "яилплгр", strict=True)),
}
_CAPITALS: Final = (
    "LATIN LETTER SMALL CAPITAL ",
    "NEGATIVE CIRCLED LATIN CAPITAL LETTER ",
    "NEGATIVE SQUARED LATIN CAPITAL LETTER ",
)
# A hostile text may hold every code point there is: the table forgets all when it holds this many.
_TABLE_LIMIT: Final = 8192


def _plain_letter(char: str) -> str:
    """A decorated Latin letter without a decomposition (small capital, negative circled), as the plain capital."""
    name = unicodedata.name(char, "")
    for prefix in _CAPITALS:
        if name.startswith(prefix) and len(name) == len(prefix) + 1:
            return name[-1]
    return char


def _bare(char: str) -> str:
    """One decomposed character without its marks: letters and ASCII digits stay, the rest is a space or nothing."""
    category = unicodedata.category(char)
    if char in "@$":
        return char
    if char in _SPACES:
        return " "
    if char in APOSTROPHES or ord(char) in INVISIBLE or category in _DROPPED or unicodedata.combining(char):
        return ""
    if category[0] == "N":
        return str(unicodedata.digit(char, char))
    if category[0] == "L" or category == "Mc":
        return _PLAIN_LATIN.get(char) or _plain_letter(char)
    letter = _plain_letter(char) if category == "So" else char
    return letter if letter != char else " "


class BareTable(dict[int, str]):
    """`str.translate` table, filled as characters are met.

    It decomposes each character alone, so that no run of combining marks is ever sorted: `unicodedata.normalize`
    takes quadratic time on tens of thousands of marks on one letter.
    """

    def __init__(self, apostrophe: str = "") -> None:
        self._apostrophes = {ord(char): apostrophe for char in APOSTROPHES}
        super().__init__(self._apostrophes)

    def __missing__(self, code: int) -> str:
        char = chr(code)
        bare = _PLAIN_LATIN.get(char) or "".join(map(_bare, unicodedata.normalize("NFKD", char)))
        bare = bare if len(bare) == 1 or bare.strip() else bare[:1]
        if len(self) >= _TABLE_LIMIT:
            self.clear()
            self.update(self._apostrophes)
        self[code] = bare
        return bare


BARE: Final = BareTable()
#: The same, with every apostrophe as "'".
BARE_WITH_APOSTROPHES: Final = BareTable("'")
