"""Where photos are looked for: round ones, rectangular ones and squares on a cover, light and dark."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.simulator.avatars import avatar
from detection import thresholds
from detection.image.circles import find_circles
from detection.image.proposals import Proposal, proposals

WHITE, BLACK = (255, 255, 255), (18, 18, 18)


def page(ground: tuple[int, int, int]) -> Image.Image:
    """A screen of 540 x 1170 pixels with lines of words."""
    sheet = Image.new("RGB", (540, 1170), ground)
    pen = ImageDraw.Draw(sheet)
    for y in range(600, 1100, 40):
        pen.text((30, y), "Слова, слова и снова слова под фотографией", fill=(128, 128, 128), font_size=18)
    return sheet


def round_photo(sheet: Image.Image, centre: tuple[int, int], radius: int) -> None:
    mask = Image.new("L", (8 * radius, 8 * radius), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, 8 * radius - 1, 8 * radius - 1), fill=255)
    at = (centre[0] - radius, centre[1] - radius)
    sheet.paste(avatar(9, 2 * radius), at, mask.resize((2 * radius, 2 * radius)))


def near(found: list[Proposal], kind: str, box: tuple[int, int, int, int], tolerance: int = 4) -> bool:
    return any(
        each.kind == kind and max(abs(a - b) for a, b in zip(each.box, box, strict=True)) <= tolerance for each in found
    )


@pytest.mark.parametrize("ground", [WHITE, BLACK])
@pytest.mark.parametrize("radius", [30, 60, 110])
def test_a_round_photo_is_found_to_the_pixel(ground: tuple[int, int, int], radius: int) -> None:
    """On a light and on a dark page, from small avatars on."""
    sheet = page(ground)
    round_photo(sheet, (200, 300), radius)
    found = proposals(np.asarray(sheet))
    assert near(found, "disc", (200 - radius, 300 - radius, 2 * radius, 2 * radius))


@pytest.mark.parametrize("ground", [WHITE, BLACK])
def test_a_rectangular_photo_is_found_among_words(ground: tuple[int, int, int]) -> None:
    """And nothing else is: words and buttons are no photos."""
    sheet = page(ground)
    sheet.paste(avatar(9, 300).resize((400, 300)), (60, 150))
    ImageDraw.Draw(sheet).rounded_rectangle((60, 500, 300, 545), 8, fill=(24, 119, 242))
    found = proposals(np.asarray(sheet))
    assert near(found, "block", (60, 150, 400, 300))
    assert all(each.box[1] < 500 for each in found if each.kind == "block")


def test_a_square_on_a_cover_is_found() -> None:
    """A framed photo that no page colour surrounds."""
    sheet = page(BLACK)
    sheet.paste(avatar(2, 540).crop((0, 0, 540, 320)), (0, 60))
    ImageDraw.Draw(sheet).rectangle((36, 196, 204, 364), fill=WHITE)
    sheet.paste(avatar(3, 160), (40, 200))
    assert near(proposals(np.asarray(sheet)), "block", (40, 200, 160, 160), tolerance=8)


def test_a_border_is_cut() -> None:
    """What a plain border encloses is proposed beside the whole."""
    framed = Image.new("RGB", (300, 300), (40, 60, 90))
    framed.paste(avatar(7, 200), (50, 50))
    found = proposals(np.asarray(framed))
    assert found[0] == Proposal("whole", (0, 0, 300, 300))
    assert near(found, "frame", (50, 50, 200, 200))


def test_never_more_regions_than_allowed_and_all_inside() -> None:
    """A page full of dots and squares."""
    sheet = page(WHITE)
    for place in range(60):
        round_photo(sheet, (40 + place % 8 * 64, 40 + place // 8 * 70), 28)
    found = proposals(np.asarray(sheet))
    assert 1 < len(found) <= thresholds.PHOTO_REGIONS
    for x, y, width, height in (each.box for each in found):
        assert x >= 0
        assert y >= 0
        assert x + width <= 540
        assert y + height <= 1170


def test_an_even_picture_has_no_circles() -> None:
    """Nothing is found where nothing is."""
    assert find_circles(np.full((400, 300), 200, np.uint8)) == []
