"""A phone screen to draw on, which notes what it draws: every line of text and every photo with its box.

Lengths and positions are in the phone's own units (dp, points) from the top left; the boxes noted are in pixels. Text
is placed by the middle of its capital letters, so that words and icons of one row share one ``y``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageOps

from bot.simulator.backdrops import Colour
from bot.simulator.screens.emoji import emoji_picture
from bot.simulator.screens.faces import Weight
from bot.simulator.screens.icons import icon_mask
from bot.simulator.screens.themes import Theme
from bot.simulator.screens.truth import Box, Device, Role, TrueLine
from bot.simulator.screens.typesetting import Piece, Type, broken, cleaned, fitted, pieces, width

Anchor = Literal["l", "m", "r"]

#: Pixels of the screen, and pixels to the unit: a common 6.5-inch Android phone, an iPhone 12 to 14.
SCREENS: Final[dict[Device, tuple[int, int, float]]] = {"android": (1080, 2340, 2.75), "iphone": (1170, 2532, 3.0)}


@dataclass(frozen=True, slots=True)
class Font:
    """How words are to be written: size in the phone's units, weight, colour, and what role they play."""

    size: float
    colour: Colour
    weight: Weight = "regular"
    role: Role = "interface"


@dataclass(frozen=True, slots=True)
class Set:
    """Words as they were set, perhaps cut: their box of ink in pixels; width, y below and last line in units."""

    words: str
    box: Box
    width: float
    below: float = 0.0
    last: float = 0.0


