"""Which alphabet a word is written in, and which letters of one alphabet look like the other's."""

from __future__ import annotations

import re
from typing import Final

#: Letters that Russian lacks, by the engine's name of the language: who shows them in confident words is that language.
OWN_LETTERS: Final = {
    "kir": frozenset("ңөү"),
    "kaz": frozenset("әғқңөұүһі"),
    "tgk": frozenset("ғӣқӯҳҷ"),
    "uzb_cyrl": frozenset("ўқғҳ"),
}
CYRILLIC_LANGUAGES: Final = frozenset({"rus", *OWN_LETTERS})

_LATIN: Final = "ABCEHKMOPTXaceopxyu"
_CYRILLIC: Final = "АВСЕНКМОРТХасеорхуи"
# «и» is read as "u" in italics only, so nothing is turned from Latin to it when a whole word is at stake.
TO_CYRILLIC: Final = dict(zip(_LATIN[:-1], _CYRILLIC[:-1], strict=True))
TO_LATIN: Final = {cyrillic: latin for latin, cyrillic in TO_CYRILLIC.items()}

_RUSSIAN: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")

_AS_RUSSIAN: Final = str.maketrans("ңөүҢӨҮ", "ноуНОУ")

_CYRILLIC_LETTER: Final = re.compile("[\u0400-\u04ff]")
_LATIN_LETTER: Final = re.compile("[A-Za-z\u00c0-\u024f]")


def cyrillic_letters(text: str) -> int:
    """How many of its letters are Cyrillic."""
    return len(_CYRILLIC_LETTER.findall(text))


def latin_letters(text: str) -> int:
    """How many of its letters are Latin."""
    return len(_LATIN_LETTER.findall(text))


def surely_latin(text: str) -> bool:
    """Whether a Latin reading cannot be Cyrillic in disguise: a third of its letters look like no Cyrillic ones."""
    letters = _LATIN_LETTER.findall(text)
    distinct = [letter for letter in letters if letter not in TO_CYRILLIC and letter not in "ruyngbmhkt"]
    return len(letters) >= 4 and 3 * len(distinct) >= len(letters)


def could_be_latin(text: str) -> bool:
    """Whether all its letters are Cyrillic with Latin twins: «Мауа» may be "Maya"."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 2 and all(letter in TO_LATIN or letter == "у" for letter in letters)


def has_own_letters(text: str, language: str) -> bool:
    """Whether it shows letters of this language that Russian lacks."""
    return not OWN_LETTERS.get(language, frozenset()).isdisjoint(text.lower())


def foreign_letters(text: str, language: str) -> bool:
    """Whether it has Cyrillic letters that this Cyrillic language does not write («ї» in Kyrgyz), or any in others."""
    alphabet = _RUSSIAN | OWN_LETTERS.get(language, frozenset()) if language in CYRILLIC_LANGUAGES else frozenset()
    return not alphabet.issuperset(_CYRILLIC_LETTER.findall(text.lower()))


def without_own(text: str) -> str:
    """Kyrgyz letters as the Russian ones that they are taken for."""
    return text.translate(_AS_RUSSIAN)
