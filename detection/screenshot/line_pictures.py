"""One line of text cut out for the engine: dark on white whatever its colours were, without emoji, with a margin."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import Canvas, Pixels

#: White pixels around a line; the engine reads letters that touch the edge badly.
MARGIN: Final = 12
# Height to which lower lines are enlarged: below, accents merge with their letters.
_LOWEST: Final = 30
# An emoji's thickness is more than this share of a line's height (bold strokes have 0.2) and so many pixels, its core
# makes up so much of it, and its colours differ so much from the ground.
_THICK: Final = 0.33
_THICK_LEAST: Final = 12
_CORE_SHARE: Final = 0.4
_DRAWN: Final = 28
# By how much more red than blue an emoji's skin is.
_WARM: Final = 60
# Contrast in grey levels below which a line is left as it is: stretched noise would become letters.
_FAINTEST: Final = 12


def line_picture(canvas: Canvas, line: Box) -> tuple[Image.Image, float]:
    """The line on white with `MARGIN`, and how many times larger than on the canvas it is."""
    around = Box(line.x - 5, line.y - 4, line.w + 10, line.h + 8).within(canvas.rgb.shape[1], canvas.height)
    cut = canvas.grey[around.y : around.bottom, around.x : around.right].copy()
    page = int(np.median(cut))
    cut[_emoji(canvas.rgb[around.y : around.bottom, around.x : around.right])] = page
    ink = _stretched(_dark_on_light(cut, page))
    factor = 1.0
    if line.h < _LOWEST:
        factor = 1.5 if line.h >= 20 else 2.0
        ink = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    framed = cv2.copyMakeBorder(ink, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=(255.0,))
    return Image.fromarray(framed.astype(np.uint8)), factor


def _emoji(rgb: Pixels) -> NDArray[np.bool_]:
    """Where something is drawn that is thicker than any stroke of these letters, with all that hangs together."""
    ground = np.median(rgb.reshape(-1, 3), axis=0)
    drawn = (np.abs(rgb.astype(np.int16) - ground).max(axis=2) > _DRAWN).astype(np.uint8)
    side = max(_THICK_LEAST, round(_THICK * min(rgb.shape[0], 60)))
    core = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    _, labels, parts, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    pixels = np.maximum(parts[:, 4], 1)
    filled = np.bincount(labels[core > 0], minlength=len(parts)) >= _CORE_SHARE * pixels
    filled |= _warm(rgb, labels, pixels) & (parts[:, 3] >= 0.5 * rgb.shape[0])
    filled[0] = False
    if not filled.any():
        return np.zeros(labels.shape, bool)
    return cv2.dilate(filled[labels].astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)


def _warm(rgb: Pixels, labels: NDArray[np.int32], pixels: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Parts in the yellow and red of faces and hands; none of them when the whole line has such a colour."""
    warm = (rgb[:, :, 0].astype(np.int16) - rgb[:, :, 2] > _WARM) & (labels > 0)
    if warm.sum() > 0.6 * (labels > 0).sum():
        return np.zeros(len(pixels), bool)
    return np.bincount(labels[warm], minlength=len(pixels)) > 0.4 * pixels


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
