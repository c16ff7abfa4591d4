"""One comment, as Facebook, Instagram, VK, OK, TikTok and YouTube draw it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.simulator.backdrops import Colour
from bot.simulator.screens.contents import Comment
from bot.simulator.screens.page import Page
from bot.simulator.screens.sheet import Font, Set
from bot.simulator.screens.truth import Box, Platform, TrueComment

#: Draws a comment from ``y`` down, notes it, and gives the y below it.
DrawComment = Callable[[Page, float, Comment], float]

_RED: Final[Colour] = (245, 51, 79)
_BLUE: Final[Colour] = (8, 102, 255)


def draw_comment(page: Page, y: float, comment: Comment) -> float:
    """Draw one comment as this page's application does. Raises KeyError for applications without such comments."""
    below = DRAWN[page.look.platform](page, y, comment)
    side = page.avatar_size(0) if page.look.avatar else 0
    return max(below, y + side + 10)


def _note(page: Page, comment: Comment, author: Set, text: Set, avatar: Box, *, time: str, levels: int = 1) -> None:
    if page.sheet.rehearsing:
        return
    page.comments.append(
        TrueComment(
            author=author.words,
            handle=comment.handle,
            text=text.words,
            time=time,
            level=min(comment.level, levels),
            avatar=avatar,
            box=text.box,
        )
    )


def _facebook(page: Page, y: float, comment: Comment) -> float:
    sheet, words = page.sheet, page.words
    level = min(comment.level, 2)
    side = page.avatar_size(36 if not level else 26)
    left = 12 + level * 44
    avatar = page.avatar(left + side / 2, y + side / 2, side, comment.author, comment.photo)
    x, room = left + side + 8, sheet.width - left - side - 8 - 40
    with sheet.rehearsal():
        name = page.name(x + 12, y, comment, page.ink(13, "medium", "name"), room)
        text = sheet.paragraph(x + 12, y, comment.text, page.ink(15), room, most=page.most, more=words["see_more"])
    wide, high = max(name.width, text.width) + 24, text.below - y + 33
    sheet.box(x, y, wide, high, page.theme.card, 18)
    name = page.name(x + 12, y + 16, comment, page.ink(13, "medium", "name"), room)
    text = sheet.paragraph(
        x + 12, y + 26, comment.text, page.ink(15, role="text"), room, most=page.most, more=words["see_more"]
    )
    below, at = y + high + 14, x + 12
    for word, role in ((comment.time, "time"), (words["like"], "interface"), (words["reply"], "interface")):
        if word:
            font = page.faint(
                12.5, "regular" if role == "time" else "medium", "time" if role == "time" else "interface"
            )
            at += sheet.text(at, below, word, font).width + 18
    signs = sheet.measure(words.count(comment.likes), page.faint(12.5)) + 56
    if comment.likes and at + signs < sheet.width:
        reactions(page, sheet.width - 16, below, comment.likes, small=True)
    _note(page, comment, name, text, avatar, time=comment.time, levels=2)
    return _more(page, x + 4, below + 16, comment)


def reactions(page: Page, right: float, y: float, count: int, *, small: bool = False) -> None:
    """A count and the signs of what people felt, ending at ``right``."""
    sheet, size = page.sheet, 16 if small else 18
    kinds = ("thumb-full", "heart-full")[: 1 + (count > 4)]
    for place, kind in enumerate(reversed(kinds)):
        x = right - size / 2 - place * size * 0.85
        sheet.circle(x, y, size + 2, page.theme.page)
        sheet.circle(x, y, size, _RED if kind == "heart-full" else _BLUE)
        sheet.icon(kind, x, y, size * 0.58, (255, 255, 255))
    at = right - size - (len(kinds) - 1) * size * 0.85 - 5
    sheet.text(at, y, page.words.count(count), page.faint(12.5 if small else 14, role="counter"), anchor="r")


def _more(page: Page, x: float, y: float, comment: Comment) -> float:
    """The offer to show further replies; the y below."""
    if not comment.more_replies:
        return y
    text = page.words.counted("more_replies", comment.more_replies)
    page.sheet.text(x, y + 10, text, page.faint(13.5, "medium"), room=page.sheet.width - x - 16)
    return y + 30


