"""Colours that colour-blind readers tell apart (Okabe & Ito, 2008), each with a shape of its own."""

from __future__ import annotations

import math
from typing import Final

from PIL import ImageDraw

Colour = tuple[int, int, int]

PAGE: Final[Colour] = (255, 255, 255)
INK: Final[Colour] = (20, 22, 26)
FAINT: Final[Colour] = (98, 102, 108)
LINE: Final[Colour] = (214, 218, 223)
#: Blue, vermilion, bluish green, orange, reddish purple, sky blue, yellow, and black for whatever comes after.
COLOURS: Final[tuple[Colour, ...]] = (
    (0, 114, 178),
    (213, 94, 0),
    (0, 158, 115),
    (230, 159, 0),
    (204, 121, 167),
    (86, 180, 233),
    (240, 228, 66),
    (0, 0, 0),
)
#: The edge of a picture: at least 4.5 to 1 against a white and a black page, so that the card ends where it ends.
EDGE: Final[Colour] = (117, 120, 124)
#: The ground of what would be usual, and of a spike.
USUAL: Final[Colour] = (203, 220, 236)
ALERT: Final[Colour] = (252, 225, 208)
#: What tells neighbours apart without colours, in matplotlib's spelling.
HATCHES: Final = ("", "//", "..", "\\\\", "xx", "--", "||", "oo")
#: From nothing to most: lightness falls evenly, so that it reads in grey and to every eye (blues of ColorBrewer).
STEPS: Final[tuple[Colour, ...]] = (
    (247, 249, 252),
    (222, 235, 247),
    (190, 212, 235),
    (146, 187, 222),
    (94, 152, 203),
    (49, 113, 175),
    (8, 69, 136),
)
SHAPES: Final = ("circle", "square", "triangle", "diamond", "pentagon", "cross", "star", "wedge")


def style(place: int) -> tuple[Colour, str]:
    """Colour and shape of the group at this place; beyond eight groups the pairs are combined anew."""
    return COLOURS[place % len(COLOURS)], SHAPES[(place + place // len(COLOURS)) % len(SHAPES)]


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of two colours' luminance, 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def draw_shape(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], size: float, shape: str, colour: Colour, *, filled: bool
) -> None:
    """A mark around a point; one that is not filled is an outline on the page's ground."""
    fill = colour if filled else PAGE
    width = 1 if filled else max(2, round(size / 4))
    outline = PAGE if filled else colour
    x, y = at
    if shape == "circle":
        pen.ellipse((x - size, y - size, x + size, y + size), fill=fill, outline=outline, width=width)
        return
    pen.polygon([(x + px * size, y + py * size) for px, py in _CORNERS[shape]], fill=fill, outline=outline, width=width)


def _round(corners: int, turn: float = -math.pi / 2, inner: float | None = None) -> tuple[tuple[float, float], ...]:
    steps = corners * (2 if inner is not None else 1)
    radius = [1.1 if n % 2 == 0 or inner is None else inner for n in range(steps)]
    angles = [turn + 2 * math.pi * n / steps for n in range(steps)]
    return tuple((r * math.cos(a), r * math.sin(a)) for r, a in zip(radius, angles, strict=True))


_ARM: Final = 0.38
_CORNERS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "triangle": _round(3),
    "diamond": ((0, -1.2), (1.0, 0), (0, 1.2), (-1.0, 0)),
    "pentagon": _round(5),
    "cross": (
        (-_ARM, -1), (_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM),
        (_ARM, 1), (-_ARM, 1), (-_ARM, _ARM), (-1, _ARM), (-1, -_ARM), (-_ARM, -_ARM),
    ),
    "star": _round(5, inner=0.5),
    "wedge": _round(3, turn=math.pi / 2),
}  # fmt: skip
