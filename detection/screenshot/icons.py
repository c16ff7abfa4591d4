"""Icons that stand before or behind words in one row: larger than the letters, or hanging at half their height.

A heart before a count is read as "С", a pointed bracket behind a button as "v". What tells them from letters is where
they stand: an icon is centred on the capitals and sticks out above and below them, or ends clear of the baseline.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.screenshot.boxes import Box

# Gap between an icon and the words, and by how much it sticks out on both sides, as shares of the capitals' height.
_GAP: Final = 0.4
_OUT: Final = 0.1
# Width of an icon by its height; narrower are brackets and bars.
_NARROW: Final = 0.55
_WIDE: Final = 2.3
# A small pointed bracket: its height by the capitals', and how far it keeps from both lines.
_SMALL: Final = (0.3, 0.78)
_CLEAR: Final = 0.13
_SMALL_WIDE: Final = (1.25, 2.6)
# Specks that are no letters.
_SPECK: Final = 4
# A sign that stands alone is an icon from this height on when it is about as wide as high, or a small pointed bracket.
_LONE: Final = 34
_LONE_SHAPE: Final = (0.55, 1.5)
_LONE_SMALL: Final = 20
_LONE_FLAT: Final = 1.35
_FEW: Final = 3
_DASHES: Final = ("—", "–", "-", "+")


class _Part(NamedTuple):
    left: int
    right: int
    top: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left


def icon_columns(ink: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The columns of icons at both ends of a line's ink, each from and to (exclusive)."""
    parts = _parts(ink)
    found = []
    for backwards in (False, True):
        for _ in range(2):
            group, rest = _end_group(parts, backwards=backwards)
            if not rest or not _is_icon(group, rest):
                break
            found.append((min(part.left for part in group), max(part.right for part in group)))
            parts = rest
    return found


def is_lone_icon(text: str, box: Box) -> bool:
    """Whether what was read as these few letters, alone in its box on the canvas, is an icon."""
    if len(text) > _FEW or text in _DASHES or any(letter.isdigit() for letter in text):
        return False
    shape = box.w / max(1, box.h)
    if len(text) == 1 and not text.isalnum():
        return True
    large = box.h >= _LONE and _LONE_SHAPE[0] <= shape <= _LONE_SHAPE[1]
    return large or (box.h <= _LONE_SMALL and shape >= _LONE_FLAT and len(text) <= 2)


def _parts(ink: NDArray[np.bool_]) -> list[_Part]:
    stats = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)[2][1:]
    parts = [_Part(int(x), int(x + w), int(y), int(y + h)) for x, y, w, h, area in stats if area >= _SPECK]
    return sorted(parts)


def _end_group(parts: list[_Part], *, backwards: bool) -> tuple[list[_Part], list[_Part]]:
    """The parts at one end up to a gap as wide as one between words, and all others."""
    if not parts:
        return [], []
    tall = float(np.percentile([part.height for part in parts], 80))
    ordered = sorted(parts, key=lambda part: -part.right) if backwards else parts
    edge = ordered[0].left if backwards else ordered[0].right
    for at, part in enumerate(ordered):
        gap = edge - part.right if backwards else part.left - edge
        if gap > _GAP * tall:
            return ordered[:at], sorted(ordered[at:])
        edge = min(edge, part.left) if backwards else max(edge, part.right)
    return parts, []


def _is_icon(group: list[_Part], rest: list[_Part]) -> bool:
    letters = [part for part in rest if part.height >= 0.6 * max(other.height for other in rest)]
    baseline = float(np.percentile([part.bottom for part in letters], 35))
    tall = [part for part in letters if part.bottom <= baseline + 0.12 * part.height] or letters
    top = float(min(part.top for part in tall))
    capital = max(1.0, baseline - top)
    left, right = min(part.left for part in group), max(part.right for part in group)
    high, low = min(part.top for part in group), max(part.bottom for part in group)
    shape = (right - left) / max(1, low - high)
    if len(group) <= 4 and _NARROW <= shape <= _WIDE and (low - high) > capital:
        largest = max(group, key=lambda part: part.width * part.height)
        whole = largest.width * largest.height >= 0.45 * (right - left) * (low - high)
        if whole and largest.top < top - _OUT * capital and largest.bottom > baseline + _OUT * capital:
            return abs((largest.top + largest.bottom) - (top + baseline)) < 0.5 * capital
    small = _SMALL[0] * capital <= low - high <= _SMALL[1] * capital
    clear = low < baseline - _CLEAR * capital and high > top + _CLEAR * capital
    return len(group) == 1 and small and clear and _SMALL_WIDE[0] <= shape <= _SMALL_WIDE[1]
