"""Profile pages in four shapes: the photo left over a cover, in the middle of one, beside counters, or full width."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from PIL import Image

from bot.simulator.backdrops import backdrop
from bot.simulator.screens.contents import Profile
from bot.simulator.screens.frame import STATUS, app_bar, counted
from bot.simulator.screens.looks import Look
from bot.simulator.screens.sheet import HEIGHT, WIDTH, Sheet

Words = dict[str, str]


def draw_profile(sheet: Sheet, who: Profile, look: Look, words: Words) -> None:
    """Draw the whole page under the status bar."""
    _LAYOUTS[look.layout](sheet, who, look, words)


def _left(sheet: Sheet, who: Profile, look: Look, words: Words) -> None:
    """Facebook's: a cover, the photo over its lower left, the name below."""
    top = app_bar(sheet, who.name)
    sheet.picture(0, top, WIDTH, look.cover, _scene(who, 0))
    middle = top + look.cover - 24
    _photo(sheet, 16 + look.photo / 2, middle, who, look)
    y = middle + look.photo / 2 + 12
    sheet.text(16, y, who.name, 23, sheet.colours.ink, bold=True)
    y += 33
    taken = sheet.text(16, y, counted(who.friends, ","), 15, sheet.colours.ink, bold=True)
    sheet.text(22 + taken, y, words["friends"], 15, sheet.colours.faint)
    y = sheet.paragraph(16, y + 26, who.about, 15, sheet.colours.ink, WIDTH - 32)
    y = _buttons(sheet, y + 10, look, words, words["add"])
    if who.place:
        y = sheet.paragraph(16, y + 14, f"{words['lives']} {who.place}", 15, sheet.colours.ink, WIDTH - 32)
    _wall(sheet, y + 14, who, words)


def _centre(sheet: Sheet, who: Profile, look: Look, words: Words) -> None:
    """VK's and OK's: a cover under the bar, photo, name and counters in the middle."""
    top = app_bar(sheet, who.handle)
    sheet.picture(0, top, WIDTH, look.cover, _scene(who, 0))
    middle = top + look.cover
    _photo(sheet, WIDTH / 2, middle, who, look)
    y = middle + look.photo / 2 + 10
    sheet.text(WIDTH / 2, y, who.name, 21, sheet.colours.ink, bold=True, anchor="m")
    y += 30
    for line in sheet.lines(who.about, 14, WIDTH - 60)[:2]:
        sheet.text(WIDTH / 2, y, line, 14, sheet.colours.faint, anchor="m")
        y += 20
    y = _counters(sheet, 0, y + 8, WIDTH, who, words)
    y = _buttons(sheet, y + 8, look, words, words["add"])
    _wall(sheet, y + 14, who, words)


def _row(sheet: Sheet, who: Profile, look: Look, words: Words) -> None:
    """Instagram's: the photo at the left, counters beside it, a grid of pictures below."""
    top = app_bar(sheet, who.handle)
    _photo(sheet, 16 + look.photo / 2 + 4, top + 12 + look.photo / 2, who, look)
    _counters(sheet, look.photo + 36, top + 30, WIDTH - look.photo - 44, who, words)
    y = top + look.photo + 26
    sheet.text(16, y, who.name, 14.5, sheet.colours.ink, bold=True)
    y = sheet.paragraph(16, y + 20, " ".join((who.about, who.place)), 14, sheet.colours.ink, WIDTH - 32)
    y = _buttons(sheet, y + 8, look, words, words["follow"]) + 18
    sheet.line(y)
    side = WIDTH / 3
    for cell in range(15):
        x, below = cell % 3 * side, y + 1 + cell // 3 * side
        if below < HEIGHT:
            sheet.picture(x, below, side - 1, side - 1, _scene(who, cell + 1))


def _full(sheet: Sheet, who: Profile, look: Look, words: Words) -> None:
    """Telegram's: the photo over the whole width, the name on it, fields below."""
    sheet.picture(0, STATUS, WIDTH, look.photo, who.photo)
    sheet.text(18, STATUS + look.photo - 58, who.name, 21, (255, 255, 255), bold=True)
    sheet.text(
        18, STATUS + look.photo - 28, counted(who.followers, ",") + " " + words["followers"], 13, (235, 235, 235)
    )
    y = STATUS + look.photo + 20.0
    for label, value in (("handle", f"@{who.handle}"), ("about", who.about), ("lives", who.place)):
        if value:
            y = sheet.paragraph(18, y, value, 16, sheet.colours.ink, WIDTH - 36)
            sheet.text(18, y, words[label].rstrip(":"), 13, sheet.colours.faint)
            y += 32
            sheet.line(y - 6, left=18)
    _buttons(sheet, y + 8, look, words, words["add"])


_LAYOUTS: Final[dict[str, Callable[[Sheet, Profile, Look, Words], None]]] = {
    "left": _left,
    "centre": _centre,
    "row": _row,
    "full": _full,
}


def _scene(who: Profile, number: int) -> Image.Image:
    """The cover (0) and the pictures that this person has posted."""
    return backdrop(random.Random(f"{who.scene}/{number}"), 360)  # noqa: S311


def _photo(sheet: Sheet, x: float, y: float, who: Profile, look: Look) -> None:
    """The round photo, in a ring of the page's colour, and for a story in a coloured one around that."""
    if look.ring:
        sheet.circle(x, y, look.photo + 10, (214, 41, 118))
        sheet.circle(x, y, look.photo + 6, sheet.colours.page)
    else:
        sheet.circle(x, y, look.photo + 8, sheet.colours.page)
    sheet.disc(x, y, look.photo, who.photo)


def _counters(sheet: Sheet, x: float, y: float, width: float, who: Profile, words: Words) -> float:
    for place, (key, number) in enumerate(
        (("posts", who.posts), ("followers", who.followers), ("friends", who.friends))
    ):
        middle = x + width * (place + 0.5) / 3
        sheet.text(middle, y, counted(number, ","), 16, sheet.colours.ink, bold=True, anchor="m")
        sheet.text(middle, y + 22, words[key], 12, sheet.colours.faint, anchor="m")
    return y + 44


def _buttons(sheet: Sheet, y: float, look: Look, words: Words, first: str) -> float:
    half = (WIDTH - 40) / 2
    sheet.button(16, y, half, first, look.accent, (255, 255, 255))
    sheet.button(24 + half, y, half, words["message"], sheet.colours.card, sheet.colours.ink)
    return y + 36


def _wall(sheet: Sheet, y: float, who: Profile, words: Words) -> None:
    """The heading of the wall and its newest post, with a picture as far as it fits."""
    sheet.box(0, y, WIDTH, 8, sheet.colours.card)
    sheet.text(16, y + 18, words["wall"], 17, sheet.colours.ink, bold=True)
    y += 52
    sheet.disc(34, y + 18, 36, who.photo)
    sheet.text(62, y + 1, who.name, 14.5, sheet.colours.ink, bold=True)
    sheet.text(62, y + 20, f"{words['ago']} · @{who.handle}", 12, sheet.colours.faint)
    y = sheet.paragraph(16, y + 46, who.last_post, 15, sheet.colours.ink, WIDTH - 32) + 8
    if y < HEIGHT - 40:
        sheet.picture(0, y, WIDTH, HEIGHT - y, _scene(who, 1))
        sheet.box(0, HEIGHT - 20, WIDTH, 20, sheet.colours.page)
