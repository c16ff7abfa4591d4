"""The font that drawn pictures use."""

from __future__ import annotations

from functools import cache

from PIL import ImageFont

from bot.fonts import font_file


@cache
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """The shipped font at this size in pixels, with Latin and all Cyrillic letters of the region."""
    with font_file() as path:
        return ImageFont.truetype(str(path), pixels)
