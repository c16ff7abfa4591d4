"""What was read on a screenshot. Boxes are pixels of the picture that was given; confidences lie between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from detection.screenshot.boxes import Box

Platform = Literal["facebook", "instagram", "vk", "ok", "telegram", "tiktok", "youtube", "whatsapp"]
Kind = Literal["profile", "thread", "chat", "post", "unknown"]
#: "content" is what somebody wrote or is called; the rest belongs to the application or the phone.
Role = Literal["content", "time", "interface", "status", "input", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line of text, or a piece of one that stands apart, in reading order."""

    text: str
    box: Box
    confidence: float
    language: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A field and how surely it was read."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadComment:
    """One comment, message or post.

    ``text`` has its wrapped lines joined; ``time`` is as written, "" when there is none. ``level`` is 0 for a comment,
    1 for a reply to it, 2 for a reply to that. ``own`` is a message of the phone's owner, whose name no application
    shows: ``author`` is "".
    ``box`` holds the text's lines.
    """

    author: ReadText
    text: ReadText
    time: ReadText
    level: int
    avatar: Box | None
    box: Box
    own: bool = False

    @property
    def confidence(self) -> float:
        """Of its least sure part."""
        parts = [self.text.confidence] if self.own else [self.author.confidence, self.text.confidence]
        return min([*parts, self.time.confidence] if self.time.text else parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProfile:
    """A profile page. ``counters`` by kind (followers, following, friends, posts, likes), as shown."""

    name: ReadText
    handle: ReadText
    counters: Mapping[str, ReadText] = field(default_factory=dict)
    about: ReadText
    avatar: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everything that was read. ``platform`` is None when nothing speaks for one; "unknown" kinds have lines only.

    ``language`` is the interface's ("ru", "ky", "en"), None when no word of it was found. ``title`` stands in the bar
    at the top. ``complete`` is False when the time was over before all lines were read, or there were too many.
    """

    platform: Platform | None
    platform_confidence: float
    kind: Kind
    language: str | None
    dark: bool
    lines: tuple[ReadLine, ...]
    profile: ReadProfile | None = None
    post: ReadComment | None = None
    comments: tuple[ReadComment, ...] = ()
    title: str = ""
    confidence: float = 0.0
    complete: bool = True
