"""Boxes, corners and similarity transforms on the plane: x to the right, y down."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

#: (x, y, width, height) in whole pixels.
Box = tuple[int, int, int, int]
#: Corners in order, each (x, y).
Polygon = tuple[tuple[float, float], ...]
#: A 2 x 3 matrix that takes (x, y, 1) of one picture to (x, y) of another.
Transform = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a transform does: ``scale``, turn in degrees (-180 to 180)."""

    scale: float
    degrees: float


def read(transform: Transform) -> Reading:
    """Scale and turn of a similarity, or of the similarity nearest to an affine transform."""
    across = (transform[0, 0] + transform[1, 1]) / 2
    down = (transform[1, 0] - transform[0, 1]) / 2
    return Reading(float(np.hypot(across, down)), float(np.degrees(np.arctan2(down, across))))


def scaling(across: float, down: float, x: float = 0.0, y: float = 0.0) -> Transform:
    """Stretch, then move by (x, y)."""
    return np.array([[across, 0.0, x], [0.0, down, y]])


def mirroring(width: int) -> Transform:
    """Mirror a picture of this width left to right."""
    return np.array([[-1.0, 0.0, width - 1.0], [0.0, 1.0, 0.0]])


def after(second: Transform, first: Transform) -> Transform:
    """The transform that applies ``first`` and then ``second``."""
    together: Transform = second @ np.vstack([first, [0.0, 0.0, 1.0]])
    return together


def inverse(transform: Transform) -> Transform:
    """The way back. Raises ValueError for a transform that flattens the plane."""
    try:
        return np.linalg.inv(np.vstack([transform, [0.0, 0.0, 1.0]]))[:2]
    except np.linalg.LinAlgError as error:
        raise ValueError("this transform has no way back") from error


def corners(box: tuple[float, float, float, float]) -> Polygon:
    """The four corners of a box, clockwise from the upper left."""
    x, y, width, height = box
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def moved(polygon: Polygon, transform: Transform) -> Polygon:
    """A polygon where the transform puts it."""
    points = np.column_stack([np.array(polygon, dtype=np.float64), np.ones(len(polygon))]) @ transform.T
    return tuple((float(x), float(y)) for x, y in points)


def common_part(one: Polygon, other: Polygon) -> Polygon:
    """The part of the plane that two convex polygons share; empty when they share none."""
    area, points = cv2.intersectConvexConvex(np.array(one, np.float32), np.array(other, np.float32))
    if area <= 0 or points is None:
        return ()
    return tuple((float(x), float(y)) for x, y in points.reshape(-1, 2))


def area(polygon: Polygon) -> float:
    """Square pixels inside a polygon."""
    return float(cv2.contourArea(np.array(polygon, np.float32))) if len(polygon) > 2 else 0.0


def inside(box: tuple[float, float, float, float], width: int, height: int) -> Box:
    """A box in whole pixels, cut at the borders of a picture of this size; its sides may be 0."""
    x, y = max(0, round(box[0])), max(0, round(box[1]))
    right, bottom = min(width, round(box[0] + box[2])), min(height, round(box[1] + box[3]))
    return x, y, max(0, right - x), max(0, bottom - y)
