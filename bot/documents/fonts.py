"""The font of drawn documents."""

from functools import cache

from PIL import ImageFont

from bot.fonts import font_file


@cache
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """The shipped font at this size in pixels, with Latin and all Cyrillic letters of the region."""
    with font_file() as path:
        # Without a shaping library the same picture comes out on every machine.
        return ImageFont.truetype(str(path), pixels, layout_engine=ImageFont.Layout.BASIC)
