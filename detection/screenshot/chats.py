"""Messages in bubbles: Telegram and WhatsApp. Each ends with a clock in its lower right corner.

A run of one person's messages has the name over the first and the photo beside the last. A message that answers another
quotes its author and its beginning first, set in by a stripe. The owner's own messages stand at the right edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from detection.screenshot.boxes import Box
from detection.screenshot.bubbles import bubble_of, find_bubbles
from detection.screenshot.canvas import WIDTH, Canvas
from detection.screenshot.frame import Frame
from detection.screenshot.model import ReadComment, ReadText
from detection.screenshot.piece import Piece, box_of, joined, rows_of

_CLOCK: Final = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?[AaPp][Mm])?")
_CLOCK_AT_END: Final = re.compile(r"\s*((?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?[AaPp][Mm])?)\W*\w{0,3}\W*$")
# Right end of the clock from which a message is the owner's own: it hugs the right edge, others keep away from it.
_OWN: Final = 0.868 * WIDTH
# How far a quotation is set in from the text.
_QUOTE: Final = (14, 48)
# Sum over three channels by which letters differ from their ground; patterns of wallpapers differ less.
_PALEST: Final = 110
_SAME_GROUND: Final = 40
# Sum over three channels by which a name's colour differs from the text's.
_COLOURED: Final = 60


@dataclass(frozen=True, slots=True)
class _Message:
    rows: tuple[tuple[Piece, ...], ...]
    clock: Piece
    time: str
    #: Where the row of the clock ends, with the ticks that say whether the message was seen.
    right: int

    @property
    def own(self) -> bool:
        return self.right > _OWN

    @property
    def box(self) -> Box:
        return box_of([piece for row in self.rows for piece in row] or [self.clock])


def read_messages(
    canvas: Canvas, pieces: Sequence[Piece], circles: Sequence[Box], frame: Frame
) -> tuple[list[ReadComment], int | None]:
    """The messages between the bars, and after how many of them a discussion starts (None: it is no discussion).

    The title is who writes in a chat of two, where no message is named.
    """
    inside = [
        piece
        for piece in pieces
        if frame.top <= piece.box.y and piece.box.bottom <= frame.floor and not _is_noise(piece)
    ]
    bubbles, title = find_bubbles(canvas, inside), frame.title
    messages, start = _messages(_in_bubbles(inside, bubbles), bubbles)
    faces = any(_avatar(message, circles) for message in messages if not message.own)
    comments: list[ReadComment] = []
    author = ReadText(text="", confidence=0.0)
    for message in messages:
        found = _comment(message, author if faces else ReadText(text=title, confidence=0.9 * bool(title)), circles)
        author = author if found.own else found.author
        comments.append(found)
    return comments, start


def _in_bubbles(pieces: Sequence[Piece], bubbles: Sequence[Box]) -> list[Piece]:
    """Without what was read in wallpapers and pictures: in no bubble, or on a ground that no sure words stand on."""
    grounds = [piece.ground for piece in pieces if piece.letters >= 8 and piece.confidence >= 0.85]
    return [
        piece
        for piece in pieces
        if (piece.letters >= 5 and piece.confidence >= 0.9)
        or (bubbles and bubble_of(piece, bubbles) is not None)
        or (not bubbles and any(_distance(piece.ground, ground) <= _SAME_GROUND for ground in grounds))
    ]


def _messages(pieces: Sequence[Piece], bubbles: Sequence[Box]) -> tuple[list[_Message], int | None]:
    """The messages, of which none reaches from one bubble into another."""
    messages: list[_Message] = []
    start: int | None = None
    for bubble, rows in _by_bubble(pieces, bubbles):
        # A day, or the start of a discussion, may have a small bubble for itself.
        service = [row for row in rows if _is_service(row)] if bubble is None or len(rows) == 1 else []
        if messages and any(piece.has_role("notice") for row in service for piece in row):
            start = len(messages)
        messages += _in_bubble([row for row in rows if row not in service], one=bubble is not None)
    return messages, start


def _by_bubble(pieces: Sequence[Piece], bubbles: Sequence[Box]) -> Iterator[tuple[int | None, list[tuple[Piece, ...]]]]:
    """The rows of each bubble, and between them those that stand in none."""
    rows = [tuple(row) for row in rows_of(pieces)]
    for bubble, group in groupby(rows, key=lambda row: bubble_of(row[0], bubbles)):
        yield bubble, list(group)


def _in_bubble(rows: Sequence[tuple[Piece, ...]], *, one: bool) -> Iterator[_Message]:
    """The messages of these rows, which a clock ends: the last one, when they are ``one`` message."""
    clocks = [at for at, row in enumerate(rows) if any(_clock_in(piece) for piece in row)]
    if one:
        clocks = clocks[-1:]
    begin = 0
    for end in clocks:
        clock = next(piece for piece in reversed(rows[end]) if _clock_in(piece))
        texts = [*(_text_in(row, None) for row in rows[begin:end]), _text_in(rows[end], clock)]
        yield _Message(tuple(filter(None, texts)), clock, _clock_in(clock), rows[end][-1].box.right)
        begin = end + 1


def _text_in(row: Sequence[Piece], clock: Piece | None) -> tuple[Piece, ...]:
    """The pieces before the clock; behind it stand only the ticks that say whether the message was seen."""
    end = clock.box.x if clock is not None else WIDTH
    kept = tuple(piece for piece in row if piece is not clock and piece.box.x < end and not _is_noise(piece))
    if clock is not None and not _CLOCK.fullmatch(clock.text.strip(" .,/\\|vV✓")):
        return (*kept, _without_clock(clock))
    return kept


def _is_noise(piece: Piece) -> bool:
    if _distance(piece.ink, piece.ground) < _PALEST:
        return True
    return piece.confidence < 0.4 or (piece.letters == 0 and piece.box.w < 60 and piece.confidence < 0.7)


def _is_service(row: Sequence[Piece]) -> bool:
    """A day, or "discussion started": alone in the middle."""
    first, last = row[0].box, row[-1].box
    middle = abs((first.x + last.right) / 2 - WIDTH / 2) < 0.06 * WIDTH
    return middle and len(row) == 1 and (row[0].is_time or row[0].has_role("notice")) and not _clock_in(row[0])


def _clock_in(piece: Piece) -> str:
    """The clock that the piece is or ends with, "" without one."""
    match = _CLOCK_AT_END.search(piece.text)
    return match[1].replace(".", ":") if match else ""


def _without_clock(piece: Piece) -> Piece:
    """The text of a line that ran into its clock."""
    words = list(piece.reading.words)
    while words and not _CLOCK.search(words[-1].text):
        words.pop()
    return piece.part(tuple(words[:-1]))


def _comment(message: _Message, before: ReadText, circles: Sequence[Box]) -> ReadComment:
    rows = list(message.rows)
    name = _name_of(rows) if not message.own else None
    body = rows[1:] if name is not None else rows
    text_rows = _after_quote(body)
    lines = [piece for row in text_rows for piece in row]
    text, confidence = joined(lines)
    author = ReadText(text=name.text, confidence=name.confidence) if name is not None else before
    return ReadComment(
        author=ReadText(text="", confidence=1.0) if message.own else author,
        text=ReadText(text=text, confidence=confidence),
        time=ReadText(text=message.time, confidence=message.clock.confidence),
        level=int(len(text_rows) < len(body)),
        avatar=None if message.own else _avatar(message, circles),
        box=box_of(lines),
        own=message.own,
    )


def _name_of(rows: Sequence[Sequence[Piece]]) -> Piece | None:
    """The first line if its colour is not the text's: applications give every name a colour of its own.

    A coloured line that is set in names whom a quotation is from: this message has no name of its own.
    """
    if len(rows) < 2 or len(rows[0]) > 1 or _is_link(rows[0][0]):
        return None
    if _QUOTE[0] <= rows[0][0].box.x - min(row[0].box.x for row in rows[1:]) <= _QUOTE[1]:
        return None
    words = [piece for row in rows[1:] for piece in row if not _is_link(piece)]
    text = max(words, key=lambda piece: piece.letters, default=rows[-1][0])
    return rows[0][0] if _distance(rows[0][0].ink, text.ink) > _COLOURED else None


def _is_link(piece: Piece) -> bool:
    return piece.text.startswith(("@", "#", "http"))


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def _after_quote(rows: Sequence[Sequence[Piece]]) -> Sequence[Sequence[Piece]]:
    """The rows of the message itself: a quotation's author in colour and its line come first, both set in.

    Of a quoted picture or emoji only the author is read.
    """
    for count in (2, 1):
        if len(rows) <= count:
            continue
        left = min(row[0].box.x for row in rows[count:])
        set_in = all(_QUOTE[0] <= row[0].box.x - left <= _QUOTE[1] for row in rows[:count])
        coloured = _distance(rows[0][0].ink, rows[-1][0].ink) > _COLOURED
        if set_in and (count == 2 or coloured):
            return rows[count:]
    return rows


def _avatar(message: _Message, circles: Sequence[Box]) -> Box | None:
    """The photo left of the message whose lower edge is level with the message's."""
    box = message.box
    bottom = max(box.bottom, message.clock.box.bottom)
    for circle in circles:
        if (
            circle.right <= box.x + 8
            and circle.x < 0.1 * WIDTH
            and box.y - 40 <= circle.y + circle.h / 2 <= bottom + 40
        ):
            return circle
    return None
