"""What a plain border encloses: a photo in a gallery, or with bars that an editor added."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.geometry import Box

#: A side's border is at most this share of the picture, so that a picture of one colour keeps a middle.
_MOST: Final = 0.45


def framed_box(pixels: NDArray[np.uint8]) -> Box | None:
    """The box (x, y, width, height) inside uniform borders of an RGB array, or None when nothing is to be cut."""
    height, width = pixels.shape[:2]
    signed = pixels.astype(np.int16)
    top = _border(signed)
    bottom = _border(signed[::-1])
    columns = signed[top : height - bottom].swapaxes(0, 1)
    left = _border(columns)
    right = _border(columns[::-1])
    inner = (left, top, width - left - right, height - top - bottom)
    if inner[2] * inner[3] > thresholds.PHOTO_FRAME_MAX_SHARE * width * height:
        return None
    return inner


def _border(lines: NDArray[np.int16]) -> int:
    """How many leading lines show one colour: that of the first line."""
    colour = np.median(lines[0], axis=0)
    near = (np.abs(lines - colour).max(axis=2) <= thresholds.PHOTO_FRAME_TOLERANCE).mean(axis=1)
    uniform = near > thresholds.PHOTO_FRAME_UNIFORM_SHARE
    most = int(len(lines) * _MOST)
    return min(int(np.argmin(uniform)) if not uniform.all() else most, most)
