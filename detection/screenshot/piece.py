"""A piece of text on the canvas while its part in the screen is being found out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from detection.screenshot.boxes import Box, around, shared_rows
from detection.screenshot.canvas import Canvas
from detection.screenshot.engine import Word
from detection.screenshot.icons import is_lone_icon
from detection.screenshot.interface import Match, find_words
from detection.screenshot.interface.matching import NUMBER
from detection.screenshot.readings import Reading
from detection.screenshot.times.reading import looks_like_time

# Rows beside a piece that show the ground it stands on.
_PAGE: Final = 6
_NUMBER: Final = re.compile(rf"\W*{NUMBER}\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece as read, what it is among the words of applications, and the mean colours of its letters and ground."""

    reading: Reading
    box: Box
    matches: tuple[Match, ...]
    is_time: bool
    ink: tuple[int, int, int]
    ground: tuple[int, int, int]

    @property
    def text(self) -> str:
        """The words."""
        return self.reading.text

    @property
    def confidence(self) -> float:
        """Mean confidence by letters."""
        return self.reading.confidence

    @property
    def is_number(self) -> bool:
        """A count: digits, perhaps with "тыс." or "K"."""
        return bool(_NUMBER.fullmatch(self.text))

    @property
    def is_icon(self) -> bool:
        """An icon that was read as a letter or a sign."""
        return is_lone_icon(self.text, self.box)

    @property
    def letters(self) -> int:
        """Letters and digits."""
        return sum(letter.isalnum() for letter in self.text)

    def part(self, words: tuple[Word, ...]) -> Piece:
        """The same with some of its words only."""
        letters = max(1, sum(len(word.text) for word in words))
        sure = sum(word.confidence * len(word.text) for word in words) / letters
        reading = Reading(words, self.reading.language, sure)
        text = reading.text
        box = around(word.box for word in words) if words else self.box
        return replace(self, reading=reading, box=box, matches=find_words(text), is_time=looks_like_time(text))

    def has_role(self, *roles: str) -> bool:
        """Whether it is, in some application, one of these."""
        return any(match.role in roles for match in self.matches)


def piece_of(canvas: Canvas, box: Box, reading: Reading) -> Piece:
    """The piece with everything that is known of it alone."""
    ink, ground = _colours(canvas, box)
    return Piece(reading, box, find_words(reading.text), looks_like_time(reading.text), ink, ground)


def _colours(canvas: Canvas, box: Box) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """The ground is what stands above and below; the letters are the tenth that differs most from it."""
    around_it = box.grown(_PAGE).within(canvas.rgb.shape[1], canvas.height)
    cut = canvas.rgb[around_it.y : around_it.bottom, around_it.x : around_it.right].astype(np.int16)
    # Dense letters cover half of their own box, and recompression tints the rest.
    ground = np.median(np.concatenate([cut[:_PAGE], cut[-_PAGE:]]).reshape(-1, 3), axis=0)
    pixels = cut.reshape(-1, 3)
    distance = np.abs(pixels - ground).sum(axis=1)
    ink = np.median(pixels[distance >= np.percentile(distance, 92)], axis=0)
    return (int(ink[0]), int(ink[1]), int(ink[2])), (int(ground[0]), int(ground[1]), int(ground[2]))


def rows_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces by rows, top down, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.y + piece.box.h / 2):
        if rows and shared_rows(rows[-1][0].box, piece.box) > 0.5:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.box.x) for row in rows]


def joined(pieces: Sequence[Piece]) -> tuple[str, float]:
    """The texts with spaces between, and their mean confidence by letters."""
    letters = sum(len(piece.text) for piece in pieces)
    if not letters:
        return "", 0.0
    return (
        " ".join(piece.text for piece in pieces),
        sum(piece.confidence * len(piece.text) for piece in pieces) / letters,
    )


def box_of(pieces: Sequence[Piece]) -> Box:
    """Around all of them; an empty box for none."""
    return around(piece.box for piece in pieces) if pieces else Box(0, 0, 0, 0)
