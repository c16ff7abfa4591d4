"""A post as it stands above its comments or on a wall: its author, text, picture, counts and buttons."""

from __future__ import annotations

from PIL import Image

from bot.simulator.screens.comments import reactions
from bot.simulator.screens.contents import Comment, Post
from bot.simulator.screens.page import Page
from bot.simulator.screens.sheet import Set
from bot.simulator.screens.truth import Box, TrueComment


def draw_post(
    page: Page, y: float, post: Post, *, floor: float | None = None, lines: int = 9, counts: bool = True
) -> float:
    """Draw a post from ``y`` down, its text in so many lines, its picture at most to ``floor``; the y below.

    Without ``counts`` the rows of counts and buttons are left below the screen's edge.
    """
    platform = page.look.platform
    if platform == "instagram":
        return _instagram(page, y, post, floor)
    return _walled(page, y, post, floor, lines, counts)


def picture_height(picture: Image.Image, width: float, most: float) -> float:
    """How high a picture of this shape stands at this width."""
    return min(width * picture.height / picture.width, most)


def note_post(page: Page, author: Set, text: Set, avatar: Box | None, time: str) -> None:
    """Put the post into the screen's truth."""
    if not page.sheet.rehearsing:
        page.post = TrueComment(author=author.words, text=text.words, time=time, avatar=avatar, box=text.box)


def _walled(page: Page, y: float, post: Post, floor: float | None, lines: int, counts: bool) -> float:
    """Facebook's, VK's and OK's: photo, name and time, the text, the picture, a row of buttons."""
    sheet = page.sheet
    side = 40.0
    avatar = page.avatar(16 + side / 2, y + 12 + side / 2, side, post.author, post.photo)
    room = sheet.width - 16 - side - 12 - 44
    who = Comment(author=post.author, text="", verified=post.verified)
    name = page.name(68, y + 23, who, page.ink(15, "medium", "name"), room)
    when = sheet.text(68, y + 42, post.time, page.faint(13, role="time"), room=room - 30)
    if page.look.platform == "facebook":
        sheet.text(71 + when.width, y + 42, "·", page.faint(13))
        sheet.icon("globe", 84 + when.width, y + 42, 12, page.theme.faint)
    sheet.icon(
        "dots" if page.look.platform != "ok" else "dots-vertical", sheet.width - 24, y + 28, 20, page.theme.faint
    )
    more = page.words["see_more"]
    text = sheet.paragraph(16, y + 62, post.text, page.ink(15.5, role="text"), sheet.width - 32, most=lines, more=more)
    note_post(page, name, text, avatar, post.time)
    y = text.below + 10
    y = _picture(page, y, post, floor)
    if not counts:
        return y
    return _facebook_row(page, y, post) if page.look.platform == "facebook" else _pills(page, y, post)


def _picture(page: Page, y: float, post: Post, floor: float | None) -> float:
    if post.picture is None:
        return y
    most = page.sheet.width * 1.1 if floor is None else min(page.sheet.width * 1.1, floor - y)
    if most < 60:
        return y
    high = picture_height(post.picture, page.sheet.width, most)
    page.sheet.picture(0, y, page.sheet.width, high, post.picture, note=True)
    return y + high + 6


def _facebook_row(page: Page, y: float, post: Post) -> float:
    """Reactions and counts, then the three buttons between hairlines."""
    sheet, words = page.sheet, page.words
    count = sheet.measure(words.count(post.likes), page.faint(14))
    reactions(page, 16 + count + 5 + 34, y + 14, max(post.likes, 5))
    counts = f"{words.counted('comments_n', post.comments)} · {words.counted('likes_line', post.shares)}"
    sheet.text(sheet.width - 16, y + 14, counts, page.faint(13.5, role="counter"), anchor="r", room=sheet.width - 140)
    sheet.rule(y + 30, 16, sheet.width - 16)
    row = (("thumb", words["like"]), ("comment", words["comment"]), ("share", words["share"]))
    font = page.faint(13, "medium")
    gap = (sheet.width - sum(sheet.measure(word, font) + 24 for _, word in row)) / 4
    x = gap
    for icon, word in row:
        sheet.icon(icon, x + 9, y + 48, 18, page.theme.faint)
        x += 24 + sheet.text(x + 24, y + 48, word, font).width + gap
    sheet.rule(y + 66)
    return y + 67


def _pills(page: Page, y: float, post: Post) -> float:
    """VK's and OK's counts in rounded boxes, views at the right."""
    sheet, x = page.sheet, 12.0
    like = "heart" if page.look.platform == "vk" else "thumb"
    for icon, count in ((like, post.likes), ("comment-square", post.comments), ("share", post.shares)):
        words = page.words.count(count)
        wide = sheet.measure(words, page.faint(14, "medium")) + 46
        sheet.box(x, y + 4, wide, 34, page.theme.card, 17)
        sheet.icon(icon, x + 20, y + 21, 19, page.theme.faint)
        sheet.text(x + 34, y + 21, words, page.faint(14, "medium", "counter"))
        x += wide + 8
    views = sheet.text(
        sheet.width - 16, y + 21, page.words.count(post.likes * 23), page.faint(13, role="counter"), anchor="r"
    )
    sheet.icon("eye", sheet.width - 16 - views.width - 12, y + 21, 15, page.theme.faint)
    return y + 48


def _instagram(page: Page, y: float, post: Post, floor: float | None) -> float:
    """Head, picture, the row of icons, likes, the author's words."""
    sheet, words = page.sheet, page.words
    avatar = page.avatar(30, y + 26, 32, post.author, post.photo)
    who = Comment(author=post.author, text="", verified=post.verified)
    name = page.name(56, y + 26, who, page.ink(14, "medium", "name"), sheet.width - 110)
    sheet.icon("dots-vertical" if not page.iphone else "dots", sheet.width - 22, y + 26, 18, page.theme.ink)
    y += 52
    if post.picture is not None:
        most = sheet.width * 1.25 if floor is None else max(60.0, min(sheet.width * 1.25, floor - y - 150))
        high = picture_height(post.picture, sheet.width, most)
        sheet.picture(0, y, sheet.width, high, post.picture, note=True)
        y += high
    x = 26.0
    for icon, count in (("heart", post.likes), ("comment", post.comments), ("plane", post.shares)):
        sheet.icon(icon, x, y + 25, 24, page.theme.ink)
        x += sheet.text(x + 17, y + 25, words.count(count), page.ink(13, "medium", "counter")).width + 44
    sheet.icon("bookmark", sheet.width - 24, y + 25, 24, page.theme.ink)
    caption = sheet.paragraph(
        14, y + 48, post.text, page.ink(14.5, role="text"), sheet.width - 28, most=4, more=words["see_more"]
    )
    sheet.text(14, caption.below + 11, post.time, page.faint(12, role="time"))
    note_post(page, name, caption, avatar, post.time)
    return caption.below + 30
