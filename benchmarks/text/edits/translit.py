"""Cyrillic in Latin letters: by the standards, and as people write in chats."""

from collections.abc import Mapping
from random import Random
from typing import Final

from benchmarks.text.edits.edit import Material, is_cyrillic, match_case

_SIMPLE: Final = dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True))
#: Kyrgyz, Kazakh, Tajik and Uzbek letters without marks, as on road signs and in handles.
_REGION: Final = {
    **{"ң": "ng", "ө": "o", "ү": "u", "ә": "a", "ғ": "gh", "қ": "q", "ұ": "u", "һ": "h", "і": "i"},
    **{"ӣ": "i", "ӯ": "u", "ҳ": "h", "ҷ": "j", "ў": "o'"},
}
_ICAO: Final = {
    **{"ё": "e", "ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y"},
    **{"ь": "", "э": "e", "ю": "iu", "я": "ia"},
}
_BGN: Final = _ICAO | {"ё": "yo", "й": "y", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
_GOST: Final = _BGN | {"й": "j", "х": "x", "ц": "c", "щ": "shh", "ъ": "", "ь": "'", "ы": "y", "э": "e"}
_SCHOLARLY: Final = {
    **{"ё": "jo", "ж": "ž", "й": "j", "х": "ch", "ц": "c", "ч": "č", "ш": "š", "щ": "šč", "ъ": "", "ы": "y", "ь": ""},
    **{"э": "e", "ю": "ju", "я": "ja", "ң": "n", "ө": "ö", "ү": "ü", "ә": "ä", "ғ": "ğ", "қ": "q", "ұ": "ū", "һ": "h"},
}
_TURKIC: Final = _BGN | {
    **{"ж": "j", "ч": "ch", "ш": "sh", "й": "y", "х": "h", "ң": "n", "ө": "ö", "ү": "ü", "ғ": "g", "қ": "k", "ы": "y"},
}
STANDARDS: Final = tuple(_SIMPLE | _REGION | rest for rest in (_ICAO, _BGN, _GOST, _SCHOLARLY, _TURKIC))
#: What people type: the first ways are the commoner ones.
SLANG: Final = {
    **{"ж": ("j", "zh", "j", "g"), "й": ("y", "i", "j", "y"), "х": ("h", "x", "kh", "h"), "ц": ("c", "ts", "c")},
    **{"ч": ("4", "ch", "4", "c"), "ш": ("w", "sh", "6", "w"), "щ": ("w", "sch", "sh", "shch"), "ы": ("i", "y", "y")},
    **{"ё": ("e", "yo", "io", "jo"), "э": ("e", "e", "a"), "ю": ("u", "yu", "ju", "iu"), "я": ("ya", "ia", "ja", "9")},
    **{"ъ": ("", "", "'"), "ь": ("", "", "'", "j"), "в": ("v", "v", "w"), "к": ("k", "k", "q", "c"), "з": ("z", "3")},
    **{"б": ("b", "b", "b", "6"), "у": ("u", "u", "y"), "ң": ("n", "ng", "n"), "ө": ("o", "o", "e"), "ү": ("u", "y")},
    **{"қ": ("q", "k"), "ғ": ("g", "gh"), "ў": ("o'", "o", "u"), "ҳ": ("h", "x"), "ҷ": ("j", "ch"), "ә": ("a", "e")},
    **{"і": ("i",), "ұ": ("u",), "ӣ": ("i", "iy"), "ӯ": ("u", "o"), "һ": ("h",)},
}


def standard(text: str, rng: Random, _material: Material) -> str:
    """Cyrillic in Latin letters by one of five standards; Latin stays as it is."""
    return _written(text, rng.choice(STANDARDS)) if is_cyrillic(text) else text


def slang(text: str, rng: Random, _material: Material) -> str:
    """Cyrillic as typed in chats: 4 for ч, w for ш, x or kh for х. A typist keeps to one way for each letter."""
    if not is_cyrillic(text):
        return text
    return _written(text, _SIMPLE | _REGION | {letter: rng.choice(ways) for letter, ways in SLANG.items()})


def _written(text: str, table: Mapping[str, str]) -> str:
    return "".join(match_case(char, table[char.lower()]) if char.lower() in table else char for char in text)
