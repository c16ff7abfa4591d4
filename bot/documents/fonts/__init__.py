"""The font of drawn documents; its licence lies beside it."""

from functools import cache
from importlib import resources

from PIL import ImageFont

FILE = "DejaVuSansCondensed.ttf"


@cache
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """The shipped font at this size in pixels, with Latin and all Cyrillic letters of the region."""
    with resources.as_file(resources.files(__name__) / FILE) as path:
        # Without a shaping library the same picture comes out on every machine.
        return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)
