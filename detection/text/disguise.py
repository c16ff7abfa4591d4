"""Words typed with another script's look-alikes, or with digits for letters, brought back to one script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from detection.text import confusables, leet
from detection.text.confusables import majority

_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[A-Za-z\u0131]")
_FOREIGN: Final = re.compile(f"[{''.join(char for char in confusables.FOREIGN if char <= chr(0xFFFF))}]")
# A character class with letters above U+FFFF is searched slowly.
_HIGH: Final = re.compile("[\U00010000-\U0001ffff]")


def unmask(words: Sequence[str]) -> list[str]:
    """Each word in one script: those that mix scripts or hide digits among letters are rewritten.

    What a mixed word is, the letters decide that look like nothing of the other script: its own, then those of all
    words. Once one word was disguised, the words that consist of the other script's look-alikes only ("cyka" in a
    Cyrillic text) are rewritten too.
    """
    text = " ".join(words)
    if leet.TOUCHING.search(text):
        words = leet.read(words, majority(text))
    if not _mixes_scripts(text):
        return list(words)
    mixed = [_mixes_scripts(word) for word in words]
    if not any(mixed):
        return list(words)
    vote = majority(text)
    return [
        _rewritten(word, vote) if blend else _revealed(word, vote) for word, blend in zip(words, mixed, strict=True)
    ]


def _mixes_scripts(text: str) -> bool:
    if text.isascii():
        return False
    latin, cyrillic = _LATIN.search(text) is not None, _CYRILLIC.search(text) is not None
    return (latin and cyrillic) or ((latin or cyrillic) and _has_foreign(text))


def _has_foreign(text: str) -> bool:
    if _FOREIGN.search(text):
        return True
    return _HIGH.search(text) is not None and any(map(confusables.FOREIGN.__contains__, text))


def _rewritten(word: str, vote: int) -> str:
    own = majority(word) or vote or _leaning(word) or len(_CYRILLIC.findall(word)) - len(_LATIN.findall(word)) or 1
    return word.translate(confusables.LETTERS_TO_CYRILLIC if own > 0 else confusables.LETTERS_TO_LATIN)


def _leaning(word: str) -> int:
    """Which script the letters say that look somewhat like one of the other script."""
    cyrillic = sum(map(confusables.RATHER_CYRILLIC.__contains__, word))
    return cyrillic - sum(map(confusables.RATHER_LATIN.__contains__, word))


def _revealed(word: str, vote: int) -> str:
    """A word of look-alikes only, in the script of the text around it."""
    if vote > 0 and confusables.LOOKALIKE_LATIN.issuperset(word):
        return word.translate(confusables.LETTERS_TO_CYRILLIC)
    if vote < 0 and confusables.LOOKALIKE_CYRILLIC.issuperset(word):
        return word.translate(confusables.LETTERS_TO_LATIN)
    return word
