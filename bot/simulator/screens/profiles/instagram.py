"""Instagram's profile page: the photo beside three counters, a grid of pictures below."""

from __future__ import annotations

from bot.simulator.screens.bars import BAR, back
from bot.simulator.screens.contents import Profile
from bot.simulator.screens.page import Page
from bot.simulator.screens.profiles.parts import bottom_tabs, buttons, counters, grid, name_line, note
from bot.simulator.screens.sheet import Font

_STORY = ((247, 119, 55), (221, 42, 123), (129, 52, 175))


def draw(page: Page, who: Profile) -> None:
    """Draw the whole page under the status bar."""
    sheet, words, theme = page.sheet, page.words, page.theme
    _bar(page, who)
    sheet.floor = page.bottom - 50
    y = page.top + BAR + 8
    side = page.avatar_size(86)
    middle = y + side / 2 + 4
    if who.story:
        for shrink, colour in zip((10, 9, 7), _STORY, strict=True):
            sheet.circle(20 + side / 2 + (10 - shrink), middle - (10 - shrink), side + shrink, colour)
        sheet.circle(20 + side / 2, middle, side + 5, theme.page)
    avatar = page.avatar(20 + side / 2, middle, side, who.name, who.photo)
    shown = {
        "posts": (words.count(who.posts), words.counted("posts", who.posts)),
        "followers": (words.count(who.followers), words.counted("followers", who.followers)),
        "following": (words.count(who.following), words.counted("following", who.following)),
    }
    wide = sheet.width - side - 56
    if wide > 170:
        counters(page, side + 44, middle - 20, wide, list(shown.values()), left=True)
        y = middle + side / 2 + 16
    else:
        y = counters(page, 16, middle + side / 2 + 8, sheet.width - 32, list(shown.values())) + 12
    name = name_line(page, 16, y, who, page.ink(14.5, "medium", "name"), sheet.width - 32)
    text = "\n".join(part for part in (who.about, who.place) if part)
    about = sheet.paragraph(16, y + 11, text, page.ink(14.5, role="bio"), sheet.width - 32, most=5)
    y = buttons(page, about.below + 10, [words["follow"], words["message"]], high=34, extra="person-plus")
    _middle_tabs(page, y + 10)
    grid(page, y + 54, sheet.floor, who, tall=1.0, most=who.posts)
    sheet.floor = sheet.height
    bottom_tabs(page, ("home-full", "search", "plus-box", "play-box", "person"))
    note(page, name, avatar, {key: value[0] for key, value in shown.items()}, handle=who.handle, about=about.words)


def _bar(page: Page, who: Profile) -> None:
    sheet, y = page.sheet, page.top + BAR / 2
    left = back(page, y)
    font = Font(18 if page.iphone else 20, page.theme.ink, "bold", "handle")
    if page.iphone:
        sheet.text(sheet.width / 2, y, who.handle or who.name, font, anchor="m", room=sheet.width - 160)
    else:
        sheet.text(left, y, who.handle or who.name, font, room=sheet.width - left - 90)
    sheet.icon("bell", sheet.width - 62, y, 22, page.theme.ink)
    sheet.icon("dots" if page.iphone else "dots-vertical", sheet.width - 24, y, 22, page.theme.ink)


def _middle_tabs(page: Page, y: float) -> None:
    sheet = page.sheet
    third = sheet.width / 3
    for place, icon in enumerate(("grid", "play-box", "tagged")):
        colour = page.theme.ink if not place else page.theme.faint
        sheet.icon(icon, third * (place + 0.5), y + 20, 22, colour)
    sheet.rule(y + 42)
    sheet.box(third * 0.15, y + 41, third * 0.7, 1.6, page.theme.ink)
