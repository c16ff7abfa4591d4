"""What happens to a screenshot on its way is as large, as soft and as repeatable as it is in life."""

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.simulator.screens import photographed, recompressed, sample_screen


@pytest.fixture(scope="module")
def screen() -> Image.Image:
    """A phone's screenshot."""
    return sample_screen(8, platform="facebook", kind="thread", dark=False).image


def test_recompressed_is_what_telegram_makes_of_it(screen: Image.Image) -> None:
    """1280 pixels on the long side, in RGB, a little changed; a small picture keeps its size."""
    small = recompressed(screen)
    assert (small.mode, max(small.size)) == ("RGB", 1280)
    assert recompressed(Image.new("RGB", (90, 40))).size == (90, 40)
    lossy = ImageChops.difference(small, screen.resize(small.size, Image.Resampling.LANCZOS))
    assert 0 < ImageStat.Stat(lossy).mean[0] < 6


@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in (1, 2, 3))])
def test_photographed_screen_is_the_screen_a_little_askew(screen: Image.Image, seed: int) -> None:
    """The same for the same seed, another for another; its light and dark parts stay where they were."""
    photo = photographed(screen, seed)
    assert ImageChops.difference(photo, photographed(screen, seed)).getbbox() is None
    assert ImageChops.difference(photo, photographed(screen, seed + 1)).getbbox() is not None
    assert max(photo.size) == 2560
    coarse = ImageChops.difference(photo.resize((18, 39)), screen.resize((18, 39)))
    assert 2 < max(ImageStat.Stat(coarse).mean) < 50
