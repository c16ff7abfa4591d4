"""Round photos of people on a screen: circles that stand on an even ground and are filled with something else.

Hough's transform with gradients finds each of them (recall 1.00 on drawn threads of eight applications) and others too:
corners of bubbles, letters, eyes in pictures. The ground around an avatar is even, and its inside is not the ground.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.screenshot.boxes import Box, common_area
from detection.screenshot.canvas import Canvas, Pixels

# Diameters: a reply's author has 24 units of 3 pixels (or 2.77 on an iPhone), a profile up to 640 pixels.
_SMALLEST: Final = 52
_LARGEST: Final = 680
# Share of directions in which the colour changes at the rim, of all and of each side: the round end of a bubble or a
# field has no edge towards its middle. Or: of the ring outside that has the ground's colour, and of the inside that has
# another (a portrait's own ground may be that of the page).
_EDGE: Final = 0.6
_WEAKEST: Final = 0.3
_EVEN: Final = 0.86
# Share of the inside that differs from its commonest colour in a bubble with text, and of the ring outside that has it.
_PLAIN: Final = 0.5
_LEAK: Final = 0.08
_FILLED: Final = 0.5
# Text covers a fifth of its ground.
_FILLED_LEAST: Final = 0.36
# Of a large circle more must be: several lines of text with a quotation fill as much of it as a small portrait.
_LARGE: Final = 85
_FILLED_LARGE: Final = 0.5
# Where the ground is looked at beyond a circle that may be too small, and pixels by which points may miss its rim.
_BEYOND: Final = 1.42
_OFF_RIM: Final = 2.5
# Least sum of the shares of an even ground, of a filled inside and of an edge all around.
_LEAST: Final = 2.05
# Grey levels within which two pixels count as one colour; recompressed screens are uneven by up to 10.
_SAME: Final = 14
_DIRECTIONS: Final = 48
_SIDES: Final = tuple(_DIRECTIONS // 8 * turn for turn in range(8))
# The accumulator's resolution, the edge's gradient and the roundness asked for (OpenCV's HOUGH_GRADIENT_ALT).
_ACCUMULATOR: Final = 1.5
_GRADIENT: Final = 120.0
_ROUNDNESS: Final = 0.7


def find_circles(canvas: Canvas) -> tuple[Box, ...]:
    """The boxes of round photos, top down."""
    scored = [_best(canvas.rgb, circle) for circle in _candidates(canvas.grey)]
    kept: list[Box] = []
    for score, circle in sorted(scored, key=lambda pair: -pair[0]):
        box = _box(circle)
        if score > _LEAST and all(common_area(box, other) < 0.25 * min(box.area, other.area) for other in kept):
            kept.append(box)
    return tuple(sorted(kept, key=lambda box: (box.y, box.x)))


def _best(rgb: Pixels, circle: tuple[float, float, float]) -> tuple[float, tuple[float, float, float]]:
    """The score of the circle, or of one fitted to the rim near it: the transform finds rounds within a photo, too."""
    score = _score(rgb, circle)
    if score > _LEAST:
        return score, circle
    fitted = _fitted(rgb, circle)
    return (score, circle) if fitted is None else (_score(rgb, fitted), fitted)


def _fitted(rgb: Pixels, circle: tuple[float, float, float]) -> tuple[float, float, float] | None:
    """The circle through the outermost points that differ from the ground; None where they form none."""
    x, y, radius = circle
    ground = np.median(_ring(rgb, circle, _BEYOND), axis=0)
    parts = np.arange(0.7, 1.36, 1.0 / radius)
    differ = np.stack([_differs(_ring(rgb, circle, float(part)), ground) for part in parts])
    seen = differ.any(axis=0)
    outermost = parts[len(parts) - 1 - differ[::-1].argmax(axis=0)] * radius
    angles = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    points = np.stack([outermost * np.cos(angles), outermost * np.sin(angles)], axis=1)[seen]
    for _ in range(2):
        if len(points) < _DIRECTIONS // 2:
            return None
        (a, b, c), *_ = np.linalg.lstsq(
            np.column_stack([2 * points, np.ones(len(points))]), (points**2).sum(axis=1), rcond=None
        )
        found = float(np.sqrt(max(0.0, c + a * a + b * b)))
        points = points[np.abs(np.hypot(points[:, 0] - a, points[:, 1] - b) - found) < _OFF_RIM]
    return (x + float(a), y + float(b), found) if len(points) >= _DIRECTIONS // 2 and found >= _SMALLEST / 2 else None


def _box(circle: tuple[float, float, float]) -> Box:
    x, y, radius = circle
    return Box(round(x - radius), round(y - radius), round(2 * radius), round(2 * radius))


def _candidates(grey: Pixels) -> list[tuple[float, float, float]]:
    """Centre and radius of circles: small ones at half size, large ones at an eighth, where they are cheap."""
    found = []
    for shrink, least, most in ((2, _SMALLEST, 190), (6, 170, _LARGEST)):
        small = cv2.resize(grey, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (3, 3), 0)
        circles = cv2.HoughCircles(
            small,
            cv2.HOUGH_GRADIENT_ALT,
            minDist=12,
            minRadius=least // (2 * shrink),
            maxRadius=most // (2 * shrink),
            dp=_ACCUMULATOR,
            param1=_GRADIENT,
            param2=_ROUNDNESS,
        )
        if circles is not None:
            found += [(float(x) * shrink, float(y) * shrink, float(r) * shrink) for x, y, r in circles[0]]
    return [circle for circle in found if 2 * circle[2] >= _SMALLEST]


def _score(rgb: Pixels, circle: tuple[float, float, float]) -> float:
    """How surely this is a photo, 0 when it is not: an edge all around, or an even ground and something else inside."""
    ground, even = _ground(rgb, circle, 1.14)
    filled = float(np.mean([_differs(_ring(rgb, circle, part), ground).mean() for part in (0.9, 0.8, 0.6, 0.4)]))
    edges = np.maximum(_edge(rgb, circle, 0.93, 1.07), _edge(rgb, circle, 0.88, 1.08))
    weakest = min(float(np.roll(edges, shift)[: _DIRECTIONS // 4].mean()) for shift in _SIDES)
    closed = edges.mean() >= _EDGE and weakest >= _WEAKEST
    if _leaks(rgb, circle, ground):
        return 0.0
    least = _FILLED_LARGE if circle[2] > _LARGE else _FILLED_LEAST
    if filled < least or not (closed or (even >= _EVEN and filled >= _FILLED)):
        return 0.0
    return even + filled + float(edges.mean())


def _leaks(rgb: Pixels, circle: tuple[float, float, float], ground: NDArray[np.float64]) -> bool:
    """Whether it is the end of a bubble, a button or a field: mostly of one colour, which goes on beyond the rim."""
    inside = np.concatenate([_ring(rgb, circle, part) for part in (0.2, 0.4, 0.6, 0.8, 0.9)])
    body = np.median(inside, axis=0)
    if np.abs(body - ground).max() <= _SAME // 2 or _differs(inside, body).mean() > _PLAIN:
        return False
    beyond = np.concatenate([_ring(rgb, circle, part) for part in (1.14, 1.25)])
    return bool((np.abs(beyond - body).max(axis=1) <= _SAME // 2).mean() >= _LEAK)


def _edge(rgb: Pixels, circle: tuple[float, float, float], inner: float, outer: float) -> NDArray[np.bool_]:
    """In which directions the colour changes from within the rim to without."""
    change = np.abs(_ring(rgb, circle, inner).astype(np.int16) - _ring(rgb, circle, outer).astype(np.int16))
    return np.asarray(change.max(axis=1) > _SAME)


def _ground(rgb: Pixels, circle: tuple[float, float, float], part: float) -> tuple[NDArray[np.float64], float]:
    ring = _ring(rgb, circle, part)
    ground = np.median(ring, axis=0)
    return ground, float(1 - _differs(ring, ground).mean())


def _differs(ring: Pixels, ground: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(ring.astype(np.float64) - ground).max(axis=1) > _SAME)


def _ring(rgb: Pixels, circle: tuple[float, float, float], part: float) -> Pixels:
    """The pixels around the centre at this part of the radius, clamped to the picture."""
    x, y, radius = circle
    angles = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    columns = np.clip(np.round(x + part * radius * np.cos(angles)), 0, rgb.shape[1] - 1).astype(np.intp)
    rows = np.clip(np.round(y + part * radius * np.sin(angles)), 0, rgb.shape[0] - 1).astype(np.intp)
    return np.asarray(rgb[rows, columns])
