"""Local features of a picture: SIFT points, and those of its mirror image without looking at the picture again.

SIFT (D. Lowe, 2004) finds the same points after a crop, a rotation, a shrink or a text over a part of the picture,
where every hash of the whole fails. Mirroring permutes the bins of a descriptor, so that one extraction serves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.pixels import Grey

DESCRIPTOR_BYTES: Final = 128
# Workers are processes of their own: threads of OpenCV inside them would only fight for the same cores.
cv2.setNumThreads(1)

# Where each bin of a mirrored descriptor comes from: SIFT has 4 x 4 cells of 8 directions, and with its axes turned to
# the point's own direction a mirror image swaps its rows and reverses the sense of its directions.
_MIRRORED: Final = np.array(
    [(3 - row) * 32 + column * 8 + (8 - bin_) % 8 for row in range(4) for column in range(4) for bin_ in range(8)]
)


@dataclass(frozen=True, slots=True)
class Keypoints:
    """Points of one picture, strongest first.

    ``points`` is (n, 4) float32: x, y, diameter in pixels of a picture of ``width`` x ``height``, and the direction in
    degrees. ``descriptors`` is (n, 128) uint8.
    """

    points: NDArray[np.float32]
    descriptors: NDArray[np.uint8]
    width: int
    height: int

    def __post_init__(self) -> None:
        """Raises ValueError when the arrays do not belong together."""
        count = len(self.points)
        if self.points.shape != (count, 4) or self.descriptors.shape != (count, DESCRIPTOR_BYTES):
            raise ValueError("a point has 4 numbers and a descriptor of 128 bytes")

    def __len__(self) -> int:
        return len(self.points)

    def mirrored(self) -> Keypoints:
        """The points that the mirror image of the picture has."""
        points = self.points.copy()
        points[:, 0] = self.width - 1 - points[:, 0]
        points[:, 3] = (180 - points[:, 3]) % 360
        return Keypoints(points, self.descriptors[:, _MIRRORED], self.width, self.height)

    def strongest(self, count: int) -> Keypoints:
        """At most ``count`` of the points."""
        return Keypoints(self.points[:count], self.descriptors[:count], self.width, self.height)

    def alternating(self, other: Keypoints) -> Keypoints:
        """These and other points of the same picture, taken in turn, so that the strongest of both come first."""
        order = np.argsort(np.concatenate([np.arange(len(self)), np.arange(len(other))]), kind="stable")
        points = np.concatenate([self.points, other.points])[order]
        return Keypoints(points, np.concatenate([self.descriptors, other.descriptors])[order], self.width, self.height)


def find_keypoints(grey: Grey, mask: Grey | None = None, most: int = thresholds.PHOTO_KEYPOINTS) -> Keypoints:
    """At most ``most`` points of a grey picture (height, width) where ``mask`` is not 0; none in an even one."""
    height, width = grey.shape
    found, described = _sift(most).detectAndCompute(grey, mask)
    if not found:
        return no_keypoints(width, height)
    order = np.argsort([-point.response for point in found], kind="stable")[:most]
    points = np.array([(p.pt[0], p.pt[1], p.size, p.angle) for p in (found[i] for i in order)], dtype=np.float32)
    return Keypoints(points, described[order].astype(np.uint8), width, height)


def no_keypoints(width: int, height: int) -> Keypoints:
    """A picture without points."""
    return Keypoints(np.empty((0, 4), np.float32), np.empty((0, DESCRIPTOR_BYTES), np.uint8), width, height)


@cache
def _sift(most: int) -> cv2.SIFT:
    return cv2.SIFT.create(
        most,
        contrastThreshold=thresholds.PHOTO_KEYPOINT_CONTRAST,
        edgeThreshold=thresholds.PHOTO_KEYPOINT_EDGE,
    )
