"""The comments of a thread as they lie on the screen: a photo, the name beside it, and all below down to the next.

Where a photo was not found, a name that begins where other names do, words and a row of buttons are a comment as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import WIDTH
from detection.screenshot.piece import Piece, rows_of
from detection.screenshot.times.reading import looks_like_time

# A photo right of it is no author's.
_LAST: Final = 0.36 * WIDTH
# Names of one level begin within so many pixels.
_SAME_LEFT: Final = 10
# So many letters beside a photo are a name, however unsure the engine is of them: handles are no words.
_SEEN_LETTERS: Final = 5
_NO_NAME: Final = ("footer", "input", "sorting", "more_replies")


@dataclass(frozen=True, slots=True)
class Entry:
    """A photo, the name beside it, and every piece below the name down to the next entry."""

    avatar: Box
    name: tuple[Piece, ...]
    head: tuple[Piece, ...]
    below: tuple[tuple[Piece, ...], ...]


def find_entries(pieces: Sequence[Piece], circles: Sequence[Box], floor: int) -> list[Entry]:
    """Photos with a name to their right, top down; nothing below ``floor`` (the field for writing) belongs to them."""
    rows = rows_of(piece for piece in pieces if piece.box.y < floor)
    named: list[tuple[Box, list[Piece]]] = []
    for circle in circles:
        row = _name_row(rows, circle) if circle.x < _LAST and circle.bottom <= floor + circle.h // 3 else None
        if row is not None and not any(row is other for _, other in named):
            named.append((circle, row))
    found = _entries(named, rows, floor)
    missed = [pair for entry in found for pair in _missed(entry, found)]
    return _entries([*named, *missed], rows, floor) if missed else found


def _entries(named: list[tuple[Box, list[Piece]]], rows: list[list[Piece]], floor: int) -> list[Entry]:
    named = sorted(named, key=lambda pair: pair[0].y)
    tops = [min(row[0].box.y, circle.y) for circle, row in named]
    return [
        _entry(circle, row, rows, tops[at + 1] if at + 1 < len(tops) else floor)
        for at, (circle, row) in enumerate(named)
    ]


def _missed(entry: Entry, others: Sequence[Entry]) -> Iterator[tuple[Box, list[Piece]]]:
    """Comments below this one whose photo was not found: a name where other names begin, words, a row of buttons."""
    ends = [at for at, row in enumerate(entry.below) if _is_ending(row)]
    for last, end in pairwise(ends):
        rows = [row for row in entry.below[last + 1 : end] if not row[0].has_role(*_NO_NAME)]
        for peer in others if len(rows) >= 2 else ():
            # What was read in the photo stands before the name.
            name = [piece for piece in rows[0] if piece.box.x >= peer.name[0].box.x - _SAME_LEFT]
            if name and name[0].letters >= 2 and name[0].box.x <= peer.name[0].box.x + _SAME_LEFT:
                yield peer.avatar._replace(y=peer.avatar.y + name[0].box.y - peer.name[0].box.y), name
                break


def _is_ending(row: Sequence[Piece]) -> bool:
    """A row of a time and a button."""
    return begins_with_time(row[0]) and any(piece.has_role("footer") for piece in row)


def _name_row(rows: list[list[Piece]], circle: Box) -> list[Piece] | None:
    """The topmost row that begins right of the photo, beside its upper part."""
    for row in rows:
        pieces = [piece for piece in row if circle.right - 6 <= piece.box.x <= circle.right + 0.11 * WIDTH]
        if not pieces:
            continue
        middle = pieces[0].box.y + pieces[0].box.h / 2
        if circle.y - 0.2 * circle.h <= middle <= circle.y + 0.8 * circle.h and pieces[0].letters >= 2:
            name = pieces[0]
            unsure = name.confidence < 0.3 and name.letters < _SEEN_LETTERS
            wrong = name.is_number or name.has_role(*_NO_NAME) or unsure
            return None if wrong else [piece for piece in row if piece.box.x >= name.box.x]
    return None


def _entry(circle: Box, row: list[Piece], rows: list[list[Piece]], end: int) -> Entry:
    start = row[0].box
    below = []
    for other in rows:
        kept = tuple(piece for piece in other if piece.box.x >= circle.x - 8 and piece not in row)
        middle = other[0].box.y + other[0].box.h / 2
        if kept and start.bottom - start.h * 0.25 <= middle and kept[0].box.y < end - 4:
            below.append(kept)
    name, time = _split_head(row[0])
    return Entry(circle, (name,), (*time, *row[1:]), tuple(below))


def _split_head(piece: Piece) -> tuple[Piece, tuple[Piece, ...]]:
    """A name that ran into the time behind it: «@timur.s · 6 часов назад»."""
    words = piece.reading.words
    for count in range(min(4, len(words) - 1), 0, -1):
        time = " ".join(word.text for word in words[-count:]).strip(" ·•:.-")
        if looks_like_time(time):
            rest = words[:-count]
            while len(rest) > 1 and not any(letter.isalnum() for letter in rest[-1].text):
                rest = rest[:-1]
            return piece.part(rest), (piece.part(words[-count:]),)
    return piece, ()


def begins_with_time(piece: Piece) -> bool:
    """Whether it is a time, perhaps with the sign of who may see the post behind it: «1 дн. · »."""
    return (
        piece.is_time
        or looks_like_time(re.split(r"\s?[·•©®@|]|:(?!\d)", piece.text)[0])
        or looks_like_time(piece.text.rstrip("·• ©@"))
        or looks_like_time(piece.text.rsplit(" ", 1)[0])
    )
