"""Fingerprints survive what happens to a photo on its way, see through frames, and know when nothing is to be seen."""

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from detection.image.fingerprint import HASH_BYTES, PhotoPrint, fingerprint, framed_box
from detection.image.opening import open_image
from detection.image.plainness import is_flat, is_page, plain_share
from detection.thresholds import PHOTO_MATCH_BITS
from tests.detection.image import hostile

EDITS = {
    "jpeg 30": lambda image: open_image(hostile.encoded(image, quality=30)).rgb,
    "64 pixels": lambda image: ImageOps.contain(image, (64, 64)),
    "three times larger": lambda image: image.resize((image.width * 3, image.height * 3)),
    "grey": lambda image: image.convert("L").convert("RGB"),
    "blur": lambda image: image.filter(ImageFilter.GaussianBlur(1)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "stretched": lambda image: image.resize((round(image.width * 1.15), image.height)),
}


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def nearest(query: PhotoPrint, known: PhotoPrint) -> int:
    hashes = [query.phash, query.mirrored]
    hashes += [value for region in query.regions for value in (region.phash, region.mirrored)]
    return min(distance(value, known.phash) for value in hashes)


@pytest.mark.parametrize("name", EDITS)
def test_edited_photo_stays_within_a_match(name: str) -> None:
    """Each plain edit of each of 20 pictures, mirrored or not, is still the same photo."""
    for seed in range(20):
        image = hostile.drawing(seed)
        known, edited = fingerprint(image), EDITS[name](image)
        assert distance(fingerprint(edited).phash, known.phash) <= PHOTO_MATCH_BITS
        assert distance(fingerprint(ImageOps.mirror(edited)).mirrored, known.phash) <= PHOTO_MATCH_BITS


@pytest.mark.parametrize("colour", ["white", "black", (20, 20, 60)])
def test_frame_is_seen_through(colour: object) -> None:
    """A photo in a plain frame, as a gallery shows it, is found by what the frame encloses, and where."""
    image = hostile.drawing(4)
    framed = ImageOps.expand(image, (60, 90, 60, 120), colour)
    query = fingerprint(framed)
    assert nearest(query, fingerprint(image)) <= PHOTO_MATCH_BITS
    (region,) = query.regions
    assert np.abs(np.subtract(region.box, (60, 90, 400, 300))).max() <= 8


def test_sizes_and_boxes_are_in_original_pixels() -> None:
    """A picture that was shrunk to be read is described in the pixels that were sent."""
    framed = ImageOps.expand(hostile.drawing(4), 100, "white")
    query = fingerprint(framed.resize((300, 250)), (600, 500))
    assert (query.width, query.height) == (600, 500)
    assert np.abs(np.subtract(query.regions[0].box, (100, 100, 400, 300))).max() <= 8


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (300, 200), "white"),
        Image.new("RGB", (1, 1)),
        Image.linear_gradient("L").convert("RGB"),
        Image.linear_gradient("L").rotate(90).convert("RGB"),
    ],
    ids=["white", "one pixel", "gradient down", "gradient across"],
)
def test_empty_picture_is_flat(image: Image.Image) -> None:
    """A blank and a smooth slope have no fingerprint worth the name."""
    assert fingerprint(image).flat


def test_drawn_picture_is_not_flat() -> None:
    """An ordinary picture is not taken for a blank, not even a faint one."""
    assert not fingerprint(hostile.drawing()).flat
    assert not is_flat(ImageEnhance.Contrast(hostile.drawing()).enhance(0.3))


def page(colour: str, size: tuple[int, int] = (540, 1170)) -> Image.Image:
    """Lines of text on one colour, as a screenshot of comments is."""
    image = Image.new("RGB", size, colour)
    for line in range(size[1] // 60):
        image.paste((90, 90, 90), (40, line * 60 + 20, size[0] - 60 - line * 13 % 200, line * 60 + 34))
    return image


@pytest.mark.parametrize("colour", ["white", "#18191a", "#f0f2f5"])
def test_page_of_text_has_no_print_as_a_whole(colour: str) -> None:
    """A screenshot of comments is known by its words: its layout is everybody's. Recompression does not hide it."""
    shown = open_image(hostile.encoded(page(colour), quality=60)).rgb
    assert is_page(shown)
    assert fingerprint(shown).flat


def test_picture_in_a_gallery_is_seen_through_its_page() -> None:
    """A photo shown on an otherwise black phone screen is found, although the screen as a whole says little."""
    screen = Image.new("RGB", (540, 1170), "black")
    photo = hostile.drawing(6, (540, 405))
    screen.paste(photo, (0, 380))
    query = fingerprint(screen)
    assert query.flat
    assert distance(query.regions[0].phash, fingerprint(photo).phash) <= PHOTO_MATCH_BITS


def test_scene_is_no_page() -> None:
    """Pictures of things, tall ones too, keep their print: light falls unevenly on them."""
    light = Image.linear_gradient("L").resize((300, 600)).convert("RGB")
    for seed in range(20):
        assert not is_page(ImageChops.multiply(hostile.drawing(seed, (300, 600)), light))
    assert plain_share(Image.new("RGB", (9, 9), "red")) == 1


def test_prints_are_stable_bytes() -> None:
    """The same pixels give the same 32 bytes each time: they are kept for years."""
    one, other = fingerprint(hostile.drawing(9)), fingerprint(hostile.drawing(9))
    assert one == other
    assert len(one.phash) == len(one.mirrored) == HASH_BYTES


@pytest.mark.parametrize("size", [(1, 500), (500, 1), (2, 2), (3, 999)])
def test_odd_shapes_are_fingerprinted(size: tuple[int, int]) -> None:
    """A line of pixels is a picture too."""
    print_ = fingerprint(Image.effect_noise(size, 90).convert("RGB"))
    assert len(print_.phash) == HASH_BYTES


def test_no_frame_no_box() -> None:
    """A picture without a border is not cut."""
    assert framed_box(np.asarray(hostile.drawing())) is None
