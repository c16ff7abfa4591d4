"""Whole screens, rendered and read."""

import time
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from bot.simulator.avatars import avatar
from bot.simulator.screens import Look, Profile, photographed, recompressed, render_screen, sample_screen
from detection.screenshot import engine
from detection.screenshot.engine import DEFAULT_LANGUAGES, EngineMissing, available
from detection.screenshot.model import Screen
from detection.screenshot.reading import read_screen

pytestmark = pytest.mark.skipif(
    not available() >= set(DEFAULT_LANGUAGES), reason="the models of Tesseract are not installed"
)


def _share_right(screen: Any, read: Screen) -> float:
    """Comments found with their author, text and level."""
    right = 0
    for comment in screen.truth.comments:
        right += any(
            _near(comment.text, one.text.text) and _near(comment.author, one.author.text) and comment.level == one.level
            for one in read.comments
        )
    return right / len(screen.truth.comments)


def _near(true: str, read: str) -> bool:
    plain = [
        "".join(letter for letter in text.casefold() if letter.isalnum() and ord(letter) < 0x2000)
        for text in (true, read)
    ]
    return Levenshtein.distance(*plain) <= max(2, len(plain[0]) // 8)


@pytest.mark.parametrize("platform", ["facebook", "instagram", "vk", "ok", "tiktok", "youtube"])
def test_a_thread_is_read_as_comments(platform: Any) -> None:
    """Platform, authors, texts and levels of a thread, sent as Telegram recompresses it."""
    screen = sample_screen(71, platform=platform, kind="thread")
    read = read_screen(recompressed(screen.image))
    assert read.platform == platform
    assert read.kind == screen.truth.kind
    assert _share_right(screen, read) >= 0.75
    assert read.complete


@pytest.mark.parametrize("platform", ["telegram", "whatsapp"])
def test_a_chat_is_read_as_messages(platform: Any) -> None:
    """Bubbles with clocks are a chat's."""
    screen = sample_screen(72, platform=platform, kind="chat")
    read = read_screen(screen.image)
    assert (read.platform, read.kind) == (platform, "chat")
    assert _share_right(screen, read) >= 0.7


def test_a_profile_is_read_as_one() -> None:
    """Name and counters of a profile page."""
    screen = sample_screen(73, platform="facebook", kind="profile", language="ru")
    read = read_screen(screen.image)
    assert read.profile is not None
    assert screen.truth.profile is not None
    assert _near(screen.truth.profile.name, read.profile.name.text)


@pytest.mark.parametrize("photo", [None, avatar(3)], ids=["no photo", "photo"])
def test_a_name_no_larger_than_what_stands_below_it(photo: Image.Image | None) -> None:
    """Instagram writes the name as large as the person's own words: it is the line next to the photo."""
    words = {"name": "Алина Р.", "handle": "alina_r_demo", "about": "Люблю горы и правду", "place": "Бишкек"}
    person = Profile(**words, photo=photo)
    read = read_screen(render_screen(person, Look(platform="instagram", language="ru")).image).profile
    assert read is not None
    assert (read.name.text, read.handle.text, read.about.text) == (
        "Алина Р.",
        "alina_r_demo",
        "Люблю горы и правду Бишкек",
    )


def test_kyrgyz_letters_are_kept() -> None:
    """«ө ү ң» come out as they stand on the screen."""
    screen = sample_screen(74, platform="vk", kind="thread", language="ky")
    true = "".join(line.text for line in screen.truth.lines).lower()
    read = "".join(line.text for line in read_screen(screen.image).lines).lower()
    for letter in "өүң":
        assert abs(true.count(letter) - read.count(letter)) <= max(1, true.count(letter) // 8)


def test_interface_words_are_never_comments() -> None:
    """No comment consists of a button, of the field for writing or of the status bar."""
    screen = sample_screen(75, platform="facebook", kind="thread", language="ru")
    for comment in read_screen(screen.image).comments:
        for word in ("Ответить", "Нравится", "Напишите комментарий"):
            assert word not in comment.text.text


def test_a_photographed_screen_is_read() -> None:
    """Lines that run askew are levelled first."""
    screen = sample_screen(76, platform="vk", kind="thread", language="ru", dark=False)
    assert _share_right(screen, read_screen(photographed(screen.image, 3))) >= 0.6


def test_boxes_lie_on_the_given_picture() -> None:
    """Avatars are found where they are on the picture that was handed in, whatever its size."""
    screen = sample_screen(77, platform="ok", kind="thread")
    small = recompressed(screen.image)
    scale = small.width / screen.image.width
    avatars = [comment.avatar for comment in read_screen(small).comments if comment.avatar]
    assert avatars
    for x, y, w, h in avatars:
        assert any(
            abs(x - true.avatar[0] * scale) < 6 and abs(y - true.avatar[1] * scale) < 6
            for true in (*screen.truth.comments, *([screen.truth.post] if screen.truth.post else []))
            if true.avatar
        )
        assert x + w <= small.width + 2
        assert y + h <= small.height + 2


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (1, 1)),
        Image.new("RGB", (1, 100_000)),
        Image.new("RGB", (100_000, 1)),
        Image.new("RGB", (1080, 2340), "white"),
        Image.new("RGB", (1080, 2340), "black"),
        Image.new("RGB", (5000, 100), "red"),
        Image.new("RGB", (200, 9000), "blue"),
        Image.new("L", (300, 300), 128),
        Image.linear_gradient("L").resize((900, 1600)),
    ],
    ids=lambda picture: f"{picture.mode}-{picture.size[0]}x{picture.size[1]}",
)
def test_pictures_without_text_are_unknown(picture: Image.Image) -> None:
    """Nothing is read where nothing stands."""
    read = read_screen(picture)
    assert read.kind == "unknown"
    assert not read.comments


def test_noise_is_read_in_bounded_time() -> None:
    """A picture of noise ends within its time and claims no platform's comments."""
    noise = np.random.default_rng(5).integers(0, 256, (1800, 1080, 3), dtype=np.uint8)
    started = time.process_time()
    read = read_screen(Image.fromarray(noise), seconds=2.0)
    assert time.process_time() - started < 8
    assert not read.comments


def test_an_exhausted_budget_is_said() -> None:
    """What was not reached in time is not read, and that is told."""
    read = read_screen(sample_screen(78, platform="vk", kind="thread").image, seconds=0.0)
    assert not read.complete
    assert read.lines == ()


def test_a_missing_engine_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library there are no languages, and reading raises what says so."""
    monkeypatch.setattr(engine, "_tesserocr", lambda: None)
    assert available() == frozenset()
    with pytest.raises(EngineMissing):
        read_screen(Image.new("RGB", (400, 400)))


def test_missing_models_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """A language without a model is not offered."""
    (tmp_path / "eng.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert available() == {"eng"}
