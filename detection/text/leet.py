"""Digits and signs that stand for letters: "h3llo", «4еловек», "4to", «ребенк@»; numbers stay numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from detection.text import confusables
from detection.text.confusables import majority

#: Whether a text has a digit or sign that touches a letter at all.
TOUCHING: Final = re.compile(r"[^\W\d_][0-9@$]|[0-9@$][^\W\d_]")
_MARK: Final = re.compile("[0-9@$]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[A-Za-z]")
_INNER: Final = re.compile(r"(?<=[^\W\d_])[013-9@$]{1,3}(?=[^\W\d_])")
_LEADING: Final = re.compile(r"[03469](?=[^\W\d_]{2})")
_ENDING_SIGN: Final = re.compile(r"(?<=[^\W\d_]{2})[0@$]\Z")
_ENDING_FOUR: Final = re.compile(r"(?<=[^\W\d_]{2})4\Z")
_TWO_DIGITS: Final = re.compile("[1-9][0-9]")
# What follows a number without a space: "5й", "3го", "100сом", "30dan", "2nd", "4goda".
_NUMBER: Final = re.compile(
    r"[0-9]+(?:(?:дан|ден|га|ге|да|де|та|те|dan|den|ga|ge|da|de|ta|te|го|му|ми|ти|ый|ой|ий|ая|ое|ые|ую|ых|ым|х|м|й|я|е|st|nd|rd|th|s|k|am|pm|d|g)\Z"
    "|год|лет|дн[еяю]|час|мин|сек|раз|руб|сом|тыс|млн|млрд|мес|недел|км|кг|гр|см|мм|шт|процент|долл"
    "|goda|god|let|dn[ey]|chas|min|raz|rub|som|tys|ml|mes|km|kg)",
    re.IGNORECASE,
)
# Longer "words" are texts without spaces, whose numbers are numbers.
_LONGEST: Final = 40

# The commonest words of texts in which a digit is read by its picture (English, Uzbek), and of those in which 4 is «ч».
_PICTURED_SPELT: Final = (
    "the is are was and or of to in for with you your we they he she it this that will not have has be who my his her "
    "them at by if what all just go va bu uchun ham bilan edi emas siz juda bor deb lekin yaxshi"
)
_PICTURED: Final = frozenset(_PICTURED_SPELT.split())
_SLANG_SPELT: Final = (
    "ne na i v s k u ya ia ja chto eto kak kto vse za po ty on my vy tak net da chem cho che uzhe esli tebya menya "
    "ochen chelovek pochemu nichego iz dlya ot do men bul emes jok zhok jana zhana menen uchun dep bir emne eken"
)
_SLANG: Final = frozenset(_SLANG_SPELT.split())
_VOWELS: Final = frozenset("aeiouy")


def read(words: Sequence[str], vote: int) -> list[str]:
    """Each word with the digits and signs read that stand for letters; `vote` above zero says a Cyrillic text."""
    leet = any(len(word) > 3 and _INNER.search(word) for word in words)
    slang = any(map(_is_latin_leet, words)) and _is_slang([word.casefold() for word in words])
    return [_read(word, vote, leet, slang) if TOUCHING.search(word) else word for word in words]


def _read(word: str, vote: int, leet: bool, slang: bool) -> str:
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    russian = cyrillic > 0 and (majority(word) or vote or cyrillic - latin) > 0
    if not _stands_for_letters(word, leet, slang, russian):
        return word
    if russian:
        return word.translate(confusables.DIGITS_TO_CYRILLIC)
    return word.translate(confusables.DIGITS_TO_SLANG if slang else confusables.DIGITS_TO_LATIN)


def _stands_for_letters(word: str, leet: bool, slang: bool, cyrillic: bool) -> bool:
    """Digits between letters do, others by what they are and by the rest of the text (`leet`: it has such words)."""
    marks = len(_MARK.findall(word))
    letters = sum(map(str.isalpha, word))
    if "2" in word or not 0 < letters <= _LONGEST or _NUMBER.match(word):
        return False
    if leet or "@" in word:
        return marks <= 2 * letters
    if letters < 2 or marks > letters or _TWO_DIGITS.match(word):
        return False
    if _INNER.search(word) or _ENDING_SIGN.search(word) or (slang and _ENDING_FOUR.search(word)):
        return True
    return ((slang or cyrillic) and _LEADING.match(word) is not None) or word[0] == "$"


def _is_latin_leet(word: str) -> bool:
    return TOUCHING.search(word) is not None and _LATIN.search(word) is not None


def _is_slang(words: Sequence[str]) -> bool:
    """Whether Latin words are Russian or Kyrgyz ones, by their commonest words, with the digits read either way."""
    pictured = sum(word.translate(confusables.DIGITS_TO_LATIN) in _PICTURED for word in words)
    slang = sum(word.translate(confusables.DIGITS_TO_SLANG) in _SLANG for word in words)
    if slang or pictured:
        return slang > pictured
    text = " ".join(words)
    if any(sign in text for sign in "@$57") or not ("4" in text or "9" in text):
        return False
    return sum(map(_sounds_like_four, words)) >= 0


def _sounds_like_four(word: str) -> int:
    """Above zero when a 4 stands where "ch" does, after a vowel; below when "a" does, between consonants."""
    balance = 0
    for place, char in enumerate(word):
        if char == "4":
            before, after = word[place - 1 : place], word[place + 1 : place + 2]
            between = before.isalpha() and after.isalpha() and not {before, after} & _VOWELS
            balance += (before in _VOWELS) - between
    return balance
