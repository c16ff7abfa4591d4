"""What several applications' profile pages share: buttons, counters, grids of pictures, pictures not given."""

from __future__ import annotations

import random
from functools import lru_cache

from PIL import Image

from bot.simulator.backdrops import Colour, backdrop
from bot.simulator.screens.contents import Comment, Profile
from bot.simulator.screens.page import Page
from bot.simulator.screens.sheet import Font, Set
from bot.simulator.screens.truth import Box, TrueProfile

_SCENES = 48


def cover_of(who: Profile) -> Image.Image:
    """The cover, given or drawn."""
    return who.cover if who.cover is not None else _scene(who.scene * 7 % _SCENES)


def picture_of(who: Profile, number: int) -> Image.Image:
    """A picture that this person has posted, given or drawn."""
    if number < len(who.pictures):
        return who.pictures[number]
    return _scene((who.scene * 7 + number + 1) % _SCENES)


@lru_cache(maxsize=_SCENES)
def _scene(number: int) -> Image.Image:
    return backdrop(random.Random(f"scene {number}"), 240)  # noqa: S311


def name_line(page: Page, x: float, y: float, who: Profile, font: Font, room: float, *, middle: bool = False) -> Set:
    """The name, with its tick, from ``x`` or around it."""
    shown = Comment(author=who.name, text="", verified=who.verified)
    if middle:
        with page.sheet.rehearsal():
            x -= page.name(0, y, shown, font, room).width / 2
    return page.name(x, y, shown, font, room)


def note(page: Page, name: Set, avatar: Box, counters: dict[str, str], *, handle: str | None, about: str) -> None:
    """Put the profile into the screen's truth."""
    page.profile = TrueProfile(
        name=name.words,
        handle=handle,
        counters=counters,
        about=about,
        avatar=avatar,
        photos=tuple(page.sheet.photos),
    )


def buttons(
    page: Page,
    y: float,
    words: list[str],
    *,
    high: float = 36,
    radius: float = 8,
    icons: tuple[str, ...] = (),
    extra: str = "",
) -> float:
    """A row of buttons, the first in the application's colour; ``extra`` is an icon in a small one at the end."""
    sheet, gap, left = page.sheet, 8.0, 16.0
    tail = high + gap if extra else 0.0
    needs = [sheet.measure(word, Font(14.5, page.theme.ink, "medium")) + (42 if icons else 20) for word in words]
    needs = [max(needs)] * len(needs) if max(needs) * len(needs) + tail < sheet.width - 48 else needs
    spare = (sheet.width - 2 * left - tail - gap * (len(words) - 1) - sum(needs)) / len(words)
    x = left
    for place, word in enumerate(words):
        wide = needs[place] + spare
        fill, ink = (page.theme.button, page.theme.on_button) if not place else (page.theme.card, page.theme.ink)
        sheet.box(x, y, wide, high, fill, radius)
        _button_words(page, x, y + high / 2, wide, word, ink, icons[place] if icons else "")
        x += wide + gap
    if extra:
        sheet.box(sheet.width - left - high, y, high, high, page.theme.card, radius)
        sheet.icon(extra, sheet.width - left - high / 2, y + high / 2, 18, page.theme.ink)
    return y + high


def _button_words(page: Page, x: float, y: float, wide: float, word: str, ink: Colour, icon: str) -> None:
    font = Font(14.5, ink, "medium")
    room = wide - 16 - (22 if icon else 0)
    across = min(page.sheet.measure(word, font), room) + (22 if icon else 0)
    start = x + (wide - across) / 2
    if icon:
        page.sheet.icon(icon, start + 8, y, 17, ink)
        start += 22
    page.sheet.text(start, y, word, font, room=room)


def counters(page: Page, x: float, y: float, wide: float, shown: list[tuple[str, str]], *, left: bool = False) -> float:
    """Columns with a count above its word; the y below."""
    sheet, column = page.sheet, wide / len(shown)
    for place, (number, word) in enumerate(shown):
        at = x + column * (place if left else place + 0.5)
        sheet.text(at, y + 10, number, page.ink(16.5, "medium", "counter"), anchor="l" if left else "m")
        sheet.text(at, y + 30, word, page.ink(13), anchor="l" if left else "m", room=column - 4)
    return y + 42


def grid(
    page: Page, y: float, floor: float, who: Profile, *, tall: float, most: int = 18, counts: bool = False
) -> None:
    """Three columns of ``most`` pictures down to ``floor``; with the number of views in each corner if asked for."""
    sheet, side = page.sheet, page.sheet.width / 3
    for cell in range(min(most, 18)):
        x, top = cell % 3 * side, y + cell // 3 * side * tall
        if top + 20 > floor:
            break
        high = min(side * tall, floor - top)
        picture = picture_of(who, cell)
        box = sheet.picture(x, top, side - 1, side * tall - 1, picture)
        sheet.photos.append((box[0], box[1], box[2], round((high - 1) * sheet.scale)))
        if counts and high > side * tall - 1:
            _views(page, x, top + side * tall - 14, who, cell)
    sheet.box(0, floor, sheet.width, sheet.height - floor, page.theme.page)


def _views(page: Page, x: float, y: float, who: Profile, cell: int) -> None:
    white = (255, 255, 255)
    page.sheet.icon("play", x + 13, y, 11, white)
    number = (who.scene * 7919 + cell * 104_729) % 48_000 + 120
    page.sheet.text(x + 22, y, page.words.count(number), Font(12, white, "medium", "counter"))


def tabs(page: Page, y: float, words: list[str], *, chosen: int = 0) -> float:
    """Words in a row, one of them underlined; those that do not fit are left out; the y below."""
    sheet, x = page.sheet, 16.0
    for place, word in enumerate(words):
        font = page.ink(14.5, "medium") if place == chosen else page.faint(14.5, "medium")
        wide = sheet.measure(word, font)
        if x + wide > sheet.width - 8:
            break
        sheet.text(x, y + 20, word, font)
        if place == chosen:
            sheet.box(
                x - 4,
                y + 37,
                wide + 8,
                2.5,
                page.theme.accent if page.look.platform != "youtube" else page.theme.ink,
                1,
            )
        x += wide + 26
    sheet.rule(y + 40)
    return y + 41


def bottom_tabs(page: Page, icons: tuple[str, ...], words: list[str] | None = None) -> float:
    """The application's own row of places to go, at the bottom; the y above it."""
    sheet, high = page.sheet, 50.0
    top = page.bottom - high
    sheet.box(0, top, sheet.width, sheet.height - top, page.theme.page)
    sheet.rule(top)
    column = sheet.width / len(icons)
    for place, icon in enumerate(icons):
        middle = column * (place + 0.5)
        sheet.icon(icon, middle, top + (18 if words else 25), 24 if not words else 22, page.theme.ink)
        if words and place < len(words):
            sheet.text(middle, top + 39, words[place], page.ink(10.5), anchor="m", room=column - 2)
    return top


def field(page: Page, y: float, icon: str, words: str, font: Font | None = None) -> float:
    """A row with an icon and a fact; the y below."""
    page.sheet.icon(icon, 26, y + 12, 20, page.theme.faint)
    page.sheet.text(46, y + 12, words, font or page.ink(15, role="bio"), room=page.sheet.width - 62)
    return y + 30
