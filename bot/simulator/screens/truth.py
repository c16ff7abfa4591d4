"""What stands on a rendered screen and where: the ground truth that readers of screenshots are measured against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from PIL import Image

#: x, y, width, height in pixels of the rendered picture; (0, 0) is its upper left corner.
Box = tuple[int, int, int, int]

Platform = Literal["facebook", "instagram", "vk", "ok", "telegram", "tiktok", "youtube", "whatsapp"]
Kind = Literal["profile", "thread", "chat", "post"]
Language = Literal["ru", "ky", "en"]
Device = Literal["android", "iphone"]

#: What a line of text is on the screen: somebody's words, or words of the application or the phone.
#: A reader has to give "name", "handle", "text", "time", "counter" and "bio"; the rest is to be left out.
Role = Literal["name", "handle", "text", "time", "counter", "bio", "interface", "status", "input"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueLine:
    """One line of text as shown, and the box of its ink. Pieces of one row that stand apart are lines of their own."""

    text: str
    box: Box
    role: Role = "interface"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueComment:
    """One comment, message or post. ``text`` is as shown, its wrapped lines joined by spaces (or by its own newlines).

    A text that the application folds ends in "…". ``author`` is as shown, too, perhaps cut; the phone owner's own
    messages have "", those of a private chat its title, those that follow one of the same author without a name his.
    ``time`` is as shown ("2 ч"), "" when the application shows none. ``level`` is 0 for a comment, 1 for a reply to it
    (2 for a reply to that, on Facebook); in messengers 1 is a message that quotes another. ``avatar`` is None where
    none stands beside it. ``box`` holds all lines of ``text`` (width and height 0 when the text is empty).
    """

    author: str
    handle: str | None = None
    text: str
    time: str = ""
    level: int = 0
    avatar: Box | None = None
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueProfile:
    """A profile page. ``counters`` by kind ("followers", "following", "friends", "posts", "likes"), as shown.

    ``handle`` is None where none is shown; on WhatsApp it is the phone number.
    """

    name: str
    handle: str | None = None
    counters: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    avatar: Box | None = None
    photos: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueScreen:
    """Everything on one screen. ``lines`` are in reading order, those of the status and input bars included.

    ``post`` is the post above a thread's comments or the newest on a profile's wall, None when none is on the screen.
    ``photos`` are the boxes of all pictures on the screen besides the avatars: covers, posts' pictures, grids.
    """

    platform: Platform
    kind: Kind
    language: Language
    dark: bool
    device: Device
    lines: tuple[TrueLine, ...]
    comments: tuple[TrueComment, ...] = ()
    post: TrueComment | None = None
    profile: TrueProfile | None = None
    photos: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedScreen:
    """A phone screenshot (RGB; 1080x2340 on android, 1170x2532 on iphone) and what is on it."""

    image: Image.Image
    truth: TrueScreen
