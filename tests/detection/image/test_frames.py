"""A plain border is seen through, and only a border."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from detection.image.frames import framed_box
from tests.detection.image import hostile


@pytest.mark.parametrize("colour", ["white", "black", (20, 20, 60)])
def test_a_frame_is_seen_through(colour: str | tuple[int, int, int]) -> None:
    """A photo in a plain frame, as a gallery shows it, however wide each side is."""
    framed = ImageOps.expand(hostile.drawing(4), (60, 90, 60, 120), colour)
    box = framed_box(np.asarray(framed))
    assert box is not None
    assert np.abs(np.subtract(box, (60, 90, 400, 300))).max() <= 2


def test_no_frame_no_box() -> None:
    """A picture without a border is not cut."""
    assert framed_box(np.asarray(hostile.drawing())) is None


@pytest.mark.parametrize("size", [(1, 500), (500, 1), (2, 2), (300, 300)])
def test_one_colour_keeps_a_middle(size: tuple[int, int]) -> None:
    """However even a picture is, what is left lies inside it."""
    box = framed_box(np.asarray(Image.new("RGB", size, "navy")))
    if box is not None:
        x, y, width, height = box
        assert width > 0
        assert height > 0
        assert x + width <= size[0]
        assert y + height <= size[1]
