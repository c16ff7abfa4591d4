"""Rectangles in pixels of one picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Box(NamedTuple):
    """x and y of the upper left corner, width and height."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column right of the box."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row below the box."""
        return self.y + self.h

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def area(self) -> int:
        """Pixels."""
        return self.w * self.h

    def scaled(self, factor: float) -> Box:
        """The same place on a picture ``factor`` times as large."""
        return Box(round(self.x * factor), round(self.y * factor), round(self.w * factor), round(self.h * factor))

    def grown(self, by: int) -> Box:
        """Larger by so many pixels on every side."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def within(self, width: int, height: int) -> Box:
        """What of it lies on a picture of this size."""
        x, y = min(max(self.x, 0), width), min(max(self.y, 0), height)
        return Box(x, y, max(0, min(self.right, width) - x), max(0, min(self.bottom, height) - y))


def common_area(one: Box, other: Box) -> int:
    """Pixels that both cover."""
    width = min(one.right, other.right) - max(one.x, other.x)
    height = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(0, width) * max(0, height)


def shared_rows(one: Box, other: Box) -> float:
    """The share of the lower box's height that both have in common: 1.0 on one line, 0.0 on different lines."""
    rows = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(0, rows) / max(1, min(one.h, other.h))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; ValueError for none."""
    several = list(boxes)
    x, y = min(box.x for box in several), min(box.y for box in several)
    return Box(x, y, max(box.right for box in several) - x, max(box.bottom for box in several) - y)
