"""Letters that stand for other letters: look-alikes, decorated forms, the region's alphabets, and one Latin script.

Tables only, made of what was seen in evasive comments: Cyrillic words typed with Latin, Greek or Armenian look-alikes,
small capitals, digits for letters, and the letters that Kyrgyz, Kazakh, Tajik, Uzbek and Ukrainian add to Russian.
Compatibility forms (full width, mathematical bold, circled, superscript) need no table: NFKD resolves them.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Latin, Greek, Armenian letters and digits as they stand for Cyrillic ones. Case counts: "H" is "Н", "h" is "н".
TO_CYRILLIC: Final = str.maketrans(
    {
        **dict(zip("aceopxykmtuhibrnsv", "асеорхукмтиніьгпѕв", strict=True)),
        **dict(zip("ABCEHKMOPTXYINR", "АВСЕНКМОРТХУІИЯ", strict=True)),
        **dict(zip("αοερκντυχηι", "аоеркитухпі", strict=True)),
        **dict(zip("ΑΒΕΗΚΜΝΟΡΤΧΥΙ", "АВЕНКМИОРТХУІ", strict=True)),
        **dict(zip("օսհո", "оинп", strict=True)),
        **dict(zip("03461@", "озчбіа", strict=True)),
        "ß": "в",
        "ı": "і",
        "ɑ": "а",
    }
)

# Cyrillic, Greek, Armenian letters and digits as they stand for Latin ones.
TO_LATIN: Final = str.maketrans(
    {
        **dict(zip("асеорхукмтіѕјԁһԛԝӏьгпв", "aceopxykmtisjdhqwlbrnb", strict=True)),
        **dict(zip("АВСЕНКМОРТХУІЅЈ", "ABCEHKMOPTXYISJ", strict=True)),
        **dict(zip("αοερκντυχηι", "aoepkvtuxni", strict=True)),
        **dict(zip("ΑΒΕΗΚΜΝΟΡΤΧΥΙ", "ABEHKMNOPTXYI", strict=True)),
        **dict(zip("օսհո", "ouhn", strict=True)),
        **dict(zip("013457@$", "oieastas", strict=True)),
        "ı": "i",
        "ɑ": "a",
    }
)

# A Latin word of these letters alone may be a Cyrillic word in disguise ("cyka").
LOOKALIKE_LATIN: Final = frozenset(chr(code) for code in TO_CYRILLIC if chr(code).isascii() and chr(code).isalpha())

LOOKALIKE_CYRILLIC: Final = frozenset(chr(code) for code in TO_LATIN if 0x400 <= code < 0x530)

# Letters that belong to one script for certain; they decide what a mixed word is.
ONLY_LATIN: Final = frozenset("dfgjlqwzDFGJLQSUVWZ")
ONLY_CYRILLIC: Final = frozenset("бгджзилпфцчшщъыьэюяБГДЖЗИЛПФЦЧШЩЪЫЬЭЮЯнвтмөүқғҳҷўӨҮҚҒҲҶЎ")

LEET: Final = frozenset("0134657@$")

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
    [0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)

_APOSTROPHES: Final = frozenset("'`’‘´ʻʼʹʺˈ")
_DROPPED: Final = frozenset({"Mn", "Me", "Cf", "Cc", "Sk"})
_SPACES: Final = frozenset("\t\n\r\v\f\x1c\x1d\x1e\x1f\x85")
_SMALL_CAPITAL: Final = "LATIN LETTER SMALL CAPITAL "
_NEGATIVE: Final = ("NEGATIVE CIRCLED LATIN CAPITAL LETTER ", "NEGATIVE SQUARED LATIN CAPITAL LETTER ")
# A hostile text may hold every code point there is: the table remembers an ordinary amount and computes the rest.
_TABLE_LIMIT: Final = 8192


def _plain_letter(char: str) -> str:
    """A decorated Latin letter without a decomposition (small capital, negative circled), as the plain letter."""
    name = unicodedata.name(char, "")
    for prefix in (_SMALL_CAPITAL, *_NEGATIVE):
        if name.startswith(prefix) and len(name) == len(prefix) + 1:
            return name[-1].lower()
    return char


def _bare(char: str) -> str:
    """One decomposed character without its marks: letters and ASCII digits stay, the rest is a space or nothing."""
    category = unicodedata.category(char)
    if char in "@$":
        return char
    if char in _SPACES:
        return " "
    if char in _APOSTROPHES or category in _DROPPED or unicodedata.combining(char):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category[0] == "L" or category == "Mc":
        return _plain_letter(char)
    letter = _plain_letter(char) if category == "So" else char
    return letter if letter != char else " "


class _BareTable(dict[int, str]):
    """`str.translate` table, filled as characters are met.

    It decomposes each character alone, so that no run of combining marks is ever sorted: `unicodedata.normalize`
    takes quadratic time on tens of thousands of marks on one letter.
    """

    def __missing__(self, code: int) -> str:
        bare = "".join(_bare(char) for char in unicodedata.normalize("NFKD", chr(code)))
        bare = bare if len(bare) == 1 or bare.strip() else bare[:1]
        if len(self) < _TABLE_LIMIT:
            self[code] = bare
        return bare


BARE: Final = _BareTable()
