"""Drawn portraits and screenshots: always the same, unlike each other, and readable in every language."""

import io

import pytest
from PIL import Image, ImageChops, ImageOps

from bot.simulator.avatars import avatar
from bot.simulator.fonts import font
from bot.simulator.screens import CommentThread, Platform, Profile, ThreadComment, screenshot
from bot.simulator.screens.frame import counted
from bot.simulator.screens.looks import LIGHT, LOOKS, WORDS
from bot.simulator.screens.sheet import Sheet
from detection.image.fingerprint import fingerprint
from detection.image.matching import PhotoIndex, known_photos
from detection.image.opening import open_image

PHOTO = avatar(3)
PROFILE = Profile(name="Гүлнара Өмүрбекова", handle="gulnara.omur", photo=PHOTO, about="Мекеним", place="Ош", scene=4)
COMMENTS = tuple(
    ThreadComment(author=f"Айбек {n}", photo=PHOTO, text="Жакшы макала, рахмат! " * n, when="2 саат", reply=n % 3 == 2)
    for n in range(1, 20)
)
THREAD = CommentThread(author="Kalkan Media", photo=PHOTO, text="Жаңылык", when="12 ч", comments=COMMENTS)


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def test_avatar_is_the_same_each_time() -> None:
    """A seed names a portrait for good, whatever was drawn before it."""
    first = avatar(41)
    avatar(42)
    assert same(avatar(41), first)
    assert (first.mode, first.size, avatar(41, 96).size) == ("RGB", (320, 320), (96, 96))


def test_no_two_of_200_avatars_are_taken_for_copies() -> None:
    """The photo detector finds each of 200 portraits, and no other, not even as possible or mirrored."""
    prints = [fingerprint(avatar(seed, 200)) for seed in range(200)]
    index = PhotoIndex(known for seed, photo in enumerate(prints) for known in known_photos(seed, photo))
    assert not any(photo.flat for photo in prints)
    assert [[match.ref for match in index.search(photo)] for photo in prints] == [[seed] for seed in range(200)]


def test_edited_avatar_is_still_found() -> None:
    """A mirrored, recompressed and smaller portrait is a copy of its source, as in the demo."""
    index = PhotoIndex(known for seed in range(20) for known in known_photos(seed, fingerprint(avatar(seed))))
    for seed in range(20):
        out = io.BytesIO()
        ImageOps.mirror(avatar(seed, 160)).save(out, "JPEG", quality=55)
        (match,) = index.search(fingerprint(open_image(out.getvalue()).rgb))
        assert (match.ref, match.tier, match.mirrored) == (seed, "match", True)


@pytest.mark.parametrize("platform", LOOKS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_screenshot_is_a_phone_screen(platform: Platform, dark: bool) -> None:
    """Each application's profile and thread fill 1080x2340 pixels, light and dark, the same each time."""
    for shown in (PROFILE, THREAD):
        image = screenshot(shown, platform, dark=dark, language="ky")
        assert (image.mode, image.size) == ("RGB", (1080, 2340))
        assert same(image, screenshot(shown, platform, dark=dark, language="ky"))
        corner = image.getpixel((2, 2))
        assert isinstance(corner, tuple)
        assert (sum(corner) < 150) == dark


def test_screenshot_shows_the_photo_it_was_given() -> None:
    """The profile photo of a drawn Facebook page is that person's: cut out of its circle, it is found again."""
    page = screenshot(PROFILE, "facebook")
    across, middle_x, middle_y = 420, (16 + 70) * 3, (30 + 48 + 196 - 24) * 3
    half = round(across * 0.35)
    inside = page.crop((middle_x - half, middle_y - half, middle_x + half, middle_y + half))
    source = PHOTO.crop((48, 48, 272, 272))
    (match,) = PhotoIndex(known_photos(1, fingerprint(source))).search(fingerprint(inside))
    assert match.tier == "match"


@pytest.mark.parametrize("platform", LOOKS)
def test_different_screens_are_not_copies(platform: Platform) -> None:
    """Two people's pages in one application share a layout and must not pass for the same photo."""
    shots = []
    for n in range(6):
        person = Profile(name=f"Айбек {n}", handle=f"user_{n}", photo=avatar(n), about="Ата Мекен " * n, scene=n)
        thread = CommentThread(author="M", photo=avatar(n), text="Кабар " * n, when="1 ч", comments=COMMENTS[n : n + 5])
        shots += [fingerprint(screenshot(shown, platform).resize((590, 1280))) for shown in (person, thread)]
    index = PhotoIndex(known for ref, shot in enumerate(shots) for known in known_photos(ref, shot))
    assert all(match.ref == ref for ref, shot in enumerate(shots) for match in index.search(shot))


def test_font_has_every_letter_of_the_region() -> None:
    """No letter of Russian, Kyrgyz, Kazakh, Uzbek or Tajik is drawn as an empty box."""
    missing = bytes(font(40).getmask("\U0010fffe"))
    letters = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяөүңғқһіәұўҳӣӯҷ"
    assert not [letter for letter in letters + letters.upper() if bytes(font(40).getmask(letter)) == missing]


def test_every_language_has_every_word() -> None:
    """The interface is complete in the three languages."""
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}


def test_long_words_and_texts_stay_on_the_screen() -> None:
    """Text is broken at spaces, an endless word within itself, and nothing is lost."""
    sheet = Sheet(LIGHT)
    lines = sheet.lines("коротко " + "ж" * 300 + " конец", 15, 200)
    assert "".join(lines).replace(" ", "") == "коротко" + "ж" * 300 + "конец"
    assert all(font(45).getlength(line) <= 600 for line in lines)


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (987, "987"), (1280, "1,2K"), (15_321, "15K")])
def test_counts_are_shortened(number: int, words: str) -> None:
    """Counters read as applications write them."""
    assert counted(number, ",") == words
