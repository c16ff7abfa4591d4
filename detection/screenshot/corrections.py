"""Mistakes of the engine that the rest of the line settles without guessing.

Only letters of the same shape are exchanged: Latin and Cyrillic twins («Ha» for «На»), the bar for "I", and the letters
that stand for digits inside a number («З606»). Nothing is looked up in a dictionary.
"""

from __future__ import annotations

import re
from typing import Final

from detection.screenshot.scripts import TO_CYRILLIC, TO_LATIN, cyrillic_letters, latin_letters
from detection.screenshot.times.reading import looks_like_time

_DIGITS: Final = str.maketrans(
    {"З": "3", "з": "3", "О": "0", "о": "0", "O": "0", "o": "0", "l": "1", "I": "1", "|": "1"}
)
_NUMBER: Final = re.compile(r"[ЗзОоOolI|\d][ЗзОоOolI|\d.,: ]*")
_NUMERO: Final = re.compile(r"(?:[MМNН][°º]|Ne|№)([ЗзОоOolI|\d]+[.,]?$)")
_GLUED_AT: Final = re.compile(r"([а-я]{3,8})в")
_GLUED: Final = re.compile(r"(\d{1,2})([а-яёөүң]{1,5}\.?)")
# Crumbs of an icon before a count.
_QUOTED_NUMBER: Final = re.compile(r"^[`'‘’‚]+(\d[\d.,]*)$")
_MAGNITUDE: Final = re.compile(r"(\d[\d.,]*)([КМ])")
_MAGNITUDE_LATIN: Final = re.compile(r"\d[\d.,]*[KM]")
_BAR: Final = re.compile(r"(?<![\w|])\|(?![\w|])")
_BAR_WORD: Final = re.compile(r"(?<![\w|])\|(?=['’](?:m|ll|d|ve)\b)")
_WORD: Final = re.compile(r"[^\W\d_]+")
_HANDLE: Final = re.compile(r"[A-Za-z][._]?[A-Za-z]*[._\d][A-Za-z\d]")
_LINK: Final = re.compile(r"[@#]\S|https?:|www\.|\.\w{2,3}/")


def corrected(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same words, as many, each in the alphabet of its line and with digits as digits."""
    # Handles and links are Latin in any line.
    line = " ".join(word for word in words if not _LINK.search(word) and not _HANDLE.search(word)) or " ".join(words)
    cyrillic, latin = cyrillic_letters(line), latin_letters(line)
    done = [_spaced(_magnitude(_numbers(_numero(word)))) for word in words]
    if latin > cyrillic:
        done = [_BAR_WORD.sub("I", _BAR.sub("I", word)) for word in done]
    else:
        done = [_three_before(word, done[at + 1 :]) for at, word in enumerate(done)]
    return tuple(word if _MAGNITUDE_LATIN.fullmatch(word) else _one_alphabet(word, cyrillic >= latin) for word in done)


def _spaced(word: str) -> str:
    """«9мар» is «9 мар», «авгв» is «авг в»: applications write a space that is too narrow to be read."""
    at = _GLUED_AT.fullmatch(word)
    if at and looks_like_time(f"1 {at[1]}") and not looks_like_time(f"1 {word}"):
        return f"{at[1]} в"
    match = _GLUED.fullmatch(word)
    return f"{match[1]} {match[2]}" if match and looks_like_time(word) else word


def _magnitude(word: str) -> str:
    """«2,4K» and «1.5M» are written with Latin letters in every language."""
    word = _QUOTED_NUMBER.sub(r"\1", word)
    match = _MAGNITUDE.fullmatch(word)
    return match[1] + {"К": "K", "М": "M"}[match[2]] if match else word


def _numero(word: str) -> str:
    """The sign «№» before a number, which is read as "М°", "N°" or "Ne"."""
    match = _NUMERO.match(word)
    return f"№{match[1].translate(_DIGITS)}" if match and any(map(str.isdigit, match[1])) else word


def _numbers(word: str) -> str:
    """Letters within a number become the digits they look like; a word without any digit is no number."""
    digits = sum(letter.isdigit() for letter in word)
    if digits and 2 * digits >= sum(letter.isalnum() for letter in word) and _NUMBER.fullmatch(word):
        return word.translate(_DIGITS)
    return word


def _three_before(word: str, after: list[str]) -> str:
    """«З» alone before a number or a unit of time is a digit: «З 606 225», «З часа назад», «З-ноя.»."""
    if word.startswith("З-") and looks_like_time(f"3{word[1:]}"):
        return f"3{word[1:]}"
    if word != "З" or not after:
        return word
    time = any(looks_like_time(" ".join(["3", *after[:count]])) for count in (1, 2))
    return "3" if time or re.fullmatch(r"\d{3}[.,]?", after[0]) else word


def _one_alphabet(word: str, cyrillic_line: bool) -> str:
    if _LINK.search(word):
        return word
    return _WORD.sub(lambda match: _part(match[0], cyrillic_line), word)


def _part(part: str, cyrillic_line: bool) -> str:
    """A run of letters in one alphabet: its own majority's when it mixes two, the line's when all have twins."""
    cyrillic, latin = cyrillic_letters(part), latin_letters(part)
    mixed = bool(cyrillic and latin) and cyrillic != latin
    to_cyrillic = cyrillic > latin if mixed else cyrillic_line
    twins = TO_CYRILLIC if to_cyrillic else TO_LATIN
    foreign = [letter for letter in part if (latin_letters(letter) if to_cyrillic else cyrillic_letters(letter))]
    if not foreign or any(letter not in twins for letter in foreign):
        return part
    return "".join(twins.get(letter, letter) if letter in foreign else letter for letter in part)
