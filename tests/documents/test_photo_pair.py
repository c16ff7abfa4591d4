"""Two pictures side by side: equal heights, framed, labelled, small enough for a phone, and nothing but pixels."""

import io
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.documents.photo_pair import LONG_SIDE, picture
from bot.model.photo import PhotoSide, corners
from bot.simulator.avatars import avatar

FRAME = (255, 196, 0)
SIDES = (PhotoSide(label="K-12"), PhotoSide(label="Facebook · fake.3"))


def drawn(
    left: Image.Image | bytes, right: Image.Image | bytes, *sides: PhotoSide, mirrored: bool = False
) -> Image.Image:
    data = picture(left, right, (sides[0], sides[1]) if sides else SIDES, mirrored)
    return Image.open(io.BytesIO(data))


def near(image: Image.Image, colour: tuple[int, int, int], box: tuple[int, int, int, int]) -> int:
    """How many pixels of a part of a picture have about this colour: JPEG blurs them."""
    part = image.convert("RGB").crop(box)
    pixels = [part.getpixel((x, y)) for x in range(part.width) for y in range(part.height)]
    return sum(all(abs(a - b) < 60 for a, b in zip(pixel, colour, strict=True)) for pixel in pixels)  # type: ignore[arg-type]


def plain(size: tuple[int, int], colour: str = "navy") -> Image.Image:
    return Image.new("RGB", size, colour)


@pytest.mark.parametrize(
    ("left", "right"), [((590, 1280), (200, 200)), ((52, 52), (4000, 3000)), ((1280, 590), (640, 480))]
)
def test_both_stand_in_one_height_within_a_phone(left: tuple[int, int], right: tuple[int, int]) -> None:
    """A JPEG with a long side of at most 1,280, whatever the two measure; both panels reach from top to bottom."""
    image = drawn(plain(left), plain(right))
    assert image.format == "JPEG"
    assert max(image.size) <= LONG_SIDE
    blue = image.convert("RGB")
    for across in (0.2, 0.8):
        column = [blue.getpixel((int(image.width * across), y)) for y in range(image.height)]
        rows = [y for y, (red, green, deep) in enumerate(column) if deep > 90 and red < 60 and green < 60]  # type: ignore[misc]
        assert rows
        assert max(rows) - min(rows) > 0.8 * image.height


def test_the_region_is_framed_in_both() -> None:
    """The frame lies around the region, in pixels of what was sent, also when it was shrunk before it is drawn."""
    half = PhotoSide(label="", frame=corners((0, 0, 500, 1000)), size=(1000, 1000))
    framed = drawn(plain((400, 400)), plain((400, 400)), half, half)
    bare = drawn(plain((400, 400)), plain((400, 400)))
    width = framed.width // 2
    for start in (0, width):
        box = (start, 0, start + width, framed.height)
        assert near(framed, FRAME, box) > 2000
        assert near(bare, FRAME, box) == 0
        right = (start + int(width * 0.62), 60, start + width, framed.height)
        assert near(framed, FRAME, right) == 0


def test_a_small_region_is_shown_with_its_surroundings() -> None:
    """An avatar in a phone's screenshot is brought near: the rest of the screen is left out."""
    screen = plain((1080, 2340), "black")
    screen.paste(avatar(3, 160).resize((160, 160)), (40, 200))
    near_by = drawn(screen, plain((300, 300)), PhotoSide(label="", frame=corners((40, 200, 160, 160))), SIDES[1])
    whole = drawn(screen, plain((300, 300)))

    def colourful(image: Image.Image) -> int:
        left = image.convert("HSV").crop((16, 60, image.width // 3, image.height - 16))
        return sum(left.getchannel("V").histogram()[80:])

    assert colourful(near_by) > 2.5 * colourful(whole)


def test_a_turned_picture_has_a_sign() -> None:
    """The picture that is asked about is drawn as it is; a sign between the two says that one is turned over."""
    turned, straight = (drawn(plain((300, 300)), plain((300, 300)), mirrored=mirrored) for mirrored in (True, False))
    assert turned.size == straight.size
    middle = (turned.width // 2 - 30, turned.height // 2, turned.width // 2 + 30, turned.height // 2 + 60)
    assert near(turned, FRAME, middle) > 200
    assert near(straight, FRAME, middle) == 0


def test_nothing_but_pixels_is_sent_on() -> None:
    """No EXIF, no comment, no profile of either file survives; one that lies on its side is put upright."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "SecretMaker", {1: "N"}
    out = io.BytesIO()
    plain((300, 200)).save(out, "JPEG", exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile" * 20)
    data = picture(out.getvalue(), plain((200, 300)), SIDES)
    assert not Image.open(io.BytesIO(data)).getexif()
    assert b"Secret" not in data
    assert b"Exif" not in data
    image = Image.open(io.BytesIO(data))
    assert (
        abs(near(image, (0, 0, 128), (0, 60, image.width // 2, image.height)) / (image.width * image.height) - 0.44)
        < 0.1
    )


EDGE = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(-5000, 5000))


@settings(max_examples=40)
@given(
    st.tuples(st.integers(1, 3000), st.integers(1, 3000)),
    st.lists(st.tuples(EDGE, EDGE), max_size=80).map(tuple),
    st.text(max_size=300),
    st.booleans(),
)
def test_whatever_is_framed_is_drawn(
    size: tuple[int, int], frame: tuple[tuple[float, float], ...], label: str, mirrored: bool
) -> None:
    """Any shape of picture, any corners (none, infinite, no number), any letters: a picture within the limit."""
    side = PhotoSide(label=label, frame=frame, size=(100, 100))
    image = drawn(plain(size), plain((1, 1)), side, side, mirrored=mirrored)
    assert max(image.size) <= LONG_SIDE
    assert math.prod(image.size) > 10_000
