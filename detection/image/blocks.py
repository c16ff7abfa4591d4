"""Rectangular photos on a page: what is left when the page's own colours are taken away."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.pixels import Block, Colour, Grey, at_width, flat_mask, grey_of

# A colour is looked at with 5 bits a channel; a page has at most so many of its own (page, cards, bars).
_PAGE_COLOURS: Final = 4
_COLOUR_NEAR: Final = 8


def find_blocks(rgb: Colour, most: int = thresholds.PHOTO_BLOCKS) -> list[Block]:
    """At most ``most`` boxes of an RGB picture that are neither page nor text nor icon, the largest first."""
    small, scale = at_width(rgb, thresholds.PHOTO_LAYOUT_WIDTH)
    grey = grey_of(small)
    page = _page_mask(small, grey)
    if page.mean() < thresholds.PHOTO_BLOCK_PAGE_SHARE:
        return []
    found = [box for box in _components(np.where(page, 0, 255).astype(np.uint8)) if _is_picture(grey, box)]
    found.sort(key=lambda box: -box[2] * box[3])
    return [(x / scale, y / scale, width / scale, height / scale) for x, y, width, height in found[:most]]


def _page_mask(rgb: Colour, grey: Grey) -> NDArray[np.bool_]:
    """True where a pixel has one of the commonest colours of drawn surfaces. A photo's own common colours vary."""
    coarse = (rgb[::2, ::2] >> 3).astype(np.int32)
    codes = (coarse[..., 0] << 10) | (coarse[..., 1] << 5) | coarse[..., 2]
    drawn = flat_mask(grey, thresholds.PHOTO_DRAWN_TOLERANCE)[::2, ::2]
    counts = np.bincount(codes[drawn], minlength=1 << 15)
    mask = np.zeros(grey.shape, np.uint8)
    for code in np.argsort(-counts)[:_PAGE_COLOURS]:
        if counts[code] < thresholds.PHOTO_BLOCK_COLOUR_SHARE * codes.size:
            break
        colour = np.array([code >> 10, (code >> 5) & 31, code & 31]) * 8 + 4
        lowest, highest = np.clip(colour - _COLOUR_NEAR, 0, 255), np.clip(colour + _COLOUR_NEAR, 0, 255)
        mask |= np.asarray(cv2.inRange(rgb, lowest.astype(np.uint8), highest.astype(np.uint8)), dtype=np.uint8)
    return mask > 0


def _components(shown: NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    """Boxes of what holds together once strokes thinner than letters and icons are gone."""
    closed = cv2.morphologyEx(shown, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((11, 11), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    return [
        (int(x), int(y), int(width), int(height))
        for x, y, width, height, filled in stats[1:]
        if min(width, height) >= thresholds.PHOTO_BLOCK_MIN_SIDE
        and filled >= 0.5 * width * height
        and max(width, height) <= thresholds.PHOTO_BLOCK_MAX_ASPECT * min(width, height)
    ]


def _is_picture(grey: Grey, box: tuple[int, int, int, int]) -> bool:
    """Many shades, and not even: buttons and letters on a colour have few."""
    x, y, width, height = box
    inner = grey[y : y + height, x : x + width]
    shades = np.count_nonzero(np.bincount(inner.ravel(), minlength=256))
    return bool(inner.std() >= thresholds.PHOTO_BLOCK_MIN_DEVIATION and shades >= thresholds.PHOTO_BLOCK_MIN_SHADES)
