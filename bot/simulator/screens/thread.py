"""A post with its comments, or comments alone, as far as they fit on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PIL import Image

from bot.simulator.screens.bars import INPUT, input_bar, sheet_head, title_bar
from bot.simulator.screens.comments import draw_comment
from bot.simulator.screens.contents import Comment, Post, Thread
from bot.simulator.screens.page import Page
from bot.simulator.screens.posts import draw_post, note_post, picture_height
from bot.simulator.screens.profiles.parts import bottom_tabs
from bot.simulator.screens.sheet import Font
from bot.simulator.screens.truth import Platform


def draw_thread(page: Page, thread: Thread) -> None:
    """Draw the screen under the status bar; comments that do not fit are left out."""
    total = thread.total if thread.total is not None else len(thread.comments)
    if not thread.comments and thread.post is not None:
        _post_alone(page, thread.post)
        return
    y = _HEADS[page.look.platform](page, thread.post, total)
    skipping = False  # a reply goes with the comment that it answers
    floor = page.sheet.floor = page.bottom - INPUT
    for number, comment in enumerate(thread.comments):
        skipping = skipping and comment.level > 0
        if skipping or (number and _height(page, y, comment) > floor):
            skipping = True
            continue
        page.most = 16 if number else page.lines_in(floor - y)
        y = draw_comment(page, y, comment)
    page.sheet.floor = page.sheet.height
    input_bar(page)


def _height(page: Page, y: float, comment: Comment) -> float:
    with page.sheet.rehearsal():
        return draw_comment(page, y, comment)


def _post_alone(page: Page, post: Post) -> None:
    """A post without comments, as it stands in the feed or on a page of its own."""
    title = page.words["post"] if page.look.platform in ("vk", "ok") else page.words["posts"].split("|")[0]
    floor = page.bottom - 150
    draw_post(page, title_bar(page, title.capitalize()), post, floor=floor)
    if page.look.platform == "instagram":
        bottom_tabs(page, ("home-full", "search", "plus-box", "play-box", "person"))
    else:
        input_bar(page)


def _facebook(page: Page, post: Post | None, total: int) -> float:
    sheet = page.sheet
    if post is None:
        y = sheet_head(page, page.top, page.words.counted("comments_n", total), middle=True, close=False)
    else:
        y = title_bar(page, post.author, icons=("search",))
        y = draw_post(page, y, post, floor=sheet.height * 0.46)
    row = sheet.text(16, y + 20, page.words["sorting"], page.ink(14.5, "medium"))
    sheet.icon("chevron-down", 30 + row.width, y + 20, 16, page.theme.ink)
    return y + 40


def _instagram(page: Page, post: Post | None, _total: int) -> float:
    sheet = page.sheet
    y = page.top
    if post is not None and post.picture is not None:
        y = sheet.height * 0.24
        _behind(page, post.picture, y + 20)
    sheet.box(0, y, sheet.width, sheet.height - y, page.theme.page, 16)
    sheet.box(0, y + 30, sheet.width, sheet.height - y, page.theme.page)
    y = sheet_head(page, y, page.words["comments"], middle=True, close=False)
    sheet.rule(y)
    if post is None:
        return y + 14
    avatar = page.avatar(34, y + 32, 36, post.author, post.photo)
    name = page.name(64, y + 23, _head(post), page.ink(13, "medium", "name"), sheet.width - 150)
    sheet.text(70 + name.width, y + 23, post.time, page.faint(12.5, role="time"))
    font = page.ink(14.5, role="text")
    text = sheet.paragraph(64, y + 33, post.text, font, sheet.width - 80, most=6, more=page.words["see_more"])
    note_post(page, name, text, avatar, post.time)
    sheet.rule(text.below + 12)
    return text.below + 24


def _head(post: Post) -> Comment:
    return Comment(author=post.author, text="", verified=post.verified)


def _behind(page: Page, picture: Image.Image, height: float) -> None:
    """What the panel has left of the post behind it, darkened."""
    sheet = page.sheet
    high = max(height, picture_height(picture, sheet.width, height * 2))
    dimmed = picture.convert("RGB").point([level * 3 // 5 for level in range(256)] * 3)
    sheet.picture(0, 0, sheet.width, high, dimmed, note=False)
    sheet.photos.append((0, 0, sheet.image.width, round((height - 20) * sheet.scale)))


def _vk(page: Page, post: Post | None, total: int) -> float:
    sheet = page.sheet
    y = title_bar(page, page.words["post"] if post is not None else page.words["comments"])
    if post is not None:
        y = draw_post(page, y, post, floor=sheet.height * 0.46)
    sheet.rule(y, 12, sheet.width - 12)
    font = page.faint(13.5, "medium")
    sheet.text(12, y + 22, page.words.counted("comments_n", total), font)
    order = sheet.text(sheet.width - 30, y + 22, page.words["sorting"], page.faint(13.5), anchor="r")
    sheet.icon("chevron-down", sheet.width - 18, y + 22, 14, page.theme.faint)
    return y + 42 if order.width else y


def _tiktok(page: Page, post: Post | None, total: int) -> float:
    sheet = page.sheet
    y = sheet.height * 0.27
    if post is not None and post.picture is not None:
        _behind(page, post.picture, y + 20)
    else:
        sheet.box(0, 0, sheet.width, y + 30, (22, 24, 30))
    sheet.box(0, y, sheet.width, 60, page.theme.page, 14)
    sheet.box(0, y + 30, sheet.width, sheet.height - y, page.theme.page)
    sheet.text(sheet.width / 2, y + 24, page.words.counted("comments_n", total), page.ink(14, "bold"), anchor="m")
    sheet.icon("cross", sheet.width - 24, y + 24, 15, page.theme.ink)
    sheet.icon("filter", sheet.width - 56, y + 24, 16, page.theme.ink)
    return y + 52


def _youtube(page: Page, post: Post | None, total: int) -> float:
    sheet = page.sheet
    y = page.top
    if post is not None and post.picture is not None:
        high = sheet.width * 9 / 16
        sheet.box(0, 0, sheet.width, y + high, (0, 0, 0))
        sheet.picture(0, y, sheet.width, high, post.picture, note=True)
        sheet.box(0, y + high - 3, sheet.width, 3, (120, 120, 120))
        sheet.box(0, y + high - 3, sheet.width * 0.37, 3, (255, 0, 0))
        y += high
    sheet.text(16, y + 28, page.words["comments"], page.ink(19, "bold"))
    wide = sheet.measure(page.words["comments"], page.ink(19, "bold"))
    sheet.text(24 + wide, y + 29, page.words.count(total), page.faint(14, role="counter"))
    sheet.icon("cross", sheet.width - 26, y + 28, 20, page.theme.ink)
    x, y = 16.0, y + 54
    for place, word in enumerate(page.words.several("sorting")):
        fill, ink = (page.theme.button, page.theme.on_button) if not place else (page.theme.card, page.theme.ink)
        across = sheet.measure(word, page.ink(14, "medium")) + 24
        sheet.box(x, y, across, 32, fill, 8)
        sheet.text(x + 12, y + 16, word, Font(14, ink, "medium"))
        x += across + 10
    sheet.rule(y + 44)
    return y + 60


_HEADS: Final[dict[Platform, Callable[[Page, Post | None, int], float]]] = {
    "facebook": _facebook,
    "instagram": _instagram,
    "vk": _vk,
    "ok": _vk,
    "tiktok": _tiktok,
    "youtube": _youtube,
}
