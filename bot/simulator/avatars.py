"""Drawn portraits for the demo and the tests: nobody's face, the same for the same seed, unlike for any other.

They stand for stolen profile photos. What matters is that the photo detector tells them apart as it tells real photos
apart, so everything that a fingerprint sees varies: the scene behind, the light, where and how large the head is, and
how it leans, besides skin, hair, hats, glasses and clothes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageDraw

from bot.simulator.backdrops import Colour, backdrop, bold_tone, slope, tone

# Drawn larger than asked for and shrunk, which smooths the edges.
_SIDE: Final = 400
_SKINS: Final = ((255, 224, 196), (241, 194, 150), (224, 172, 125), (198, 142, 96), (160, 108, 70), (250, 210, 180))
_HAIRS: Final = (
    (20, 16, 14),
    (45, 30, 22),
    (92, 60, 36),
    (150, 100, 50),
    (210, 170, 100),
    (150, 150, 150),
    (130, 40, 20),
)
_INK: Final = (28, 22, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """What one drawn person looks like; lengths are in pixels of the sheet, which is twice the portrait's side."""

    x: float
    y: float
    size: float
    skin: Colour
    hair: Colour
    clothes: Colour
    style: str
    width: float


def avatar(seed: int, size: int = 320) -> Image.Image:
    """A square RGB portrait of ``size`` pixels a side; the same pixels for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    image = backdrop(chance, _SIDE)
    # Drawn on a larger sheet, so that a leaning figure shows no cut edge.
    figure = Image.new("RGBA", (2 * _SIDE, 2 * _SIDE), (0, 0, 0, 0))
    _draw_person(ImageDraw.Draw(figure), _person(chance), chance)
    figure = figure.rotate(chance.uniform(-14, 14), Image.Resampling.BICUBIC)
    figure = figure.crop((_SIDE // 2, _SIDE // 2, _SIDE * 3 // 2, _SIDE * 3 // 2))
    image.paste(figure, mask=figure.getchannel("A"))
    return _lit(image, chance).resize((size, size), Image.Resampling.LANCZOS)


def _person(chance: random.Random) -> _Person:
    return _Person(
        x=_SIDE * chance.uniform(0.82, 1.18),
        y=_SIDE * chance.uniform(0.86, 1.02),
        size=_SIDE * chance.uniform(0.15, 0.25),
        skin=chance.choice(_SKINS),
        hair=chance.choice(_HAIRS),
        clothes=bold_tone(chance) if chance.random() < 0.5 else tone(chance, 10, 245),
        style=chance.choice(("short", "long", "bald", "curly", "bun", "scarf", "kalpak", "cap", "parted")),
        width=chance.uniform(0.72, 0.9),
    )


def _lit(image: Image.Image, chance: random.Random) -> Image.Image:
    """Light from one side: the other is darkened by up to two thirds."""
    shade, darkest = slope(chance.randrange(360), _SIDE), chance.randint(60, 190)
    shade = shade.point([darkest + (255 - darkest) * level // 255 for level in range(256)])
    return ImageChops.multiply(image, shade.convert("RGB"))


def _draw_person(pen: ImageDraw.ImageDraw, who: _Person, chance: random.Random) -> None:
    if who.style == "long":
        _oval(pen, who, 0, 0.35, 1.15, 1.55, who.hair)
    if who.style == "scarf":
        _oval(pen, who, 0, 0.15, who.width * 1.22, 1.35, who.clothes)
    _body(pen, who, chance)
    for side in (-1, 1):
        _oval(pen, who, side * who.width, 0.05, 0.16, 0.26, who.skin)
    _oval(pen, who, 0, 0, who.width, 1.08, who.skin)
    _face(pen, who, chance)
    _hair(pen, who, chance)


def _body(pen: ImageDraw.ImageDraw, who: _Person, chance: random.Random) -> None:
    shoulders = chance.uniform(1.5, 2.2)
    _oval(pen, who, 0, 3.1, shoulders, 1.75, who.clothes)
    pen.rectangle(_box(who, 0, 1.1, 0.36, 0.5), fill=_darker(who.skin))
    pattern = chance.choice(("plain", "collar", "stripes", "lapels", "beads"))
    if pattern == "collar":
        _oval(pen, who, 0, 1.5, 0.55, 0.28, tone(chance, 180, 255))
    elif pattern == "stripes":
        for row in range(5):
            pen.rectangle(_box(who, 0, 1.9 + row * 0.45, shoulders * 0.8, 0.1), fill=tone(chance, 10, 250))
    elif pattern == "lapels":
        for side in (-1, 1):
            points = [(0, 2.6), (side * 0.35, 1.4), (side * 0.9, 1.7)]
            pen.polygon([_at(who, *point) for point in points], fill=_darker(who.clothes))
    elif pattern == "beads":
        for bead in range(-4, 5):
            _oval(pen, who, bead * 0.14, 1.75 - bead * bead * 0.02, 0.09, 0.09, tone(chance, 120, 255))


def _face(pen: ImageDraw.ImageDraw, who: _Person, chance: random.Random) -> None:
    apart, height, turn = chance.uniform(0.3, 0.42), chance.uniform(-0.2, 0), chance.uniform(-0.12, 0.12)
    for side in (-1, 1):
        x = turn + side * apart
        _oval(pen, who, x, height, 0.14, chance.uniform(0.06, 0.11), (250, 250, 250))
        _oval(pen, who, x + turn * 0.3, height, 0.065, 0.075, _INK)
        pen.line(
            [_at(who, x - 0.18, height - 0.2), _at(who, x + 0.18, height - 0.24)], fill=who.hair, width=_px(who, 0.07)
        )
    pen.line([_at(who, turn, height + 0.05), _at(who, turn * 1.8, 0.28)], fill=_darker(who.skin), width=_px(who, 0.08))
    _lower_face(pen, who, chance, turn)
    if chance.random() < 0.3:
        for side in (-1, 1):
            box = _box(who, turn + side * apart, height, 0.25, chance.choice((0.18, 0.24)))
            pen.ellipse(box, outline=_INK, width=_px(who, 0.05))
        pen.line(
            [_at(who, turn - apart + 0.25, height), _at(who, turn + apart - 0.25, height)],
            fill=_INK,
            width=_px(who, 0.05),
        )


def _lower_face(pen: ImageDraw.ImageDraw, who: _Person, chance: random.Random, turn: float) -> None:
    growth = chance.choice(("none", "none", "beard", "moustache"))
    if who.style in ("long", "bun", "scarf"):
        growth = "none"
    if growth == "beard":
        pen.chord(_box(who, 0, 0.3, who.width, 0.85), 15, 165, fill=who.hair)
    elif growth == "moustache":
        _oval(pen, who, turn, 0.44, 0.3, 0.08, who.hair)
    width = chance.uniform(0.18, 0.36)
    mouth = _box(who, turn, 0.5, width, 0.16)
    if chance.random() < 0.5:
        pen.chord(mouth, 5, 175, fill=(250, 245, 240), outline=(150, 50, 50), width=_px(who, 0.04))
    else:
        pen.arc(mouth, 20, 160, fill=(150, 50, 50), width=_px(who, 0.07))


def _hair(pen: ImageDraw.ImageDraw, who: _Person, chance: random.Random) -> None:
    top = _box(who, 0, -0.15, who.width * 1.08, 1.08)
    if who.style in ("short", "long", "bun"):
        pen.chord(top, 180 + chance.randint(18, 38), 360 - chance.randint(18, 38), fill=who.hair)
    if who.style == "bun":
        _oval(pen, who, chance.uniform(-0.5, 0.5), -1.3, 0.42, 0.4, who.hair)
    elif who.style == "parted":
        pen.chord(top, 190, 305, fill=who.hair)
        pen.chord(top, 275, 350, fill=who.hair)
    elif who.style == "curly":
        for _ in range(28):
            _oval(pen, who, chance.uniform(-1, 1), -chance.uniform(0.45, 1.25), 0.28, 0.28, who.hair)
    elif who.style == "scarf":
        pen.chord(_box(who, 0, -0.1, who.width * 1.2, 1.2), 205, 335, fill=who.clothes)
    elif who.style == "kalpak":
        _kalpak(pen, who)
    elif who.style == "cap":
        colour = tone(chance, 10, 230)
        pen.chord(_box(who, 0, -0.3, who.width * 1.12, 0.95), 180, 360, fill=colour)
        pen.ellipse(_box(who, chance.choice((-0.7, 0.7)), -0.35, 0.75, 0.14), fill=_darker(colour))


def _kalpak(pen: ImageDraw.ImageDraw, who: _Person) -> None:
    """The tall white felt hat of Kyrgyz men, with its dark ornament."""
    crown = [(-0.95, -0.6), (-0.5, -1.75), (0.5, -1.75), (0.95, -0.6)]
    pen.polygon([_at(who, *point) for point in crown], fill=(245, 242, 235))
    pen.line([_at(who, 0, -1.75), _at(who, 0, -0.6)], fill=_INK, width=_px(who, 0.05))
    pen.rectangle(_box(who, 0, -0.6, 1.0, 0.16), fill=(40, 36, 40))


def _at(who: _Person, x: float, y: float) -> tuple[float, float]:
    """A point given in heads from the middle of the face."""
    return who.x + x * who.size, who.y + y * who.size


def _box(who: _Person, x: float, y: float, across: float, down: float) -> tuple[float, float, float, float]:
    left, top = _at(who, x - across, y - down)
    right, bottom = _at(who, x + across, y + down)
    return left, top, right, bottom


def _oval(pen: ImageDraw.ImageDraw, who: _Person, x: float, y: float, across: float, down: float, fill: Colour) -> None:
    pen.ellipse(_box(who, x, y, across, down), fill=fill)


def _px(who: _Person, heads: float) -> int:
    return max(1, round(heads * who.size))


def _darker(colour: Colour) -> Colour:
    return colour[0] * 4 // 5, colour[1] * 4 // 5, colour[2] * 4 // 5
