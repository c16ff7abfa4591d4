"""A screenshot made ready for reading: at the width of a common phone, in grey and colour, and how to get back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detection.screenshot.boxes import Box

Pixels = NDArray[np.uint8]

#: All sizes in this room are pixels of a screen of this width: letters of 14 sp are then some 20 px high without
#: ascenders, which Tesseract reads best (its models were trained on lines of 36 px).
WIDTH: Final = 1080
# A screen that Telegram recompressed is 590 px wide. Below, letters have too few pixels to be enlarged sensibly.
MIN_SIDE: Final = 160
# Higher pictures are scrolled screenshots, or no screenshots: only the top is read, which bounds the time.
MAX_RATIO: Final = 3.2


@dataclass(frozen=True, slots=True)
class Canvas:
    """``rgb`` (height, 1080, 3) and ``grey`` (height, 1080); ``factor`` leads from its pixels to the picture's."""

    rgb: Pixels
    grey: Pixels
    factor: float
    #: By how much a row sinks with each pixel to the right, at the top, and what each row below adds (see slant.py).
    slant: tuple[float, float] = (0.0, 0.0)

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.grey.shape[0])

    def original(self, box: Box) -> Box:
        """Where a box of the canvas lies on the picture that was given."""
        start, rate = self.slant
        rise = (start + rate * box.middle[1]) * (box.middle[0] - WIDTH / 2)
        return Box(box.x, round(box.y + rise), box.w, box.h).scaled(self.factor)


def canvas_of(image: Image.Image) -> Canvas | None:
    """The picture scaled to `WIDTH`; None for one that is too small or too flat to hold a screen."""
    width, height = image.size
    if width < MIN_SIDE or height < MIN_SIDE / 2:
        return None
    rgb = np.asarray(image.convert("RGB"))[: round(width * MAX_RATIO)]
    factor = width / WIDTH
    rows = max(1, round(rgb.shape[0] / factor))
    if factor != 1:
        way = cv2.INTER_AREA if factor > 1 else cv2.INTER_CUBIC
        rgb = cv2.resize(rgb, (WIDTH, rows), interpolation=way).astype(np.uint8)
    return Canvas(rgb, grey_of(rgb), factor)


def grey_of(rgb: Pixels) -> Pixels:
    """Brightness."""
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.uint8)
