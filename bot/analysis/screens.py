"""The reading of screenshots in a worker: what the detectors say of one, in the words of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from PIL import Image

from bot.model.screen import Box, ReadComment, ReadProfile, ReadScreen
from detection.accounts.platforms import Platform, valid_handle
from detection.image.opening import ImageLimits, open_image
from detection.screenshot import model
from detection.screenshot.engine import EngineMissing, available, line_reader
from detection.screenshot.reading import read_screen

# The long side of a screenshot of 1080 pixels that is as high as the reader looks at. What Telegram sent as a photo is
# smaller; a file is read in the size in which it came.
_LONG_SIDE: Final = 3456
# CPU seconds after which the reader gives what it has: before the worker would be ended and nothing were known.
_SECONDS: Final = 8.0
# Below this confidence a person is asked to look. Of 102 comments on 40 rendered screens, recompressed as Telegram
# does, 8 in a hundred of those read rightly lie there, and a quarter of those with a mistake.
_SURE: Final = 0.75
# Lines of so many letters, read with such confidence, make a screenshot of a picture of which nothing else is known. Of
# 24 portraits and street scenes none had a single one; platforms were guessed of them with up to 0.57.
_LINES: Final = 3
_LETTERS: Final = 4
_LEGIBLE: Final = 0.7
_KNOWN: Final = 0.6
# Where people are called by their handles; elsewhere a handle is told by its sign.
_BY_HANDLE: Final = frozenset({"instagram"})
_LONGEST_NAME: Final = 200
_LONGEST_TEXT: Final = 4096


def read(data: bytes, limits: ImageLimits, languages: Sequence[str]) -> ReadScreen | None:
    """What stands on a picture; None when no engine is there to read it. Raises ImageRefused."""
    wanted = tuple(language for language in languages if language in available())
    if not wanted:
        return None
    opened = open_image(data, replace(limits, long_side=_LONG_SIDE, tall_side=_LONG_SIDE))
    try:
        screen = read_screen(opened.rgb, wanted, seconds=_SECONDS)
    except EngineMissing:
        return None
    return in_our_words(screen, opened.original_size, opened.original_size[0] / max(1, opened.width))


def warm_up(languages: Sequence[str]) -> None:
    """Load the models that are there: no stranger's picture pays for it."""
    for language in languages:
        if language in available():
            line_reader((language,)).read(Image.new("L", (120, 40), 255), 100)


def in_our_words(screen: model.Screen, size: tuple[int, int], factor: float = 1.0) -> ReadScreen:
    """A screen as the newsroom keeps it; what has hardly a line that can be read is none.

    `size` is that of the picture as it was sent, `factor` leads to its pixels from those that were read.
    """
    if _legible(screen) < (_LINES if screen.kind == "unknown" else 1):
        return ReadScreen(size=size)
    # A post alone is what the screenshot is about; above a thread it is what people write about.
    said = (screen.post,) if screen.kind == "post" and screen.post is not None else screen.comments
    comments = tuple(_comment(number, each, screen.platform, factor) for number, each in enumerate(said, start=1))
    return ReadScreen(
        kind=screen.kind,
        platform=screen.platform if screen.kind != "unknown" or screen.platform_confidence >= _KNOWN else None,
        language=screen.language,
        size=size,
        profile=_profile(screen.profile, screen.platform, factor) if screen.profile is not None else None,
        comments=comments,
        confidence=round(screen.confidence, 3),
        unsure=screen.confidence < _SURE or any(comment.unsure for comment in comments if not comment.own),
        complete=screen.complete,
    )


def _legible(screen: model.Screen) -> int:
    """Lines that are surely words: leaves and hair are read as letters, too, but not with confidence."""
    return sum(
        line.confidence >= _LEGIBLE and sum(sign.isalpha() for sign in line.text) >= _LETTERS for line in screen.lines
    )


def _comment(number: int, read: model.ReadComment, platform: str | None, factor: float) -> ReadComment:
    author, handle = _named(read.author.text, platform)
    return ReadComment(
        number=number,
        text=read.text.text.strip()[:_LONGEST_TEXT],
        author=author,
        handle=handle,
        time=read.time.text.strip(),
        level=read.level,
        own=read.own,
        avatar=_box(read.avatar, factor),
        box=_box(read.box, factor),
        confidence=round(read.confidence, 3),
        unsure=read.confidence < _SURE,
    )


def _profile(read: model.ReadProfile, platform: str | None, factor: float) -> ReadProfile:
    confidence = min([read.name.confidence, *([read.handle.confidence] if read.handle.text else [])])
    return ReadProfile(
        name=read.name.text.strip()[:_LONGEST_NAME],
        handle=_handle(read.handle.text, platform),
        about=read.about.text.strip()[:_LONGEST_TEXT],
        counters=tuple((kind, counter.text) for kind, counter in read.counters.items()),
        avatar=_box(read.avatar, factor),
        confidence=round(confidence, 3),
        unsure=confidence < _SURE,
    )


def _named(shown: str, platform: str | None) -> tuple[str, str | None]:
    """The name and the handle that a comment's author is shown by: on Instagram and after "@" it is the handle."""
    shown = shown.strip()[:_LONGEST_NAME]
    handle = _handle(shown, platform) if shown.startswith("@") or platform in _BY_HANDLE else None
    return ("", handle) if handle is not None else (shown, None)


def _handle(shown: str, platform: str | None) -> str | None:
    # What the application cut off, or no account can be called, is a name like any other.
    if platform is None or shown.endswith(("…", "..")):
        return None
    return valid_handle(cast(Platform, platform), shown.strip())


def _box(box: tuple[int, int, int, int] | None, factor: float) -> Box | None:
    if box is None:
        return None
    x, y, width, height = (round(each * factor) for each in box)
    return x, y, width, height
