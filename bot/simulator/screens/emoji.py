"""Emoji as phones draw them: cut out of a text, and drawn in colour.

Noto Color Emoji (Debian's fonts-noto-color-emoji) has them in one size, 109 pixels to the em. Where it is missing, a
face, a heart or a coloured blob stands in their place.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.simulator.screens.faces import find_font

_FILE: Final = "NotoColorEmoji.ttf"
_EM: Final = 109
_BASE: Final = (
    "[\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001faff\U0001f7e0-\U0001f7eb"
    "\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u261d\u2620\u2639\u263a\u2648-\u2653\u2660\u2663\u2665\u2666\u267b"
    "\u2693\u26a0\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26d4\u26ea\u26fd\u2705\u270a-\u270d\u270f\u2712\u2714"
    "\u2716\u2728\u2733\u2734\u2744\u274c\u274e\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u2b50\u2b55"
    "\u231a\u231b\u23f0\u23f3\u203c\u2049]"
)
# Any sign that a selector makes an emoji is one, too.
_CHOSEN: Final = "[\u00a9\u00ae\u2190-\u2bff\u3030\u303d\u3297\u3299]\ufe0f"
_ONE: Final = f"(?:{_CHOSEN}|{_BASE}[\ufe0f\U0001f3fb-\U0001f3ff]*)"
_FLAG: Final = "[\U0001f1e6-\U0001f1ff]{2}"
_KEYCAP: Final = "[0-9#*]\ufe0f?\u20e3"
#: One emoji, joined ones, flags and keycaps included.
EMOJI: Final = re.compile(f"(?:{_FLAG}|{_KEYCAP}|{_ONE}(?:\u200d{_ONE})*)")


@lru_cache(maxsize=512)
def emoji_picture(emoji: str, side: int) -> Image.Image:
    """The emoji as an RGBA picture ``side`` pixels high and cut to its ink."""
    path = find_font(_FILE)
    drawn = _from_font(str(path), emoji) if path else None
    drawn = drawn or _stand_in(emoji)
    width = max(1, round(drawn.width * side / drawn.height))
    return drawn.resize((min(width, side * 3 // 2), side), Image.Resampling.LANCZOS)


@cache
def _font(path: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, _EM)


def _from_font(path: str, emoji: str) -> Image.Image | None:
    sheet = Image.new("RGBA", (4 * _EM, 2 * _EM), (0, 0, 0, 0))
    ImageDraw.Draw(sheet).text((_EM // 2, _EM // 4), emoji, font=_font(path), embedded_color=True)
    inked = sheet.getbbox()
    # A joined emoji that the font does not know comes as several.
    if inked is None or inked[2] - inked[0] > 2 * (inked[3] - inked[1]):
        return None
    return sheet.crop(inked)


def _stand_in(emoji: str) -> Image.Image:
    sheet = Image.new("RGBA", (_EM, _EM), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    if "\U0001f600" <= emoji[0] <= "\U0001f64f" or "\U0001f910" <= emoji[0] <= "\U0001f97a":
        pen.ellipse((4, 4, 105, 105), fill=(255, 204, 51))
        pen.ellipse((30, 34, 44, 52), fill=(90, 60, 20))
        pen.ellipse((65, 34, 79, 52), fill=(90, 60, 20))
        pen.arc((26, 36, 83, 88), 20, 160, fill=(90, 60, 20), width=7)
    elif emoji[0] in "\u2764\u2763\u2665\U0001f493\U0001f495\U0001f496\U0001f497":
        pen.polygon([(54, 102), (8, 48), (22, 14), (54, 30), (87, 14), (101, 48)], fill=(226, 38, 54))
    else:
        shade = ord(emoji[0]) * 37
        pen.rounded_rectangle((8, 8, 101, 101), 34, fill=(120 + shade % 120, 110 + shade // 7 % 120, 60 + shade % 90))
    return sheet
