"""Read the lines of a canvas, each with the model of the language that it is written in.

A mixture of models loses «ө ү ң» to the Russian one and Latin words to their Cyrillic twins, while each model alone
reads its own language all but faultlessly (0.0 % wrong letters on cleanly cut Russian and Kyrgyz lines, 0.2 % on Latin
ones) and is much less sure of any other. So every line is read by several models, one after the other until one is
sure, the longest lines first; then each gets the likeliest of its readings (choosing.py).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import Canvas
from detection.screenshot.choosing import (
    choose,
    is_telling,
    likelier,
    mixed,
    shows_own_letters,
    suspect,
    with_own_letters,
)
from detection.screenshot.engine import DEFAULT_LANGUAGES, Word, line_reader
from detection.screenshot.letter_shapes import are_small, grouped, is_shouted, letter_height
from detection.screenshot.line_pictures import LinePicture, line_picture
from detection.screenshot.readings import Reading, mean_confidence, reading_of, tidied
from detection.screenshot.scripts import CYRILLIC_LANGUAGES, OWN_LETTERS, cyrillic_letters, latin_letters, surely_latin
from detection.screenshot.times.reading import looks_like_time

# Likelihood from which a reading needs no second opinion, and a Russian one no Kyrgyz on a Russian screen.
_SURE: Final = 0.9
_SURELY_RUSSIAN: Final = 0.955
# Cyrillic letters from which a sure reading cannot be Latin in disguise.
_ENOUGH: Final = 8
# No line takes longer than this to read; a line of 1080 px takes some 30 ms with one model.
_LINE_MILLISECONDS: Final = 400
# The line above in a paragraph begins within so many pixels, and is at most so many heights away.
_SAME_LEFT: Final = 14
_NEXT_LINE: Final = 2.2


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the box of its ink on the canvas, and what was read."""

    box: Box
    reading: Reading


@dataclass(slots=True)
class _Candidates:
    """A line with its picture and the readings so far, by language."""

    box: Box
    picture: LinePicture
    readings: dict[str, Reading] = field(default_factory=dict)


@dataclass(slots=True)
class Recogniser:
    """Reads the lines of one screen.

    ``seconds`` of CPU bound all lines together: `exhausted` says that they were over, and lines not read are left out.
    """

    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    seconds: float = 20.0
    exhausted: bool = False
    _started: float = field(default_factory=time.process_time)
    # Letters of telling lines, by the language of their likeliest reading.
    _heard: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def read(self, canvas: Canvas, boxes: Sequence[Box]) -> list[Line]:
        """What stands in these boxes of the canvas, in their order; boxes without text are left out."""
        found = [_Candidates(box, line_picture(canvas, box)) for box in boxes]
        for line in sorted(found, key=lambda line: -line.box.w):
            if self._is_over():
                self.exhausted = True
                break
            if line.picture.tight is not None:
                self._collect(line)
        return self._settled([line for line in found if line.readings])

    def _is_over(self) -> bool:
        return time.process_time() - self._started > self.seconds

    def _collect(self, line: _Candidates) -> None:
        """Readings of the line until one is sure; the screen's commoner alphabet is tried first."""
        latin_first = self._leaning < 0
        for latin in (latin_first, not latin_first):
            best = self._latin(line) if latin else self._cyrillic(line)
            if best is not None and _is_settled(best):
                break
        best = choose(tuple(line.readings.values()), 0.0, 0.0)
        if is_telling(best):
            self._heard[best.language] += best.letters

    @property
    def _leaning(self) -> float:
        """From -1, all Latin, to 1, all Cyrillic; 0 before anything was heard."""
        cyrillic = sum(letters for language, letters in self._heard.items() if language in CYRILLIC_LANGUAGES)
        total = sum(self._heard.values())
        return (2 * cyrillic - total) / total if total else 0.0

    @property
    def _common(self) -> str | None:
        """The commonest Cyrillic language so far."""
        heard = {language: letters for language, letters in self._heard.items() if language in CYRILLIC_LANGUAGES}
        return max(heard, key=lambda language: heard[language]) if heard else None

    def _read(self, line: _Candidates, language: str) -> Reading:
        if language not in line.readings:
            words = line_reader((language,)).read(line.picture.image, _LINE_MILLISECONDS)
            line.readings[language] = reading_of(words, language)
        return line.readings[language]

    def _latin(self, line: _Candidates) -> Reading | None:
        best = None
        for language in self.languages:
            if language not in CYRILLIC_LANGUAGES:
                reading = self._read(line, language)
                best = likelier(best, reading, "eng") if best else reading
        return best

    def _cyrillic(self, line: _Candidates) -> Reading | None:
        """The likeliest Cyrillic reading: the commoner language first, and alone where it is beyond doubt."""
        common = self._common
        known = [language for language in self.languages if language in CYRILLIC_LANGUAGES]
        best = None
        for language in sorted(known, key=lambda language: language != common):
            reading = self._read(line, language)
            if language == common and _is_own(reading):
                return reading
            best = likelier(best, reading, common) if best else reading
        return best

    def _settled(self, lines: Sequence[_Candidates]) -> list[Line]:
        """Each line's likeliest reading, given the screen and the line above."""
        done: list[tuple[_Candidates, Reading]] = []
        for line in lines:
            above = _above(line, done)
            side = 0.0 if above is None or not _is_prose(above[1]) else 1.0 if above[1].cyrillic else -1.0
            reading = choose(self._by_alphabet(line), self._leaning, side)
            if suspect(reading) and not self._is_over():
                other = self._latin(line) if reading.cyrillic else self._cyrillic(line)
                reading = mixed(reading, other) if other is not None else reading
            done.append((line, _in_shape(tidied(reading), line.picture, above)))
        return [_placed(line, reading) for line, reading in done if reading.words]

    def _by_alphabet(self, line: _Candidates) -> list[Reading]:
        """The likeliest Cyrillic and the likeliest Latin reading."""
        best: dict[bool, Reading] = {}
        for reading in line.readings.values():
            before = best.get(reading.cyrillic)
            best[reading.cyrillic] = likelier(before, reading, self._common) if before else reading
        own = line.readings.get(self._common) if self._common in OWN_LETTERS else None
        if own is not None and True in best and best[True] is not own:
            best[True] = with_own_letters(best[True], own)
        return list(best.values())


