"""The letters of phones: Roboto for Android, Inter (near to Apple's San Francisco) for iPhones, the shipped font else.

Roboto and Inter are Debian's fonts-roboto-unhinted and fonts-inter, found by file name where systems keep fonts.
Without them everything is drawn with the product's own font, made bold by an outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFont

from bot.fonts import font_file
from bot.simulator.screens.truth import Box, Device

Weight = Literal["regular", "medium", "bold"]

_FILES: Final[dict[tuple[Device, Weight], str]] = {
    ("android", "regular"): "Roboto-Regular.ttf",
    ("android", "medium"): "Roboto-Medium.ttf",
    ("android", "bold"): "Roboto-Bold.ttf",
    ("iphone", "regular"): "Inter-Regular.otf",
    ("iphone", "medium"): "Inter-SemiBold.otf",
    ("iphone", "bold"): "Inter-Bold.otf",
}
_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")
# Inter is a little wider than San Francisco.
_SHRINK: Final[dict[Device, float]] = {"android": 1.0, "iphone": 0.965}
_STROKE: Final[dict[Weight, float]] = {"regular": 0.0, "medium": 1 / 60, "bold": 1 / 38}
_MISSING: Final = "\U0010fffe"


@dataclass(frozen=True, slots=True)
class Face:
    """A font at one size and weight. ``capital`` is the height of its capital letters in pixels."""

    font: ImageFont.FreeTypeFont
    stroke: float
    capital: int

    def width(self, words: str) -> float:
        """How far the words advance, in pixels."""
        return _length(self.font, words) + 2 * self.stroke * bool(words)

    def draws(self, letter: str) -> bool:
        """Whether the font has this letter."""
        return letter < "\u024f" or "\u0400" <= letter <= "\u04ff" or _has(self.font, letter)

    def ink(self, words: str) -> tuple[Image.Image, int, int]:
        """The words as a mask, cut to their ink, and where its corner lies from the start of the baseline."""
        return _ink(self.font, self.stroke, words)


@cache
def face(device: Device, weight: Weight, pixels: float) -> Face:
    """The font of this device at this weight and nominal size in pixels."""
    path = find_font(_FILES[device, weight])
    if path is None:
        return fallback(weight, pixels)
    font = ImageFont.truetype(str(path), round(pixels * _SHRINK[device]))
    return Face(font, 0.0, _capital(font))


@cache
def fallback(weight: Weight, pixels: float) -> Face:
    """The product's own font, for what the device's font lacks or where there is none."""
    with font_file() as path:
        font = ImageFont.truetype(str(path), round(pixels * 0.95))
    return Face(font, pixels * _STROKE[weight], _capital(font))


@cache
def find_font(name: str) -> Path | None:
    """A font file of this name where systems keep fonts, or None."""
    for folder in _FOLDERS:
        for path in sorted(Path(folder).expanduser().rglob(name)):
            return path
    return None


def _capital(font: ImageFont.FreeTypeFont) -> int:
    top, bottom = font.getbbox("H", anchor="ls")[1::2]
    return round(bottom - top)


@cache
def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    return bytes(font.getmask(letter)) != bytes(font.getmask(_MISSING))


@lru_cache(maxsize=16384)
def _length(font: ImageFont.FreeTypeFont, words: str) -> float:
    return font.getlength(words)


def _ink(font: ImageFont.FreeTypeFont, stroke: float, words: str) -> tuple[Image.Image, int, int]:
    left, top, right, bottom = font.getbbox(words, anchor="ls", stroke_width=stroke)
    edge = 4
    size = (round(right - left) + 2 * edge, round(bottom - top) + 2 * edge)
    mask = Image.new("L", (max(1, size[0]), max(1, size[1])), 0)
    at = (edge - round(left), edge - round(top))
    ImageDraw.Draw(mask).text(at, words, 255, font, anchor="ls", stroke_width=stroke)
    inked: Box | None = mask.getbbox()
    if inked is None:
        return Image.new("L", (1, 1), 0), 0, 0
    return mask.crop(inked), inked[0] - at[0], inked[1] - at[1]
