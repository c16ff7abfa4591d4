"""Backgrounds for drawn portraits: mountains, stripes, a window, a city, a garden, lights, planes, shelves of books."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]


def backdrop(chance: random.Random, side: int) -> Image.Image:
    """A square background; which one, and everything on it, is decided by ``chance``."""
    image = _slope(chance, side)
    chance.choice(_SCENES)(ImageDraw.Draw(image), chance, side)
    return image.filter(ImageFilter.GaussianBlur(side * chance.uniform(0.001, 0.012)))


def tone(chance: random.Random, low: int, high: int) -> Colour:
    """A colour about as bright as a number between ``low`` and ``high``, and as muted as things in a photo are."""
    bright = chance.randint(low, high)
    red, green, blue = (max(0, min(255, bright + chance.randint(-48, 48))) for _ in range(3))
    return red, green, blue


def bold_tone(chance: random.Random) -> Colour:
    """A dark or a bright colour, so that a large shape shows in grey too, which is all that a fingerprint sees."""
    return tone(chance, *chance.choice(((10, 80), (180, 245))))


def slope(angle: float, side: int) -> Image.Image:
    """A grey gradient from black to white, ``angle`` degrees from downwards, without visible corners."""
    ramp = Image.linear_gradient("L").resize((2 * side, 2 * side)).rotate(angle)
    return ramp.crop((side // 2, side // 2, side * 3 // 2, side * 3 // 2))


def _slope(chance: random.Random, side: int) -> Image.Image:
    """A gradient between two colours in any direction."""
    dark, bright = (Image.new("RGB", (side, side), tone(chance, *bounds)) for bounds in ((20, 110), (140, 250)))
    return Image.composite(dark, bright, slope(chance.randrange(360), side))


def _mountains(pen: ImageDraw.ImageDraw, chance: random.Random, side: int) -> None:
    for ridge in range(3):
        base = side * (0.35 + 0.2 * ridge)
        peaks = [(side * x / 5, base - side * chance.uniform(-0.05, 0.3)) for x in range(-1, 7)]
        pen.polygon([(-side, side), *peaks, (2 * side, side)], fill=tone(chance, 30 + 30 * ridge, 190))
    x, y, r = chance.uniform(0, side), chance.uniform(0, side * 0.3), side * chance.uniform(0.04, 0.1)
    pen.ellipse((x - r, y - r, x + r, y + r), fill=(255, 244, 200))


def _stripes(pen: ImageDraw.ImageDraw, chance: random.Random, side: int) -> None:
    step, lean, colour = side / chance.randint(3, 9), side * chance.uniform(-0.8, 0.8), bold_tone(chance)
    x = -float(side)
    while x < 2 * side:
        pen.polygon([(x, 0), (x + step / 2, 0), (x + step / 2 + lean, side), (x + lean, side)], fill=colour)
        x += step


def _window(pen: ImageDraw.ImageDraw, chance: random.Random, side: int) -> None:
    left, top = side * chance.uniform(-0.3, 0.6), side * chance.uniform(-0.3, 0.2)
    width, height = side * chance.uniform(0.4, 0.9), side * chance.uniform(0.5, 0.9)
    pen.rectangle((left, top, left + width, top + height), fill=tone(chance, 190, 255))
    frame, bar = tone(chance, 20, 120), int(side * 0.025)
    for part in range(3):
        x, y = left + width * part / 2, top + height * part / 2
        pen.line((x, top, x, top + height), fill=frame, width=bar)
        pen.line((left, y, left + width, y), fill=frame, width=bar)


def _city(pen: ImageDraw.ImageDraw, chance: random.Random, side: int) -> None:
    x = -0.1 * side
    while x < side:
        width, top = side * chance.uniform(0.08, 0.25), side * chance.uniform(0.05, 0.7)
        pen.rectangle((x, top, x + width, side), fill=tone(chance, 30, 200))
        x += width


def _garden(pen: ImageDraw.ImageDraw, chance: random.Random, side: int) -> None:
    for _ in range(26):
        x, y, r = chance.uniform(0, side), chance.uniform(0, side), side * chance.uniform(0.04, 0.16)
        green = (chance.randint(10, 120), chance.randint(80, 200), chance.randint(20, 110))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=green)


def _lights(pen: ImageDraw.ImageDraw, chance: random.Random, side: int) -> None:
    for _ in range(18):
        x, y, r = chance.uniform(0, side), chance.uniform(0, side), side * chance.uniform(0.03, 0.12)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=tone(chance, 120, 255))


def _halves(pen: ImageDraw.ImageDraw, chance: random.Random, side: int) -> None:
    x, y = side * chance.uniform(-0.2, 1.2), side * chance.uniform(-0.2, 1.2)
    pen.polygon([(0, y), (side, side - y), (side, side), (0, side)], fill=bold_tone(chance))
    pen.polygon([(x, 0), (side, 0), (side, side), (side - x, side)], fill=bold_tone(chance))


def _shelves(pen: ImageDraw.ImageDraw, chance: random.Random, side: int) -> None:
    rows = chance.randint(2, 5)
    for row in range(rows):
        bottom, x = side * (row + 1) / rows, 0.0
        while x < side:
            width, height = side * chance.uniform(0.03, 0.09), side / rows * chance.uniform(0.4, 0.9)
            pen.rectangle((x, bottom - height, x + width, bottom), fill=tone(chance, 20, 230))
            x += width + side * chance.choice((0, 0, 0.08))
        pen.rectangle((0, bottom - side * 0.015, side, bottom), fill=(90, 60, 40))


_SCENES: Final[tuple[Callable[[ImageDraw.ImageDraw, random.Random, int], None], ...]] = (
    _mountains,
    _stripes,
    _window,
    _city,
    _garden,
    _lights,
    _halves,
    _shelves,
)
