"""Emoji and coloured badges painted over before text is looked for: their inner lines would be read as letters.

They are told from coloured words by thickness: no stroke of a letter is as thick as a yellow face or a red heart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import Canvas, Pixels, grey_of

# Difference between a pixel's strongest and weakest channel from which it is coloured.
_COLOURED: Final = 70
# Wider than the strokes of bold headings; share of its pixels that so wide a brush reaches; largest side.
_BRUSH: Final = 13
_REACHED: Final = 0.3
_LARGEST: Final = 130
# Share of what is around it that may be coloured, too: the emoji beside it.
_COLOURED_AROUND: Final = 0.3
# How far the painting and the look at the ground reach beyond the coloured pixels.
_EDGE: Final = 3
_RING: Final = 7


def without_emoji(canvas: Canvas) -> Canvas:
    """The canvas with each emoji in the colour of what it stands on; the same when there is none."""
    labels, boxes = _emoji(canvas.rgb)
    if not boxes:
        return canvas
    rgb = canvas.rgb.copy()
    for box in boxes:
        _paint(rgb, labels, box)
    return replace(canvas, rgb=rgb, grey=grey_of(rgb))


def _emoji(rgb: Pixels) -> tuple[NDArray[np.int32], list[Box]]:
    """The coloured parts of the picture by number, and the boxes of those that are thick and small."""
    red, green, blue = cv2.split(rgb)
    strongest, weakest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    coloured = (cv2.subtract(strongest, weakest) > _COLOURED).astype(np.uint8)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_BRUSH, _BRUSH))
    thick = cv2.morphologyEx(coloured, cv2.MORPH_OPEN, brush)
    count, components, parts, _ = cv2.connectedComponentsWithStats(coloured, connectivity=8)
    labels = np.asarray(components, np.int32)
    reached = np.bincount(labels[thick > 0], minlength=count)
    small = (parts[:, 2] <= _LARGEST) & (parts[:, 3] <= _LARGEST)
    found = np.flatnonzero(small & (reached >= _REACHED * parts[:, 4]) & (reached > 0))
    boxes = [Box(*(int(value) for value in parts[at][:4])) for at in found if at]
    return labels, [box for box in boxes if _stands_on_plain(labels, box)]


def _stands_on_plain(labels: NDArray[np.int32], box: Box) -> bool:
    """Whether little around it is coloured: pieces of a coloured wallpaper or photo are no emoji."""
    height, width = labels.shape
    wide = box.grown(_RING).within(width, height)
    cut = labels[wide.y : wide.bottom, wide.x : wide.right] > 0
    around = np.concatenate([cut[0], cut[-1], cut[:, 0], cut[:, -1]])
    return float(around.mean()) <= _COLOURED_AROUND


def _paint(rgb: Pixels, labels: NDArray[np.int32], box: Box) -> None:
    """Paint over the coloured parts that lie within the emoji's square: sleeves below hands, petals."""
    height, width = labels.shape
    square = _square(box).within(width, height)
    wide = square.grown(_RING).within(width, height)
    rows, columns = slice(wide.y, wide.bottom), slice(wide.x, wide.right)
    cut, parts = rgb[rows, columns], labels[rows, columns]
    inside = parts[square.y - wide.y : square.bottom - wide.y, square.x - wide.x : square.right - wide.x]
    numbers = [int(at) for at in np.unique(inside) if at and 2 * (inside == at).sum() > (parts == at).sum()]
    own = np.isin(parts, numbers).astype(np.uint8)
    # What lies within its outline belongs to it: eyes, the white of a thumb on its badge.
    outline = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    cv2.drawContours(own, outline, -1, (1.0,), cv2.FILLED)
    own = cv2.dilate(own, np.ones((2 * _EDGE + 1, 2 * _EDGE + 1), np.uint8)).astype(np.uint8)
    around = np.concatenate([cut[0], cut[-1], cut[:, 0], cut[:, -1]])
    cut[own > 0] = np.median(around, axis=0).astype(np.uint8)


def _square(box: Box) -> Box:
    side = round(1.12 * max(box.w, box.h))
    x, y = box.middle
    return Box(round(x - side / 2), round(y - side / 2), side, side)
