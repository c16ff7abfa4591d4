"""One line of text cut out for the engine: dark on white whatever its colours were, without emoji and icons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import Canvas, Pixels
from detection.screenshot.icons import icon_columns

#: White pixels around a line; the engine reads letters that touch the edge badly.
MARGIN: Final = 12
# What is cut out around a line, and how far beyond it the page is looked at.
_SIDE: Final = 5
_ABOVE: Final = 4
_RING: Final = 9
# Lines lower than this are enlarged; the engine scales the others itself, and reads short ones worse when they come
# enlarged.
_LOWEST: Final = 20
_ENLARGED: Final = 1.5
# An emoji's thickness is more than this share of a line's height (bold strokes have 0.2) and so many pixels, its core
# makes up so much of it, and its colours differ so much from the ground.
_THICK: Final = 0.33
_THICK_LEAST: Final = 12
_CORE_SHARE: Final = 0.4
_DRAWN: Final = 28
# Between the letters of a recompressed screen the ground is not quite clean.
_OF_STRONGEST: Final = 0.45
# Contrast in grey levels below which a line is left as it is: stretched noise would become letters.
_FAINTEST: Final = 12
# Brightness after stretching below which a pixel is ink.
_INK: Final = 140


@dataclass(frozen=True, slots=True)
class LinePicture:
    """The line on white with `MARGIN`; ``factor`` times as large as on the canvas.

    ``x`` and ``y`` are where on the canvas its inner corner lies; ``ink`` is where letters are, in the canvas's pixels,
    and ``tight`` the box of it on the canvas, None without any.
    """

    image: Image.Image
    factor: float
    x: int
    y: int
    ink: NDArray[np.bool_]
    tight: Box | None

    def part(self, box: Box) -> NDArray[np.bool_]:
        """The ink in a box of the picture."""
        left, right = (round((x - MARGIN) / self.factor) for x in (box.x, box.right))
        return self.ink[:, max(0, left - 2) : right + 2]

    def placed(self, box: Box) -> Box:
        """Where a box of the picture lies on the canvas."""
        left, top = (box.x - MARGIN) / self.factor + self.x, (box.y - MARGIN) / self.factor + self.y
        return Box(round(left), round(top), round(box.w / self.factor), round(box.h / self.factor))


def line_picture(canvas: Canvas, line: Box) -> LinePicture:
    """The line in this box of the canvas, ready to be read."""
    around = Box(line.x - _SIDE, line.y - _ABOVE, line.w + 2 * _SIDE, line.h + 2 * _ABOVE)
    around = around.within(canvas.rgb.shape[1], canvas.height)
    rows, columns = slice(around.y, around.bottom), slice(around.x, around.right)
    ground = _ground(canvas.rgb, around)
    cut = canvas.grey[rows, columns].copy()
    page = round(float(ground @ (0.299, 0.587, 0.114)))
    cut[_thick(canvas.rgb[rows, columns], ground)] = page
    ink = _stretched(_dark_on_light(cut, page))
    for left, right in icon_columns(ink < _INK):
        ink[:, left:right] = 255
    return _framed(ink, around, line.h)


def _framed(ink: Pixels, around: Box, height: int) -> LinePicture:
    factor, dark = 1.0, ink < _INK
    if height < _LOWEST:
        factor = _ENLARGED
        ink = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    framed = cv2.copyMakeBorder(ink, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=(255.0,))
    return LinePicture(Image.fromarray(framed.astype(np.uint8)), factor, around.x, around.y, dark, _tight(dark, around))


def _tight(ink: NDArray[np.bool_], around: Box) -> Box | None:
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    x, y = around.x + int(columns[0]), around.y + int(rows[0])
    return Box(x, y, int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1)


def _ground(rgb: Pixels, around: Box) -> NDArray[np.float64]:
    """The colour of the page beside the line: its own median is an emoji's where nothing else stands in it."""
    wide = around.grown(_RING - _ABOVE).within(rgb.shape[1], rgb.shape[0])
    cut = rgb[wide.y : wide.bottom, wide.x : wide.right]
    ring = np.concatenate([cut[:_RING].reshape(-1, 3), cut[-_RING:].reshape(-1, 3)])
    return np.asarray(np.median(ring, axis=0), np.float64)


def _thick(rgb: Pixels, ground: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where something is drawn that is thicker than any stroke of these letters, with all that hangs together."""
    difference = np.abs(rgb.astype(np.int16) - ground).max(axis=2)
    drawn = (difference > max(_DRAWN, _OF_STRONGEST * float(np.percentile(difference, 98)))).astype(np.uint8)
    side = max(_THICK_LEAST, round(_THICK * min(rgb.shape[0], 60)))
    core = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    _, labels, parts, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    pixels = np.maximum(parts[:, 4], 1)
    filled = np.bincount(labels[core > 0], minlength=len(parts)) >= _CORE_SHARE * pixels
    filled[0] = False
    if not filled.any():
        return np.zeros(labels.shape, bool)
    return cv2.dilate(filled[labels].astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)


def _dark_on_light(cut: Pixels, page: int) -> Pixels:
    """Turned to its negative when the letters are lighter than the page they stand on."""
    values = cut.astype(np.int16)
    lighter, darker = int(np.maximum(values - page, 0).sum()), int(np.maximum(page - values, 0).sum())
    return np.asarray(255 - cut, np.uint8) if lighter > darker else cut


def _stretched(cut: Pixels) -> Pixels:
    """The page at white and the darkest letters at black."""
    white, black = float(np.median(cut)), float(np.percentile(cut, 1))
    if white - black < _FAINTEST:
        return cut
    stretched = (cut.astype(np.float32) - black) * (255.0 / (white - black))
    return np.asarray(np.clip(stretched, 0, 255), np.uint8)
