"""A phone screen to draw on: lengths in dp, 3 pixels each, as on a common 1080x2340 phone."""

from __future__ import annotations

from typing import Final, Literal

from PIL import Image, ImageDraw, ImageOps

from bot.simulator.backdrops import Colour
from bot.simulator.fonts import font
from bot.simulator.screens.looks import Palette

SCALE: Final = 3
WIDTH: Final = 360
HEIGHT: Final = 780

Anchor = Literal["l", "m", "r"]


class Sheet:
    """One screen; ``image`` is what has been drawn so far. Positions are in dp from the top left."""

    def __init__(self, colours: Palette) -> None:
        self.colours = colours
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), colours.page)
        self._pen = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, words: str, size: float, colour: Colour, *, bold: bool = False, anchor: Anchor = "l"
    ) -> float:
        """Write one line with its top at ``y``; the width it took."""
        face = font(round(size * SCALE))
        # The one font that is shipped is regular; a thin outline in its own colour makes it bold.
        stroke = size * SCALE / 38 if bold else 0
        at = (x * SCALE, y * SCALE)
        self._pen.text(at, words, colour, face, anchor=f"{anchor}a", stroke_width=stroke, stroke_fill=colour)
        return self._pen.textlength(words, face) / SCALE

    def paragraph(self, x: float, y: float, words: str, size: float, colour: Colour, width: float) -> float:
        """Write text broken into lines of ``width``; the y below it."""
        for line in self.lines(words, size, width):
            self.text(x, y, line, size, colour)
            y += size * 1.36
        return y

    def lines(self, words: str, size: float, width: float) -> list[str]:
        """``words`` broken at spaces into lines of at most ``width``; a longer word is cut into pieces."""
        face, lines = font(round(size * SCALE)), [""]
        for word in (piece for whole in words.split() for piece in self._pieces(whole, size, width)):
            longer = f"{lines[-1]} {word}".strip()
            if self._pen.textlength(longer, face) <= width * SCALE:
                lines[-1] = longer
            else:
                lines.append(word)
        return [line for line in lines if line]

    def _pieces(self, word: str, size: float, width: float) -> list[str]:
        face, pieces = font(round(size * SCALE)), [""]
        for letter in word:
            if pieces[-1] and self._pen.textlength(pieces[-1] + letter, face) > width * SCALE:
                pieces.append("")
            pieces[-1] += letter
        return pieces

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, radius: float = 0) -> None:
        """A filled rectangle with rounded corners."""
        left, top = round(x * SCALE), round(y * SCALE)
        corners = (left, top, left + max(1, round(width * SCALE)) - 1, top + max(1, round(height * SCALE)) - 1)
        self._pen.rounded_rectangle(corners, radius * SCALE, colour)

    def line(self, y: float, left: float = 0, right: float = WIDTH) -> None:
        """A hairline across the screen."""
        self.box(left, y, right - left, 1 / SCALE, self.colours.line)

    def circle(self, x: float, y: float, diameter: float, colour: Colour) -> None:
        """A filled circle around (x, y)."""
        self.disc(x, y, diameter, Image.new("RGB", (8, 8), colour))

    def disc(self, x: float, y: float, diameter: float, photo: Image.Image) -> None:
        """A photo cut to a circle around (x, y), with smooth edges."""
        side = round(diameter * SCALE)
        mask = Image.new("L", (side * 4, side * 4), 0)
        ImageDraw.Draw(mask).ellipse((0, 0, side * 4 - 1, side * 4 - 1), fill=255)
        corner = (round(x * SCALE - side / 2), round(y * SCALE - side / 2))
        fitted = ImageOps.fit(photo, (side, side), Image.Resampling.LANCZOS)
        self.image.paste(fitted, corner, mask.resize((side, side), Image.Resampling.LANCZOS))

    def picture(self, x: float, y: float, width: float, height: float, photo: Image.Image) -> None:
        """A photo cut to a rectangle."""
        size = (round(width * SCALE), round(height * SCALE))
        self.image.paste(ImageOps.fit(photo, size, Image.Resampling.LANCZOS), (round(x * SCALE), round(y * SCALE)))

    def strokes(self, points: list[tuple[float, float]], colour: Colour, width: float = 2) -> None:
        """An open line through points, for icons."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._pen.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")

    def button(self, x: float, y: float, width: float, words: str, fill: Colour, ink: Colour) -> None:
        """A filled button of 36 dp height with its word in the middle."""
        self.box(x, y, width, 36, fill, radius=8)
        self.text(x + width / 2, y + 9, words, 14, ink, bold=True, anchor="m")
