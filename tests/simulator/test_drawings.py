"""Drawn portraits: always the same, unlike each other; and the font that drawings use."""

import io

from PIL import Image, ImageChops, ImageOps

from bot.simulator.avatars import avatar
from bot.simulator.fonts import font
from detection.image.describing import describe
from detection.image.opening import open_image
from detection.image.searching import search
from detection.image.shelf import Shelf


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def test_avatar_is_the_same_each_time() -> None:
    """A seed names a portrait for good, whatever was drawn before it."""
    first = avatar(41)
    avatar(42)
    assert same(avatar(41), first)
    assert (first.mode, first.size, avatar(41, 96).size) == ("RGB", (320, 320), (96, 96))


def test_no_portrait_is_taken_for_another() -> None:
    """The photo detector finds each of 12 portraits and claims no other, be it mirrored."""
    known = {seed: describe(avatar(seed, 200)) for seed in range(12)}
    shelf = Shelf()
    shelf.add(known.items())
    for seed, photo in known.items():
        assert [found.ref for found in search(photo, shelf, known) if found.tier == "match"] == [seed]


def test_edited_avatar_is_still_found() -> None:
    """A mirrored, recompressed and smaller portrait is a copy of its source, as in the demo."""
    known = {seed: describe(avatar(seed)) for seed in range(8)}
    shelf = Shelf()
    shelf.add(known.items())
    for seed in known:
        out = io.BytesIO()
        ImageOps.mirror(avatar(seed, 160)).save(out, "JPEG", quality=55)
        (found,) = search(describe(open_image(out.getvalue()).rgb), shelf, known)
        assert (found.ref, found.tier, found.mirrored) == (seed, "match", True)


def test_font_has_every_letter_of_the_region() -> None:
    """No letter of Russian, Kyrgyz, Kazakh, Uzbek or Tajik is drawn as an empty box."""
    missing = bytes(font(40).getmask("\U0010fffe"))
    letters = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяөүңғқһіәұўҳӣӯҷ"
    assert not [letter for letter in letters + letters.upper() if bytes(font(40).getmask(letter)) == missing]
