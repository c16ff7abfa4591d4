"""Square photos that lie on another picture: an older profile photo on its cover, where no page colour surrounds it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.geometry import Box
from detection.image.pixels import Block, Grey, at_width

_EDGE_LOW: Final = 60.0
_EDGE_HIGH: Final = 180.0
_WHITE: Final = 240


def find_squares(grey: Grey, most: int = thresholds.PHOTO_SQUARES) -> list[Block]:
    """At most ``most`` upright squares of a grey picture that an edge runs around, the largest first."""
    small, scale = at_width(grey, thresholds.PHOTO_LAYOUT_WIDTH)
    edges = cv2.dilate(cv2.Canny(small, _EDGE_LOW, _EDGE_HIGH), np.ones((3, 3), np.uint8))
    # A white frame holds together where the edges of photo and cover run into its own.
    framing = np.where(small >= _WHITE, 255, 0).astype(np.uint8)
    boxes = {box for lines in (edges, framing) for box in _square_outlines(np.asarray(lines, dtype=np.uint8))}
    largest = sorted(_innermost(boxes), key=lambda box: (-box[2] * box[3], box))[:most]
    return [(x / scale, y / scale, width / scale, height / scale) for x, y, width, height in largest]


def _innermost(boxes: set[Box]) -> list[Box]:
    """Of outlines around outlines the inner one: the photo, not its frame."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box[2] * box[3], box)):
        if not any(_around(box, inner) for inner in kept):
            kept.append(box)
    return kept


def _around(box: Box, inner: Box) -> bool:
    """Whether a box encloses another that is nearly as large."""
    starts = box[0] <= inner[0] and box[1] <= inner[1]
    ends = box[0] + box[2] >= inner[0] + inner[2] and box[1] + box[3] >= inner[1] + inner[3]
    return starts and ends and inner[2] * inner[3] >= thresholds.PHOTO_REGION_SAME * box[2] * box[3]


def _square_outlines(lines: Grey) -> list[Box]:
    outlines, _ = cv2.findContours(lines, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    corners = [np.asarray(outline, dtype=np.int32) for outline in outlines if len(outline) >= 4]
    return [_box(each) for each in corners if _is_square(each)]


def _box(outline: NDArray[np.int32]) -> Box:
    x, y, width, height = cv2.boundingRect(outline)
    return x, y, width, height


def _is_square(outline: NDArray[np.int32]) -> bool:
    _, _, width, height = cv2.boundingRect(outline)
    if min(width, height) < thresholds.PHOTO_SQUARE_MIN_SIDE or max(width, height) > 1.15 * min(width, height):
        return False
    return bool(cv2.contourArea(outline) >= thresholds.PHOTO_SQUARE_FILLED * width * height)
