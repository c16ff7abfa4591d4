"""At which size pictures are looked at: screenshots keep the pixels of their small photos, photos need fewer."""

import pytest
from PIL import Image

from bot.simulator.screens import render_screen, sample_content
from detection.image.opening import ImageLimits, open_image
from detection.image.sizing import looked_at
from tests.detection.image import hostile

LIMITS = ImageLimits()


def size_of(image: Image.Image) -> tuple[int, int]:
    """The size in which a picture that is sent as a file is looked at."""
    return looked_at(open_image(hostile.encoded(image, "PNG", compress_level=1)).rgb, LIMITS.long_side).size


@pytest.mark.parametrize("seed", range(3))
def test_screenshot_as_a_file_keeps_its_pixels(seed: int) -> None:
    """A phone's page, light or dark, is looked at as it was taken."""
    image = render_screen(*sample_content(seed, platform="facebook", kind="profile")).image
    assert size_of(image) == image.size
    assert max(image.size) > LIMITS.long_side


def test_longer_page_is_shrunk_to_the_limit() -> None:
    """However long somebody scrolled."""
    image = render_screen(*sample_content(1, platform="facebook", kind="profile")).image
    long = Image.new("RGB", (image.width, 2 * image.height), "white")
    long.paste(image)
    assert max(size_of(long)) == LIMITS.tall_side


@pytest.mark.parametrize("size", [(1500, 2900), (3000, 2000), (2000, 2600)])
def test_photo_is_shrunk_as_ever(size: tuple[int, int]) -> None:
    """Also one of a phone's shape."""
    noise = Image.effect_noise((150, 200), 90).resize(size, Image.Resampling.BICUBIC).convert("RGB")
    assert max(size_of(noise)) == LIMITS.long_side


@pytest.mark.parametrize("orientation", [1, 6, 8])
def test_what_is_tall_is_told_of_the_upright_picture(orientation: int) -> None:
    """A wide picture that the camera stored on its side is not taken for a tall one."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = hostile.encoded(Image.new("RGB", (3000, 1500), "white"), exif=exif)
    assert max(open_image(data).rgb.size) == (LIMITS.long_side if orientation == 1 else LIMITS.tall_side)
