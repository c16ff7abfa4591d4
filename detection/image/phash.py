"""The 256-bit perceptual hash of a grey picture and of its mirror image: ImageHash's DCT ``phash``, ``hash_size=16``.

It stays put under recompression, shrinking, grey, blur and brightness. The mirror image is really mirrored and hashed.
No global hash survives a crop of 5 %: for that there are regions and points.
"""

from __future__ import annotations

from typing import Final

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

HASH_SIDE: Final = 16
HASH_BYTES: Final = HASH_SIDE * HASH_SIDE // 8
#: What the library shrinks a picture to; done once for both hashes.
_SAMPLED: Final = 4 * HASH_SIDE


def phash_pair(grey: NDArray[np.uint8]) -> tuple[bytes, bytes]:
    """The hashes (32 bytes each) of a grey picture (height, width) and of its mirror image."""
    small = Image.fromarray(grey).resize((_SAMPLED, _SAMPLED), Image.Resampling.LANCZOS)
    return _phash(small), _phash(ImageOps.mirror(small))


def _phash(small: Image.Image) -> bytes:
    bits = imagehash.phash(small, hash_size=HASH_SIDE).hash
    return np.packbits(np.asarray(bits, dtype=np.bool_).ravel()).tobytes()
