"""How one region lies on another: a similarity from matching points, made exact by comparing brightness.

Points: ratio test (D. Lowe, 2004), one partner each, RANSAC. Brightness: enhanced correlation (G. Evangelidis,
E. Psarakis, 2008), which settles within a pixel where a few points of a small avatar leave several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.geometry import Transform, read
from detection.image.keypoints import Keypoints
from detection.image.pixels import Grey

_MIN_PAIRS: Final = 4
_ITERATIONS: Final = 500
_CONFIDENCE: Final = 0.995


@dataclass(frozen=True, slots=True)
class PointAlignment:
    """``transform`` takes points of the query's grid to the known region's.

    ``inliers`` counts places of 4 x 4 pixels with points that agree, so that many points on one spot count once;
    ``pairs`` are all that passed the ratio test.
    """

    transform: Transform
    inliers: int
    pairs: int


def align_points(query: Keypoints, known: Keypoints) -> PointAlignment | None:
    """The similarity on which most matching points agree; None when there is none of a sensible scale."""
    if min(len(query), len(known)) < _MIN_PAIRS:
        return None
    asked, partners = _partners(query.descriptors, known.descriptors)
    if len(asked) < _MIN_PAIRS:
        return None
    source, target = query.points[asked, :2], known.points[partners, :2]
    transform, agreed = cv2.estimateAffinePartial2D(
        source,
        target,
        method=cv2.RANSAC,
        ransacReprojThreshold=thresholds.PHOTO_RANSAC_PIXELS,
        maxIters=_ITERATIONS,
        confidence=_CONFIDENCE,
    )
    # OpenCV gives nothing, whatever its stubs say, when no two points agree.
    exact = np.asarray(transform, dtype=np.float64)
    if exact.shape != (2, 3):
        return None
    if not thresholds.PHOTO_MIN_SCALE < read(exact).scale < 1 / thresholds.PHOTO_MIN_SCALE:
        return None
    chosen = np.asarray(agreed).ravel().astype(bool)
    places = min(_places(source[chosen]), _places(target[chosen]))
    return PointAlignment(exact, places, len(asked))


def _places(points: NDArray[np.float32]) -> int:
    return len(np.unique(np.rint(points / thresholds.PHOTO_PLACE_PIXELS), axis=0))


def _partners(query: NDArray[np.uint8], known: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of both whose descriptors are nearest to each other and clearly nearer than the second nearest."""
    nearby, places = cv2.batchDistance(
        query.astype(np.float32), known.astype(np.float32), cv2.CV_32F, normType=cv2.NORM_L2SQR, K=2
    )
    least, second = np.asarray(nearby, np.float32).T
    nearest = np.asarray(places, np.intp)[:, 0]
    clear = np.flatnonzero(least < thresholds.PHOTO_POINT_RATIO**2 * second)
    clear = clear[np.argsort(least[clear], kind="stable")]
    _, first = np.unique(nearest[clear], return_index=True)
    chosen = clear[np.sort(first)]
    return chosen, nearest[chosen]


def settle(query: Grey, known: Grey, start: Transform) -> Transform:
    """Make exact a transform from the known view's pixels to the query view's; ``start`` where it does not settle."""
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, thresholds.PHOTO_SETTLE_STEPS, 1e-3)
    mask = np.full(query.shape, 255, np.uint8)
    try:
        _, warp = cv2.findTransformECC(known, query, start.astype(np.float32), cv2.MOTION_AFFINE, criteria, mask, 5)
    except cv2.error:
        return start
    settled = np.asarray(warp, np.float64)
    return settled if _near(start, settled, known.shape) else start


def _near(one: Transform, other: Transform, shape: tuple[int, ...]) -> bool:
    """Whether both put the corners of a view almost on the same spots; correlation may run away."""
    height, width = shape
    ends = np.array([(0, 0, 1), (width, 0, 1), (0, height, 1), (width, height, 1)], np.float64)
    moved = np.linalg.norm(ends @ (one - other).T, axis=1).max()
    return bool(moved <= thresholds.PHOTO_SETTLE_SHARE * max(shape) * read(one).scale)
