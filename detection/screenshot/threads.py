"""Comments that stand beside their author's round photo: Facebook, Instagram, VK, OK, TikTok, YouTube.

Whatever the application, a photo stands left of a name, the text below the name begins where the name does, and a row
of time and buttons ends it. How far the photo is from the edge is the level of reply.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import WIDTH
from detection.screenshot.model import ReadComment, ReadText
from detection.screenshot.piece import Piece, box_of, joined, rows_of
from detection.screenshot.times.reading import looks_like_time

# Left edges of photos up to which they are of comments and of replies; further ones are of replies to replies.
_FIRST: Final = 0.095 * WIDTH
_SECOND: Final = 0.225 * WIDTH
# A photo right of it is no author's.
_LAST: Final = 0.36 * WIDTH
# Text begins within so many pixels of where the name begins; an emoji at the start moves it right.
_LEFT: Final = 24
_RIGHT: Final = 0.5 * WIDTH
# Rows of text are at most so far apart (16 sp, spaced by half); icons below it stand further.
_APART: Final = 68
_TIME_LETTERS: Final = 14
# Right of it stand hearts and counts.
_MARGIN: Final = 0.87 * WIDTH
_LABELS: Final = ("footer", "more_replies", "sorting", "title", "input", "see_more")


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
    named.sort(key=lambda pair: pair[0].y)
    tops = [min(row[0].box.y, circle.y) for circle, row in named]
    return [
        _entry(circle, row, rows, tops[at + 1] if at + 1 < len(tops) else floor)
        for at, (circle, row) in enumerate(named)
    ]


def _name_row(rows: list[list[Piece]], circle: Box) -> list[Piece] | None:
    """The topmost row that begins right of the photo, beside its upper part."""
    for row in rows:
        pieces = [piece for piece in row if circle.right - 6 <= piece.box.x <= circle.right + 0.11 * WIDTH]
        if not pieces:
            continue
        middle = pieces[0].box.y + pieces[0].box.h / 2
        if circle.y - 0.2 * circle.h <= middle <= circle.y + 0.8 * circle.h and pieces[0].letters >= 2:
            name = pieces[0]
            wrong = (
                name.is_number or name.has_role("footer", "input", "sorting", "more_replies") or name.confidence < 0.3
            )
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


def is_caption(entry: Entry, others: Sequence[Entry]) -> bool:
    """Whether it is the post's own text over its comments (Instagram): they can be answered, it cannot."""
    return not _answerable(entry) and any(_answerable(other) for other in others)


def _answerable(entry: Entry) -> bool:
    return any(piece.has_role("footer") for row in entry.below for piece in row)


def is_post(entry: Entry) -> bool:
    """Whether a post's author stands here: the time below the name, the text below the photo, from the left edge."""
    if not entry.below or len(entry.below) < 2:
        return False
    first, second = entry.below[0][0], entry.below[1][0]
    beside = first.box.x > entry.avatar.right - 6 and first.box.bottom <= entry.avatar.bottom + 0.25 * entry.avatar.h
    return beside and _begins_with_time(first) and second.box.x < entry.avatar.right - 8


def _begins_with_time(piece: Piece) -> bool:
    """Whether it is a time, perhaps with the sign of who may see the post behind it: «1 дн. · »."""
    return (
        piece.is_time
        or looks_like_time(re.split(r"\s?[·•©®@|]|:(?!\d)", piece.text)[0])
        or looks_like_time(piece.text.rstrip("·• ©@"))
        or looks_like_time(piece.text.rsplit(" ", 1)[0])
    )


def read_post(entry: Entry) -> ReadComment:
    """The post of this entry: its text ends where a picture or a row of counts follows."""
    time = entry.below[0][0]
    lines: list[Piece] = []
    for row in entry.below[1:]:
        first = row[0]
        if first.box.x > entry.avatar.right or _is_counts(row):
            break
        if lines and first.box.y - lines[-1].box.bottom > 1.6 * lines[-1].box.h:
            break
        lines += row
    return _comment(entry, _without_ending(lines), time, level=0)


def _is_counts(row: Sequence[Piece]) -> bool:
    return all(piece.is_number or piece.has_role(*_LABELS, "notice") for piece in row)


def read_comment(entry: Entry) -> ReadComment:
    """The comment of this entry."""
    left = entry.name[0].box.x
    time = next((piece for piece in entry.head if _begins_with_time(piece)), None)
    lines: list[Piece] = []
    for row in entry.below:
        kept = [piece for piece in row if left - _LEFT <= piece.box.x and not _aside(piece)]
        if not kept:
            continue
        apart = bool(lines) and _middle(kept[0]) - _middle(lines[-1]) > _APART
        if _is_footer(kept, has_text=bool(lines), timed=time is not None, apart=apart):
            time = time or _time_in(kept)
            break
        if kept[0].box.x > left + _RIGHT or (lines and kept[0].box.y - lines[-1].box.bottom > 1.5 * lines[-1].box.h):
            break
        lines += kept
    return _comment(entry, _without_ending(lines), time, _level(entry.avatar))


def _middle(piece: Piece) -> float:
    return piece.box.y + piece.box.h / 2


def _time_in(row: Sequence[Piece]) -> Piece | None:
    """The time in a row of buttons; what stands first and is no button was meant for one, however it was read."""
    for piece in row:
        if _begins_with_time(piece):
            return piece
    first = row[0]
    odd = not first.has_role("footer", "more_replies") and first.letters <= _TIME_LETTERS and not first.is_number
    return first if odd and len(row) > 1 else None


def _aside(piece: Piece) -> bool:
    """A count, or what was read in an icon, at the right edge."""
    return piece.box.x > _MARGIN and (piece.is_number or piece.letters <= 2 or piece.confidence < 0.6)


def _is_footer(row: Sequence[Piece], *, has_text: bool, timed: bool, apart: bool) -> bool:
    """A row of time and buttons. «Супер» alone below the name may also be what somebody wrote."""
    # A clock that ends a text is none of the comment's where the time stands beside the name.
    marks = [
        piece for piece in row if piece.has_role("footer", "more_replies") or (not timed and _begins_with_time(piece))
    ]
    if len(marks) >= 2 or (marks and len(row) == len(marks) and has_text):
        return True
    if marks and has_text and _begins_with_time(row[0]):
        return True
    # YouTube's row has icons and a count, and the time stands above.
    return timed and has_text and apart and all(_is_icons(piece) for piece in row)


def _is_icons(piece: Piece) -> bool:
    words = piece.text.split()
    short = all(sum(map(str.isalnum, word)) <= 3 or word[0].isdigit() for word in words)
    return piece.is_icon or piece.is_number or piece.confidence < 0.5 or short


def _without_ending(lines: list[Piece]) -> list[Piece]:
    """Without the offer to see more at the end."""
    while len(lines) > 1 and lines[-1].has_role("see_more"):
        lines = lines[:-1]
    return lines


def _level(avatar: Box) -> int:
    return 0 if avatar.x < _FIRST else 1 if avatar.x < _SECOND else 2


def _comment(entry: Entry, lines: Sequence[Piece], time: Piece | None, level: int) -> ReadComment:
    author, sure = joined(entry.name)
    text, confidence = joined(lines)
    return ReadComment(
        author=ReadText(text=author, confidence=sure),
        text=ReadText(text=text, confidence=confidence),
        time=ReadText(text=time.text, confidence=time.confidence) if time else ReadText(text="", confidence=0.0),
        level=level,
        avatar=entry.avatar,
        box=box_of(lines),
    )
