"""The fingerprint of a picture: perceptual hashes of the whole, of its mirror image, and of what a frame encloses.

The hash is ImageHash's DCT ``phash`` with ``hash_size=16``, 256 bits: it stays put under recompression, shrinking,
grey, blur and brightness. The mirror image is really mirrored and hashed. No global hash survives a crop of 5 %;
regions exist so that finer proposals can be added beside the border.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from detection import thresholds
from detection.image.plainness import is_flat, is_page

HASH_SIDE: Final = 16
HASH_BYTES: Final = HASH_SIDE * HASH_SIDE // 8

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPrint:
    """The hashes of one part of a picture; ``box`` is (x, y, width, height) in the picture's own pixels."""

    box: Box
    phash: bytes
    mirrored: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPrint:
    """The fingerprint of one picture.

    ``flat`` marks a picture that as a whole says too little to be told from others (a blank, or a page of a
    screenshot): its own hashes are neither stored nor searched for, while those of its regions are.
    """

    phash: bytes
    mirrored: bytes
    width: int
    height: int
    flat: bool
    regions: tuple[RegionPrint, ...] = ()


def fingerprint(image: Image.Image, original_size: tuple[int, int] | None = None) -> PhotoPrint:
    """Fingerprint an opaque RGB picture.

    ``original_size`` is (width, height) of the picture before it was shrunk; the print's sizes and boxes are in those
    pixels, or in those of ``image`` when it is not given.
    """
    width, height = original_size or image.size
    small = _shrink(image)
    return PhotoPrint(
        phash=_phash(small),
        mirrored=_phash(ImageOps.mirror(small)),
        width=width,
        height=height,
        flat=_says_little(small),
        regions=_framed_region(image, small, (width, height)),
    )


def _says_little(image: Image.Image) -> bool:
    return is_flat(image) or is_page(image)


def _shrink(image: Image.Image) -> Image.Image:
    """A copy of at most 256 pixels a side: hashing is several times cheaper there, and as good."""
    small = image.copy()
    small.thumbnail((thresholds.PHOTO_HASHED_SIDE,) * 2, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return small


def _phash(image: Image.Image) -> bytes:
    bits = imagehash.phash(image, hash_size=HASH_SIDE).hash
    return np.packbits(np.asarray(bits, dtype=np.bool_).ravel()).tobytes()


def _framed_region(image: Image.Image, small: Image.Image, size: tuple[int, int]) -> tuple[RegionPrint, ...]:
    """What a plain border encloses, if there is one and enough is left inside it."""
    box = framed_box(np.asarray(small.convert("RGB")))
    if box is None:
        return ()
    inner = _shrink(image.crop(_corners(_scaled(box, small.size, image.size))))
    if min(inner.size) < thresholds.PHOTO_REGION_MIN_SIDE or _says_little(inner):
        return ()
    hashes = (_phash(inner), _phash(ImageOps.mirror(inner)))
    return (RegionPrint(box=_scaled(box, small.size, size), phash=hashes[0], mirrored=hashes[1]),)


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
    """How many leading lines show one colour: that of the first line. At most 45 % of all."""
    colour = np.median(lines[0], axis=0)
    near = (np.abs(lines - colour).max(axis=2) <= thresholds.PHOTO_FRAME_TOLERANCE).mean(axis=1)
    uniform = near > thresholds.PHOTO_FRAME_UNIFORM_SHARE
    most = int(len(lines) * 0.45)
    return min(int(np.argmin(uniform)) if not uniform.all() else most, most)


def _scaled(box: Box, source: tuple[int, int], target: tuple[int, int]) -> Box:
    """``box`` of a picture of size ``source`` in the pixels of the same picture at size ``target``."""
    across, down = target[0] / source[0], target[1] / source[1]
    left, top = round(box[0] * across), round(box[1] * down)
    right, bottom = round((box[0] + box[2]) * across), round((box[1] + box[3]) * down)
    return left, top, max(1, right - left), max(1, bottom - top)


def _corners(box: Box) -> Box:
    return box[0], box[1], box[0] + box[2], box[1] + box[3]
