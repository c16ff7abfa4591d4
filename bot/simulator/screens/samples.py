"""Screens by number: made-up people, texts and counts, varied enough to measure readers of screenshots on."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, Literal, get_args

from PIL import Image

from bot.simulator.avatars import avatar
from bot.simulator.backdrops import backdrop
from bot.simulator.screens.contents import Chat, Comment, Look, PhotoShape, Post, Profile, ScreenContent, Thread
from bot.simulator.screens.render import render_screen
from bot.simulator.screens.times import shown_date, shown_time
from bot.simulator.screens.truth import Device, Language, Platform, RenderedScreen

SampleKind = Literal["profile", "thread", "chat"]

PLATFORMS: Final[tuple[Platform, ...]] = get_args(Platform)
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_DEVICES: Final[tuple[Device, ...]] = get_args(Device)
_CHATS: Final = ("telegram", "whatsapp")
# Drawing a portrait takes a tenth of a second, so that sampled people share these.
_FACES: Final = 40
_SOUNDS: Final = {
    **dict(zip("абвгдеёзийклмнопрстуфхыэөү", "abvgdeeziyklmnoprstufhyeou", strict=True)),
    **{"ж": "j", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "yu", "я": "ya", "ң": "ng", "ь": "", "ъ": ""},
}


def sample_screen(
    seed: int,
    *,
    platform: Platform | None = None,
    language: Language | None = None,
    dark: bool | None = None,
    device: Device | None = None,
    kind: SampleKind | None = None,
    photos: Sequence[Image.Image] = (),
    avatar_size: int | None = None,
) -> RenderedScreen:
    """A screen that the seed decides, but for what is given; the same each time.

    ``photos`` are people's photos: the first is the profile's (or the first commenter's), the rest follow in order and
    then drawn ones. ``avatar_size`` is in pixels of the screen. Raises ValueError as `render_screen` and `Look` do.
    """
    content, look = sample_content(
        seed, platform=platform, language=language, dark=dark, device=device, kind=kind, photos=photos
    )
    if avatar_size is not None:
        look = Look(
            platform=look.platform,
            language=look.language,
            dark=look.dark,
            device=look.device,
            clock=look.clock,
            battery=look.battery,
            avatar=avatar_size,
        )
    return render_screen(content, look)


def sample_content(
    seed: int,
    *,
    platform: Platform | None = None,
    language: Language | None = None,
    dark: bool | None = None,
    device: Device | None = None,
    kind: SampleKind | None = None,
    photos: Sequence[Image.Image] = (),
) -> tuple[ScreenContent, Look]:
    """What `sample_screen` draws, and how."""
    chance = random.Random(f"screen {seed}")  # noqa: S311
    drawn = (chance.choice(PLATFORMS), chance.choice(LANGUAGES), chance.random() < 0.5, chance.choice(_DEVICES))
    where = platform or drawn[0]
    now = datetime(2026, chance.randint(3, 11), chance.randint(1, 28), chance.randint(7, 23), chance.randrange(60))  # noqa: DTZ001
    look = Look(
        platform=where,
        language=language or drawn[1],
        dark=drawn[2] if dark is None else dark,
        device=device or drawn[3],
        clock=now.strftime("%H:%M"),
        battery=chance.randint(8, 99),
    )
    people = _People(chance, look, now, list(photos))
    kinds: tuple[SampleKind, ...] = (
        ("profile", "thread", "thread", "chat") if where in _CHATS else ("profile", "thread")
    )
    wanted = kind or chance.choice(kinds)
    if wanted == "profile":
        return people.profile(), look
    return (people.chat() if wanted == "chat" else people.thread()), look


class _People:
    """Who appears on one screen: draws people, texts and times from the chance it was given."""

    def __init__(self, chance: random.Random, look: Look, now: datetime, photos: list[Image.Image]) -> None:
        self._chance = chance
        self._look = look
        self._now = now
        self._photos = photos
        self._phrases = _phrases()[look.language]
        self._known: dict[str, Image.Image | None] = {}
        self._ages = sorted(chance.choice((1, 60, 60, 1440, 10_080)) * chance.uniform(1, 24) for _ in range(16))
        self._age = min(self._ages[-1], 600.0)

    def profile(self) -> Profile:
        """A person's page, with the newest post."""
        chance, name = self._chance, self._name()
        shapes: tuple[PhotoShape, ...] = ("circle",)
        if self._look.platform in ("facebook", "telegram"):
            shapes = ("circle", "circle", "square" if self._look.platform == "facebook" else "wide")
        photo = self._photo(always=True)
        return Profile(
            name=name,
            handle=handle_of(name, chance.randrange(1000)),
            photo=photo,
            shape=chance.choice(shapes),
            about=chance.choice(self._phrases["about"]),
            place=chance.choice(self._phrases["places"]),
            friends=chance.randrange(5, 1800),
            followers=int(10 ** chance.uniform(0.5, 6)),
            following=chance.randrange(3, 900),
            posts=chance.randrange(0, 700),
            likes=int(10 ** chance.uniform(1, 6)),
            last_post=Post(
                author=name,
                text=self._text() if self._look.platform != "youtube" else " ".join(self._several(5)),
                time=self._time(),
                photo=photo,
                picture=_picture(chance.randrange(24)) if chance.random() < 0.5 else None,
                likes=chance.randrange(1, 400),
            ),
            phone=f"+996 {chance.choice((555, 700, 772))} {chance.randrange(100, 999)} {chance.randrange(100, 999)}",
            verified=chance.random() < 0.1,
            story=chance.random() < 0.4,
            scene=chance.randrange(10_000),
        )

    def thread(self) -> Thread:
        """A post, or none, and comments with replies."""
        chance = self._chance
        post = self._post() if chance.random() < 0.6 or self._look.platform in ("telegram", "tiktok") else None
        levels = [0, *(int(chance.random() < 0.35) for _ in range(13)), 0]
        comments: list[Comment] = []
        for level, following in pairwise(levels):
            before = comments[-1].author if comments else ""
            comments.append(self._comment(level, before, last=not following))
        return Thread(comments=tuple(comments), post=post, total=chance.randrange(len(comments), 900))

    def chat(self) -> Chat:
        """A group's or a private chat."""
        chance = self._chance
        private = chance.random() < 0.35
        names = [self._name() for _ in range(1 if private else 4)]
        messages = []
        for number in range(16):
            author, own = chance.choice(names), chance.random() < (0.45 if private else 0.2)
            level = int(not private and bool(number) and chance.random() < 0.2)
            time = (self._now - timedelta(minutes=40 - 2 * number)).strftime("%H:%M")
            messages.append(
                Comment(author=author, text=self._text(), time=time, own=own, level=level, photo=self._of(author))
            )
        title = names[0] if private else chance.choice(self._phrases["outlets"])
        day = shown_date(self._now, self._look.language)
        photo = self._photo(always=True) if private else None
        return Chat(
            title=title,
            messages=tuple(messages),
            photo=photo,
            members=0 if private else chance.randrange(4, 300),
            day=day,
        )

    def _post(self) -> Post:
        chance = self._chance
        picture = _picture(chance.randrange(24)) if chance.random() < 0.6 else None
        return Post(
            author=chance.choice(self._phrases["outlets"]),
            text=chance.choice(self._phrases["posts"]),
            time=shown_time(
                self._now - timedelta(minutes=(self._age if self._look.platform in _CHATS else self._ages[-1]) + 5),
                self._now,
                self._look.platform,
                self._look.language,
            ),
            photo=_face(_FACES + chance.randrange(6)),
            picture=picture,
            likes=int(10 ** chance.uniform(0.5, 4.5)),
            comments=chance.randrange(3, 900),
            shares=chance.randrange(1, 200),
            verified=chance.random() < 0.3,
        )

    def _comment(self, level: int, before: str, *, last: bool) -> Comment:
        """A comment or a reply to it; further replies are offered only below the last one shown."""
        chance, author = self._chance, self._name()
        text = self._text()
        if level and chance.random() < 0.5:
            text = chance.choice(self._phrases["answers"]).replace("{name}", before.split(maxsplit=1)[0].lstrip("@"))
        by_handle = self._look.platform in ("instagram", "youtube") or (
            self._look.platform == "tiktok" and chance.random() < 0.4
        )
        handle = handle_of(author, chance.randrange(1000)) if by_handle else None
        shown = author if handle is None else f"@{handle}" if self._look.platform == "youtube" else handle
        return Comment(
            author=shown,
            handle=handle,
            text=text,
            time=self._time(level),
            photo=self._photo(),
            likes=int(10 ** chance.uniform(0, 3.4)) if chance.random() < 0.6 else 0,
            level=level,
            more_replies=chance.randrange(2, 30) if last and chance.random() < 0.25 else 0,
            verified=chance.random() < 0.04,
        )

    def _name(self) -> str:
        who = self._chance.choice(("women", "men"))
        return f"{self._chance.choice(self._phrases[who])} {self._chance.choice(self._phrases[who + '_last'])}".strip()

    def _text(self) -> str:
        if self._chance.random() < 0.15:
            return str(self._chance.choice(self._phrases["short"]))
        return " ".join(self._several(self._chance.choice((1, 1, 1, 2, 2, 3))))

    def _several(self, count: int) -> list[str]:
        return self._chance.sample(self._phrases["sentences"], count)

    def _time(self, level: int = 0) -> str:
        """Comments in any order, as applications rank them, replies after what they answer; messages in their own."""
        if self._look.platform in _CHATS:
            self._age *= self._chance.uniform(0.8, 0.97)
        else:
            self._age = self._chance.uniform(0.3, 1) * self._age if level else self._chance.choice(self._ages)
        when = self._now - timedelta(minutes=self._age)
        return shown_time(when, self._now, self._look.platform, self._look.language)

    def _photo(self, *, always: bool = False) -> Image.Image | None:
        if self._photos:
            return self._photos.pop(0)
        return _face(self._chance.randrange(_FACES)) if always or self._chance.random() < 0.7 else None

    def _of(self, name: str) -> Image.Image | None:
        """The same photo, or none, for the same name."""
        if name not in self._known:
            self._known[name] = self._photo()
        return self._known[name]


def handle_of(name: str, number: int) -> str:
    """A user name made from a name: Latin letters, sometimes digits."""
    latin = "".join(
        _SOUNDS.get(letter, letter if letter.isascii() and letter.isalpha() else "_") for letter in name.lower()
    )
    words = [word for word in latin.split("_") if word]
    return ("." if number % 3 else "_").join(words) + (str(number % 100) if number % 2 else "")


@cache
def _phrases() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _face(number: int) -> Image.Image:
    return avatar(5000 + number)


@lru_cache(maxsize=32)
def _picture(number: int) -> Image.Image:
    square = backdrop(random.Random(f"picture {number}"), 480)  # noqa: S311
    return square.crop((0, 60, 480, 60 + (270, 320, 360)[number % 3]))