def _instagram(page: Page, y: float, comment: Comment) -> float:
    sheet = page.sheet
    reply = comment.level > 0
    side = page.avatar_size(26 if reply else 36)
    left = 60 if reply else 16
    avatar = page.avatar(left + side / 2, y + side / 2 + 2, side, comment.author, comment.photo)
    x = left + side + 12
    room = sheet.width - x - 52
    clock = sheet.measure(comment.time, page.faint(12.5))
    name = page.name(x, y + 9, comment, page.ink(13, "medium", "name"), room - clock - 6)
    sheet.text(x + name.width + 6, y + 9, comment.time, page.faint(12.5, role="time"))
    text = sheet.paragraph(
        x, y + 19, comment.text, page.ink(14.5, role="text"), room, most=page.most, more=page.words["see_more"]
    )
    sheet.text(x, text.below + 12, page.words["reply"], page.faint(12.5, "medium"))
    middle = sheet.width - 26
    sheet.icon("heart", middle, y + 26, 17, page.theme.faint)
    if comment.likes:
        sheet.text(middle, y + 45, page.words.count(comment.likes), page.faint(11.5, role="counter"), anchor="m")
    _note(page, comment, name, text, avatar, time=comment.time)
    below = text.below + 28
    if comment.more_replies:
        sheet.box(x, below + 10, 24, 0.8, page.theme.faint)
        return _more(page, x + 34, below, comment) + 4
    return below + 6


def _vk(page: Page, y: float, comment: Comment) -> float:
    sheet = page.sheet
    reply = comment.level > 0
    side = page.avatar_size(28 if reply else 36)
    left = 60 if reply else 12
    avatar = page.avatar(left + side / 2, y + side / 2 + 2, side, comment.author, comment.photo)
    x = left + side + 12
    room = sheet.width - x - 16
    name = page.name(x, y + 10, comment, page.ink(14, "medium", "name"), room)
    text = sheet.paragraph(
        x, y + 20, comment.text, page.ink(15, role="text"), room, most=page.most, more=page.words["see_more"]
    )
    row = text.below + 14
    clock = sheet.text(x, row, comment.time, page.faint(13, role="time"), room=room - 130)
    at = x + (clock.width + 14 if comment.time else 0)
    at += sheet.text(at, row, page.words["reply"], page.faint(13, "medium")).width
    sheet.icon("heart", sheet.width - 26, row, 18, page.theme.faint)
    if comment.likes and at + sheet.measure(page.words.count(comment.likes), page.faint(13)) < sheet.width - 48:
        sheet.text(sheet.width - 40, row, page.words.count(comment.likes), page.faint(13, role="counter"), anchor="r")
    _note(page, comment, name, text, avatar, time=comment.time)
    if not comment.more_replies:
        return row + 24
    words = page.words.counted("more_replies", comment.more_replies)
    sheet.text(
        x if page.look.avatar else 60, row + 30, words, page.ink(14, "medium") if page.look.dark else _linked(page, 14)
    )
    return row + 52


def _ok(page: Page, y: float, comment: Comment) -> float:
    sheet, words = page.sheet, page.words
    reply = comment.level > 0
    side = page.avatar_size(32 if reply else 40)
    left = 52 if reply else 12
    avatar = page.avatar(left + side / 2, y + side / 2, side, comment.author, comment.photo)
    x = left + side + 10
    room = sheet.width - x - 44
    with sheet.rehearsal():
        text = sheet.paragraph(x, y, comment.text, page.ink(15), room, most=page.most, more=words["see_more"])
        name = page.name(x, y, comment, page.ink(14, "medium"), room)
    high = text.below - y + 36
    sheet.box(x, y, max(text.width, name.width) + 28, high, page.theme.card, 14)
    name = page.name(x + 14, y + 17, comment, page.ink(14, "medium", "name"), room)
    text = sheet.paragraph(
        x + 14, y + 28, comment.text, page.ink(15, role="text"), room, most=page.most, more=words["see_more"]
    )
    row = y + high + 14
    clock = sheet.text(x + 14, row, comment.time, page.faint(12.5, role="time"))
    start = x + (clock.width + 30 if comment.time else 14)
    end = start + sheet.text(start, row, words["reply"], page.faint(12.5, "medium")).width
    liked = words["like"] + (f"  {words.count(comment.likes)}" if comment.likes else "")
    right = sheet.width - 18
    width = sheet.measure(liked, page.faint(12.5))
    if end < right - width - 26:
        sheet.text(right, row, liked, page.faint(12.5, role="counter"), anchor="r")
        sheet.icon("thumb", right - width - 12, row - 1, 15, page.theme.faint)
    _note(page, comment, name, text, avatar, time=comment.time)
    if not comment.more_replies:
        return row + 22
    sheet.text(x + 14, row + 30, words.counted("more_replies", comment.more_replies), accented(page, 13.5))
    return row + 50


