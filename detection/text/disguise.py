"""Words typed with another script's look-alikes, or with digits for letters, brought back to one script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from detection.text import alphabets

_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[A-Za-z\u0131\u0251]")
_FOREIGN: Final = re.compile("[\u0370-\u03ff\u0531-\u058f]")
_OTHER_DIGIT: Final = re.compile("[289]")
_PLAIN: Final = re.compile("[\u0400-\u052f]+|[A-Za-z]+|[0-9]+")


def majority(text: str) -> int:
    """Above zero when the letters that only one script has say Cyrillic, below when they say Latin."""
    cyrillic = sum(map(alphabets.ONLY_CYRILLIC.__contains__, text))
    return cyrillic - sum(map(alphabets.ONLY_LATIN.__contains__, text))


def unmask(words: Sequence[str]) -> list[str]:
    """Each word in one script: those that mix scripts or hide digits among letters are rewritten.

    What a mixed word is, its own letters decide, then those of all words. Once one word was disguised, the words that
    consist of the other script's look-alikes only ("cyka" in a Cyrillic text) are rewritten too.
    """
    vote = sum(map(majority, words)) if any(not _PLAIN.fullmatch(word) for word in words) else 0
    plain = [word if _PLAIN.fullmatch(word) else _rewritten(word, vote) for word in words]
    if vote == 0 or not any(_blends_scripts(word) for word in words):
        return plain
    return [_revealed(word, vote) for word in plain]


def _rewritten(word: str, vote: int) -> str:
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not (_blends_scripts(word) or _hides_digits(word, cyrillic + latin)):
        return word
    own = majority(word) or vote or (cyrillic - latin) or cyrillic
    return word.translate(alphabets.TO_CYRILLIC if own > 0 else alphabets.TO_LATIN)


def _blends_scripts(word: str) -> bool:
    return sum(1 for script in (_CYRILLIC, _LATIN, _FOREIGN) if script.search(word)) > 1


def _hides_digits(word: str, letters: int) -> bool:
    """A few of the digits that stand for letters, and more letters; "2015г" and "№1" are numbers."""
    leet = sum(map(alphabets.LEET.__contains__, word))
    return 0 < leet <= letters and letters >= 2 and not _OTHER_DIGIT.search(word)


def _revealed(word: str, vote: int) -> str:
    """A word of look-alikes only, in the script of the text around it."""
    if vote > 0:
        return word.translate(alphabets.TO_CYRILLIC) if alphabets.LOOKALIKE_LATIN.issuperset(word) else word
    return word.translate(alphabets.TO_LATIN) if alphabets.LOOKALIKE_CYRILLIC.issuperset(word) else word
