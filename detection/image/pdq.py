"""PDQ, the hash by which platforms know photos (ThreatExchange): told to others, never used to find anything here.

256 bits like our own, and as good (`phash`); the library is an extra, as only whoever exports in that form needs it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

#: The side to which a picture is shrunk before it is hashed; PDQ itself goes on to 64 by 64.
PDQ_SIDE: Final = 512


def pdq_of(image: Image.Image) -> tuple[str, int]:
    """The hash in 64 hex digits and its quality, 0 to 100. Raises ModuleNotFoundError without ``pdqhash``."""
    import pdqhash  # noqa: PLC0415 - an extra: only whoever exports for platforms has it

    bits, quality = pdqhash.compute(np.ascontiguousarray(np.asarray(image.convert("RGB"))))
    return np.packbits(np.asarray(bits, dtype=np.bool_)).tobytes().hex(), int(quality)