def _tiktok(page: Page, y: float, comment: Comment) -> float:
    sheet = page.sheet
    reply = comment.level > 0
    side = page.avatar_size(24 if reply else 36)
    left = 60 if reply else 14
    avatar = page.avatar(left + side / 2, y + side / 2 + 2, side, comment.author, comment.photo)
    x = left + side + 12
    room = sheet.width - x - 26
    name = page.name(x, y + 9, comment, page.faint(13, "medium", "name"), room)
    text = sheet.paragraph(
        x,
        y + 18,
        comment.text,
        page.ink(15, role="text"),
        room,
        leading=1.27,
        most=page.most,
        more=page.words["see_more"],
    )
    row = text.below + 13
    clock = sheet.text(x, row, comment.time, page.faint(13, role="time"), room=room - 150)
    sheet.text(x + (clock.width + 16 if comment.time else 0), row, page.words["reply"], page.faint(13, "medium"))
    sheet.icon("thumb-down", sheet.width - 26, row, 17, page.theme.faint)
    sheet.icon("heart", sheet.width - 88, row, 17, page.theme.faint)
    if comment.likes:
        sheet.text(sheet.width - 75, row, page.words.count(comment.likes), page.faint(12.5, role="counter"))
    _note(page, comment, name, text, avatar, time=comment.time)
    if not comment.more_replies:
        return row + 24
    sheet.box(x, row + 28, 24, 0.8, page.theme.faint)
    offer = sheet.text(
        x + 34, row + 28, page.words.counted("more_replies", comment.more_replies), page.faint(13, "medium")
    )
    sheet.icon("chevron-down", x + 46 + offer.width, row + 28, 14, page.theme.faint)
    return row + 50


def _youtube(page: Page, y: float, comment: Comment) -> float:
    sheet = page.sheet
    reply = comment.level > 0
    side = page.avatar_size(24)
    left = 52 if reply else 14
    avatar = page.avatar(left + side / 2, y + side / 2, side, comment.author, comment.photo)
    x = left + side + 14
    room = sheet.width - x - 44
    head = page.faint(12.5, "medium" if comment.verified else "regular", "name")
    clock = sheet.measure(f"· {comment.time}", page.faint(12.5)) + 8
    name = page.name(x, y + 9, comment, head, room - clock)
    if comment.time:
        dot = sheet.text(x + name.width + 4, y + 9, "·", page.faint(12.5))
        sheet.text(x + name.width + dot.width + 8, y + 9, comment.time, page.faint(12.5, role="time"))
    sheet.icon("dots-vertical", sheet.width - 20, y + 9, 16, page.theme.ink)
    text = sheet.paragraph(
        x, y + 19, comment.text, page.ink(14.5, role="text"), room + 10, most=page.most, more=page.words["see_more"]
    )
    row = text.below + 18
    sheet.icon("thumb", x + 8, row, 17, page.theme.ink)
    likes = sheet.text(
        x + 22, row, page.words.count(comment.likes) if comment.likes else "", page.faint(12.5, role="counter")
    )
    at = x + 44 + likes.width
    sheet.icon("thumb-down", at, row, 17, page.theme.ink)
    sheet.icon("comment-square", at + 48, row, 17, page.theme.ink)
    _note(page, comment, name, text, avatar, time=comment.time)
    if not comment.more_replies:
        return row + 26
    sheet.text(x, row + 34, page.words.counted("more_replies", comment.more_replies), accented(page, 14))
    return row + 58


def accented(page: Page, size: float) -> Font:
    return Font(size, page.theme.accent, "medium")


def _linked(page: Page, size: float) -> Font:
    return Font(size, page.theme.link, "medium")


DRAWN: Final[dict[Platform, DrawComment]] = {
    "facebook": _facebook,
    "instagram": _instagram,
    "vk": _vk,
    "ok": _ok,
    "tiktok": _tiktok,
    "youtube": _youtube,
}
