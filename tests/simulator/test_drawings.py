"""Drawn portraits: always the same, unlike each other; and the font that drawings use."""

import io

from PIL import Image, ImageChops, ImageOps

from bot.simulator.avatars import avatar
from bot.simulator.fonts import font
from detection.image.fingerprint import fingerprint
from detection.image.matching import PhotoIndex, known_photos
from detection.image.opening import open_image


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


def test_font_has_every_letter_of_the_region() -> None:
    """No letter of Russian, Kyrgyz, Kazakh, Uzbek or Tajik is drawn as an empty box."""
    missing = bytes(font(40).getmask("\U0010fffe"))
    letters = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяөүңғқһіәұўҳӣӯҷ"
    assert not [letter for letter in letters + letters.upper() if bytes(font(40).getmask(letter)) == missing]
