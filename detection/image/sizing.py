"""At which size is a picture looked at? A page keeps the pixels of its small photos, a photo needs no more than 1,280.

A profile photo of 96 pixels in a screenshot of 2,340 is one of 52 when the whole is shrunk to 1,280: too small.
"""

from __future__ import annotations

from PIL import Image

from detection.image.describing import is_page_like


def looked_at(image: Image.Image, long_side: int) -> Image.Image:
    """A picture as it came if it is a screenshot, else shrunk to ``long_side``."""
    if max(image.size) <= long_side:
        return image
    small = image.copy()
    small.thumbnail((long_side, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image if is_page_like(small) else small
