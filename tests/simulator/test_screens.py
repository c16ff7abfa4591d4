"""Rendered screenshots: what the truth says stands on the picture, in its place, on every application and phone."""

from collections.abc import Iterator
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, ImageStat

from bot.simulator.avatars import avatar
from bot.simulator.screens import (
    LANGUAGES,
    PLATFORMS,
    Box,
    Chat,
    Comment,
    Device,
    Look,
    Platform,
    Post,
    Profile,
    RenderedScreen,
    Thread,
    faces,
    render_screen,
    sample_screen,
    typesetting,
)
from bot.simulator.screens import emoji as emoji_drawing
from bot.simulator.screens.samples import SampleKind
from bot.simulator.screens.sheet import Font, Sheet
from bot.simulator.screens.themes import theme
from bot.simulator.screens.typesetting import cleaned
from detection.image.describing import describe
from detection.image.searching import search
from detection.image.shelf import Shelf

PHOTO = avatar(3)
SIZES: dict[Device, tuple[int, int]] = {"android": (1080, 2340), "iphone": (1170, 2532)}
DEVICES = tuple(SIZES)
KINDS: list[tuple[Platform, SampleKind]] = [
    (platform, kind) for platform in PLATFORMS for kind in ("profile", "thread")
]
KINDS += [("telegram", "chat"), ("whatsapp", "chat")]
TEXTS = ("Жакшы макала, рахмат!", "Не верю ни одному слову 😡", "Where is this? https://example.org/a", "Өкмөт үй")


def overlap(one: Box, other: Box) -> bool:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return across > 0 and down > 0


