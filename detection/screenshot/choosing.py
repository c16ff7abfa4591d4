"""Which of several readings of a line is right: each was made with the model of one language alone.

On a line of its own language a model is nearly always surest of itself. Where two are alike sure (a short word whose
letters look the same in both alphabets) the words around settle it: the line above in the same paragraph, then the
screen. In a line with words of both alphabets (a handle before an answer) each word is settled for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from detection.screenshot.boxes import Box, common_area
from detection.screenshot.engine import Word
from detection.screenshot.interface import find_words
from detection.screenshot.readings import Reading, corrected_reading, is_known, mean_confidence, oddness
from detection.screenshot.scripts import OWN_LETTERS, has_own_letters, without_own
from detection.screenshot.times.reading import looks_like_time

# What the screen, the line above and being a word of an application add to a reading's likelihood.
_SCREEN: Final = 0.05
_ABOVE: Final = 0.05
_KNOWN: Final = 0.07
_TIME: Final = 0.15
# What the commoner of two languages of one alphabet has ahead.
_COMMON: Final = 0.012
# Letters from which a line has a say in which alphabet is the screen's.
_TELLING: Final = 8
# A word below this confidence, or odd, may be of the other alphabet; by how much it must be surer there.
_SUSPECT: Final = 0.8
_SURER: Final = 0.08
# The same among so many sure words of the line's own alphabet.
_MUCH_SURER: Final = 0.3
_AMONG: Final = 3
# Confidence from which an own letter counts as seen.
_SEEN: Final = 0.6
# A handle as the Cyrillic models read it («дчпага17,»), and what the Latin one makes of it then.
_HANDLE_IN_CYRILLIC: Final = re.compile(r"[^\W\dA-Za-z_]{4,}\d{2,}\W*")
_HANDLE: Final = re.compile(r"[A-Za-z][A-Za-z._]{2,}\d{2,}\W*")
_LINK: Final = re.compile(
    r"https?:|www\.|@[A-Za-z]|[A-Za-z][_/]|[A-Za-z]{2}\.[A-Za-z]{2}|[A-Za-z]{3}\d+\W*$|[а-я]{2}[._/]\w"
)


def choose(readings: Sequence[Reading], screen: float, above: float) -> Reading:
    """The likeliest. ``screen`` and ``above`` lie between -1 (all Latin) and 1 (all Cyrillic).

    A handle that stands alone is Latin, however unsure that model is of it.
    """
    if readings and all(len(reading.words) == 1 and reading.text.startswith("@") for reading in readings):
        readings = _handles(readings)

    def score(reading: Reading) -> float:
        side = 1 if reading.cyrillic else -1
        known = _TIME if looks_like_time(reading.text) else _KNOWN if find_words(reading.text) else 0.0
        return reading.likelihood + side * (_SCREEN * screen + _ABOVE * above) + known

    return max(readings, key=score, default=Reading((), "", 0.0))


def _handles(readings: Sequence[Reading]) -> Sequence[Reading]:
    """The Latin readings of a handle, as sure as any of them all that something stands there."""
    surest = max(reading.words[0].confidence for reading in readings)
    latin = [reading for reading in readings if not reading.cyrillic]
    return [Reading((replace(each.words[0], confidence=surest),), each.language, surest) for each in latin] or readings


def likelier(one: Reading, other: Reading, common: str | None) -> Reading:
    """Of two readings in languages of one alphabet; ``common`` is the screen's, if that is known.

    Where they differ in nothing but letters that Russian lacks, the model that knows them is believed on its screen.
    """
    differ = one.text != other.text
    if differ and common in (one.language, other.language) and without_own(one.text) == without_own(other.text):
        return one if one.language == common else other
    ahead = _COMMON * ((one.language == common) - (other.language == common))
    return one if one.likelihood + ahead >= other.likelihood else other


def is_telling(reading: Reading) -> bool:
    """Whether it says which alphabet the screen is written in."""
    return reading.letters >= _TELLING and reading.likelihood >= _SUSPECT


def shows_own_letters(reading: Reading) -> bool:
    """Whether a letter was surely seen that Russian lacks."""
    if reading.language not in OWN_LETTERS:
        return False
    return any(word.confidence >= _SEEN and has_own_letters(word.text, reading.language) for word in reading.words)


def suspect(reading: Reading) -> bool:
    """Whether words of it may be of the other alphabet."""
    return not is_known(reading.text) and any(_kind(reading, word) == "suspect" for word in reading.words)


def _kind(reading: Reading, word: Word) -> str:
    """A link or a handle is Latin; words beside one, unsure and odd ones may be of either alphabet."""
    if _LINK.search(word.text):
        return "suspect" if reading.cyrillic else "link"
    if not any(letter.isalpha() for letter in word.text):
        return "sure"
    beside_link = not reading.cyrillic and any(_LINK.search(other.text) for other in reading.words)
    odd = word.confidence < _SUSPECT or oddness(word.text, reading.language) > 0
    return "suspect" if beside_link or odd else "sure"


def mixed(reading: Reading, other: Reading) -> Reading:
    """The reading with its suspect words from ``other``, of the other alphabet, where that is clearly surer of them."""
    words: list[Word] = []
    for kind, run in _runs(reading):
        there = _within(other.words, run)
        words += there if kind == "suspect" and _is_surer(there, other, run, reading) else run
    if tuple(words) == reading.words:
        return reading
    return corrected_reading(words, reading.language)


def with_own_letters(reading: Reading, own: Reading) -> Reading:
    """The Russian reading with letters that Russian lacks, where ``own`` shows nothing else in their word."""
    words = []
    for word in reading.words:
        there = [other for other in own.words if common_area(word.box, other.box) > 0.5 * word.box.area]
        same = len(there) == 1 and there[0].text != word.text and without_own(there[0].text) == without_own(word.text)
        shown = same and has_own_letters(there[0].text, own.language)
        words.append(replace(word, text=there[0].text) if shown else word)
    return Reading(tuple(words), reading.language, mean_confidence(words))


def _runs(reading: Reading) -> list[tuple[str, list[Word]]]:
    """The words in runs of one kind."""
    runs: list[tuple[str, list[Word]]] = []
    for word in reading.words:
        kind = _kind(reading, word)
        if runs and runs[-1][0] == kind:
            runs[-1][1].append(word)
        else:
            runs.append((kind, [word]))
    return runs


def _within(words: Iterable[Word], run: Sequence[Word]) -> list[Word]:
    left, right = run[0].box.x, run[-1].box.right
    return [word for word in words if left <= word.box.middle[0] <= right]


def _is_surer(there: Sequence[Word], other: Reading, here: Sequence[Word], reading: Reading) -> bool:
    if not there or not _same_place(there[0].box, there[-1].box, here[0].box, here[-1].box):
        return False
    among = [word for word in reading.words if word.text.isalpha() and _kind(reading, word) == "sure"]
    surer = _SURER if len(among) < _AMONG else _MUCH_SURER
    if (
        len(there) == len(here) == 1
        and _HANDLE_IN_CYRILLIC.fullmatch(here[0].text)
        and _HANDLE.fullmatch(there[0].text)
    ):
        return True
    return _likelihood(there, other.language) > _likelihood(here, reading.language) + surer


def _same_place(first: Box, last: Box, other_first: Box, other_last: Box) -> bool:
    slack = 0.5 * max(first.h, other_first.h)
    return abs(first.x - other_first.x) <= slack and abs(last.right - other_last.right) <= slack


def _likelihood(words: Sequence[Word], language: str) -> float:
    total = sum(len(word.text) for word in words)
    return mean_confidence(words) - sum(oddness(word.text, language) * len(word.text) for word in words) / max(1, total)
