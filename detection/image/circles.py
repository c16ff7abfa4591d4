"""Round photos on a page: where are the circles, and how large exactly?

OpenCV's gradient-alternative Hough transform proposes them; each is then moved by a few pixels to where the brightness
changes most across its edge, because a hash of what it encloses moves by bits for every pixel that it is off.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.pixels import at_width

#: Centre x, y and radius in pixels.
Circle = tuple[float, float, float]

_DIRECTIONS: Final = np.linspace(0, 2 * np.pi, 72, endpoint=False)
_COS: Final = np.cos(_DIRECTIONS)
_SIN: Final = np.sin(_DIRECTIONS)
# Every step that a circle may be moved by, in pixels of the shrunk picture: x, y, radius.
_STEPS: Final = np.array([(x, y, r) for r in np.arange(-3, 3.1, 1.0) for x in (-1, 0, 1) for y in (-1, 0, 1)])
_CONTRAST_CAP: Final = 200.0
# Proposals that are made exact: drawn ornaments make hundreds.
_PROPOSED: Final = 32


def find_circles(grey: NDArray[np.uint8], most: int = thresholds.PHOTO_CIRCLES) -> list[Circle]:
    """At most ``most`` circles of a grey picture (height, width), the clearest and largest first."""
    small, scale = at_width(grey, thresholds.PHOTO_LAYOUT_WIDTH)
    small = np.asarray(cv2.GaussianBlur(small, (3, 3), 0), dtype=np.uint8)
    proposed = _hough(small)
    if not proposed:
        return []
    across = np.asarray(cv2.Sobel(small, cv2.CV_32F, 1, 0), dtype=np.float32)
    down = np.asarray(cv2.Sobel(small, cv2.CV_32F, 0, 1), dtype=np.float32)
    refined = sorted((_refined(circle, across, down) for circle in proposed), reverse=True)
    return [(x / scale, y / scale, radius / scale) for x, y, radius in _distinct(refined, most)]


def _hough(grey: NDArray[np.uint8]) -> list[Circle]:
    # A largest radius of 0 would mean any.
    if min(grey.shape) < 2 * thresholds.PHOTO_CIRCLE_MIN_RADIUS:
        return []
    found = cv2.HoughCircles(
        grey,
        cv2.HOUGH_GRADIENT_ALT,
        dp=1.5,
        minDist=thresholds.PHOTO_CIRCLE_MIN_RADIUS * 1.5,
        param1=200,
        param2=thresholds.PHOTO_CIRCLE_ROUNDNESS,
        minRadius=thresholds.PHOTO_CIRCLE_MIN_RADIUS,
        maxRadius=min(grey.shape) // 2,
    )
    if found is None:
        return []
    return [(float(x), float(y), float(r)) for x, y, r in found.reshape(-1, found.shape[-1])[:_PROPOSED, :3]]


def _refined(
    circle: Circle, across: NDArray[np.float32], down: NDArray[np.float32]
) -> tuple[float, float, float, float]:
    """How clear the best circle nearby is (more for larger ones), and that circle."""
    tried = np.array(circle) + _STEPS
    x = np.clip(np.rint(tried[:, :1] + tried[:, 2:] * _COS), 0, across.shape[1] - 1).astype(np.intp)
    y = np.clip(np.rint(tried[:, 1:2] + tried[:, 2:] * _SIN), 0, across.shape[0] - 1).astype(np.intp)
    change = np.minimum(np.abs(across[y, x] * _COS + down[y, x] * _SIN), _CONTRAST_CAP).mean(axis=1)
    best = int(change.argmax())
    x_best, y_best, radius = (float(value) for value in tried[best])
    return float(change[best] * np.sqrt(radius)), x_best, y_best, radius


def _distinct(circles: list[tuple[float, float, float, float]], most: int) -> list[Circle]:
    """The first of those that lie on one another."""
    kept: list[Circle] = []
    for _, x, y, radius in circles:
        if not any(_alike((x, y, radius), other) for other in kept):
            kept.append((x, y, radius))
        if len(kept) == most:
            break
    return kept


def _alike(one: Circle, other: Circle) -> bool:
    near = (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 <= (0.3 * max(one[2], other[2])) ** 2
    return near and 0.8 < one[2] / other[2] < 1.25