class Sheet:
    """One screen; ``image`` is what has been drawn so far."""

    def __init__(self, device: Device, theme: Theme, ground: Colour | None = None) -> None:
        across, down, self.scale = SCREENS[device]
        self.device: Device = device
        self.theme = theme
        self.width, self.height = across / self.scale, down / self.scale
        self.image = Image.new("RGB", (across, down), ground or theme.page)
        self.lines: list[TrueLine] = []
        self.photos: list[Box] = []
        #: Words that would reach below this height are left out: a bar begins there, or the screen ends.
        self.floor = self.height
        self._pen = ImageDraw.Draw(self.image)
        self.rehearsing = False

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Measure only: inside, nothing is drawn or noted."""
        before, self.rehearsing = self.rehearsing, True
        try:
            yield
        finally:
            self.rehearsing = before

    # Words

    def text(
        self,
        x: float,
        y: float,
        words: str,
        font: Font,
        *,
        anchor: Anchor = "l",
        room: float | None = None,
        links: bool = False,
    ) -> Set:
        """Write one line around the height ``y``, cut with "…" to ``room``."""
        style = self._type(font)
        shown = cleaned(words).replace("\n", " ")
        if room is not None:
            shown = fitted(shown, style, max(room, 1) * self.scale)
        wide = width(shown, style)
        left = x * self.scale - {"l": 0.0, "m": wide / 2, "r": wide}[anchor]
        box = self._write(left, y, shown, font, links)
        return Set(shown, box, wide / self.scale, y + font.size * 0.7)

    def paragraph(
        self,
        x: float,
        y: float,
        words: str,
        font: Font,
        room: float,
        *,
        leading: float = 1.32,
        most: int = 60,
        more: str = "",
        anchor: Anchor = "l",
    ) -> Set:
        """Write text in lines of ``room`` from the top ``y`` down; after ``most`` lines ``more`` offers the rest."""
        style = self._type(font)
        lines = broken(cleaned(words), style, room * self.scale)
        full = len(lines) > most
        if full:
            ending = f"… {more}" if more else "…"
            rest = room * self.scale - width(" " + ending, style) - 2
            lines = [*lines[: most - 1], fitted(" ".join((lines[most - 1], *lines[most : most + 2])), style, rest)]
        step, boxes = font.size * leading, []
        wide = max((width(line, style) for line in lines), default=0.0)
        if full and more:
            wide = room * self.scale
        for number, line in enumerate(lines):
            left = x * self.scale - {"l": 0.0, "m": width(line, style) / 2, "r": width(line, style)}[anchor]
            boxes.append(self._write(left, y + step * (number + 0.5), line, font, links=True))
        if full and more:
            at = x + (width(lines[-1] + " ", style)) / self.scale
            self.text(at, y + step * (most - 0.5), more, Font(font.size, self.theme.faint, font.weight))
        shown = cleaned(words) if not full else " ".join(lines)
        last = wide if full else width(lines[-1], style) if lines else 0.0
        return Set(shown, union(boxes), wide / self.scale, y + step * len(lines), last / self.scale)

    def measure(self, words: str, font: Font) -> float:
        """How wide one line would be."""
        return width(cleaned(words).replace("\n", " "), self._type(font)) / self.scale

    def _type(self, font: Font) -> Type:
        return Type(self.device, font.weight, font.size * self.scale)

    def _write(self, left: float, y: float, words: str, font: Font, links: bool) -> Box:
        """Draw the pieces of a line and note it; ``left`` in pixels."""
        style = self._type(font)
        if y + font.size * 0.6 > self.floor:
            return 0, 0, 0, 0
        middle, boxes, at = round(y * self.scale), [], left
        for piece in pieces(words, style, links):
            box = self._emoji(at, middle, piece, style) if piece.kind == "emoji" else None
            if piece.kind == "text":
                box = self._letters(at, middle, piece, style, font.colour)
            if box is not None and box[2]:
                boxes.append(box)
            at += piece.advance
        box = clipped(union(boxes), self.image.size)
        if box[2] and box[3] and not self.rehearsing:
            self.lines.append(TrueLine(text=words, box=box, role=font.role))
        return box

    def _letters(self, x: float, middle: int, piece: Piece, style: Type, colour: Colour) -> Box | None:
        mask, right, down = piece.face.ink(piece.words)
        if mask.size == (1, 1):
            return None
        corner = (round(x) + right, middle + round(style.face.capital / 2) + down)
        if not self.rehearsing:
            self.image.paste(self.theme.link if piece.link else colour, corner, mask)
        return *corner, *mask.size

    def _emoji(self, x: float, middle: int, piece: Piece, style: Type) -> Box:
        picture = emoji_picture(piece.words, style.emoji_side)
        corner = (round(x + style.pixels * 0.04), middle - picture.height // 2)
        if not self.rehearsing:
            self.image.paste(picture, corner, picture)
        return *corner, *picture.size

    # Shapes

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, radius: float = 0) -> Box:
        """A filled rectangle with rounded corners."""
        left, top, wide, high = self._pixels(x, y, width, height)
        if not self.rehearsing:
            if radius:
                mask = _rounded(wide, high, round(min(radius * self.scale, wide / 2, high / 2)))
                self.image.paste(colour, (left, top), mask)
            else:
                self._pen.rectangle((left, top, left + wide - 1, top + high - 1), colour)
        return left, top, wide, high

    def frame(
        self, x: float, y: float, width: float, height: float, colour: Colour, radius: float, line: float
    ) -> None:
        """The outline of a rounded rectangle, ``line`` thick, its inside filled with the page's colour."""
        self.box(x, y, width, height, colour, radius)
        self.box(x + line, y + line, width - 2 * line, height - 2 * line, self.theme.page, radius - line)

    def rule(self, y: float, left: float = 0, right: float | None = None, thick: float = 0.0) -> None:
        """A hairline, or a band, across the screen."""
        end = self.width if right is None else right
        self.box(left, y, end - left, max(thick, 1 / self.scale), self.theme.line)

    def circle(self, x: float, y: float, diameter: float, colour: Colour) -> None:
        """A filled circle around (x, y)."""
        self.box(x - diameter / 2, y - diameter / 2, diameter, diameter, colour, diameter)

    def icon(self, name: str, x: float, y: float, size: float, colour: Colour) -> None:
        """A drawing of icons.py around (x, y)."""
        if self.rehearsing:
            return
        mask = icon_mask(name, round(size * self.scale))
        self.image.paste(
            colour, (round(x * self.scale) - mask.width // 2, round(y * self.scale) - mask.height // 2), mask
        )

    # Photos

    def disc(self, x: float, y: float, diameter: float, photo: Image.Image) -> Box:
        """A photo cut to a circle around (x, y)."""
        return self.picture(x - diameter / 2, y - diameter / 2, diameter, diameter, photo, radius=diameter)

    def picture(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        photo: Image.Image,
        radius: float = 0,
        *,
        note: bool = False,
    ) -> Box:
        """A photo cut to a rectangle, the part of it that lies on the screen; ``note`` it among the photos."""
        left, top, wide, high = self._pixels(x, y, width, height)
        if not self.rehearsing:
            fitted_photo = ImageOps.fit(photo.convert("RGB"), (wide, high), Image.Resampling.LANCZOS)
            mask = _rounded(wide, high, round(min(radius * self.scale, wide / 2, high / 2))) if radius else None
            self.image.paste(fitted_photo, (left, top), mask)
        box = clipped((left, top, wide, high), self.image.size)
        if note and not self.rehearsing:
            self.photos.append(box)
        return box

    def shade(self, y: float, height: float, strength: int = 150) -> None:
        """Darken a band towards its lower edge, so that white words can be read on a photo."""
        if self.rehearsing:
            return
        left, top, wide, high = self._pixels(0, y, self.width, height)
        ramp = Image.linear_gradient("L").resize((wide, high)).point([level * strength // 255 for level in range(256)])
        self.image.paste((0, 0, 0), (left, top), ramp)

    def _pixels(self, x: float, y: float, width: float, height: float) -> Box:
        left, top = round(x * self.scale), round(y * self.scale)
        return left, top, max(1, round((x + width) * self.scale) - left), max(1, round((y + height) * self.scale) - top)


def union(boxes: list[Box]) -> Box:
    """The smallest box around all; empty for none."""
    if not boxes:
        return 0, 0, 0, 0
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def clipped(box: Box, size: tuple[int, int]) -> Box:
    """The part of a box that lies on a picture of this size."""
    left, top = max(0, box[0]), max(0, box[1])
    return left, top, max(0, min(size[0], box[0] + box[2]) - left), max(0, min(size[1], box[1] + box[3]) - top)


@lru_cache(maxsize=48)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with smooth corners: a quarter circle drawn larger and shrunk, in all four corners."""
    mask = Image.new("L", (width, height), 255)
    if radius < 1:
        return mask
    large = Image.new("L", (radius * 4, radius * 4), 0)
    ImageDraw.Draw(large).ellipse((0, 0, radius * 8 - 1, radius * 8 - 1), fill=255)
    corner = large.resize((radius, radius), Image.Resampling.LANCZOS)
    mask.paste(corner, (0, 0))
    mask.paste(ImageOps.mirror(corner), (width - radius, 0))
    mask.paste(ImageOps.flip(corner), (0, height - radius))
    mask.paste(ImageOps.flip(ImageOps.mirror(corner)), (width - radius, height - radius))
    return mask
