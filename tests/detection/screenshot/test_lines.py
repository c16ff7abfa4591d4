"""Lines on their way to the engine and back: emoji, icons, dots, narrow spaces, and which reading is right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import Canvas, canvas_of
from detection.screenshot.choosing import choose, likelier, mixed, with_own_letters
from detection.screenshot.emoji import without_emoji
from detection.screenshot.engine import Word
from detection.screenshot.icons import icon_columns, is_lone_icon
from detection.screenshot.letter_shapes import grouped
from detection.screenshot.readings import Reading, oddness, reading_of
from detection.screenshot.separators import middle_dots

FONT = ImageFont.load_default(40)


def _drawn(text: str) -> np.ndarray:
    """The ink of a line in the plain font that Pillow brings."""
    picture = Image.new("L", (40 + round(FONT.getlength(text)), 70), 255)
    ImageDraw.Draw(picture).text((20, 10), text, 0, FONT)
    return np.asarray(picture) < 128


def _reading(text: str, language: str, confidence: float = 0.96) -> Reading:
    """Words side by side, each letter ten pixels wide."""
    words, at = [], 0
    for word in text.split():
        words.append(Word(word, confidence, Box(at, 0, 10 * len(word), 30)))
        at += 10 * len(word) + 10
    return reading_of(words, language)


@pytest.mark.parametrize(
    ("shown", "read", "expected"),
    [
        ("1 265", "1265", "1 265"),
        ("1265", "1265", "1265"),
        ("24 518", "24518", "24 518"),
        ("3 606 225", "3606225", "3 606 225"),
        ("2112", "2112", "2112"),
    ],
)
def test_narrow_spaces_within_numbers_are_seen(shown: str, read: str, expected: str) -> None:
    """A space that the engine drops is put back where the digits stand apart, and nowhere else."""
    assert grouped(read, _drawn(shown)) == expected


@given(st.text(max_size=12), st.integers(1, 40), st.integers(1, 60))
def test_only_numbers_are_grouped(word: str, height: int, width: int) -> None:
    """Words, and ink that fits no digits, stay as they were."""
    assert grouped(word, np.ones((height, width), bool)) == word


@pytest.mark.parametrize(
    ("text", "dots"), [("12 posts · 3 likes", 1), ("End. Next, one's", 0), ("7.30 i j: on-off", 0)]
)
def test_only_dots_in_the_middle_separate(text: str, dots: int) -> None:
    """Full stops, commas, hyphens and the dots of letters are no separators."""
    ink = _drawn(text)
    rows = np.flatnonzero(ink.any(axis=1))
    line = Box(0, int(rows[0]), ink.shape[1], int(rows[-1] - rows[0]) + 1)
    assert len(middle_dots(ink.astype(np.uint8), line)) == dots


def test_an_icon_before_a_count_is_found() -> None:
    """What sticks out above and below the digits is no letter; the digits are kept."""
    ink = _drawn("        481")
    rows = np.flatnonzero(ink.any(axis=1))
    picture = Image.fromarray((ink * 255).astype(np.uint8))
    ImageDraw.Draw(picture).ellipse((4, rows[0] - 8, 4 + rows[-1] - rows[0] + 16, rows[-1] + 8), outline=255, width=4)
    found = icon_columns(np.asarray(picture) > 128)
    assert len(found) == 1
    assert found[0][1] <= 60


@pytest.mark.parametrize("text", ["481", "My day", "@asel here", "(a) Lay", "go, try", "Qq I jot"])
def test_letters_are_no_icons(text: str) -> None:
    """Capitals, tails, brackets and signs at the ends of a line stay."""
    assert icon_columns(_drawn(text)) == []


@pytest.mark.parametrize(
    ("text", "box", "expected"),
    [
        ("$", Box(0, 0, 40, 37), True),
        ("а", Box(0, 0, 37, 38), True),
        ("Vv", Box(0, 0, 28, 16), True),
        ("3", Box(0, 0, 20, 36), False),
        ("я", Box(0, 0, 20, 22), False),
        ("—", Box(0, 0, 36, 3), False),
        ("Да", Box(0, 0, 46, 30), False),
    ],
)
def test_lone_signs_are_icons(text: str, box: Box, expected: bool) -> None:
    """Large squares and small brackets that were read as letters are icons; digits, dashes and words are not."""
    assert is_lone_icon(text, box) is expected


def test_emoji_are_painted_over_and_coloured_words_are_kept() -> None:
    """A yellow face goes, with what is drawn in it; a blue word beside it stays."""
    picture = Image.new("RGB", (1080, 400), "white")
    pen = ImageDraw.Draw(picture)
    pen.text((100, 100), "Coloured words", (0, 90, 220), FONT)
    pen.ellipse((500, 100, 548, 148), (255, 200, 40))
    pen.ellipse((512, 114, 520, 122), (60, 40, 0))
    canvas = canvas_of(picture)
    assert isinstance(canvas, Canvas)
    clean = without_emoji(canvas)
    assert (clean.rgb[90:160, 490:560] > 240).all()
    assert (clean.rgb[:, :480] == canvas.rgb[:, :480]).all()


def test_the_words_around_settle_what_looks_the_same() -> None:
    """«сом» and "COM" are alike sure: the line above tells, then the screen."""
    readings = [_reading("сом.", "rus", 0.93), _reading("COM.", "eng", 0.96)]
    assert choose(readings, 1.0, 0.0).text == "сом."
    assert choose(readings, -1.0, 0.0).text == "COM."
    assert choose(readings, 0.0, 1.0).text == "сом."


def test_a_time_is_believed() -> None:
    """«20 ч» is a time, "204" is not."""
    assert choose([_reading("204", "eng"), _reading("20ч", "rus", 0.9)], 0.5, 0.0).text == "20 ч"


def test_own_letters_are_believed_on_their_screen() -> None:
    """Where nothing else differs, the model that knows «ү» is right on a Kyrgyz screen, and only there."""
    russian, kyrgyz = _reading("6 кун мурун", "rus"), _reading("6 күн мурун", "kir", 0.9)
    assert likelier(russian, kyrgyz, "kir").text == "6 күн мурун"
    assert likelier(russian, kyrgyz, None).text == "6 кун мурун"
    assert with_own_letters(russian, kyrgyz).text == "6 күн мурун"
    assert with_own_letters(russian, _reading("8 күн эрте", "kir")).text == "6 күн мурун"


def test_a_handle_keeps_its_alphabet_in_a_cyrillic_line() -> None:
    """Every word of a line of two alphabets is settled for itself."""
    cyrillic = Reading(
        (
            Word("@пагди!,", 0.2, Box(0, 0, 80, 30)),
            Word("толук", 0.96, Box(90, 0, 50, 30)),
            Word("колдойм", 0.96, Box(150, 0, 70, 30)),
        ),
        "kir",
        0.7,
    )
    latin = Reading(
        (
            Word("@nazgul,", 0.91, Box(0, 0, 80, 30)),
            Word("Tonyk", 0.75, Box(90, 0, 50, 30)),
            Word("Kongoum", 0.1, Box(150, 0, 70, 30)),
        ),
        "eng",
        0.5,
    )
    assert mixed(cyrillic, latin).text == "@nazgul, толук колдойм"
    assert mixed(latin, cyrillic).text == "@nazgul, толук колдойм"


@pytest.mark.parametrize(
    ("word", "language", "odd"),
    [
        ("па{а!уа9", "rus", True),
        ("їїпа67", "kir", True),
        ("TyMeH6aeB", "eng", True),
        ("natalya9", "eng", False),
        ("подписал?", "rus", False),
        ("9:00дөн", "kir", False),
        ("https://example.org/a1b", "eng", False),
    ],
)
def test_words_that_no_one_writes_are_odd(word: str, language: str, odd: bool) -> None:
    """Signs and foreign letters within a word speak against the model that read it."""
    assert (oddness(word, language) > 0) is odd
