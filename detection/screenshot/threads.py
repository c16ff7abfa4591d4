"""Comments that stand beside their author's round photo: Facebook, Instagram, VK, OK, TikTok, YouTube.

Whatever the application, a photo stands left of a name, the text below the name begins where the name does, and a row
of time and buttons ends it. How far the photo is from the edge is the level of reply.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import WIDTH
from detection.screenshot.entries import Entry, begins_with_time
from detection.screenshot.model import ReadComment, ReadText
from detection.screenshot.piece import Piece, box_of, joined

# Left edges of photos up to which they are of comments and of replies; further ones are of replies to replies.
_FIRST: Final = 0.095 * WIDTH
_SECOND: Final = 0.225 * WIDTH
# Text begins within so many pixels of where the name begins; an emoji at the start moves it right.
_LEFT: Final = 24
_RIGHT: Final = 0.5 * WIDTH
# Rows of text are at most so far apart (16 sp, spaced by half); icons below it stand further.
_APART: Final = 68
_TIME_LETTERS: Final = 14
# Right of it stand hearts and counts.
_MARGIN: Final = 0.87 * WIDTH
_LABELS: Final = ("footer", "more_replies", "sorting", "title", "input", "see_more")


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
    return beside and begins_with_time(first) and second.box.x < entry.avatar.right - 8


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
    time = next((piece for piece in entry.head if begins_with_time(piece)), None)
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
        if begins_with_time(piece):
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
        piece for piece in row if piece.has_role("footer", "more_replies") or (not timed and begins_with_time(piece))
    ]
    if len(marks) >= 2 or (marks and len(row) == len(marks) and has_text):
        return True
    if marks and has_text and begins_with_time(row[0]):
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
