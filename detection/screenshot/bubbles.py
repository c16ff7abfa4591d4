"""Where the bubbles of a chat are: areas of the colours that sure words stand on.

Patterns of a wallpaper are read as letters here and there; what lies in no bubble is nobody's message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from detection.screenshot.boxes import Box, common_area
from detection.screenshot.canvas import WIDTH, Canvas
from detection.screenshot.piece import Piece

# Letters and confidence from which a piece surely stands in a bubble.
_LETTERS: Final = 6
_SURE: Final = 0.85
# Colours that differ by less in sum are one; levels a pixel may be off its bubble's.
_ONE_COLOUR: Final = 18
_OFF: Final = 8
# The picture is shrunk so much; bubbles are at least so large, and smaller than the page.
_SHRUNK: Final = 4
_LEAST: Final = (90, 56)
_PAGE: Final = 0.55
# Share of a piece that lies in its bubble.
_WITHIN: Final = 0.7


def find_bubbles(canvas: Canvas, pieces: Sequence[Piece]) -> tuple[Box, ...]:
    """The boxes of bubbles, top down; none where messages stand on the page itself."""
    small = cv2.resize(canvas.rgb, None, fx=1 / _SHRUNK, fy=1 / _SHRUNK, interpolation=cv2.INTER_AREA)
    found: list[Box] = []
    for colour in _colours(pieces):
        lower, upper = (np.clip(np.array(colour) + by, 0, 255).astype(np.uint8) for by in (-_OFF, _OFF))
        stats = cv2.connectedComponentsWithStats(cv2.inRange(small, lower, upper), connectivity=4)[2][1:]
        boxes = [Box(*(int(value) * _SHRUNK for value in row[:4])) for row in stats]
        found += [box for box in boxes if box.w >= _LEAST[0] and box.h >= _LEAST[1]]
    if any(box.area > _PAGE * WIDTH * canvas.height for box in found):
        return ()
    outer = [box for box in found if not any(_inside(box, other) for other in found if other is not box)]
    return tuple(sorted(outer, key=lambda box: (box.y, box.x)))


def bubble_of(piece: Piece, bubbles: Sequence[Box]) -> int | None:
    """The number of the bubble that the piece stands in."""
    for number, bubble in enumerate(bubbles):
        if common_area(piece.box, bubble) >= _WITHIN * piece.box.area:
            return number
    return None


def _colours(pieces: Sequence[Piece]) -> list[tuple[int, int, int]]:
    colours: list[tuple[int, int, int]] = []
    for piece in pieces:
        sure = piece.letters >= _LETTERS and piece.confidence >= _SURE
        if sure and all(sum(map(abs, map(int.__sub__, piece.ground, other))) > _ONE_COLOUR for other in colours):
            colours.append(piece.ground)
    return colours


def _inside(box: Box, other: Box) -> bool:
    return other.area > box.area and common_area(box, other) >= 0.9 * box.area
