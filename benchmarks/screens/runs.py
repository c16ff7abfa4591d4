"""Render screens, send them as people do, read them, and keep what came out."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from PIL import Image

from benchmarks.screens.letters import Letters, letters_of
from benchmarks.screens.structure import Structure, profile_fields, structure_of
from bot.simulator.screens import (
    LANGUAGES,
    PLATFORMS,
    RenderedScreen,
    TrueScreen,
    camera_view,
    photographed,
    recompressed,
    sample_screen,
)
from detection.screenshot.boxes import Box
from detection.screenshot.model import Screen
from detection.screenshot.reading import read_screen

Sent = Literal["file", "photo", "photographed"]
SENT: Final[tuple[Sent, ...]] = get_args(Sent)
#: Seeds below 40,000 are those that the reader was made with; nobody looked at those from here on.
FIRST_SEED: Final = 80_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One screen: what it was, and how well it was read."""

    seed: int
    platform: str
    language: str
    dark: bool
    device: str
    kind: str
    sent: Sent
    letters: Letters
    structure: Structure
    post: bool | None
    platform_read: str | None
    kind_read: str
    profile: tuple[int, int, int, int] | None
    seconds: float


def outcomes(screens: int, sent: Sequence[Sent], photos: Sequence[Image.Image] = ()) -> Iterator[Outcome]:
    """``screens`` for each platform and way of sending; every fourth is a profile. Languages and looks take turns."""
    for way in sent:
        for number in range(screens):
            for place, platform in enumerate(PLATFORMS):
                yield _one(FIRST_SEED + 97 * number + place, number, platform, way, photos)


def _one(seed: int, number: int, platform: str, way: Sent, photos: Sequence[Image.Image]) -> Outcome:
    kinds = ("thread", "chat") if platform == "telegram" else ("chat",) if platform == "whatsapp" else ("thread",)
    kind = "profile" if number % 4 == 3 else kinds[number % len(kinds)]
    shown = [photos[(seed + at) % len(photos)] for at in range(12)] if photos else []
    rendered = sample_screen(
        seed,
        platform=platform,  # type: ignore[arg-type]
        language=LANGUAGES[number % 3],
        dark=bool(number // 2 % 2),
        kind=kind,  # type: ignore[arg-type]
        photos=shown,
    )
    picture = _sent(rendered, way, seed)
    started = time.process_time()
    read = read_screen(picture)
    seconds = time.process_time() - started
    return _outcome(seed, rendered, on_screen(read, way, rendered, picture, seed), way, seconds)


def _sent(rendered: RenderedScreen, way: Sent, seed: int) -> Image.Image:
    if way == "photo":
        return recompressed(rendered.image)
    return photographed(rendered.image, seed) if way == "photographed" else rendered.image


def _outcome(seed: int, rendered: RenderedScreen, read: Screen, way: Sent, seconds: float) -> Outcome:
    truth = rendered.truth
    post = None
    if truth.post is not None and truth.kind != "profile":
        post = read.post is not None and structure_of([truth.post], [read.post]).right == 1
    return Outcome(
        seed=seed,
        platform=truth.platform,
        language=truth.language,
        dark=truth.dark,
        device=truth.device,
        kind=truth.kind,
        sent=way,
        letters=letters_of(truth.lines, read.lines),
        structure=structure_of(truth.comments, read.comments),
        post=post,
        platform_read=read.platform,
        kind_read=read.kind,
        profile=_profile(truth, read),
        seconds=seconds,
    )


def _profile(truth: TrueScreen, read: Screen) -> tuple[int, int, int, int] | None:
    return profile_fields(truth.profile, read.profile) if truth.profile is not None else None


def on_screen(read: Screen, way: Sent, rendered: RenderedScreen, picture: Image.Image, seed: int) -> Screen:
    """The same with its boxes where they are on the rendered screen: scaled, or as the camera saw them."""
    view = camera_view(rendered.image.size, seed) if way == "photographed" else None
    factor = rendered.image.width / picture.width

    def place(box: Box) -> Box:
        return _through(view, box) if view else box.scaled(factor)

    return replace(
        read,
        lines=tuple(replace(line, box=place(line.box)) for line in read.lines),
        comments=tuple(
            replace(comment, avatar=place(comment.avatar) if comment.avatar else None) for comment in read.comments
        ),
    )


def _through(view: Sequence[float], box: Box) -> Box:
    """As large on the screen as its sides through its middle, so that a long line askew gets no higher."""
    a, b, c, d, e, f, g, h = view

    def point(x: float, y: float) -> tuple[float, float]:
        depth = g * x + h * y + 1
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    x, y = box.middle
    left, right = point(box.x, y)[0], point(box.right, y)[0]
    top, bottom = point(x, box.y)[1], point(x, box.bottom)[1]
    return Box(round(left), round(top), round(right - left), round(bottom - top))
