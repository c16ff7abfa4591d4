"""A screen in the making: the sheet, the look, the words, and what has been put on it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from PIL import Image

from bot.simulator.backdrops import Colour
from bot.simulator.screens.contents import Comment, Look
from bot.simulator.screens.faces import Weight
from bot.simulator.screens.portraits import portrait
from bot.simulator.screens.sheet import Font, Set, Sheet
from bot.simulator.screens.themes import Theme
from bot.simulator.screens.truth import Box, Role, TrueComment, TrueProfile
from bot.simulator.screens.words import Words

_STATUS: Final = {"android": 30.0, "iphone": 50.0}
_GESTURES: Final = {"android": 18.0, "iphone": 28.0}


@dataclass(slots=True, kw_only=True)
class Page:
    """What every drawing function works on."""

    sheet: Sheet
    look: Look
    words: Words
    #: Pixels of the largest photo that leaves room for words beside it.
    largest: int = 640
    #: Lines of a comment's text before it is folded.
    most: int = 16
    comments: list[TrueComment] = field(default_factory=list)
    post: TrueComment | None = None
    profile: TrueProfile | None = None

    @property
    def theme(self) -> Theme:
        """The application's colours."""
        return self.sheet.theme

    @property
    def iphone(self) -> bool:
        """Whether the phone is one."""
        return self.look.device == "iphone"

    @property
    def top(self) -> float:
        """Where the status bar ends."""
        return _STATUS[self.look.device]

    @property
    def bottom(self) -> float:
        """Where the strip for gestures begins."""
        return self.sheet.height - _GESTURES[self.look.device]

    def lines_in(self, room: float) -> int:
        """How many lines of a comment, with what belongs around them, find room: at least 1, at most 16."""
        return max(1, min(16, int((room - 92) / 21.2)))

    def ink(self, size: float, weight: Weight = "regular", role: Role = "interface") -> Font:
        """Words in the colour of text."""
        return Font(size, self.theme.ink, weight, role)

    def faint(self, size: float, weight: Weight = "regular", role: Role = "interface") -> Font:
        """Words in the colour of what matters less."""
        return Font(size, self.theme.faint, weight, role)

    def avatar_size(self, usual: float) -> float:
        """The diameter of photos: as the look orders, in units, or the application's own."""
        return usual if self.look.avatar is None else min(self.look.avatar, self.largest) / self.sheet.scale

    def avatar(self, x: float, y: float, diameter: float, name: str, photo: Image.Image | None) -> Box:
        """Somebody's photo in a circle around (x, y), or what the application shows without one."""
        return self.sheet.disc(x, y, diameter, portrait(name, photo, self.look.platform, self.look.dark))

    def name(self, x: float, y: float, comment: Comment, font: Font, room: float) -> Set:
        """An author's name in one line, with the tick if verified; the width takes both in."""
        tick = font.size * 1.3 if comment.verified else 0
        shown = self.sheet.text(x, y, comment.author, font, room=room - tick)
        if comment.verified:
            self.tick(x + shown.width + font.size * 0.72, y, font.size)
        return Set(shown.words, shown.box, shown.width + tick, shown.below)

    def tick(self, x: float, y: float, size: float) -> None:
        """The sign of a verified account around (x, y)."""
        blue: Colour = (0, 149, 246) if self.look.platform != "tiktok" else (32, 213, 236)
        self.sheet.circle(x, y, size * 0.7, (255, 255, 255))
        self.sheet.icon("tick-badge", x, y, size, self.theme.faint if self.look.platform == "youtube" else blue)
