"""The patterned ground behind the messages of Telegram and WhatsApp."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Final

from PIL import Image

from bot.simulator.backdrops import Colour
from bot.simulator.screens.icons import ICONS, icon_mask

_DOODLES: Final = tuple(
    name
    for name in ICONS
    if name
    in ("heart", "smile", "camera", "bell", "gift", "globe", "home", "mic", "plane", "pin", "comment", "eye", "sticker")
)
_TONES: Final[dict[str, tuple[Colour, ...]]] = {
    "telegram": ((219, 221, 187), (107, 165, 135), (213, 216, 141), (136, 184, 132)),
}


@lru_cache(maxsize=8)
def wallpaper(platform: str, dark: bool, size: tuple[int, int], ground: Colour) -> Image.Image:
    """The whole ground of a chat; do not draw on it, copy it."""
    image = Image.new("RGB", size, ground)
    if platform == "telegram" and not dark:
        corners = Image.new("RGB", (2, 2))
        corners.putdata(list(_TONES["telegram"]))
        image = corners.resize(size, Image.Resampling.BICUBIC)
    step, chance = size[0] // 9, random.Random(platform)  # noqa: S311
    ink = _shifted(ground, 16 if dark else -14)
    for row in range(size[1] // step + 1):
        for column in range(10):
            side = round(step * chance.uniform(0.42, 0.62))
            mask = icon_mask(chance.choice(_DOODLES), side).rotate(chance.uniform(-30, 30))
            if platform == "telegram" and not dark:
                mask = mask.point([level // 4 for level in range(256)])
                image.paste((70, 110, 70), _at(row, column, step, chance), mask)
            else:
                image.paste(ink, _at(row, column, step, chance), mask.point([level * 3 // 5 for level in range(256)]))
    return image


def _at(row: int, column: int, step: int, chance: random.Random) -> tuple[int, int]:
    x = column * step - (row % 2) * step // 2 + chance.randint(0, step // 4)
    return x, row * step + chance.randint(0, step // 4)


def _shifted(colour: Colour, by: int) -> Colour:
    red, green, blue = (max(0, min(255, channel + by)) for channel in colour)
    return red, green, blue
