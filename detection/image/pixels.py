"""Pictures as arrays: sizes, shrinking, blurring. Everything here takes and gives unsigned bytes."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Differences of second differences: edges and slopes cancel, single pixels that stick out remain.
_SPOTS: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)

#: (height, width).
Grey = NDArray[np.uint8]
#: (height, width, 3).
Colour = NDArray[np.uint8]
#: x, y, width, height in pixels, not whole ones.
Block = tuple[float, float, float, float]


def grey_of(rgb: Colour) -> Grey:
    """The brightness of a colour picture."""
    return _bytes(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))


def at_width(pixels: NDArray[np.uint8], width: int) -> tuple[NDArray[np.uint8], float]:
    """The picture shrunk to at most ``width`` pixels across, and the scale: new pixels for an old one."""
    scale = min(1.0, width / pixels.shape[1])
    if scale == 1:
        return pixels, 1.0
    size = (width, max(1, round(pixels.shape[0] * scale)))
    return _bytes(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)), scale


def at_most(grey: Grey, side: int) -> Grey:
    """A copy with at most ``side`` pixels a side."""
    return np.ascontiguousarray(grey) if max(grey.shape) <= side else at_side(grey, side)


def at_side(grey: Grey, side: int) -> Grey:
    """A copy whose longer side has ``side`` pixels."""
    scale = side / max(grey.shape)
    size = (max(8, round(grey.shape[1] * scale)), max(8, round(grey.shape[0] * scale)))
    return _bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC))


def flat_share(image: Image.Image, tolerance: int) -> float:
    """The share of pixels whose neighbours differ by at most ``tolerance``: drawn, not photographed."""
    return float(flat_mask(grey_of(np.asarray(image.convert("RGB"))), tolerance).mean())


def flat_mask(grey: Grey, tolerance: int) -> NDArray[np.bool_]:
    """True where a pixel and its eight neighbours differ by at most ``tolerance`` levels."""
    around = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.subtract(cv2.dilate(grey, around), cv2.erode(grey, around)) <= tolerance)


def softened(grey: Grey, deviation: float) -> Grey:
    """A copy without details finer than this many pixels."""
    return _bytes(cv2.GaussianBlur(grey, (0, 0), deviation))


def grain(grey: Grey) -> float:
    """The deviation of the noise in a picture, in levels (J. Immerkaer, "Fast noise variance estimation", 1996)."""
    spots = cv2.filter2D(grey, cv2.CV_32F, _SPOTS)[1:-1, 1:-1]
    return float(np.abs(spots).mean()) * float(np.sqrt(np.pi / 2)) / 6 if spots.size else 0.0


def relative_grain(grey: Grey) -> float:
    """The noise in a picture as a share of its contrast: a faded photo is lost in less of it."""
    return grain(grey) / max(1.0, float(grey.std()))


def _bytes(pixels: object) -> NDArray[np.uint8]:
    return np.asarray(pixels, dtype=np.uint8)
