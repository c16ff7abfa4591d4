"""Read the lines of a canvas, each in the language that suits it.

One model for all languages loses «ө ү ң» to the Russian model and Latin words to their Cyrillic twins. So every line is
read by the model of its language alone (beside English): first by those with letters of their own, which Russian
replaces only where none of these letters shows, and by English alone where the letters are mostly Latin.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PIL import Image

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import Canvas
from detection.screenshot.corrections import corrected
from detection.screenshot.engine import DEFAULT_LANGUAGES, Word, line_reader
from detection.screenshot.interface import find_words
from detection.screenshot.line_pictures import MARGIN, line_picture
from detection.screenshot.scripts import (
    OWN_LETTERS,
    could_be_latin,
    cyrillic_letters,
    has_own_letters,
    latin_letters,
    surely_latin,
)
from detection.screenshot.times.reading import looks_like_time

# Confidence from which an own letter counts as seen, and by how much the Russian reading must be worse to lose.
_SEEN: Final = 0.6
_MUCH_WORSE: Final = 0.06
# Confidence from which a Latin reading of a surely Latin line needs no second opinion.
_SURE: Final = 0.85
# Words below it whose letters are few are pictures read as text («©», «=»).
_JUNK: Final = 0.35
# Letters up to which a reading is tried in every alphabet: «8т» is "8m".
_SHORT: Final = 5
_DASHES: Final = ("—", "–", "-")
_ICON: Final = re.compile(r"[©®°()\[\]{}<>=~_^*\\@§¥£]{1,3}")
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d\d")
_HANDLE: Final = re.compile(r"@?[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*[._]?\d*")
_HANDLE_SIGNS: Final = re.compile(r"\w[_!$]\w|\w\d|[ієїһєѕј]", re.IGNORECASE)
# No line takes longer than this to read; a line of 1080 px takes some 30 ms with one model.
_LINE_MILLISECONDS: Final = 400


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


@dataclass(slots=True)
class Recogniser:
    """Reads line after line; remembers the alphabet of the last one, to try the likely model first.

    ``seconds`` of CPU bound all lines together: `exhausted` says that they are over, and lines read then are empty.
    """

    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    seconds: float = 20.0
    _started: float = field(default_factory=time.process_time)
    _latin_before: bool = False

    @property
    def exhausted(self) -> bool:
        """Whether the time is over."""
        return time.process_time() - self._started > self.seconds

    def read(self, canvas: Canvas, line: Box) -> Reading:
        """The text in this box of the canvas."""
        if self.exhausted:
            return Reading((), "", 0.0)
        picture, factor = line_picture(canvas, line)
        found = self._best(picture)
        self._latin_before = latin_letters(found.text) > cyrillic_letters(found.text)
        return _placed(found, line, factor)

    def _best(self, picture: Image.Image) -> Reading:
        latin = tuple(language for language in self.languages if language in ("eng", "uzb"))
        if latin and self._latin_before:
            reading = _read(picture, latin)
            if reading.confidence >= _SURE and surely_latin(reading.text):
                return reading
        readings = [self._in_one_alphabet(picture, reading) for reading in self._cyrillic(picture)]
        best = max(readings, key=lambda reading: reading.confidence, default=Reading((), "", 0.0))
        twins = self._latin_before and could_be_latin(best.text)
        if not latin or (readings and not twins and not _doubtful(best)):
            return best
        english = _read(picture, latin)
        if twins and english.confidence > _SEEN:
            return english
        if is_handle(english.text) and best.confidence < _SURE:
            return english
        known = is_known(english.text)
        if known != is_known(best.text):
            return english if known else best
        return english if english.confidence + _margin(best) >= best.confidence else best

    def _in_one_alphabet(self, picture: Image.Image, reading: Reading) -> Reading:
        """Read again without English when a Cyrillic line has Latin words («26 CeH B 21:33»), unless less surely."""
        foreign = [word for word in reading.words if word.text.isalpha() and latin_letters(word.text)]
        mostly_latin = cyrillic_letters(reading.text) <= latin_letters(reading.text)
        if not foreign or (mostly_latin and surely_latin(reading.text)):
            return reading
        alone = _read(picture, (reading.language,))
        unsure = min(word.confidence for word in foreign) < _SEEN
        return alone if unsure or alone.confidence >= reading.confidence - 0.01 else reading

    def _cyrillic(self, picture: Image.Image) -> list[Reading]:
        """The readings to choose from: one with letters of its own if there is, else the Russian one if it is fair."""
        english = ("eng",) if "eng" in self.languages else ()
        own = [_read(picture, (name, *english)) for name in self.languages if name in OWN_LETTERS]
        shown = [
            reading
            for reading in own
            if _shows_own_letters(reading) or (cyrillic_letters(reading.text) > 0 and is_known(reading.text))
        ]
        if shown or "rus" not in self.languages:
            return shown or own
        russian = _read(picture, ("rus", *english))
        better = [reading for reading in own if reading.confidence > russian.confidence + _MUCH_WORSE]
        return better or [russian]


def is_known(text: str) -> bool:
    """Whether it is a time or a word of an application: that needs no second opinion."""
    return looks_like_time(text) or bool(find_words(text))


def is_handle(text: str) -> bool:
    """One Latin word with the signs that only handles have within: «gulnara_k11», «timur.s»."""
    return bool(_HANDLE.fullmatch(text)) and latin_letters(text) >= 3 and not text.isalpha()


def _doubtful(reading: Reading) -> bool:
    """Whether English should be tried on what was read as Cyrillic."""
    if latin_letters(reading.text) >= cyrillic_letters(reading.text):
        return True
    if is_known(reading.text):
        return False
    return reading.confidence < _SURE or len(reading.text) <= _SHORT or bool(_HANDLE_SIGNS.search(reading.text))


def _margin(best: Reading) -> float:
    """By how much worse the English reading may be: mostly Latin text is its own, Cyrillic is not."""
    return _MUCH_WORSE if latin_letters(best.text) >= cyrillic_letters(best.text) else -0.05


def _shows_own_letters(reading: Reading) -> bool:
    return any(word.confidence >= _SEEN and has_own_letters(word.text, reading.language) for word in reading.words)


def _read(picture: Image.Image, languages: Sequence[str]) -> Reading:
    words = line_reader(tuple(languages)).read(picture, _LINE_MILLISECONDS)
    kept = _without_icons([word for word in words if not _is_junk(word)])
    texts = corrected(tuple(word.text for word in kept))
    kept = tuple(Word(text, word.confidence, word.box) for text, word in zip(texts, kept, strict=True))
    return Reading(kept, languages[0], _mean(kept))


def _without_icons(words: list[Word]) -> tuple[Word, ...]:
    """Without the signs that icons are read as: «57 ©», «111 С?», «@kirill ®»."""
    kept = [word for word in words if not _ICON.fullmatch(word.text)]
    if len(kept) > 1 and len(kept[-1].text) <= 2 and not kept[-1].text[-1].isalnum():
        before = "".join(word.text for word in kept[:-1])
        whole = " ".join(word.text for word in kept)
        if (before.isdigit() or _CLOCK.fullmatch(before)) and not looks_like_time(whole):
            kept = kept[:-1]
    return tuple(kept)


def _is_junk(word: Word) -> bool:
    letters = sum(letter.isalnum() for letter in word.text)
    return word.confidence < _JUNK and 2 * letters < len(word.text) + 1 and word.text not in _DASHES


def _mean(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _placed(reading: Reading, line: Box, factor: float) -> Reading:
    """The same with the words' boxes on the canvas."""

    def place(box: Box) -> Box:
        left, top = (box.x - MARGIN) / factor + line.x - 5, (box.y - MARGIN) / factor + line.y - 4
        return Box(round(left), round(top), round(box.w / factor), round(box.h / factor))

    words = tuple(Word(word.text, word.confidence, place(word.box)) for word in reading.words)
    return Reading(words, reading.language, reading.confidence)