def inside(box: Box, size: tuple[int, int]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[0] + box[2] <= size[0] and box[1] + box[3] <= size[1]


def boxes_of(screen: RenderedScreen) -> list[Box]:
    truth = screen.truth
    found = [line.box for line in truth.lines] + list(truth.photos)
    for comment in (*truth.comments, *([truth.post] if truth.post else [])):
        found += [comment.box, *([comment.avatar] if comment.avatar else [])]
    if truth.profile is not None:
        found += [*truth.profile.photos, *([truth.profile.avatar] if truth.profile.avatar else [])]
    return found


def check(screen: RenderedScreen) -> None:
    """What holds for every screen."""
    assert (screen.image.mode, screen.image.size) == ("RGB", SIZES[screen.truth.device])
    assert all(inside(box, screen.image.size) for box in boxes_of(screen))
    hits = [(one, other) for one, other in combinations(screen.truth.lines, 2) if overlap(one.box, other.box)]
    assert not hits


#: Every two of language, light and phone meet in a half of all looks; the other half repeats them.
LOOKS = list(enumerate(product(LANGUAGES, (False, True), DEVICES)))
HALF = [(n, look) for n, look in LOOKS if (LANGUAGES.index(look[0]) + look[1] + DEVICES.index(look[2])) % 2]
FEW = [each for each in HALF if each[1][2] == DEVICES[0]]


@pytest.mark.parametrize("looks", [FEW, pytest.param(LOOKS, marks=pytest.mark.slow)], ids=["few", "all"])
@pytest.mark.parametrize(("platform", "kind"), KINDS)
def test_every_look_renders(platform: Platform, kind: SampleKind, looks: list[tuple[int, Any]]) -> None:
    """Light and dark, both phones, three languages: lines lie on the screen, none over another, the clock first."""
    for seed, (language, dark, device) in looks:
        screen = sample_screen(seed, platform=platform, kind=kind, language=language, dark=dark, device=device)
        check(screen)
        truth = screen.truth
        assert (truth.platform, truth.language, truth.dark, truth.device) == (platform, language, dark, device)
        assert truth.lines[0].role == "status"
        assert bool(truth.profile) == (kind == "profile")
        assert kind == "profile" or truth.comments


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A system without a single font, but for the one that is shipped."""
    caches = (
        faces.face, faces.fallback, typesetting.pieces, emoji_drawing.emoji_picture
    )  # fmt: skip
    for cached in caches:
        cached.cache_clear()
    monkeypatch.setattr(faces, "find_font", lambda _name: None)
    monkeypatch.setattr(emoji_drawing, "find_font", lambda _name: None)
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("no_fonts")
def test_renders_where_no_font_is_installed() -> None:
    """The shipped font serves for everything, emoji included."""
    for seed, (platform, kind) in enumerate(KINDS):
        check(sample_screen(seed, platform=platform, kind=kind))


def test_same_seed_same_screen() -> None:
    """A seed names a screen for good: the same pixels, the same truth; another seed, another screen."""
    first = sample_screen(5)
    sample_screen(6)
    again = sample_screen(5)
    assert ImageChops.difference(first.image, again.image).getbbox() is None
    assert first.truth == again.truth
    assert first.truth != sample_screen(6).truth


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("words", ["Нравится", "Өзгөн шаары ң", "fjord “Qy”", "Ура 👏👍🏽!", "🇰🇬"])
def test_boxes_are_exact(device: Device, words: str) -> None:
    """A line's box is the smallest that holds all of its ink."""
    sheet = Sheet(device, theme("vk", device, False))
    shown = sheet.text(40, 60, words, Font(16, (0, 0, 0)))
    blank = Image.new("RGB", sheet.image.size, sheet.theme.page)
    left, top, right, bottom = ImageChops.difference(sheet.image, blank).getbbox() or (0, 0, 0, 0)
    assert shown.box == (left, top, right - left, bottom - top)
    assert [line.box for line in sheet.lines] == [shown.box]


@pytest.mark.parametrize("platform", [platform for platform in PLATFORMS if platform != "whatsapp"])
def test_threads_truth_is_what_was_given(platform: Platform) -> None:
    """Authors, texts, times and levels come in order; a comment's lines read as its text, in its box, by its avatar."""
    given_ones = tuple(
        Comment(author=f"Айбек {n}", text=text, time="14:20", level=n % 2, photo=PHOTO) for n, text in enumerate(TEXTS)
    )
    screen = render_screen(Thread(comments=given_ones, total=9), Look(platform=platform, language="ky"))
    comments = screen.truth.comments
    assert [(c.author, c.text, c.time, c.level) for c in comments] == [
        (c.author, c.text, c.time, c.level) for c in given_ones
    ]
    for comment in comments:
        lines = [line.text for line in screen.truth.lines if line.role == "text" and inside_of(line.box, comment.box)]
        assert " ".join(lines) == comment.text
        assert comment.avatar is not None
        assert comment.avatar[0] + comment.avatar[2] <= comment.box[0]
    assert all(one.box[1] + one.box[3] <= other.box[1] for one, other in pairwise(comments))


def inside_of(box: Box, outer: Box) -> bool:
    return (
        box[0] >= outer[0]
        and box[1] >= outer[1]
        and box[0] + box[2] <= outer[0] + outer[2]
        and box[1] + box[3] <= outer[1] + outer[3]
    )


def test_reply_stays_with_its_comment() -> None:
    """Where a comment is left out for want of room, its replies are too."""
    long = "слово " * 130
    comments = (
        Comment(author="А", text=long), Comment(author="Б", text=long), Comment(author="В", text="ответ Б", level=1)
    )  # fmt: skip
    shown = render_screen(
        Thread(comments=(*comments, Comment(author="Г", text="да"))), Look(platform="vk")
    ).truth.comments
    assert [comment.author for comment in shown] == ["А", "Г"]


def test_long_text_is_folded() -> None:
    """A text longer than an application shows ends in "…", before the word that unfolds it."""
    screen = render_screen(Thread(comments=(Comment(author="А", text="ж" * 3000),)), Look(platform="facebook"))
    (comment,) = screen.truth.comments
    assert comment.text.endswith("…")
    assert "Ещё" in [line.text for line in screen.truth.lines]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("size", [96, 320, 640])
def test_profile_shows_the_photo_at_the_size_asked_for(platform: Platform, size: int) -> None:
    """The photo stands in its box, as wide as ordered, and is the photo that was given."""
    look = Look(platform=platform, avatar=size, dark=size == 320)
    screen = render_screen(Profile(name="Гүлнара", handle="gulnara", photo=PHOTO, about="Мекеним", place="Ош"), look)
    check(screen)
    profile = screen.truth.profile
    assert profile is not None
    assert profile.avatar is not None
    x, y, width, height = profile.avatar
    assert abs(width - size) <= 1
    assert abs(height - size) <= 1
    edge = round(width * 0.16)
    shown = screen.image.crop((x + edge, y + edge, x + width - edge, y + height - edge))
    side = PHOTO.width
    inner = PHOTO.crop((round(side * 0.16),) * 2 + (round(side * 0.84),) * 2)
    difference = ImageChops.difference(shown, ImageOps.fit(inner, shown.size))
    assert max(ImageStat.Stat(difference).mean) < 8


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("size", [48, 160, 640])
def test_large_photos_leave_room_for_comments(platform: Platform, size: int) -> None:
    """Beside authors' photos of any size, replies to replies, long names, many likes and long words stay apart."""
    comments = tuple(
        Comment(
            author=f"Сүйүнбек Түмөнбаев {n}", text=text, time="20 мүнөт мурун", level=n, likes=14_980, more_replies=9
        )
        for n, text in enumerate((*TEXTS, *TEXTS))
    )
    screen = render_screen(Thread(comments=comments), Look(platform=platform, language="ky", avatar=size))
    check(screen)
    photos = [comment.avatar for comment in screen.truth.comments if comment.avatar]
    assert photos
    assert all(abs(photo[2] - min(size, 240)) <= 1 for photo in photos)
    assert not any(overlap(photo, line.box) for photo in photos for line in screen.truth.lines)


def test_telegrams_wide_photo_fills_the_width() -> None:
    """Its box is the whole width of the screen."""
    screen = render_screen(Profile(name="А", photo=PHOTO, shape="wide"), Look(platform="telegram"))
    assert screen.truth.profile is not None
    assert screen.truth.profile.avatar == (0, 0, 1080, 1080)


def test_what_an_application_lacks_is_refused() -> None:
    """Chats on Instagram, square photos on TikTok, avatars of 2,000 pixels: a ValueError that says so."""
    with pytest.raises(ValueError, match="no chats"):
        render_screen(Chat(title="А", messages=()), Look(platform="instagram"))
    with pytest.raises(ValueError, match="no square photos"):
        render_screen(Profile(name="А", shape="square"), Look(platform="tiktok"))
    with pytest.raises(ValueError, match="2000 pixels"):
        Look(platform="vk", avatar=2000)


def test_own_messages_have_no_author() -> None:
    """In a chat the phone's owner is not named, and in a private one the other is by the title."""
    chat = Chat(
        title="Асель", messages=(Comment(author="", text="да", time="14:20"), Comment(author="", text="нет", own=True))
    )
    comments = render_screen(chat, Look(platform="whatsapp")).truth.comments
    assert [(comment.author, comment.text, comment.avatar) for comment in comments] == [
        ("Асель", "да", None), ("", "нет", None)
    ]  # fmt: skip


def test_post_without_comments_is_a_post() -> None:
    """Its kind says so, its words and picture are in the truth."""
    post = Post(author="Ак-Калкан медиа", text="Новость дня #вода", time="3 ч", picture=PHOTO)
    for platform in ("facebook", "instagram", "vk"):
        screen = render_screen(Thread(comments=(), post=post), Look(platform=platform))
        check(screen)
        assert screen.truth.kind == "post"
        assert screen.truth.post is not None
        assert screen.truth.post.text == post.text
        assert len(screen.truth.photos) == 1


def test_photos_are_used_in_order() -> None:
    """The first photo handed in is the profile's."""
    plain = Image.new("RGB", (300, 300), (10, 200, 30))
    screen = sample_screen(4, platform="vk", kind="profile", photos=[plain], avatar_size=200)
    assert screen.truth.profile is not None
    assert screen.truth.profile.avatar is not None
    x, y, width, height = screen.truth.profile.avatar
    assert screen.image.getpixel((x + width // 2, y + height // 2)) == (10, 200, 30)


HOSTILE = (
    "",
    "\n\n\t  \n",
    "ж" * 5000,
    "مرحبا بالعالم " * 9,
    "\u202e\x00\ud800 зло \u0300\u0301" * 40,
    "Z\u0338\u0343\u0321\u0353a\u0337 你好 👨‍👩‍👧‍👦🏳️‍🌈🇰🇬1️⃣" * 5,
    "😀" * 400,
    "слово\nслово\n\n\n\n\nслово",
    "a" * 30 + " <b>&amp;</b> {n} %s {name}",
)


#: In a half of all pairs every text meets every application, here on a profile and there in a thread.
PAIRS = [(number, *each) for number, each in enumerate(KINDS)]


@pytest.mark.parametrize("share", [2, pytest.param(1, marks=pytest.mark.slow)], ids=["half", "all"])
@pytest.mark.parametrize(("number", "platform", "kind"), PAIRS)
def test_hostile_texts_stay_in_their_place(number: int, platform: Platform, kind: SampleKind, share: int) -> None:
    """Empty, endless, reversed, marked and unprintable names and texts never leave the screen or cover each other."""
    for dark, text in list(enumerate(HOSTILE))[number % share :: share]:
        look = Look(platform=platform, dark=bool(dark % 2), device="iphone" if dark % 3 else "android")
        comments = tuple(Comment(author=text, handle=text, text=text, time="2 ч", level=n % 3) for n in range(3))
        post = Post(author=text, text=text, time="2 ч", picture=PHOTO)
        if kind == "profile":
            content = Profile(name=text, handle=text, about=text, place=text[:400], phone=text[:90], last_post=post)
            check(render_screen(content, look))
        elif kind == "chat":
            check(render_screen(Chat(title=text, messages=comments, members=5), look))
        else:
            check(render_screen(Thread(comments=comments, post=post), look))


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=300), author=st.text(max_size=80), platform=st.sampled_from(PLATFORMS))
def test_any_text_renders(text: str, author: str, platform: Platform) -> None:
    """Whatever letters come, every box lies on the screen."""
    comments = (Comment(author=author, text=text, time="2 ч"), Comment(author=author, text=text, level=1, own=True))
    screen = render_screen(Thread(comments=comments), Look(platform=platform))
    assert all(inside(box, screen.image.size) for box in boxes_of(screen))


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """What a phone shows of a text is shown as it is."""
    assert cleaned(cleaned(text)) == cleaned(text)


@pytest.mark.parametrize("people", [2, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "platform", [PLATFORMS[0], *(pytest.param(each, marks=pytest.mark.slow) for each in PLATFORMS[1:])]
)
def test_different_screens_are_not_copies(platform: Platform, people: int) -> None:
    """People's pages in one application share layout, icons and letters in discs: none passes for the same photo.

    Not tried with messengers' threads: behind two of them may be the same wallpaper, which is a picture. Between scenes
    that are sixteen apart no drawn picture is shared.
    """
    shots = []
    for n in range(people):
        person = Profile(name=f"Айбек {n}", handle=f"user_{n}", photo=avatar(n), about="Ата Мекен " * n, scene=16 * n)
        texts = [TEXTS[(n + k) % 4] * (1 + n * (k + 1) % 4) for k in range(4)]
        thread = Thread(comments=tuple(Comment(author=f"А {n} {k}", text=text) for k, text in enumerate(texts)))
        screens = [
            render_screen(content, Look(platform=platform)).image
            for content in (person, thread)[: 1 + (platform not in ("telegram", "whatsapp"))]
        ]
        shots += [describe(screen.resize((590, 1280))) for screen in screens]
    known = dict(enumerate(shots))
    shelf = Shelf()
    shelf.add(known.items())
    claims = ((ref, found) for ref, shot in known.items() for found in search(shot, shelf, known))
    assert all(found.ref == ref for ref, found in claims if found.tier == "match")
