"""A difference as a picture for a phone and as short pieces: what changed is seen, and no text is too much."""

import gettext
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.documents.text_difference import MOST_LINES, WIDTH, compact, picture
from bot.i18n import PlainTranslator
from bot.model.text import Difference

ENGLISH = PlainTranslator("en", gettext.NullTranslations())
RED, GREEN = (255, 214, 214), (208, 242, 214)
LONG = "Мы все прекрасно знаем кто вам платит и за что вы продаёте свою страну каждый божий день"


class Shouting(gettext.NullTranslations):
    """A language in which everything is longer."""

    def gettext(self, message: str) -> str:
        return message.upper() * 2


def shown(*pieces: tuple[str, str], t: PlainTranslator = ENGLISH) -> Image.Image:
    return Image.open(io.BytesIO(picture(Difference(codes=("words",), pieces=pieces), t)))


def rows_with(image: Image.Image, colour: tuple[int, int, int], below: int = 0) -> set[int]:
    """The rows that have a pixel of a colour."""
    data = image.convert("RGB")
    return {y for y in range(below, data.height) if colour in {data.getpixel((x, y)) for x in range(0, WIDTH, 2)}}


def test_a_png_of_phone_width() -> None:
    """What Telegram takes: a PNG, as high as its lines."""
    image = shown(("same", "Баары калп"))
    assert (image.format, image.width) == ("PNG", WIDTH)
    taller = shown(("same", LONG[:60]), ("added", LONG))
    assert taller.height > image.height


@pytest.mark.parametrize(
    ("kinds", "colours"),
    [
        (("same",), set()),
        (("same", "added"), {GREEN}),
        (("dropped", "same"), {RED}),
        (("dropped", "added"), {RED, GREEN}),
    ],
)
def test_colours_say_what_changed(kinds: tuple[str, ...], colours: set[tuple[int, int, int]]) -> None:
    """Below the legend, red is there if something went and green if something came."""
    image = shown(*((kind, "Өкмөт ҳамма ғалаба") for kind in kinds))
    legend = 70
    assert {colour for colour in (RED, GREEN) if rows_with(image, colour, legend)} == colours


def test_the_legend_is_in_the_readers_language() -> None:
    """The labels come from the catalogue."""
    pieces = ("same", "калп")
    assert shown(pieces).tobytes() != shown(pieces, t=PlainTranslator("ru", Shouting())).tobytes()


def test_every_letter_of_the_region_has_a_picture() -> None:
    """No two of them look alike, which empty boxes would."""
    letters = "ңөүҢӨҮқғҳҷӣӯўәіёыэъщґ"
    assert len({shown(("same", letter)).tobytes() for letter in letters}) == len(letters)


def test_what_cannot_be_seen_is_left_out() -> None:
    """Zero-width characters, overrides and halves of pairs are not drawn, not even as boxes."""
    assert shown(("same", "калп")).tobytes() == shown(("same", "ка\u200b\u202eлп\ud800")).tobytes()


def test_a_picture_has_so_many_lines_at_most() -> None:
    """A long text ends in an ellipsis."""
    many = shown(("added", "слово " * 1000))
    assert many.height == shown(("added", "слово " * 2000)).height
    assert many.height <= 40 * (MOST_LINES + 3)


def test_a_word_without_end_is_broken() -> None:
    """It does not run off the edge."""
    image = shown(("added", "ж" * 300)).convert("RGB")
    assert all(image.getpixel((x, y)) == (255, 255, 255) for x in range(WIDTH - 20, WIDTH) for y in range(image.height))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["same", "added", "dropped"]),
            st.text(st.characters(codec=None, categories=None), max_size=80),
        ),
        max_size=6,
    )
)
def test_any_difference_has_a_picture(pieces: list[tuple[str, str]]) -> None:
    """Whatever it holds."""
    image = shown(*pieces)
    image.load()
    assert image.width == WIDTH


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ((("same", "кыска текст"),), ["кыска текст"]),
        (
            (("same", LONG), ("added", "Бакыт")),
            ["…продаёте свою страну каждый божий день", "Бакыт"],
        ),
        (
            (("dropped", "Асан"), ("same", LONG)),
            ["Асан", "Мы все прекрасно знаем кто вам платит и…"],
        ),
        (
            (("added", "x"), ("same", LONG), ("added", LONG)),
            ["x", "Мы все прекрасно … каждый божий день", LONG],
        ),
        ((("same", "ж" * 90), ("added", "x")), ["…" + "ж" * 40, "x"]),
        ((), []),
    ],
)
def test_what_stayed_is_shortened(pieces: tuple[tuple[str, str], ...], expected: list[str]) -> None:
    """Only the words next to a change are kept; what changed is whole."""
    found = compact(Difference(codes=("words",), pieces=pieces))
    assert [text for _, text in found] == expected
    assert [kind for kind, _ in found] == [kind for kind, _ in pieces]
