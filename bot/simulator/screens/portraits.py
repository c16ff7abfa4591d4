"""What an application shows where somebody has no photo: a silhouette, or initials on a colour of the name's own."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Final

from PIL import Image

from bot.simulator.backdrops import Colour
from bot.simulator.screens.faces import face
from bot.simulator.screens.icons import icon_mask
from bot.simulator.screens.truth import Platform

_SIDE: Final = 240
_SILHOUETTES: Final[dict[Platform, tuple[Colour, Colour, Colour]]] = {
    "facebook": ((196, 203, 213), (255, 255, 255), (86, 92, 101)),
    "instagram": ((219, 219, 219), (255, 255, 255), (80, 80, 80)),
    "whatsapp": ((222, 226, 230), (255, 255, 255), (62, 74, 82)),
    "tiktok": ((208, 211, 216), (255, 255, 255), (72, 74, 80)),
}
_COLOURS: Final[tuple[Colour, ...]] = (
    (229, 97, 87),
    (240, 155, 62),
    (152, 124, 224),
    (108, 189, 84),
    (66, 178, 196),
    (76, 140, 219),
    (224, 108, 160),
    (93, 108, 130),
)


def portrait(name: str, photo: Image.Image | None, platform: Platform, dark: bool) -> Image.Image:
    """The photo, or this application's stand-in for it."""
    if photo is not None:
        return photo
    if platform in _SILHOUETTES:
        return _silhouette(platform, dark)
    return _initials(_letters(name, 1 if platform == "youtube" else 2), _number(name))


def name_colour(name: str) -> Colour:
    """The colour in which messengers write this name."""
    red, green, blue = _COLOURS[_number(name)]
    return red * 9 // 10, green * 9 // 10, blue * 9 // 10


def _number(name: str) -> int:
    return zlib.crc32(name.encode(errors="replace")) % len(_COLOURS)


def _letters(name: str, most: int) -> str:
    words = [word for word in name.lstrip("@").split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in words[:most])


@lru_cache(maxsize=16)
def _silhouette(platform: Platform, dark: bool) -> Image.Image:
    ground, figure, at_night = _SILHOUETTES[platform]
    image = Image.new("RGB", (_SIDE, _SIDE), at_night if dark else ground)
    image.paste(ground if dark else figure, (0, 0), icon_mask("person-silhouette", _SIDE))
    return image


@lru_cache(maxsize=256)
def _initials(letters: str, colour: int) -> Image.Image:
    image = Image.new("RGB", (_SIDE, _SIDE), _COLOURS[colour])
    ink, _, _ = face("android", "medium", 96).ink(letters or "?")
    image.paste((255, 255, 255), ((_SIDE - ink.width) // 2, (_SIDE - ink.height) // 2), ink)
    return image
