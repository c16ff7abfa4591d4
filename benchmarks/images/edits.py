"""Edits that judge the photo matcher: what people do to a stolen photo. The fitting uses others (`fitting.edits`)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

Picture = Image.Image
Act = Callable[[Picture, random.Random], Picture]


@dataclass(frozen=True, slots=True)
class Edit:
    """One kind of edit and the recall it has to reach."""

    name: str
    bar: float
    act: Act


def saved(picture: Picture, quality: int) -> Picture:
    """The picture after it was saved as a JPEG of this quality."""
    packed = BytesIO()
    picture.save(packed, "JPEG", quality=quality)
    return Image.open(BytesIO(packed.getvalue())).convert("RGB")


def _jpeg(picture: Picture, chance: random.Random) -> Picture:
    return saved(picture, chance.randint(30, 70))


def _small(low: int, high: int) -> Act:
    def act(picture: Picture, chance: random.Random) -> Picture:
        side = chance.randint(low, high)
        scale = side / max(picture.size)
        size = (max(8, round(picture.width * scale)), max(8, round(picture.height * scale)))
        return saved(picture.resize(size, Image.Resampling.BICUBIC), 85)

    return act


def _filter(picture: Picture, chance: random.Random) -> Picture:
    """A tint, as photo applications offer: every level of grey becomes one between two colours, half blended in."""
    dark = tuple(chance.randint(0, 90) for _ in range(3))
    light = tuple(chance.randint(170, 255) for _ in range(3))
    toned = ImageOps.colorize(picture.convert("L"), dark, light)
    return saved(Image.blend(picture, toned, chance.uniform(0.4, 0.9)), 85)


def _grey(picture: Picture, chance: random.Random) -> Picture:
    return saved(picture.convert("L").convert("RGB"), chance.randint(70, 90))


def _blur(picture: Picture, chance: random.Random) -> Picture:
    return saved(picture.filter(ImageFilter.GaussianBlur(chance.uniform(0.8, 2.0))), 85)


def _brightness(picture: Picture, chance: random.Random) -> Picture:
    bright = ImageEnhance.Brightness(picture).enhance(
        chance.choice((chance.uniform(0.6, 0.85), chance.uniform(1.2, 1.5)))
    )
    return saved(ImageEnhance.Contrast(bright).enhance(chance.uniform(0.75, 1.35)), 85)


def _text_bar(picture: Picture, chance: random.Random) -> Picture:
    """A bar of one colour with words over a tenth to a fifth of the height, at the top or the bottom."""
    edited = picture.copy()
    high = round(picture.height * chance.uniform(0.1, 0.2))
    top = chance.choice((0, picture.height - high))
    pen = ImageDraw.Draw(edited)
    dark = chance.random() < 0.5
    pen.rectangle((0, top, picture.width, top + high), fill=(0, 0, 0) if dark else (250, 250, 250))
    words = chance.choice(("РАЗЫСКИВАЕТСЯ", "продажный журналист", "SHAME ON YOU", "уят эмеспи?", "кто заказал?"))
    pen.text(
        (picture.width * 0.05, top + high * 0.15),
        words,
        fill=(255, 220, 0) if dark else (180, 0, 0),
        font_size=max(8, high * 0.6),
    )
    return saved(edited, 80)


def _emoji(picture: Picture, chance: random.Random) -> Picture:
    """Two round yellow faces somewhere on the photo, each a sixth to a quarter of its side."""
    edited = picture.copy()
    pen = ImageDraw.Draw(edited)
    for _ in range(2):
        side = min(picture.size) * chance.uniform(0.16, 0.25)
        x, y = chance.uniform(0, picture.width - side), chance.uniform(0, picture.height - side)
        pen.ellipse((x, y, x + side, y + side), fill=(255, 205, 60), outline=(200, 140, 20), width=2)
        for eye in (0.3, 0.62):
            pen.ellipse((x + side * eye, y + side * 0.3, x + side * (eye + 0.1), y + side * 0.42), fill=(70, 40, 10))
        pen.arc(
            (x + side * 0.25, y + side * 0.35, x + side * 0.75, y + side * 0.8), 20, 160, fill=(70, 40, 10), width=2
        )
    return saved(edited, 80)


def _border(picture: Picture, chance: random.Random) -> Picture:
    wide = round(max(picture.size) * chance.uniform(0.04, 0.25))
    return saved(ImageOps.expand(picture, wide, chance.choice(("white", "black", "#2a2f45", "#e9e4d4"))), 80)


def _circle(picture: Picture, chance: random.Random) -> Picture:
    side = min(picture.size)
    square = ImageOps.fit(picture, (side, side))
    mask = Image.new("L", (4 * side, 4 * side), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, 4 * side - 1, 4 * side - 1), fill=255)
    ground = Image.new("RGB", square.size, chance.choice(("white", "black", "#1c1e21", "#4a76a8")))
    ground.paste(square, mask=mask.resize(square.size, Image.Resampling.LANCZOS))
    return saved(ground, 80)


def _rotation(picture: Picture, chance: random.Random) -> Picture:
    degrees = chance.choice((-1, 1)) * chance.uniform(1, 8)
    return saved(picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=chance.choice(("white", "black"))), 85)


def _crop(low: float, high: float) -> Act:
    """Take away this share of the width and of the height."""

    def act(picture: Picture, chance: random.Random) -> Picture:
        width, height = (round(side * (1 - chance.uniform(low, high))) for side in picture.size)
        x, y = chance.randint(0, picture.width - width), chance.randint(0, picture.height - height)
        return saved(picture.crop((x, y, x + width, y + height)), 85)

    return act


def chain(*acts: Act) -> Act:
    """One edit after another."""

    def act(picture: Picture, chance: random.Random) -> Picture:
        for each in acts:
            picture = each(picture, chance)
        return picture

    return act


def mirrored(picture: Picture) -> Picture:
    """The picture flipped left to right."""
    return ImageOps.mirror(picture)


def noisy(picture: Picture, chance: random.Random) -> Picture:
    """With the grain of a bad camera."""
    grain = Image.effect_noise(picture.size, chance.uniform(8, 20)).convert("RGB")
    return ImageChops.add(picture, grain, scale=1, offset=-128)


LIGHT: Final = chain(_crop(0.02, 0.1), _brightness, _jpeg)
HEAVY: Final = chain(_crop(0.1, 0.2), _rotation, _filter, _text_bar, noisy, _small(140, 220), _jpeg)
MILD: Final = chain(_crop(0.02, 0.08), _brightness)

SINGLE: Final = (
    Edit("jpeg 30-70", 0.99, _jpeg),
    Edit("64-96 px", 0.99, _small(64, 96)),
    Edit("96-320 px", 0.99, _small(97, 320)),
    Edit("colour filter", 0.99, _filter),
    Edit("grey", 0.99, _grey),
    Edit("blur", 0.99, _blur),
    Edit("brightness, contrast", 0.99, _brightness),
    Edit("text bar", 0.99, _text_bar),
    Edit("two emoji", 0.99, _emoji),
    Edit("border", 0.99, _border),
    Edit("circle", 0.99, _circle),
    Edit("rotation 1-8°", 0.99, _rotation),
    Edit("crop 3-10 %", 0.99, _crop(0.03, 0.1)),
    Edit("crop 10-20 %", 0.99, _crop(0.1, 0.2)),
)
HARD: Final = (
    Edit("crop 30 %", 0.90, _crop(0.28, 0.3)),
    Edit("light combination", 0.90, LIGHT),
    Edit("heavy combination", 0.90, HEAVY),
)
EDITS: Final = (*SINGLE, *HARD)
