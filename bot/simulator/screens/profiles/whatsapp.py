"""WhatsApp's page about a contact: the photo and the number in the middle, facts and settings below."""

from __future__ import annotations

from bot.simulator.backdrops import Colour
from bot.simulator.screens.bars import title_bar
from bot.simulator.screens.contents import Profile
from bot.simulator.screens.page import Page
from bot.simulator.screens.profiles.parts import name_line, note, picture_of
from bot.simulator.screens.sheet import Font

_RED: Colour = (234, 0, 56)


def draw(page: Page, who: Profile) -> None:
    """Draw the whole page under the status bar."""
    sheet, words = page.sheet, page.words
    y = title_bar(page, words["info"] if page.iphone else "", icons=("dots-vertical",))
    side = page.avatar_size(120)
    y += 4
    avatar = page.avatar(sheet.width / 2, y + side / 2, side, who.name, who.photo)
    y += side + 24
    name = name_line(page, sheet.width / 2, y, who, page.ink(23, "medium", "name"), sheet.width - 60, middle=True)
    sheet.text(sheet.width / 2, y + 28, who.phone, page.faint(16, role="handle"), anchor="m", room=sheet.width - 60)
    y = _actions(page, y + 50)
    about = sheet.paragraph(20, y + 18, who.about or "…", page.ink(16.5, role="bio"), sheet.width - 40, most=3)
    if who.last_post is not None:
        sheet.text(20, about.below + 10, who.last_post.time, page.faint(13.5, role="time"))
    y = _band(page, about.below + 28)
    y = _media(page, y, who)
    for icon, word, below in (
        ("bell", "notifications", ""),
        ("lock", "encryption", "encryption_more"),
        ("eye", "disappearing", "off"),
    ):
        y = _setting(page, y, icon, words[word], words[below] if below else "")
    y = _band(page, y)
    if y < page.bottom - 40:
        block = words["block"].replace("{name}", who.name)
        sheet.text(58, y + 24, block, Font(16, _RED), room=sheet.width - 80)
        sheet.icon("cross", 30, y + 24, 18, _RED)
    note(page, name, avatar, {}, handle=who.phone or None, about=about.words)


def _actions(page: Page, y: float) -> float:
    sheet = page.sheet
    wide = (sheet.width - 40 - 20) / 3
    for place, (icon, word) in enumerate(zip(("phone", "video", "search"), page.words.several("actions"), strict=True)):
        x = 20 + place * (wide + 10)
        sheet.box(x, y, wide, 66, page.theme.line, 14)
        sheet.box(x + 0.7, y + 0.7, wide - 1.4, 64.6, page.theme.page, 13.5)
        sheet.icon(icon, x + wide / 2, y + 24, 22, page.theme.accent)
        sheet.text(x + wide / 2, y + 49, word, page.ink(14), anchor="m", room=wide - 8)
    return _band(page, y + 80)


def _band(page: Page, y: float) -> float:
    page.sheet.box(0, y, page.sheet.width, 8, page.theme.card)
    return y + 8


def _media(page: Page, y: float, who: Profile) -> float:
    sheet = page.sheet
    count = sheet.text(sheet.width - 34, y + 24, str(who.posts), page.faint(14.5, role="counter"), anchor="r")
    sheet.icon("chevron-right", sheet.width - 22, y + 24, 14, page.theme.faint)
    sheet.text(20, y + 24, page.words["media"], page.faint(14.5), room=sheet.width - 70 - count.width)
    side = (sheet.width - 40 - 18) / 4
    for place in range(4):
        sheet.picture(20 + place * (side + 6), y + 44, side, side, picture_of(who, place), 8, note=True)
    return _band(page, y + side + 60)


def _setting(page: Page, y: float, icon: str, words: str, below: str) -> float:
    sheet = page.sheet
    with sheet.rehearsal():
        high = sheet.paragraph(58, y + 34, below, page.faint(13.5), sheet.width - 84, most=3).below if below else y + 46
    if high + 12 > page.bottom:
        return y
    sheet.icon(icon, 30, y + 24, 22, page.theme.faint)
    sheet.text(58, y + 24, words, page.ink(16), room=sheet.width - 80)
    if below:
        sheet.paragraph(58, y + 36, below, page.faint(13.5), sheet.width - 84, most=3)
    return high + 10
