"""What a drawn screenshot shows, and how: the person's or newsroom's side of it, free of any application's looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PIL import Image

from bot.simulator.screens.truth import Device, Language, Platform

PhotoShape = Literal["circle", "square", "wide"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment, message or post; ``time`` is shown as it is ("2 ч").

    Without ``photo`` the application draws a letter or a silhouette. ``level`` above 0 indents it as a reply;
    ``more_replies`` offers as many further ones below it. ``own`` is a message of the phone's owner, for chats.
    """

    author: str
    text: str
    time: str = ""
    handle: str | None = None
    photo: Image.Image | None = None
    likes: int = 0
    level: int = 0
    more_replies: int = 0
    verified: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post, above its comments or on a wall, with a picture if there is one."""

    author: str
    text: str
    time: str = ""
    photo: Image.Image | None = None
    picture: Image.Image | None = None
    likes: int = 312
    comments: int = 48
    shares: int = 12
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile page. ``shape`` of its photo: "square" exists on old Facebook, "wide" on Telegram.

    Without ``cover`` and ``pictures`` drawn ones of ``scene`` stand there. ``story`` puts a ring around the photo.
    """

    name: str
    handle: str | None = None
    photo: Image.Image | None = None
    shape: PhotoShape = "circle"
    about: str = ""
    place: str = ""
    friends: int = 214
    followers: int = 1280
    following: int = 163
    posts: int = 96
    likes: int = 4210
    cover: Image.Image | None = None
    pictures: tuple[Image.Image, ...] = ()
    last_post: Post | None = None
    phone: str = ""
    verified: bool = False
    story: bool = False
    scene: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Comments, as many as fit, under the post they belong to or, without one, scrolled below it."""

    comments: tuple[Comment, ...]
    post: Post | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A group's or, with ``members`` 0, a private chat, for Telegram and WhatsApp; the newest message is the last."""

    title: str
    messages: tuple[Comment, ...]
    photo: Image.Image | None = None
    members: int = 0
    day: str = ""


ScreenContent = Profile | Thread | Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Which application on which phone. ``avatar`` sets how large the photos are shown, in pixels (24 to 640).

    It is the profile's photo on a profile page and the authors' photos, at most 240, in a thread; None leaves the
    application's own size, and a photo of "wide" shape fills the width. Raises ValueError for a size out of bounds.
    """

    platform: Platform
    language: Language = "ru"
    dark: bool = False
    device: Device = "android"
    clock: str = "14:32"
    battery: int = 74
    avatar: int | None = None

    def __post_init__(self) -> None:
        if self.avatar is not None and not 24 <= self.avatar <= 640:
            raise ValueError(f"an avatar of {self.avatar} pixels cannot be shown: 24 to 640")
