"""What a drawn screenshot shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PIL import Image

Platform = Literal["facebook", "instagram", "vk", "ok", "telegram"]
Language = Literal["ru", "ky", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile page. ``photo`` is any RGB picture; ``scene`` seeds the cover and the pictures on the wall."""

    name: str
    handle: str
    photo: Image.Image
    about: str = ""
    place: str = ""
    friends: int = 214
    followers: int = 1280
    posts: int = 96
    last_post: str = ""
    scene: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadComment:
    """One comment; ``when`` is shown as it is ("2 ч", "3 саат"), ``reply`` indents it under the one before."""

    author: str
    photo: Image.Image
    text: str
    when: str
    likes: int = 0
    reply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentThread:
    """A post and the comments under it, as many as fit on the screen."""

    author: str
    photo: Image.Image
    text: str
    when: str
    comments: tuple[ThreadComment, ...]
    likes: int = 312
