"""What is kept of a picture so that it, or a part of it, is found again in another one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detection.image.geometry import Box
from detection.image.keypoints import Keypoints
from detection.image.phash import HASH_BYTES
from detection.image.proposals import ProposalKind


@dataclass(frozen=True, slots=True)
class RegionHash:
    """The hash of a region and of its mirror image; ``disc``: of the square inside the circle that the region holds.

    ``shape`` is what was hashed: (x, y, width, height) in pixels of the picture. Hashes of discs are compared with
    hashes of discs only. Raises ValueError for a hash of a wrong length.
    """

    disc: bool
    phash: bytes
    mirrored: bytes
    shape: Box

    def __post_init__(self) -> None:
        if len(self.phash) != HASH_BYTES or len(self.mirrored) != HASH_BYTES:
            raise ValueError(f"a hash has {HASH_BYTES} bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One part of a picture that may be a photo.

    ``box`` is in pixels of the picture as it was sent. ``view`` is the part in grey, (height, width), long side at most
    ``PHOTO_VIEW_SIDE``; ``keypoints`` are in pixels of their own grid over the same part. A region without points is
    found by its hashes alone.
    """

    kind: ProposalKind
    box: Box
    hashes: tuple[RegionHash, ...]
    keypoints: Keypoints
    view: NDArray[np.uint8]
    #: Pixels that were looked at for one of the picture as it was sent: below 1 for a picture that was shrunk first.
    sharp: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One picture: its size as it was sent and its regions; without regions it says too little to be found."""

    width: int
    height: int
    #: The picture is a page (a screenshot of comments or of a profile), so that it is searched by its regions alone.
    page: bool
    regions: tuple[Region, ...]
