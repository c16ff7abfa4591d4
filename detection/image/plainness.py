"""Is there enough in a picture to tell it from others by a global hash?

Blanks and smooth slopes hash to noise. Pages (screenshots of comments or of profiles) hash to their layout: two threads
of comments with not a word in common came as near as 26 bits of 256, closer than a photo and its 2 % crop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detection import thresholds


def is_flat(image: Image.Image) -> bool:
    """True for a picture so even (blank, one colour, a smooth gradient) that its hash is made of noise.

    Measured on a 32x32 grey copy: the standard deviation of what is left when the best-fitting plane is taken away.
    """
    grey = np.asarray(image.convert("L").resize((32, 32), Image.Resampling.BOX), dtype=np.float64)
    return float(np.std(grey - _fitted_plane(grey))) < thresholds.PHOTO_FLAT_DEVIATION


def is_page(image: Image.Image) -> bool:
    """True for a picture that is a page more than a scene: one colour fills most of it, or much of a phone's shape."""
    share = plain_share(image)
    tall = image.height >= thresholds.PHOTO_TALL * image.width
    return share >= thresholds.PHOTO_PAGE_SHARE or (tall and share >= thresholds.PHOTO_TALL_PAGE_SHARE)


def plain_share(image: Image.Image) -> float:
    """The share of a 64x64 copy that lies near its commonest colour."""
    pixels = np.asarray(image.convert("RGB").resize((64, 64), Image.Resampling.BOX), dtype=np.int16).reshape(-1, 3)
    bins = (pixels >> 4) @ np.array([256, 16, 1], dtype=np.int16)
    colour = pixels[bins == np.bincount(bins).argmax()].mean(axis=0)
    return float((np.abs(pixels - colour).max(axis=1) <= thresholds.PHOTO_PLAIN_TOLERANCE).mean())


def _fitted_plane(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """The least-squares plane through a square picture; its two slopes are orthogonal on a centred grid."""
    ramp = np.arange(grey.shape[0]) - (grey.shape[0] - 1) / 2
    norm = float(ramp @ ramp) * grey.shape[0]
    down = float((grey * ramp[:, None]).sum()) / norm
    across = float((grey * ramp[None, :]).sum()) / norm
    plane: NDArray[np.float64] = grey.mean() + down * ramp[:, None] + across * ramp[None, :]
    return plane


def two_colours_share(rgb: NDArray[np.uint8]) -> float:
    """The share of a picture (height, width, 3) that lies near its two commonest colours, at most 64 pixels a side.

    A letter on a disc, a silhouette, an icon are made of two colours; a photo never is.
    """
    small = Image.fromarray(rgb)
    small.thumbnail((64, 64), Image.Resampling.BOX)
    pixels = np.asarray(small, dtype=np.int16).reshape(-1, 3)
    left = pixels
    for _ in range(2):
        if not len(left):
            break
        bins = (left >> 4) @ np.array([256, 16, 1], dtype=np.int16)
        colour = np.median(left[bins == np.bincount(bins).argmax()], axis=0)
        left = left[np.abs(left - colour).max(axis=1) > thresholds.PHOTO_PLAIN_TOLERANCE]
    return 1 - len(left) / len(pixels)
