"""Photos as wide as the page: above a profile or in a post, where nothing of the page stands beside them.

They begin and end at straight edges across the whole page; a dark photo on a dark page has no other outline.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.pixels import Block, Grey, at_width, flat_mask

# Rows between which brightness is compared, and the edges that are looked at, the clearest: every pair may be a photo.
_APART: Final = 2
_EDGES: Final = 8
# Rows on either side of an edge that say whether a drawn surface ends there.
_BESIDE: Final = 6


def find_bands(grey: Grey, most: int = thresholds.PHOTO_BANDS) -> list[Block]:
    """At most ``most`` boxes from side to side of a grey page that hold no page, from the top down."""
    small, scale = at_width(grey, thresholds.PHOTO_LAYOUT_WIDTH)
    height, width = small.shape
    drawn = flat_mask(small, thresholds.PHOTO_DRAWN_TOLERANCE).mean(axis=1)
    edges = sorted({0, *_edges(small, drawn), height})
    found: list[tuple[int, int]] = []
    for top, bottom in combinations(edges, 2):
        apart = all(top >= end or bottom <= start for start, end in found)
        if apart and _is_photo(small[top:bottom], drawn[top:bottom]):
            found.append((top, bottom))
    return [(0.0, top / scale, width / scale, (bottom - top) / scale) for top, bottom in found[:most]]


def _edges(grey: Grey, drawn: NDArray[np.float64]) -> list[int]:
    """The rows at which the brightness changes across most of the page and a drawn surface ends, the clearest ones."""
    signed = grey.astype(np.int16)
    change = np.abs(signed[_APART:] - signed[:-_APART])
    share = (change >= thresholds.PHOTO_BAND_STEP).mean(axis=1)
    found: list[int] = []
    for row in np.argsort(-share, kind="stable").tolist():
        if share[row] < thresholds.PHOTO_BAND_EDGE or len(found) == _EDGES:
            break
        beside = drawn[max(0, row - _BESIDE) : row + _APART + _BESIDE].max()
        if beside >= thresholds.PHOTO_BAND_DRAWN and all(abs(row - other) > 2 * _APART for other in found):
            found.append(row)
    return [row + _APART // 2 for row in found]


def _is_photo(rows: Grey, drawn: NDArray[np.float64]) -> bool:
    """As high as photos are, uneven, and with hardly a row that is drawn from side to side, above all at its top."""
    height, width = rows.shape
    if not thresholds.PHOTO_BAND_LEAST * width <= height <= thresholds.PHOTO_BAND_MOST * width:
        return False
    page = drawn >= thresholds.PHOTO_BAND_DRAWN
    if page.mean() > thresholds.PHOTO_BAND_PAGES or page[: height // 10].mean() > 0.9:
        return False
    return bool(rows.std() >= thresholds.PHOTO_BLOCK_MIN_DEVIATION)