def _is_settled(reading: Reading) -> bool:
    """Whether it needs no second opinion from the other alphabet."""
    if reading.likelihood < _SURE:
        return False
    if not reading.letters:
        return bool(reading.words)
    return cyrillic_letters(reading.text) >= _ENOUGH if reading.cyrillic else surely_latin(reading.text)


def _is_own(reading: Reading) -> bool:
    """Whether it needs no second opinion from another language of its alphabet."""
    if reading.language in OWN_LETTERS:
        return reading.likelihood >= _SURE and shows_own_letters(reading)
    return reading.likelihood >= _SURELY_RUSSIAN


def _above(line: _Candidates, done: Sequence[tuple[_Candidates, Reading]]) -> tuple[_Candidates, Reading] | None:
    """The line above in the same paragraph."""
    box = line.box
    near = [
        other
        for other in done
        if abs(other[0].box.x - box.x) <= _SAME_LEFT
        and 0 < box.middle[1] - other[0].box.middle[1] <= _NEXT_LINE * max(box.h, other[0].box.h)
    ]
    return max(near, key=lambda other: other[0].box.y, default=None)


def _in_shape(reading: Reading, picture: LinePicture, above: tuple[_Candidates, Reading] | None) -> Reading:
    """With the case and the spaces that the size and the place of its letters show."""
    texts = [grouped(word.text, picture.part(word.box)) for word in reading.words]
    if is_shouted(reading.text) and reading.cyrillic and looks_like_time(reading.text):
        texts = [text.lower() for text in texts]
    elif above is not None and is_shouted(reading.text) and _is_mixed_case(above[1].text):
        small = are_small(letter_height(picture.ink), letter_height(above[0].picture.ink))
        texts = [text.lower() for text in texts] if small else texts
    words = tuple(Word(text, word.confidence, word.box) for text, word in zip(texts, reading.words, strict=True))
    return Reading(words, reading.language, mean_confidence(words))


def _is_prose(reading: Reading) -> bool:
    """Words of a sentence, whose alphabet the next line shares; a handle over a comment says nothing of it."""
    return is_telling(reading) and len(reading.words) >= 2


def _is_mixed_case(text: str) -> bool:
    letters = cyrillic_letters(text) + latin_letters(text)
    return letters >= 6 and 2 * sum(letter.islower() for letter in text) > letters


def _placed(line: _Candidates, reading: Reading) -> Line:
    """The same with the words' boxes on the canvas."""
    words = tuple(Word(word.text, word.confidence, line.picture.placed(word.box)) for word in reading.words)
    return Line(line.picture.tight or line.box, Reading(words, reading.language, reading.confidence))
