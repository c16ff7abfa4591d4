"""Stored photos as the index and the cards speak of them."""

from dataclasses import dataclass

#: Corners in order, each (x, y) in pixels of the upright picture.
Frame = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoFacts:
    """What the index and the cards know of a stored photo."""

    id: int
    sha256: str
    source: str
    account_id: int | None
    submission_id: int | None
    width: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoSide:
    """One of two pictures that are drawn side by side: what is written over it, and the region that is framed.

    `size` is the width and height in whose pixels the frame is given; None: those of the picture itself.
    """

    label: str
    frame: Frame = ()
    size: tuple[int, int] | None = None


def corners(box: tuple[int, int, int, int]) -> Frame:
    """The corners of x, y, width, height, clockwise from the upper left."""
    x, y, width, height = box
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)
