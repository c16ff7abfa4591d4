"""A line as the engine read it with one language's model, and how much it looks like that language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from detection.screenshot.corrections import corrected
from detection.screenshot.engine import Word
from detection.screenshot.interface import find_words
from detection.screenshot.scripts import CYRILLIC_LANGUAGES, foreign_letters
from detection.screenshot.times.reading import looks_like_time

# What a word that no one writes so takes from a reading's confidence: signs and letters of no such language within,
# or only capitals and digits within small letters, which some names have.
_IMPOSSIBLE: Final = 0.22
_UNUSUAL: Final = 0.1
_SIGN_WITHIN: Final = re.compile(r"[^\W\d_][!|?$({\[\\<>}\]^~=*]+[^\W_]|[$\\{}|<>][^\W_]{2}|[^\W_]{2}[$\\{}|<>]")
_DIGIT_WITHIN: Final = re.compile(r"[^\W\d_]\d[^\W\d_]")
_CAPITAL_WITHIN: Final = re.compile(r"[a-zа-яёөүң][A-ZА-ЯЁӨҮҢ]")
_LIKE_HANDLE: Final = re.compile(r"[^\W\d_]{2,}[._][^\W\d_]{2,}|[^\W\d_]{3,}\d+\W*$|_")
# Words below it whose letters are few are pictures read as text («©», «=»).
_JUNK: Final = 0.35
_DASHES: Final = ("—", "–", "-")
_ICON: Final = re.compile(r"[©®°()\[\]{}<>‹›=~_^*\\@§¥£`]{1,3}")
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d\d")
_LINK: Final = re.compile(r"https?:|www\.|[@#]\w|\.\w{2,3}/")


@dataclass(frozen=True, slots=True)
class Reading:
    """A line of text as read: its words, the language of the model and the mean confidence (0 to 1) by letters."""

    words: tuple[Word, ...]
    language: str
    confidence: float

    @property
    def text(self) -> str:
        """The words with a space between."""
        return " ".join(word.text for word in self.words)

    @property
    def cyrillic(self) -> bool:
        """Whether a model of a Cyrillic language read it."""
        return self.language in CYRILLIC_LANGUAGES

    @property
    def letters(self) -> int:
        """Letters, without digits."""
        return sum(letter.isalpha() for word in self.words for letter in word.text)

    @property
    def likelihood(self) -> float:
        """The confidence less what words take that no one writes so."""
        total = sum(len(word.text) for word in self.words)
        return self.confidence - sum(oddness(w.text, self.language) * len(w.text) for w in self.words) / max(1, total)


def reading_of(words: Sequence[Word], language: str) -> Reading:
    """What is left of the words without icons that were read as text."""
    kept = _without_icons([word for word in words if any(map(str.isalnum, word.text)) or not _is_junk(word)])
    return corrected_reading(kept, language)


def tidied(reading: Reading) -> Reading:
    """Without unsure words that are mostly signs; only here, as a handle is read so by the other alphabet's model."""
    return corrected_reading([word for word in reading.words if not _is_junk(word)], reading.language)


def corrected_reading(words: Sequence[Word], language: str) -> Reading:
    """The words with what `corrected` mends."""
    texts = corrected(tuple(word.text for word in words))
    done = tuple(Word(text, word.confidence, word.box) for text, word in zip(texts, words, strict=True))
    return Reading(done, language, mean_confidence(done))


def mean_confidence(words: Sequence[Word]) -> float:
    """By letters; 0 for no words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def oddness(word: str, language: str) -> float:
    """By how much a word looks like none of this language: 0 for nothing odd."""
    cyrillic = language in CYRILLIC_LANGUAGES
    if _LINK.search(word) and not cyrillic:
        return 0.0
    impossible = bool(_SIGN_WITHIN.search(word)) or foreign_letters(word, language)
    unusual = bool(_DIGIT_WITHIN.search(word)) or bool(_CAPITAL_WITHIN.search(word))
    unusual |= cyrillic and bool(_LIKE_HANDLE.search(word))
    return _IMPOSSIBLE * impossible + _UNUSUAL * unusual


def is_known(text: str) -> bool:
    """Whether it is a time or a word of an application."""
    return looks_like_time(text) or bool(find_words(text))


def _without_icons(words: list[Word]) -> list[Word]:
    """Without the signs that icons are read as: «57 ©», «111 С?», «9 Класс 22»."""
    kept = _without_first_icon([word for word in words if not _ICON.fullmatch(word.text)])
    if len(kept) > 1 and len(kept[-1].text) <= 2:
        before = "".join(word.text for word in kept[:-1])
        after_count = before.isdigit() and not kept[-1].text[-1].isalnum()
        # The ticks that say that a message was seen are read as "W".
        after_clock = _CLOCK.fullmatch(before) and not kept[-1].text.isdigit()
        if (after_count or after_clock) and not looks_like_time(" ".join(word.text for word in kept)):
            kept = kept[:-1]
    return kept


def _without_first_icon(words: list[Word]) -> list[Word]:
    """Without a sign or two before what alone is a word of an application."""
    if len(words) < 2 or len(words[0].text) > 2:
        return words
    whole, rest = (" ".join(word.text for word in part) for part in (words, words[1:]))
    sign = not words[0].text.isalnum()
    return words[1:] if find_words(rest) and (sign or not find_words(whole)) and not looks_like_time(whole) else words


def _is_junk(word: Word) -> bool:
    letters = sum(letter.isalnum() for letter in word.text)
    return word.confidence < _JUNK and 2 * letters < len(word.text) + 1 and word.text not in _DASHES
