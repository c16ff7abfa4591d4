"""Telegram's page of a person: the photo over the whole width, or a circle; fields below, their labels under them."""

from __future__ import annotations

from bot.simulator.backdrops import Colour
from bot.simulator.screens.bars import BAR, back
from bot.simulator.screens.contents import Profile
from bot.simulator.screens.page import Page
from bot.simulator.screens.portraits import portrait
from bot.simulator.screens.profiles.parts import name_line, note, picture_of
from bot.simulator.screens.sheet import Font, Set
from bot.simulator.screens.truth import Box

_WHITE: Colour = (255, 255, 255)


def draw(page: Page, who: Profile) -> None:
    """Draw the whole page under the status bar."""
    sheet = page.sheet
    sheet.box(0, 0, sheet.width, sheet.height, _ground(page))
    if who.shape == "wide":
        avatar, name, y = _wide(page, who)
    elif page.iphone:
        avatar, name, y = _iphone_circle(page, who)
    else:
        avatar, name, y = _android_circle(page, who)
    about, y = _fields(page, y, who)
    _media(page, y + 10, who)
    note(page, name, avatar, {}, handle=who.handle or None, about=about)


def _wide(page: Page, who: Profile) -> tuple[Box, Set, float]:
    """The photo from edge to edge and up under the status bar, name and status on it."""
    sheet = page.sheet
    high = sheet.width
    photo = portrait(who.name, who.photo, page.look.platform, page.look.dark)
    avatar = sheet.picture(0, 0, sheet.width, high, photo)
    sheet.shade(high - 110, 110, 170)
    sheet.icon("chevron-left" if page.iphone else "arrow-left", 26, page.top + 24, 24, _WHITE)
    sheet.icon("dots-vertical" if not page.iphone else "dots", sheet.width - 26, page.top + 24, 22, _WHITE)
    name = name_line(page, 20, high - 46, who, Font(22, _WHITE, "medium", "name"), sheet.width - 60)
    sheet.text(20, high - 20, page.words["seen"], Font(14, (225, 228, 232)))
    return avatar, name, high


def _iphone_circle(page: Page, who: Profile) -> tuple[Box, Set, float]:
    sheet = page.sheet
    side = page.avatar_size(100)
    top = page.top + 6
    sheet.icon("chevron-left", 22, page.top + BAR / 2, 24, page.theme.accent)
    avatar = page.avatar(sheet.width / 2, top + side / 2, side, who.name, who.photo)
    y = top + side + 26
    name = name_line(page, sheet.width / 2, y, who, page.ink(24, "medium", "name"), sheet.width - 60, middle=True)
    sheet.text(sheet.width / 2, y + 26, page.words["seen"], page.faint(15.5), anchor="m")
    y += 48
    wide = (sheet.width - 32 - 24) / 4
    for place, (icon, word) in enumerate(
        zip(("comment", "phone", "bell", "dots"), page.words.several("actions"), strict=True)
    ):
        x = 16 + place * (wide + 8)
        sheet.box(x, y, wide, 58, _card(page), 11)
        sheet.icon(icon, x + wide / 2, y + 21, 23, page.theme.accent)
        font = Font(12, page.theme.accent)
        sheet.text(x + wide / 2, y + 44, word, font, anchor="m", room=wide - 6)
    return avatar, name, y + 58


def _android_circle(page: Page, who: Profile) -> tuple[Box, Set, float]:
    """A coloured head with the photo at the left, the name beside it."""
    sheet = page.sheet
    side = page.avatar_size(68)
    high = page.top + BAR + side + 20
    sheet.box(0, 0, sheet.width, high, page.theme.bar)
    back(page, page.top + BAR / 2)
    for place, icon in enumerate(("phone", "video", "dots-vertical")):
        sheet.icon(icon, sheet.width - 104 + place * 40, page.top + BAR / 2, 22, _WHITE)
    middle = page.top + BAR + side / 2 + 2
    avatar = page.avatar(20 + side / 2, middle, side, who.name, who.photo)
    x = 20 + side + 18
    pale = (210, 226, 240) if not page.look.dark else page.theme.faint
    if sheet.width - x > 130:
        name = name_line(page, x, middle - 11, who, Font(20, _WHITE, "medium", "name"), sheet.width - x - 16)
        sheet.text(x, middle + 14, page.words["seen"], Font(14.5, pale))
    else:
        sheet.box(0, high, sheet.width, 34, page.theme.bar)
        name = name_line(page, 20, high + 10, who, Font(20, _WHITE, "medium", "name"), sheet.width - 40)
        high += 34
    return avatar, name, high


