"""The 256-bit perceptual hash of a grey picture and of its mirror image, from one transform.

The same bits as ImageHash's ``phash(hash_size=16)`` of an upright grey picture: the 16 x 16 lowest frequencies of a
64 x 64 cosine transform, each against their median. Mirroring a picture changes the sign of every odd horizontal
frequency, so that the mirror image's hash costs nothing; it is the hash of the really mirrored picture.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

HASH_SIDE: Final = 16
HASH_BYTES: Final = HASH_SIDE * HASH_SIDE // 8
_SAMPLED: Final = 4 * HASH_SIDE
_SIGNS: Final = np.where(np.arange(HASH_SIDE) % 2, -1.0, 1.0)


def phash_pair(grey: NDArray[np.uint8]) -> tuple[bytes, bytes]:
    """The hashes (32 bytes each) of a grey picture (height, width) and of its mirror image."""
    small = Image.fromarray(grey).resize((_SAMPLED, _SAMPLED), Image.Resampling.LANCZOS)
    waves = np.asarray(cv2.dct(np.asarray(small, dtype=np.float64)), dtype=np.float64)[:HASH_SIDE, :HASH_SIDE]
    return _bits(waves), _bits(waves * _SIGNS)


def _bits(waves: NDArray[np.float64]) -> bytes:
    return np.packbits(waves > np.median(waves)).tobytes()
