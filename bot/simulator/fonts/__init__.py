"""The font that drawn pictures use; its licence lies beside it."""

from __future__ import annotations

from functools import cache
from importlib import resources

from PIL import ImageFont

FILE = "DejaVuSansCondensed.ttf"


@cache
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """The shipped font at this size in pixels, with Latin and all Cyrillic letters of the region."""
    with resources.as_file(resources.files(__name__) / FILE) as path:
        return ImageFont.truetype(str(path), pixels)
