"""Middle dots between the parts of a line («12 комментариев · 3 репоста»): where the line is to be cut."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.screenshot.boxes import Box

# Sides of a dot and its distance from the letters beside it, as shares of the height of small letters and capitals.
_SIDE: Final = (0.08, 0.34)
_SIDE_LEAST: Final = 3
_SHAPE: Final = (0.6, 1.7)
_GAP: Final = 0.3
# How far above the baseline its middle is: a full stop is below, an apostrophe above.
_MIDDLE: Final = (0.3, 0.95)
_SPECK: Final = 4
# What recompression leaves around letters is smaller than the dot and this share of the letters' height.
_CRUMB: Final = 0.15


def middle_dots(mask: NDArray[np.uint8], line: Box) -> list[Box]:
    """The dots of this line of the mask, from left to right; none at its start."""
    cut = (mask[line.y : line.bottom, line.x : line.right] > 0).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(cut, connectivity=8)[2][1:]
    parts = [Box(*(int(value) for value in row[:4])) for row in stats if row[4] >= _SPECK]
    letters = [part for part in parts if part.h >= 0.35 * line.h]
    if len(letters) < 2:
        return []
    # Letters with tails hang below it.
    baseline = float(np.percentile([part.bottom for part in letters], 35))
    height = float(np.median([part.h for part in letters]))
    dots = [part for part in parts if _is_dot(part, baseline, height) and _stands_apart(part, parts, height)]
    return [Box(line.x + dot.x, line.y + dot.y, dot.w, dot.h) for dot in sorted(dots)]


def _is_dot(part: Box, baseline: float, height: float) -> bool:
    square = _SHAPE[0] <= part.w / part.h <= _SHAPE[1] and max(part.w, part.h) <= _SIDE[1] * height
    large = min(part.w, part.h) >= max(_SIDE_LEAST, _SIDE[0] * height)
    raised = (baseline - part.middle[1]) / height
    return square and large and _MIDDLE[0] <= raised <= _MIDDLE[1]


def _stands_apart(dot: Box, parts: list[Box], height: float) -> bool:
    """Nothing above, below or close by, and letters before it."""
    gap = _GAP * height
    crumb = max(_CRUMB * height, max(dot.w, dot.h) - 1)
    others = [part for part in parts if part is not dot and max(part.w, part.h) >= crumb]
    near = any(part.x < dot.right + gap and part.right > dot.x - gap for part in others)
    return not near and any(part.right <= dot.x for part in others)
