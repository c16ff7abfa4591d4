"""Screenshots that judge the photo matcher: a known photo on a page that was drawn for it, as Telegram passes it on."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

from benchmarks.images.edits import MILD, mirrored
from bot.simulator.screens import Look, Platform, Profile, recompressed, render_screen, sample_content
from bot.simulator.screens.contents import PhotoShape, Thread

#: Sizes in pixels at which a profile's photo is shown; None is the application's own.
_SIZES: Final = (None, None, 160, 200, 240, 320)


@dataclass(frozen=True, slots=True)
class Screen:
    """One kind of screenshot and the recall it has to reach; ``possible`` is that of either tier."""

    name: str
    platform: Platform
    bar: float
    shape: PhotoShape = "circle"
    dark: bool | None = None
    edited: bool = False
    small: bool = False
    thread: bool = False
    possible: float | None = None

    def drawn(self, photo: Image.Image, seed: int) -> Image.Image:
        """The screenshot as it arrives."""
        return recompressed(self.shown(photo, seed))

    def shown(self, photo: Image.Image, seed: int) -> Image.Image:
        """The screenshot as the phone takes it."""
        chance = random.Random(f"{self.name}/{seed}")
        if self.edited:
            photo = MILD(mirrored(photo), chance)
        return self._thread(photo, seed, chance) if self.thread else self._profile(photo, seed, chance)

    def _profile(self, photo: Image.Image, seed: int, chance: random.Random) -> Image.Image:
        content, look = sample_content(seed, platform=self.platform, dark=self.dark, kind="profile")
        assert isinstance(content, Profile)
        # The newest post shows the photo again: what is measured is one photo on the page.
        content = replace(content, photo=photo, shape=self.shape, last_post=None)
        return render_screen(content, self._sized(look, chance)).image

    def _thread(self, photo: Image.Image, seed: int, chance: random.Random) -> Image.Image:
        content, look = sample_content(seed, platform=self.platform, dark=self.dark, kind="thread")
        assert isinstance(content, Thread)
        first, *others = content.comments
        content = replace(content, comments=(replace(first, photo=photo), *others), post=None)
        return render_screen(content, self._sized(look, chance)).image

    def _sized(self, look: Look, chance: random.Random) -> Look:
        if self.small:
            return replace(look, avatar=96)
        return replace(look, avatar=None if self.shape == "wide" else chance.choice(_SIZES))


_APPLICATIONS: Final[tuple[tuple[str, Platform, PhotoShape], ...]] = (
    ("Facebook", "facebook", "circle"),
    ("Facebook, square on a cover", "facebook", "square"),
    ("Instagram", "instagram", "circle"),
    ("VK", "vk", "circle"),
    ("OK", "ok", "circle"),
    ("Telegram", "telegram", "circle"),
    ("Telegram, full width", "telegram", "wide"),
    ("TikTok", "tiktok", "circle"),
)

SCREENS: Final = (
    *(
        Screen(f"{name}, {'dark' if dark else 'light'}", platform, 0.97, shape, dark)
        for name, platform, shape in _APPLICATIONS
        for dark in (False, True)
    ),
    *(
        Screen(f"{name}, mirrored and edited", platform, 0.90, shape, None, edited=True)
        for name, platform, shape in _APPLICATIONS
    ),
    Screen("96 px on a profile, 52 as it arrives", "vk", 0.75, small=True, possible=0.90),
    Screen("96 px in a thread, 52 as it arrives", "facebook", 0.75, small=True, thread=True, possible=0.90),
)
