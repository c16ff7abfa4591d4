"""Photos as wide as the page are found by their straight edges, also dark ones on a dark page."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.simulator.avatars import avatar
from detection.image.bands import find_bands
from detection.image.proposals import proposals

DARK = (18, 22, 30)


def page(photo: Image.Image | None, top: int = 0) -> Image.Image:
    """A page with lines of words, below a photo if there is one."""
    sheet = Image.new("RGB", (540, 1170), DARK)
    pen = ImageDraw.Draw(sheet)
    for line in range(12):
        pen.text((30, 640 + 40 * line), "words and words", fill=(220, 220, 220), font_size=20)
    if photo is not None:
        sheet.paste(photo, (0, top))
    return sheet


def darkened(photo: Image.Image) -> Image.Image:
    """With hardly more light than the page has."""
    return Image.eval(photo, lambda level: 6 + level // 4)


@pytest.mark.parametrize("top", [0, 90])
def test_a_dark_photo_across_a_dark_page_is_found(top: int) -> None:
    """From edge to edge, wherever on the page it begins."""
    clouds = Image.effect_noise((54, 54), 180).resize((540, 540), Image.Resampling.BICUBIC).convert("RGB")
    sheet = page(darkened(clouds), top)
    (band,) = find_bands(np.asarray(sheet.convert("L")))
    assert band == pytest.approx((0, top, 540, 540), abs=3)
    assert any(np.allclose(each.box, (0, top, 540, 540), atol=4) for each in proposals(np.asarray(sheet))[1:])


def test_a_page_without_a_photo_has_no_band() -> None:
    """Words and round photos are none; nor is an even page."""
    sheet = page(None)
    assert find_bands(np.asarray(sheet.convert("L"))) == []
    sheet.paste(avatar(3, 120), (30, 200))
    assert find_bands(np.asarray(sheet.convert("L"))) == []
    assert find_bands(np.full((900, 400), 7, np.uint8)) == []


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (900, 2), (3, 1)])
def test_odd_shapes_are_no_error(shape: tuple[int, int]) -> None:
    """Too small for rows to be compared."""
    assert find_bands(np.zeros(shape, np.uint8)) == []
