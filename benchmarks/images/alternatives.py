"""What the photo matcher is compared with, each asked for the same query: does it find the stored photo?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from benchmarks.images.ground import Photo

#: Bits up to which PDQ's authors call two pictures the same, and those at which a 64-bit pHash has few false matches
#: among faces.
PDQ_BITS: Final = 31
PHASH64_BITS: Final = 4
#: Places in agreement from which ORB had no wrong pair among 840.
ORB_INLIERS: Final = 13


class Alternative(Protocol):
    """One way to find a stored photo; refs are places in the sequence it was built from."""

    name: str

    def found(self, picture: Image.Image, own: int) -> set[int]:
        """The stored photos it takes the picture for; ``own`` is the true one, for those that only compare."""
        ...


def alternatives(stored: Sequence[Photo]) -> list[Alternative]:
    """Those that are installed."""
    small = [_small(photo.picture()) for photo in stored]
    found: list[Alternative] = [PHash64(small), OrbAlone(small)]
    try:
        found.append(Pdq(small))
        found.append(ThreatExchange(small))
    except ImportError:
        pass
    return found


def _small(picture: Image.Image) -> Image.Image:
    small = picture.copy()
    small.thumbnail((256, 256))
    return small


class PHash64:
    """ImageHash's pHash of 64 bits, of the picture and of its mirror image."""

    name = f"pHash-64 ≤ {PHASH64_BITS}"

    def __init__(self, stored: Sequence[Image.Image]) -> None:
        self._hashes = np.array([_bits64(each) for each in stored], np.uint64)

    def found(self, picture: Image.Image, own: int) -> set[int]:  # noqa: ARG002
        small = _small(picture)
        asked = [_bits64(small), _bits64(ImageOps.mirror(small))]
        near = [np.bitwise_count(self._hashes ^ np.uint64(each)) <= PHASH64_BITS for each in asked]
        return set(np.flatnonzero(near[0] | near[1]).tolist())


def _bits64(picture: Image.Image) -> int:
    return int.from_bytes(np.packbits(imagehash.phash(picture).hash.ravel()).tobytes())


class Pdq:
    """PDQ at 31 bits, the query with its dihedral hashes."""

    name = f"PDQ ≤ {PDQ_BITS}, dihedral"

    def __init__(self, stored: Sequence[Image.Image]) -> None:
        import pdqhash  # noqa: PLC0415

        self._pdq = pdqhash
        self._hashes = np.array([np.packbits(pdqhash.compute(np.asarray(each))[0]) for each in stored])

    def found(self, picture: Image.Image, own: int) -> set[int]:  # noqa: ARG002
        turned, _ = self._pdq.compute_dihedral(np.asarray(_small(picture)))
        near: set[int] = set()
        for each in turned:
            distances = np.bitwise_count(self._hashes ^ np.packbits(each)).sum(axis=1)
            near |= set(np.flatnonzero(distances <= PDQ_BITS).tolist())
        return near


class ThreatExchange:
    """python-threatexchange's PDQ index as it comes: one hash a picture, its own threshold."""

    name = "python-threatexchange PDQ"

    def __init__(self, stored: Sequence[Image.Image]) -> None:
        import pdqhash  # noqa: PLC0415
        from threatexchange.signal_type.pdq.pdq_index2 import PDQIndex2  # noqa: PLC0415

        self._pdq = pdqhash
        self._index = PDQIndex2(entries=[(self._text(each), place) for place, each in enumerate(stored)])

    def _text(self, picture: Image.Image) -> str:
        return np.packbits(self._pdq.compute(np.asarray(picture))[0]).tobytes().hex()

    def found(self, picture: Image.Image, own: int) -> set[int]:  # noqa: ARG002
        return {match.metadata for match in self._index.query(self._text(_small(picture)))}


class OrbAlone:
    """ORB points and RANSAC against the true photo only: what it could reach if it were led to the candidate."""

    name = f"ORB alone (shown the true photo) ≥ {ORB_INLIERS}"

    def __init__(self, stored: Sequence[Image.Image]) -> None:
        self._stored = stored
        self._orb = cv2.ORB.create(160, edgeThreshold=15, patchSize=31, fastThreshold=7)
        self._matcher = cv2.BFMatcher(cv2.NORM_HAMMING)

    def found(self, picture: Image.Image, own: int) -> set[int]:
        known = self._points(self._stored[own])
        shown = picture.copy()
        shown.thumbnail((640, 640))
        for query in (shown, ImageOps.mirror(shown)):
            if self._inliers(self._points(query), known) >= ORB_INLIERS:
                return {own}
        return set()

    def _points(self, picture: Image.Image) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        points, described = self._orb.detectAndCompute(np.asarray(picture.convert("L")), None)
        if not points:
            return np.empty((0, 2), np.float32), np.empty((0, 32), np.uint8)
        return np.array([point.pt for point in points], np.float32), np.asarray(described, np.uint8)

    def _inliers(
        self,
        query: tuple[NDArray[np.float32], NDArray[np.uint8]],
        known: tuple[NDArray[np.float32], NDArray[np.uint8]],
    ) -> int:
        if min(len(query[0]), len(known[0])) < 2:
            return 0
        pairs = [
            p[0]
            for p in self._matcher.knnMatch(query[1], known[1], k=2)
            if len(p) == 2 and p[0].distance < 0.8 * p[1].distance
        ]
        if len(pairs) < 4:
            return 0
        source = query[0][[pair.queryIdx for pair in pairs]]
        target = known[0][[pair.trainIdx for pair in pairs]]
        _, agreed = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=6)
        flags = np.asarray(agreed)
        if flags.size != len(pairs):
            return 0
        return len(np.unique(np.rint(target[flags.ravel() > 0] / 4), axis=0))
