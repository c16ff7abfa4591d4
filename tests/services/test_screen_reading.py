"""The reader of screenshots behind its limits: real pictures through the real engine, and its words made ours."""

import io
from typing import Any

import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from bot.analysis import Analysis, EngineMissing, ImageLimits, ImageRefused, screens
from bot.analysis.screens import in_our_words
from bot.model.screen import ReadScreen
from bot.model.submission import PartKind
from bot.services.screen_findings import ScreenFindings
from bot.services.screens import Screens
from bot.simulator.avatars import avatar
from bot.simulator.screens import Comment, Look, Thread, recompressed, render_screen
from bot.storage.tables import comments as comments_table
from detection.screenshot import model
from detection.screenshot.boxes import Box
from detection.screenshot.engine import available
from tests.detection.image import hostile
from tests.newsroom import message
from tests.services.conftest import EditorsDesk
from tests.services.rooms import rows_of

ENGINE = pytest.mark.skipif(
    not {"rus", "kir", "eng"} <= available(), reason="Tesseract is not installed: scripts/setup-system"
)
THREAT = "Мы сожжём вашу редакцию вместе с вами"
LIE = "Журналисты опять врут про нашего президента, хватит терпеть"
PEOPLE = (("Айбек Осмонов", THREAT, "2 ч.", 0), ("Бермет Токтоева", LIE, "5 ч.", 1))


def screenshot(kind: str = "PNG") -> bytes:
    """A thread of two comments on Facebook, as a file or as Telegram's photo."""
    shown = [Comment(author=author, text=text, time=time, level=level) for author, text, time, level in PEOPLE]
    image = render_screen(Thread(comments=tuple(shown)), Look(platform="facebook", language="ru")).image
    return encoded(recompressed(image) if kind == "JPEG" else image, kind)


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def alike(one: str, other: str) -> float:
    """1.0 for the same text."""
    return Levenshtein.normalized_similarity(one, other)


@ENGINE
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
async def test_a_screenshot_becomes_comments(desk: EditorsDesk, analysis: Analysis, kind: str) -> None:
    """From its pixels to the threat of the case: who wrote what, as a reply to whom, how long ago."""
    member = await desk.member()
    sent = message(member, desk.clock(), "", kind=PartKind.DOCUMENT)
    assert sent.file is not None
    desk.files.files[sent.file.file_id] = screenshot(kind)
    await desk.send(member, sent)
    checks = ScreenFindings(desk.store, desk.findings, desk.newsroom.id)
    reader = Screens(desk.store, desk.clock, desk.vault, analysis, checks, desk.cases, desk.newsroom.id)
    assert await reader.sweep()
    case = await desk.of(member, sent)
    reading = case.parts[0].reading
    assert reading is not None
    screen = reading.screen
    assert screen is not None
    assert (screen.kind, screen.platform) == ("thread", "facebook")
    assert [comment.level for comment in screen.comments] == [0, 1]
    assert case.verdict.threat.level == "threat"
    rows = sorted(await rows_of(desk.store, comments_table), key=lambda row: row["id"])
    for row, (author, text, _, _) in zip(rows, PEOPLE, strict=True):
        assert alike(row["text"], text) > 0.9
        assert alike(row["author"], author) > 0.85
    assert all(row["posted_at"] is not None for row in rows)


@ENGINE
async def test_a_portrait_is_no_screenshot(analysis: Analysis) -> None:
    """Nor is a flat picture; both are told from one at once."""
    for image in (avatar(3, 640), Image.new("RGB", (1080, 2340), "white")):
        read = await analysis.screen(encoded(image, "JPEG"))
        assert (read.kind, read.comments, read.profile) == ("none", (), None)


async def test_what_is_no_picture_is_refused(analysis: Analysis) -> None:
    """Before any engine sees it."""
    for data in (b"", b"no picture", hostile.black_bomb(13_000)):
        with pytest.raises(ImageRefused):
            await analysis.screen(data)


