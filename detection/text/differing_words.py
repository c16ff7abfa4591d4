"""The words of two texts, read so that the same word has the same number in both, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from detection.text.normalise import normalise
from detection.text.respelling import CYRILLIC_TWINS, LATIN_TWINS, TO_CYRILLIC, TO_LATIN, surface

# Four letters or more, each alone, are one word: "у б ь ю".
_WORD: Final = re.compile(r"[^\W\d_](?: [^\W\d_]){3,}(?!\S)|\S+")
_STOPS: Final = frozenset(".!?…")
_PAUSES: Final = frozenset(",;:")
_LETTER: Final = re.compile(r"[^\W_]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """What stands between two spaces."""

    raw: str
    place: int
    #: The form in which copies are found; "" for signs and emoji that stand alone.
    form: str
    #: 2: a sentence ends here, 1: a clause, 0: neither.
    ends: int
    #: Equal in both texts where the word is the same.
    ident: int = 0

    @property
    def has_digit(self) -> bool:
        """Whether it is a number, or holds one."""
        return any(map(str.isdecimal, self.raw))

    @property
    def is_capitalised(self) -> bool:
        """Whether it begins as a name does."""
        letter = _LETTER.search(self.raw)
        return letter is not None and letter.group().isupper() and not self.raw[letter.end() :].isupper()


def read_words(text: str) -> list[Word]:
    """The words of a text in their order."""
    found = list(_WORD.finditer(text))
    nexts = [*(match.start() for match in found[1:]), len(text)]
    forms: dict[str, str] = {}
    words = []
    for place, (match, following) in enumerate(zip(found, nexts, strict=False)):
        raw = match.group()
        if raw not in forms:
            forms[raw] = _form(raw)
        ends = 2 if "\n" in text[match.end() : following] else _ends(raw)
        words.append(Word(raw=raw, place=place, form=forms[raw], ends=ends))
    return words


def numbered(ours: Sequence[Word], theirs: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Both texts' words with their `ident`.

    A word of look-alikes only ("cyka") is the word that it looks like, if that one is in either text.
    """
    words = (*ours, *theirs)
    cyrillic = _revealed(words, LATIN_TWINS, TO_CYRILLIC)
    # Not both ways at once: the two would only change places.
    rest = [word for word in words if word.form not in cyrillic.values()]
    revealed = _revealed(rest, CYRILLIC_TWINS, TO_LATIN) | cyrillic
    numbers: dict[str, int] = {}

    def number(word: Word) -> Word:
        name = revealed.get(word.raw, word.form or f" {word.raw}")
        return replace(word, ident=numbers.setdefault(name, len(numbers)))

    return [number(word) for word in ours], [number(word) for word in theirs]


def joined(words: Iterable[Word]) -> str:
    """The form of all the words as if no space were between them: it tells whether only spaces were moved."""
    return normalise("".join(surface(word.raw).letters for word in words)).skeleton


def _form(raw: str) -> str:
    # A link or a mention is nothing to the normaliser, and a word here.
    return normalise(raw).skeleton or (raw.casefold() if _LETTER.search(raw) else "")


def _revealed(words: Sequence[Word], only: frozenset[str], table: dict[int, int]) -> dict[str, str]:
    """Words of these letters only → the form of the word that they look like, where that is one of `words`."""
    forms = {word.form for word in words if word.form}
    found = {}
    for raw in {word.raw for word in words if word.form}:
        letters = surface(raw).letters
        if letters and only.issuperset(letters):
            found[raw] = normalise(letters.translate(table)).skeleton
    return {raw: form for raw, form in found.items() if form in forms}


def _ends(raw: str) -> int:
    # Quotes, brackets and emoji stand behind the stop.
    last = next((char for char in reversed(raw) if char in _STOPS or char in _PAUSES or char.isalnum()), "")
    if not last:
        # Emoji end a sentence, a dash a clause.
        return 2 if surface(raw).emoji else 1
    if last in _STOPS or (not raw[-1].isascii() and surface(raw).emoji.endswith(raw[-1])):
        return 2
    return 1 if last in _PAUSES else 0
