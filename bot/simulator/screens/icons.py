"""The small drawings of applications: arrows, hearts, bubbles, bells. Drawn here, after nobody's artwork.

Each is a list of strokes and shapes on a square of 24 units: "line" and "poly" with points, "dot" and "ring" with
middle and radius, "arc" with middle, radius and two angles (degrees, clockwise from the right), "box" and "frame" with
left, top, right, bottom and radius; "hole" is a dot that is cut out.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

Shape = tuple[str, *tuple[float, ...]]

_STROKE: Final = 1.9
_FINE: Final = 4  # drawn this many times larger, then shrunk


def _heart() -> tuple[float, ...]:
    """The outline of a heart, as points."""
    points: list[float] = []
    for step in range(36):
        angle = step * math.tau / 36
        across = 16 * math.sin(angle) ** 3
        up = 13 * math.cos(angle) - 5 * math.cos(2 * angle) - 2 * math.cos(3 * angle) - math.cos(4 * angle)
        points += (12 + across * 0.6, 11.2 - up * 0.6)
    return tuple(points)


_HEART: Final = _heart()
_HEART_LINE: Final[tuple[float, ...]] = (*_HEART, *_HEART[:4])
_THUMB: Final[tuple[float, ...]] = (8, 10.5, 12, 3, 14.3, 4, 13.6, 9, 20, 9, 20.6, 11, 18.6, 20, 17, 20.6, 8, 20.6)
_THUMB_LINE: Final[tuple[float, ...]] = (*_THUMB, 8.0, 10.5)
_THUMB_DOWN: Final[tuple[float, ...]] = tuple(
    24 - value if place % 2 else value for place, value in enumerate(_THUMB_LINE)
)
_PLANE: Final = (3, 4, 21.5, 12, 3, 20, 5.5, 12)
_BUBBLE: Final = (("ring", 12, 11.3, 8.3), ("poly", 4.6, 21, 5.2, 14.5, 10, 19.4))

ICONS: Final[dict[str, tuple[Shape, ...]]] = {
    "arrow-left": (("line", 20, 12, 4.5, 12), ("line", 11.5, 5, 4.5, 12, 11.5, 19)),
    "arrow-up": (("line", 12, 20, 12, 5), ("line", 5.5, 11, 12, 4.5, 18.5, 11)),
    "chevron-left": (("line", 15.5, 3.5, 7.5, 12, 15.5, 20.5),),
    "chevron-right": (("line", 9, 5, 16, 12, 9, 19),),
    "chevron-down": (("line", 6, 9, 12, 15.5, 18, 9),),
    "cross": (("line", 5, 5, 19, 19), ("line", 19, 5, 5, 19)),
    "check": (("line", 4, 12.5, 9.5, 18, 20, 6.5),),
    "checks": (("line", 1, 12.5, 6, 17.5, 15, 7), ("line", 10.5, 16, 12, 17.5, 22, 7)),
    "dots-vertical": (("dot", 12, 5, 1.8), ("dot", 12, 12, 1.8), ("dot", 12, 19, 1.8)),
    "dots": (("dot", 5, 12, 1.9), ("dot", 12, 12, 1.9), ("dot", 19, 12, 1.9)),
    "search": (("ring", 10.5, 10.5, 6.5), ("line", 15.5, 15.5, 21, 21)),
    "heart": (("line", *_HEART_LINE),),
    "heart-full": (("poly", *_HEART),),
    "thumb": (("line", *_THUMB_LINE), ("frame", 3, 10.5, 8, 20.6, 1)),
    "thumb-full": (("poly", *_THUMB), ("box", 2.6, 10.5, 7, 20.6, 1)),
    "thumb-down": (
        ("line", *_THUMB_DOWN),
        ("frame", 3, 3.4, 8, 13.5, 1),
    ),
    "comment": (*_BUBBLE, ("hole", 12, 11.3, 6.5)),
    "comment-square": (
        ("line", 6, 4, 18, 4, 20.5, 6.5, 20.5, 14, 18, 16.5, 11, 16.5, 6.5, 20.5, 6.5, 16.5, 3.5, 14, 3.5, 6.5, 6, 4),
    ),
    "share": (("line", 13, 4.5, 21, 11.5, 13, 18.5, 13, 14.5, 8, 15, 3.5, 19.5, 5, 12.5, 8, 9.4, 13, 8.5, 13, 4.5),),
    "share-full": (("poly", 13, 4, 21.5, 11.5, 13, 19, 13, 14.7, 8, 15, 3, 20, 5, 12, 8, 9.2, 13, 8.3),),
    "share-up": (
        ("line", 12, 15, 12, 3.5),
        ("line", 7.5, 7.5, 12, 3.2, 16.5, 7.5),
        ("line", 8, 10, 5, 10, 5, 21, 19, 21, 19, 10, 16, 10),
    ),
    "plane": (("line", 21.5, 3, 2.5, 9.2, 10.6, 13.2, 14.8, 21.5, 21.5, 3, 10.6, 13.2),),
    "plane-full": (("poly", *_PLANE),),
    "bookmark": (("line", 6, 3.5, 18, 3.5, 18, 21, 12, 15.5, 6, 21, 6, 3.5, 8, 3.5),),
    "camera": (("frame", 2.5, 6.5, 21.5, 20, 3), ("ring", 12, 13.2, 3.8), ("box", 8, 4, 16, 8, 1.5)),
    "video": (("frame", 2.5, 6.5, 15.5, 17.5, 2.5), ("poly", 16.5, 11, 22, 7.5, 22, 16.5, 16.5, 13)),
    "phone": (
        (
            "line",
            5,
            3.5,
            8.5,
            3.5,
            10,
            8.5,
            7.8,
            10.2,
            13.8,
            16.2,
            15.5,
            14,
            20.5,
            15.5,
            20.5,
            19,
            18.5,
            20.5,
            12,
            18,
            6,
            12,
            3.5,
            5.5,
            5,
            3.5,
        ),
    ),
    "mic": (("box", 8.7, 2.5, 15.3, 14, 3.3), ("arc", 12, 11, 6.2, 0, 180), ("line", 12, 17.2, 12, 21.5)),
    "smile": (("ring", 12, 12, 9), ("dot", 8.8, 9.8, 1.3), ("dot", 15.2, 9.8, 1.3), ("arc", 12, 12, 5, 20, 160)),
    "clip": (
        (
            "line",
            19.5,
            11,
            11.5,
            19,
            8.5,
            20,
            5.5,
            18.5,
            4.5,
            15.5,
            5.5,
            12.5,
            13.5,
            4.8,
            16,
            4.4,
            18,
            6.5,
            17.5,
            9,
            10,
            16.2,
            8.3,
            14.7,
            15,
            8,
        ),
    ),
    "plus": (("line", 12, 4, 12, 20), ("line", 4, 12, 20, 12)),
    "plus-box": (("frame", 3.5, 3.5, 20.5, 20.5, 4.5), ("line", 12, 8, 12, 16), ("line", 8, 12, 16, 12)),
    "home": (
        ("line", 3.5, 11, 12, 3.5, 20.5, 11),
        ("line", 5.5, 10, 5.5, 20.5, 9.8, 20.5, 9.8, 14.5, 14.2, 14.5, 14.2, 20.5, 18.5, 20.5, 18.5, 10),
    ),
    "home-full": (
        (
            "poly",
            2.8,
            11.5,
            12,
            2.8,
            21.2,
            11.5,
            19,
            11.5,
            19,
            21,
            14.2,
            21,
            14.2,
            15,
            9.8,
            15,
            9.8,
            21,
            5,
            21,
            5,
            11.5,
        ),
    ),
    "person": (("ring", 12, 7.8, 4.1), ("arc", 12, 21.5, 8, 188, 352)),
    "person-full": (("dot", 12, 7.8, 4.6), ("pie", 12, 22.4, 8.8, 180, 360)),
    "person-plus": (
        ("ring", 9.5, 8, 3.9),
        ("arc", 9.5, 21, 7, 190, 350),
        ("line", 19, 7, 19, 14),
        ("line", 15.5, 10.5, 22.5, 10.5),
    ),
    "people": (
        ("ring", 9, 8, 3.8),
        ("arc", 9, 21, 6.8, 190, 350),
        ("arc", 16, 8, 3.6, 270, 90),
        ("arc", 16.5, 20.5, 6, 285, 355),
    ),
    "bell": (
        ("line", 6, 17, 6, 10.5, 7.8, 6.4, 12, 4.6, 16.2, 6.4, 18, 10.5, 18, 17),
        ("line", 3.5, 17, 20.5, 17),
        ("arc", 12, 18.4, 2.6, 0, 180),
    ),
    "menu": (("line", 3.5, 6, 20.5, 6), ("line", 3.5, 12, 20.5, 12), ("line", 3.5, 18, 20.5, 18)),
    "filter": (
        ("line", 3.5, 7.5, 20.5, 7.5),
        ("line", 3.5, 16.5, 20.5, 16.5),
        ("dot", 9, 7.5, 2.8),
        ("dot", 15, 16.5, 2.8),
    ),
    "grid": (
        ("frame", 3.5, 3.5, 20.5, 20.5, 1),
        ("line", 9.2, 3.5, 9.2, 20.5),
        ("line", 14.8, 3.5, 14.8, 20.5),
        ("line", 3.5, 9.2, 20.5, 9.2),
        ("line", 3.5, 14.8, 20.5, 14.8),
    ),
    "bars": (("line", 6, 5, 6, 19), ("line", 12, 5, 12, 19), ("line", 18, 5, 18, 19)),
    "play-box": (("frame", 3.5, 3.5, 20.5, 20.5, 4.5), ("poly", 9.8, 8, 16.2, 12, 9.8, 16)),
    "play": (("poly", 6, 3.5, 21, 12, 6, 20.5),),
    "tagged": (
        ("frame", 3.5, 5, 20.5, 21, 3),
        ("ring", 12, 11.5, 2.6),
        ("arc", 12, 20.5, 5, 190, 350),
        ("line", 9, 5, 12, 2.5, 15, 5),
    ),
    "repost": (
        ("line", 4.5, 12, 4.5, 7, 17, 7),
        ("line", 14, 3.8, 17.4, 7, 14, 10.2),
        ("line", 19.5, 12, 19.5, 17, 7, 17),
        ("line", 10, 13.8, 6.6, 17, 10, 20.2),
    ),
    "gift": (
        ("frame", 4.5, 10, 19.5, 21, 1),
        ("frame", 3, 6.5, 21, 10.5, 1),
        ("line", 12, 6.5, 12, 21),
        ("ring", 9, 4.6, 2.1),
        ("ring", 15, 4.6, 2.1),
    ),
    "house": (("line", 3.5, 11, 12, 4, 20.5, 11), ("line", 6, 10, 6, 20, 18, 20, 18, 10)),
    "pin": (("ring", 12, 9.5, 2.4), ("arc", 12, 9.5, 6.4, 150, 30), ("line", 6.5, 12.7, 12, 21.3, 17.5, 12.7)),
    "info": (("ring", 12, 12, 9), ("line", 12, 11, 12, 17), ("dot", 12, 7.4, 1.2)),
    "eye": (("line", 2, 12, 6, 7.5, 12, 5.8, 18, 7.5, 22, 12, 18, 16.5, 12, 18.2, 6, 16.5, 2, 12), ("ring", 12, 12, 3)),
    "at": (
        ("ring", 12, 12, 3.6),
        ("arc", 12, 12, 9, 40, 360),
        ("line", 15.6, 8.6, 15.6, 14, 17.5, 15.6, 20, 14.5, 21, 12),
    ),
    "qr": (
        ("frame", 3.5, 3.5, 10, 10, 1),
        ("frame", 14, 3.5, 20.5, 10, 1),
        ("frame", 3.5, 14, 10, 20.5, 1),
        ("box", 14, 14, 17, 17, 0),
        ("box", 17.5, 17.5, 20.5, 20.5, 0),
    ),
    "gif": (
        ("frame", 2.5, 5, 21.5, 19, 3.5),
        ("arc", 7.5, 12, 2.4, 30, 320),
        ("line", 12, 9.5, 12, 14.5),
        ("line", 18.3, 9.6, 15, 9.6, 15, 14.6),
        ("line", 15, 12, 17.8, 12),
    ),
    "sticker": (
        (
            "line",
            13,
            20.5,
            7,
            20.5,
            3.5,
            17,
            3.5,
            7,
            7,
            3.5,
            17,
            3.5,
            20.5,
            7,
            20.5,
            13,
            13,
            20.5,
            13,
            15,
            15,
            13,
            20.5,
            13,
        ),
    ),
    "tick-badge": (("rosette", 12, 12, 10.6), ("holeline", 7.4, 12.4, 10.8, 15.8, 16.8, 9)),
    "lock": (("box", 5, 10.5, 19, 21, 2), ("arc", 12, 10.5, 4.6, 180, 360)),
    "wifi": (("pie", 12, 19, 15, 225, 315),),
    "globe": (
        ("ring", 12, 12, 9),
        ("line", 3, 12, 21, 12),
        ("line", 12, 3, 8.6, 7, 8.6, 17, 12, 21, 15.4, 17, 15.4, 7, 12, 3),
    ),
    "person-silhouette": (("dot", 12, 9, 4.3), ("pie", 12, 25.5, 11, 180, 360)),
}


@lru_cache(maxsize=512)
def icon_mask(name: str, side: int) -> Image.Image:
    """The drawing as a mask of ``side`` pixels. Raises KeyError for a name that is not drawn."""
    unit = side * _FINE / 24
    mask = Image.new("L", (side * _FINE, side * _FINE), 0)
    pen = ImageDraw.Draw(mask)
    for kind, *numbers in ICONS[name]:
        _shape(pen, kind, [number * unit for number in numbers], numbers, unit)
    return mask.resize((side, side), Image.Resampling.LANCZOS)


def _shape(pen: ImageDraw.ImageDraw, kind: str, at: list[float], raw: list[float], unit: float) -> None:
    line = max(1, round(_STROKE * unit))
    if kind in ("line", "holeline"):
        _stroke(pen, at, line, 255 if kind == "line" else 0)
    elif kind == "poly":
        pen.polygon(at, fill=255)
    elif kind in ("dot", "hole"):
        pen.ellipse(_around(at), fill=255 if kind == "dot" else 0)
    elif kind == "ring":
        pen.ellipse(_around(at), outline=255, width=line)
    elif kind == "arc":
        pen.arc(_around(at), raw[3], raw[4], fill=255, width=line)
    elif kind == "pie":
        pen.pieslice(_around(at), raw[3], raw[4], fill=255)
    elif kind == "rosette":
        points = [(at[2] * (1 if step % 2 else 0.87), step * math.tau / 24) for step in range(24)]
        pen.polygon([(at[0] + r * math.cos(a), at[1] + r * math.sin(a)) for r, a in points], fill=255)
    elif kind == "box":
        pen.rounded_rectangle(at[:4], at[4], fill=255)
    else:
        pen.rounded_rectangle(at[:4], at[4], outline=255, width=line)


def _around(at: list[float]) -> tuple[float, float, float, float]:
    x, y, radius = at[:3]
    return x - radius, y - radius, x + radius, y + radius


def _stroke(pen: ImageDraw.ImageDraw, at: list[float], line: int, level: int) -> None:
    """A line through points with round ends."""
    points = list(zip(at[0::2], at[1::2], strict=True))
    pen.line(points, fill=level, width=line, joint="curve")
    for x, y in (points[0], points[-1]):
        pen.ellipse((x - line / 2, y - line / 2, x + line / 2, y + line / 2), fill=level)