async def test_without_an_engine_it_is_said(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    """No language that is wanted can be read here."""
    assert screens.read(screenshot(), ImageLimits(), ("xxx",)) is None
    lonely = Analysis(analysis.limits)

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(lonely._screens, "run", nothing)
    with pytest.raises(EngineMissing):
        await lonely.screen(screenshot())


def text(words: str, confidence: float = 0.9) -> model.ReadText:
    return model.ReadText(text=words, confidence=confidence)


def said(author: str, **given: Any) -> model.ReadComment:
    """A comment as the detectors give it."""
    whole: dict[str, Any] = {
        "author": text(author, given.pop("sure", 0.9)),
        "text": text("Салам баарына"),
        "time": text("2 ч"),
        "level": 0,
        "avatar": Box(1, 2, 3, 4),
        "box": Box(5, 6, 7, 8),
    }
    return model.ReadComment(**(whole | given))


def screen(*comments: model.ReadComment, **given: Any) -> ReadScreen:
    """What a screen becomes."""
    line = model.ReadLine(text="Салам баарына", box=Box(0, 0, 9, 9), confidence=0.9, language="kir", role="content")
    whole: dict[str, Any] = {
        "platform": "facebook",
        "platform_confidence": 0.9,
        "kind": "thread",
        "language": "ky",
        "dark": False,
        "lines": (line,) * 3,
        "comments": comments,
        "confidence": 0.9,
    }
    return in_our_words(model.Screen(**(whole | given)), (1080, 2340))


@pytest.mark.parametrize(
    ("platform", "shown", "name", "handle"),
    [
        ("facebook", "Айбек Асанов", "Айбек Асанов", None),
        ("facebook", "aibek", "aibek", None),
        ("instagram", "aibek.92", "", "aibek.92"),
        ("instagram", "Айбек А", "Айбек А", None),
        ("youtube", "@aibek_92", "", "aibek_92"),
        ("youtube", "@kubanychbek.esengulov...", "@kubanychbek.esengulov...", None),
        ("tiktok", "aibek", "aibek", None),
        ("whatsapp", "@aibek", "@aibek", None),
        (None, "@aibek", "@aibek", None),
    ],
)
def test_handles_are_told_from_names(platform: Any, shown: str, name: str, handle: str | None) -> None:
    """Where an application shows handles, or after its sign; what it cut off is no account."""
    (comment,) = screen(said(shown), platform=platform).comments
    assert (comment.author, comment.handle) == (name, handle)


def test_a_comment_keeps_its_place_and_its_doubts() -> None:
    """Boxes, level, time as written; what was hardly read says so, for itself and for the whole."""
    read = screen(said("А", text=text("Салам", 0.3), level=1), said("", own=True, sure=0.0))
    first, own = read.comments
    assert (first.number, first.level, first.time, first.avatar, first.box) == (1, 1, "2 ч", (1, 2, 3, 4), (5, 6, 7, 8))
    assert (first.unsure, own.unsure, read.unsure, own.counts) == (True, False, True, False)
    assert not screen(said("А")).unsure
    assert screen(said("А"), confidence=0.3).unsure


def test_a_post_alone_is_what_it_is_about() -> None:
    """Above comments it is only what they are written under."""
    post = said("Редакция")
    assert [c.author for c in screen(kind="post", post=post).comments] == ["Редакция"]
    assert [c.author for c in screen(said("А"), post=post).comments] == ["А"]


def test_a_profile_is_as_sure_as_its_worst_field() -> None:
    """Counters are kept as shown."""
    read = model.ReadProfile(
        name=text("Айбек"),
        handle=text("@aibek", 0.4),
        about=text("журналист"),
        counters={"followers": text("1,2 тыс.")},
        avatar=None,
    )
    profile = screen(kind="profile", profile=read, platform="instagram").profile
    assert profile is not None
    assert (profile.name, profile.handle, profile.about) == ("Айбек", "aibek", "журналист")
    assert (profile.counters, profile.unsure) == ((("followers", "1,2 тыс."),), True)


def test_letters_in_leaves_are_no_screenshot() -> None:
    """What is read in a portrait or a street scene is neither sure nor long; a page of words is something."""
    leaf = model.ReadLine(text="©= il", box=Box(0, 0, 9, 9), confidence=0.4, language="eng", role="content")
    assert screen(kind="unknown", platform_confidence=0.4, lines=(leaf,) * 50).kind == "none"
    assert screen(said("А"), lines=(leaf,)).kind == "none"
    unknown = screen(kind="unknown", platform_confidence=0.4)
    assert (unknown.kind, unknown.platform) == ("unknown", None)
    assert screen(kind="unknown").platform == "facebook"
