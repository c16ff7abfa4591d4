"""What every screen has around its contents: the status bar, the application's bar and the field for writing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from detection.screenshot.canvas import WIDTH
from detection.screenshot.piece import Piece, rows_of

# Lowest part of a screen in which the application's bar, and topmost in which the field for writing, may stand.
_BARS: Final = 0.145
_FIELD: Final = 0.86
# Height of the phone's own bar: 24 to 59 units of 360 to 430.
_STATUS: Final = 0.052
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d\d")
_BOTTOM: Final = 0.925


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Rows of the canvas: where the phone's bar ends, where the contents begin and end; and the title."""

    status: int
    top: int
    floor: int
    title: str


def find_frame(pieces: Sequence[Piece], height: int) -> Frame:
    """The frame of a screen of this height; of a cut-out without bars, all of it is contents."""
    rows = rows_of(pieces)
    whole = height > 1.5 * WIDTH
    status = _status(rows, height) if whole else 0
    bar = [row for row in rows if status < row[0].box.y and row[-1].box.bottom < _BARS * height] if whole else []
    top, title = status, ""
    for row in bar:
        if _is_bar(row) or (title and any(piece.has_role("notice") for piece in row)):
            named = [piece for piece in row if piece.letters >= 2 and not piece.has_role("notice")]
            title = title or (max(named, key=lambda piece: piece.box.w).text if named else "")
            top = max(top, *(piece.box.bottom for piece in row))
    return Frame(status=status, top=top, floor=_floor(pieces, height) if whole else height, title=title)


def _status(rows: Sequence[Sequence[Piece]], height: int) -> int:
    """The lower edge of the row that begins with a clock at the very top, with some room; 0 when the top is cut off."""
    for row in rows:
        if row[0].box.bottom < _STATUS * height and any(_CLOCK.fullmatch(piece.text.strip(" .,")) for piece in row):
            return max(piece.box.bottom for piece in row if piece.box.bottom < _STATUS * height) + 4
    return 0


def _is_bar(row: Sequence[Piece]) -> bool:
    """It begins with the arrow that leads back, which is read as one sign, or holds a title."""
    first = row[0]
    arrow = first.box.x < 0.09 * WIDTH and first.letters <= 2 and first.box.w < 0.07 * WIDTH
    return arrow or any(piece.has_role("title", "notice") for piece in row) or first.box.x > 0.1 * WIDTH


def _floor(pieces: Sequence[Piece], height: int) -> int:
    fields = [piece.box.y for piece in pieces if piece.has_role("input") and piece.box.y > _FIELD * height]
    return min(fields) - 24 if fields else round(_BOTTOM * height)