def _card(page: Page) -> Colour:
    """The colour of what lies on the ground."""
    return (28, 28, 30) if page.iphone and page.look.dark else page.theme.page


def _ground(page: Page) -> Colour:
    return (0, 0, 0) if page.iphone and page.look.dark else page.theme.card


def _fields(page: Page, y: float, who: Profile) -> tuple[str, float]:
    """Phone, words about oneself, user name: what there is of them; those words, and the y below."""
    sheet, words = page.sheet, page.words
    left = 32.0 if page.iphone else 20.0
    handle = f"@{who.handle}" if who.handle else ""
    rows = [("phone", who.phone), ("about", who.about), ("handle", handle)]
    rows = [(label, value) for label, value in rows if value]
    y += 14
    with sheet.rehearsal():
        about = sheet.paragraph(left, y, who.about, page.ink(16.5), sheet.width - 2 * left - 30, most=4)
    high = sum(46.0 if label != "about" else about.below - y + 26 for label, _ in rows) + (16 if page.iphone else 66)
    sheet.box(
        16 if page.iphone else 0,
        y,
        sheet.width - (32 if page.iphone else 0),
        high,
        _card(page),
        11 if page.iphone else 0,
    )
    y += 4
    for place, (label, value) in enumerate(rows):
        y = _field(page, left, y, label, value)
        if place + 1 < len(rows):
            sheet.rule(y + 2, left, sheet.width - (16 if page.iphone else 0))
    if who.handle:
        sheet.icon("qr", sheet.width - left - 10, y - 20, 22, page.theme.accent)
    if not page.iphone:
        sheet.text(left, y + 24, words["notifications"], page.ink(16.5))
        sheet.text(left, y + 46, words["on"], page.faint(13.5))
        sheet.box(sheet.width - 56, y + 29, 36, 14, page.theme.accent, 7)
        sheet.circle(sheet.width - 28, y + 36, 20, page.theme.accent)
        sheet.circle(sheet.width - 28, y + 36, 16, _card(page))
        y += 60
    return about.words, y + 12


def _field(page: Page, left: float, y: float, label: str, value: str) -> float:
    sheet, words = page.sheet, page.words
    coloured = page.iphone and label in ("phone", "handle")
    role = {"handle": "handle", "about": "bio"}.get(label, "interface")
    font = Font(
        16.5, page.theme.accent if coloured else page.theme.ink, "regular", "handle" if role == "handle" else "bio"
    )
    if page.iphone:
        sheet.text(left, y + 14, words[label].lower(), page.ink(14))
        return sheet.paragraph(left, y + 24, value, font, sheet.width - 2 * left - 30, most=4).below + 2
    shown = sheet.paragraph(left, y + 4, value, font, sheet.width - 2 * left - 30, most=4)
    sheet.text(left, shown.below + 8, words[label], page.faint(13.5))
    return shown.below + 20


def _media(page: Page, y: float, who: Profile) -> None:
    """Tabs and a grid of pictures, as far as they fit."""
    sheet, x = page.sheet, 20.0
    if y > sheet.height - 150:
        return
    sheet.box(0, y, sheet.width, sheet.height - y, _card(page))
    for place, word in enumerate(page.words.several("tabs")):
        font = Font(15, page.theme.accent if not place else page.theme.faint, "medium")
        wide = sheet.measure(word, font)
        if x + wide > sheet.width - 10:
            break
        sheet.text(x, y + 22, word, font)
        if not place:
            sheet.box(x, y + 40, wide, 3, page.theme.accent, 1.5)
        x += wide + 26
    y += 44
    side = sheet.width / 3
    for cell in range(9):
        top = y + cell // 3 * side
        if top < sheet.height - 30:
            box = sheet.picture(cell % 3 * side, top, side - 1.5, side - 1.5, picture_of(who, cell))
            sheet.photos.append(box)
