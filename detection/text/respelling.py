"""How one word was respelt as another that is read the same: capitals, signs, emoji, alphabet, look-alikes, spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_APOSTROPHES: Final = frozenset("'`’‘´ʻʼʹʺˈ")
# Letters of the two scripts that the eye takes for each other.
_LATIN_TWINS: Final = "aceopxykmtishABCEHKMOPTXYISJj"
_CYRILLIC_TWINS: Final = "асеорхукмтіѕһАВСЕНКМОРТХУІЅЈј"
TO_CYRILLIC: Final = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
TO_LATIN: Final = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS)
LATIN_TWINS: Final = frozenset(_LATIN_TWINS)
CYRILLIC_TWINS: Final = frozenset(_CYRILLIC_TWINS)

_SKIN_TONES: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
# Digits and signs that stand for letters inside a word.
_LEET: Final = re.compile("[0-9@$]")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# No language here puts more marks on one letter; and composing a long run of marks would take quadratic time.
_MOST_MARKS: Final = 2


@dataclass(frozen=True, slots=True)
class Surface:
    """What a token is made of, as it is seen: each part in the order in which it was written."""

    #: Letters and digits, composed, with their marks off if these only decorate.
    letters: str
    signs: str
    emoji: str
    #: Characters without width among the letters, and marks that belong to no letter.
    hidden: int
    #: Spaces inside: the letters were written one by one.
    spaces: int


def surface(raw: str) -> Surface:
    """Take a token apart; linear in its length, whatever it holds."""
    letters, signs, emoji = [], [], []
    hidden = spaces = 0
    for char in _composed(raw):
        category = unicodedata.category(char)
        if char in _APOSTROPHES or (category[0] in "PS" and not _is_emoji(char, category)):
            signs.append(char)
        elif _is_emoji(char, category):
            emoji.append(char)
        elif char.isspace():
            spaces += 1
        elif category[0] in "LN" or category == "Mc":
            letters.append(char)
        elif not emoji:
            # Behind an emoji, joiners and variation selectors belong to the emoji.
            hidden += 1
    return Surface("".join(letters), "".join(signs), "".join(emoji), hidden, spaces)


@dataclass(frozen=True, slots=True)
class Respelling:
    """How one spelling differs from the other, by codes; `unsure` could be another alphabet as well as look-alikes."""

    codes: frozenset[str]
    unsure: bool = False


def respelling(one: str, other: str) -> Respelling:
    """How `other` writes what `one` says. Both are read as the same word by the normaliser."""
    if one == other:
        return Respelling(frozenset())
    before, after = surface(one), surface(other)
    codes = {
        code
        for code, differs in (
            ("punctuation", before.signs != after.signs),
            ("emoji", before.emoji != after.emoji),
            ("spacing", bool(before.spaces) != bool(after.spaces)),
            ("lookalikes", bool(before.hidden) != bool(after.hidden)),
        )
        if differs
    }
    kind = _letters_changed(before, after)
    if kind in ("alphabet", "unsure") and _without_apostrophes(before.signs) == _without_apostrophes(after.signs):
        # Latin alphabets write letters with an apostrophe.
        codes.discard("punctuation")
    if bool(before.hidden) != bool(after.hidden) and script(before.letters) == script(after.letters):
        # Marks on every letter; some letters have a form of their own with the mark.
        kind = ""
    if kind == "lookalikes":
        # The sign is a letter in disguise: "@" for "а".
        codes.discard("punctuation")
    return Respelling(frozenset(codes | ({kind} - {"", "unsure"})), unsure=kind == "unsure")


def settled(spellings: Iterable[Respelling]) -> set[str]:
    """The codes of all words together: «как» as "kak" is another alphabet where the words around it are."""
    found = list(spellings)
    codes = {code for spelling in found for code in spelling.codes}
    if any(spelling.unsure for spelling in found) and "alphabet" not in codes:
        codes.add("lookalikes")
    return codes


def script(letters: str) -> str:
    """ "cyrillic", "latin", "mixed" or "" (neither)."""
    cyrillic, latin = _CYRILLIC.search(letters), _LATIN.search(letters)
    if cyrillic and latin:
        return "mixed"
    return "cyrillic" if cyrillic else "latin" if latin else ""


def _letters_changed(before: Surface, after: Surface) -> str:
    one, other = before.letters, after.letters
    if one == other:
        return ""
    if one.casefold() == other.casefold():
        return "case"
    scripts = script(one), script(other)
    if "mixed" in scripts or "" in scripts or _decorated(one) != _decorated(other) or _leet(before) != _leet(after):
        return "lookalikes"
    if scripts[0] != scripts[1]:
        return "unsure" if _look_alike(one, other) else "alphabet"
    # One script: a doubled or left-out letter, or one without its dots ("верьте", "верте"; "өнүгүшү", "онугушу").
    return "typos"


def _without_apostrophes(signs: str) -> str:
    return "".join(sign for sign in signs if sign not in _APOSTROPHES)


def _look_alike(one: str, other: str) -> bool:
    folded = one.casefold(), other.casefold()
    return any(
        a.translate(table).casefold() == b
        for table in (TO_CYRILLIC, TO_LATIN)
        for a, b in ((one, folded[1]), (other, folded[0]))
    )


def _decorated(letters: str) -> bool:
    """Whether letters are styled ones: bold, circled, full width."""
    return not letters.isascii() and any(
        unicodedata.decomposition(char).startswith("<") or ord(char) >= 0x10000 for char in letters
    )


def _leet(parts: Surface) -> int:
    return len(_LEET.findall(parts.letters + parts.signs))


def _is_emoji(char: str, category: str) -> bool:
    return category == "So" or char in _SKIN_TONES


def _composed(raw: str) -> str:
    """The text with letters and their marks as one character where there is one; further marks stay by themselves."""
    if raw.isascii():
        return raw
    kept, marks = [], 0
    extra = ""
    for char in raw:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
        else:
            extra = char
    # One of the marks that were left out is enough to say that there were some.
    return unicodedata.normalize("NFC", "".join(kept)) + extra
