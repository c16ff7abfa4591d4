"""Letters replaced by others that look alike: homoglyphs, decorated letters, digits, stars."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from benchmarks.text.edits.edit import Material, is_cyrillic, per_letter

Table = Mapping[str, str]


def _pairs(one: str, other: str) -> dict[str, str]:
    return dict(zip(one, other, strict=True))


CYRILLIC_AS_LATIN: Final = _pairs("асеорхукіјѕАВСЕНКМОРТХУІЈЅ", "aceopxykijsABCEHKMOPTXYIJS")
CYRILLIC_AS_GREEK: Final = _pairs("аоектурхвАВЕНКМОРТХУІ", "αοεκτυρχβΑΒΕΗΚΜΟΡΤΧΥΙ")
LATIN_AS_CYRILLIC: Final = _pairs("aceopxyijsdqwhABCEHKMOPTXYIJS", "асеорхуіјѕԁԛԝһАВСЕНКМОРТХУІЈЅ")
LATIN_AS_GREEK: Final = _pairs("aoekvuipxABEZHIKMNOPTYX", "αοεκνυιρχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
SMALL_CAPITALS: Final = _pairs("abcdefghijklmnopqrtuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀᴛᴜᴠᴡʏᴢ")
CYRILLIC_SMALL_CAPITALS: Final = _pairs("авгеклмнопрстия", "ᴀʙᴦᴇᴋᴧᴍʜᴏᴨᴩᴄᴛᴎᴙ")
_LEET_CYRILLIC: Final = {
    **{"о": "0", "з": "3", "ч": "4", "б": "6", "а": "@4", "т": "7", "в": "8", "е": "3", "і": "1", "э": "3", "л": "1"},
}
_LEET_LATIN: Final = {"o": "0", "e": "3", "a": "4@", "i": "1!", "s": "5$", "t": "7", "b": "8", "g": "9", "l": "1"}
_LEET_COMMON: Final = frozenset("озчбаoaeis")
#: Names of Unicode's mathematical and enclosed alphabets.
_STYLES: Final = (
    *("BOLD", "ITALIC", "BOLD ITALIC", "SCRIPT", "BOLD SCRIPT", "FRAKTUR", "DOUBLE-STRUCK", "BOLD FRAKTUR"),
    *("SANS-SERIF", "SANS-SERIF BOLD", "SANS-SERIF ITALIC", "MONOSPACE"),
)
_RUDE: Final = re.compile(
    r"\b\w*(?:хуй|хуе|хуё|пизд|еба|ёба|ебл|бля|сук|сука|муда|говн|дерьм|твар|урод|дебил|идиот|ублюд|предател|вор|мраз|"
    r"подон|тупо|дурак|көт|акмак|жинди|амы|кот|jinni|ahmoq|eshak|haromi|fuck|shit|bitch|idiot|damn|ass|stupid|liar)\w*",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]{4,}")


def homoglyphs(rate: float) -> Callable[[str, Random, Material], str]:
    """Look-alikes of other alphabets for `rate` of the letters that have one: Latin, Greek, Cyrillic or several."""

    def edit(text: str, rng: Random, _material: Material) -> str:
        tables = [CYRILLIC_AS_LATIN, CYRILLIC_AS_GREEK] if is_cyrillic(text) else [LATIN_AS_CYRILLIC, LATIN_AS_GREEK]
        chosen = rng.choice((tables[:1], tables[:1], tables[1:], tables))
        return per_letter(text, rng, rate, lambda char: rng.choice(chosen).get(char, char))

    return edit


def fancy(text: str, rng: Random, _material: Material) -> str:
    """Small capitals, full width, mathematical or circled letters; Cyrillic has only its look-alikes of them."""
    rate = rng.choice((0.3, 0.7, 1.0))
    if is_cyrillic(text):
        return _fancy_cyrillic(text, rng, rate)
    if rng.random() < 0.25:
        return per_letter(text, rng, rate, lambda char: SMALL_CAPITALS.get(char.lower(), char))
    style = rng.choice((*_STYLES, "FULLWIDTH", "FULLWIDTH", "CIRCLED"))
    return per_letter(text, rng, rate, lambda char: _styled(char, style))


def _fancy_cyrillic(text: str, rng: Random, rate: float) -> str:
    if rng.random() < 0.6:
        return per_letter(text, rng, rate, lambda char: CYRILLIC_SMALL_CAPITALS.get(char.lower(), char))
    style = rng.choice((*_STYLES, "FULLWIDTH"))
    return per_letter(text, rng, rate, lambda char: _styled(CYRILLIC_AS_LATIN.get(char, char), style, char))


def _styled(char: str, style: str, otherwise: str | None = None) -> str:
    """An ASCII letter in a style of Unicode's; the letter itself, or `otherwise`, where the style lacks it."""
    if not (char.isascii() and char.isalpha()):
        return otherwise or char
    size = "CAPITAL" if char.isupper() else "SMALL"
    name = {"FULLWIDTH": f"FULLWIDTH LATIN {size} LETTER {char.upper()}"}.get(style)
    name = name or (f"CIRCLED LATIN {size} LETTER {char.upper()}" if style == "CIRCLED" else None)
    try:
        return unicodedata.lookup(name or f"MATHEMATICAL {style} {size} {char.upper()}")
    except KeyError:
        return otherwise or char


def leet(text: str, rng: Random, _material: Material) -> str:
    """Digits and signs for letters: the common ones («0», «3», «4»), sometimes the rarer ones too."""
    table = _LEET_CYRILLIC if is_cyrillic(text) else _LEET_LATIN
    if rng.random() < 0.6:
        table = {letter: signs for letter, signs in table.items() if letter in _LEET_COMMON}
    one_each = {letter: rng.choice(signs) for letter, signs in table.items()}
    return per_letter(text, rng, rng.choice((0.3, 0.6, 1.0)), lambda char: one_each.get(char.lower(), char))


def stars(text: str, rng: Random, _material: Material) -> str:
    """Letters inside rude words hidden («в*р»); where there are none, inside one to three others."""
    words = list(_RUDE.finditer(text)) or list(_WORD.finditer(text))
    chosen = sorted(rng.sample(words, min(len(words), rng.randint(1, 3))), key=lambda word: -word.start())
    for word in chosen:
        text = text[: word.start()] + _starred(word.group(), rng) + text[word.end() :]
    return text


def _starred(word: str, rng: Random) -> str:
    if len(word) < 3:
        return word
    hidden = min(len(word) - 2, rng.choice((1, 1, 2, 3)))
    start = rng.randint(1, len(word) - hidden - 1)
    return word[:start] + rng.choice("***#.-_") * hidden + word[start + hidden :]
