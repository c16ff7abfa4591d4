"""The bars of applications: titles above, and the field to write a comment in below."""

from __future__ import annotations

from bot.simulator.screens.contents import Comment
from bot.simulator.screens.page import Page
from bot.simulator.screens.sheet import Font

BAR = 52.0
INPUT = 58.0


def back(page: Page, y: float) -> float:
    """The sign that leads back, around ``y``; where the title may begin."""
    colour = page.theme.on_bar
    if page.look.platform in ("telegram", "whatsapp") and page.iphone:
        colour = page.theme.accent if page.look.platform == "telegram" else page.theme.on_bar
    page.sheet.icon("chevron-left" if page.iphone else "arrow-left", 22 if page.iphone else 26, y, 24, colour)
    return 44.0 if page.iphone else 60.0


def title_bar(page: Page, title: str, *, icons: tuple[str, ...] = ("dots-vertical",), role: str = "interface") -> float:
    """The bar below the status bar: back, a title (in the middle on iPhones), icons at the right; the y below."""
    sheet, y = page.sheet, page.top + BAR / 2
    sheet.box(0, 0, sheet.width, page.top + BAR, page.theme.bar)
    left = back(page, y)
    x = sheet.width - 24
    colour = page.theme.accent if page.iphone and page.look.platform == "telegram" else page.theme.on_bar
    for icon in reversed(icons):
        sheet.icon(icon, x, y, 22, colour)
        x -= 38
    font = Font(17 if page.iphone else 19, page.theme.on_bar, "medium", "name" if role == "name" else "interface")
    room = x + 14 - left
    if page.iphone and sheet.measure(title, font) < sheet.width - 2 * (sheet.width - x):
        sheet.text(sheet.width / 2, y, title, font, anchor="m")
    else:
        sheet.text(left, y, title, font, room=room)
    return page.top + BAR


def sheet_head(page: Page, y: float, title: str, *, middle: bool, close: bool) -> float:
    """The head of a panel slid up from below: a handle, a title, perhaps a cross; the y below."""
    sheet = page.sheet
    sheet.box(sheet.width / 2 - 20, y + 8, 40, 4, page.theme.line, 2)
    font = page.ink(15 if middle else 18, "bold")
    row = y + 34
    if middle:
        sheet.text(sheet.width / 2, row, title, font, anchor="m", room=sheet.width - 100)
    else:
        sheet.text(16, row, title, font, room=sheet.width - 100)
    if close:
        sheet.icon("cross", sheet.width - 28, row, 19, page.theme.ink)
    return row + 22


def input_bar(page: Page) -> float:
    """The field for writing at the bottom; the y above it, where comments have to end."""
    sheet, theme = page.sheet, page.theme
    top = page.bottom - INPUT
    sheet.box(0, top, sheet.width, sheet.height - top, theme.page)
    sheet.rule(top)
    y = top + INPUT / 2
    {"facebook": _facebook, "vk": _vk, "ok": _vk, "telegram": _telegram, "whatsapp": _whatsapp}.get(
        page.look.platform, _with_photo
    )(page, y)
    return top


def _field(page: Page, left: float, right: float, y: float, words: str, high: float = 38) -> None:
    page.sheet.box(left, y - high / 2, right - left, high, page.theme.card, high / 2)
    font = Font(14.5, page.theme.faint, role="input")
    page.sheet.text(left + 16, y, words, font, room=right - left - 100)


def _facebook(page: Page, y: float) -> None:
    right = page.sheet.width - 12
    _field(page, 12, right, y, page.words["write"])
    for place, icon in enumerate(("smile", "gif", "camera")):
        page.sheet.icon(icon, right - 20 - place * 32, y, 20, page.theme.faint)


def _with_photo(page: Page, y: float) -> None:
    """Instagram's, TikTok's and YouTube's: the owner's photo, then the field."""
    right = page.sheet.width - 14
    owner = Comment(author="Я", text="")
    page.avatar(30, y, 34, owner.author, None)
    _field(page, 56, right, y, page.words["write"])
    icons = {"instagram": ("gift", "gif"), "tiktok": ("smile", "at")}.get(page.look.platform, ())
    for place, icon in enumerate(icons):
        page.sheet.icon(icon, right - 20 - place * 34, y, 20, page.theme.ink)


def _vk(page: Page, y: float) -> None:
    right = page.sheet.width - 52
    page.sheet.icon("clip", 26, y, 24, page.theme.faint)
    _field(page, 48, right, y, page.words["write"])
    page.sheet.icon("smile", right - 20, y, 22, page.theme.faint)
    page.sheet.icon(
        "plane-full" if page.look.platform == "ok" else "mic", page.sheet.width - 26, y, 24, page.theme.faint
    )


def _telegram(page: Page, y: float) -> None:
    sheet, theme = page.sheet, page.theme
    word = page.words["write_chat"] if page.post is None else page.words["write"]
    if page.iphone:
        sheet.icon("clip", 24, y, 25, theme.faint)
        sheet.box(46, y - 18, sheet.width - 92, 36, theme.line, 18)
        sheet.box(46.5, y - 17.5, sheet.width - 93, 35, theme.page, 18)
        sheet.text(60, y, word, Font(16, theme.faint, role="input"), room=sheet.width - 160)
        sheet.icon("sticker", sheet.width - 66, y, 22, theme.faint)
    else:
        sheet.icon("smile", 28, y, 25, theme.faint)
        sheet.text(54, y, word, Font(17, theme.faint, role="input"), room=sheet.width - 160)
        sheet.icon("clip", sheet.width - 72, y, 24, theme.faint)
    sheet.icon("mic", sheet.width - 26, y, 24, theme.faint)


def _whatsapp(page: Page, y: float) -> None:
    sheet, theme = page.sheet, page.theme
    if page.iphone:
        sheet.icon("plus", 24, y, 22, theme.ink)
        sheet.box(46, y - 17, sheet.width - 136, 34, theme.line, 17)
        sheet.box(46.5, y - 16.5, sheet.width - 137, 33, theme.page, 17)
        sheet.icon("sticker", sheet.width - 108, y, 20, theme.ink)
        sheet.icon("camera", sheet.width - 66, y, 24, theme.ink)
        sheet.icon("mic", sheet.width - 26, y, 23, theme.ink)
        return
    sheet.box(0, y - INPUT / 2 - 1, sheet.width, sheet.height, theme.wallpaper)
    sheet.box(6, y - 23, sheet.width - 68, 46, theme.bubble, 23)
    sheet.icon("smile", 30, y, 23, theme.faint)
    sheet.text(52, y, page.words["write_chat"], Font(16.5, theme.faint, role="input"), room=sheet.width - 210)
    sheet.icon("clip", sheet.width - 124, y, 22, theme.faint)
    sheet.icon("camera", sheet.width - 86, y, 22, theme.faint)
    sheet.circle(sheet.width - 31, y, 46, theme.accent)
    sheet.icon("mic", sheet.width - 31, y, 22, (255, 255, 255))
