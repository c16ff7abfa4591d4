"""TikTok's and YouTube's pages of an author."""

from __future__ import annotations

import re

from bot.simulator.screens.bars import BAR, back
from bot.simulator.screens.contents import Profile
from bot.simulator.screens.page import Page
from bot.simulator.screens.profiles.parts import (
    bottom_tabs,
    buttons,
    counters,
    cover_of,
    grid,
    name_line,
    note,
    picture_of,
    tabs,
)

_TIKTOK_TABS = ("home-full", "people", "plus-box", "comment-square", "person")
_YOUTUBE_TABS = ("home-full", "play-box", "plus-box", "person")


def draw_tiktok(page: Page, who: Profile) -> None:
    """TikTok's: the photo and the handle in the middle, three counters, a grid of tall videos."""
    sheet, words = page.sheet, page.words
    sheet.floor = page.bottom - 50
    y = page.top + BAR / 2
    back(page, y)
    name = name_line(page, sheet.width / 2, y, who, page.ink(17, "medium", "name"), sheet.width - 150, middle=True)
    sheet.icon("bell", sheet.width - 64, y, 22, page.theme.ink)
    sheet.icon("share", sheet.width - 24, y, 22, page.theme.ink)
    side = page.avatar_size(96)
    middle = page.top + BAR + 8 + side / 2
    if who.story:
        sheet.circle(sheet.width / 2, middle, side + 8, (32, 213, 236))
        sheet.circle(sheet.width / 2, middle, side + 4, page.theme.page)
    avatar = page.avatar(sheet.width / 2, middle, side, who.name, who.photo)
    y = middle + side / 2 + 18
    if who.handle:
        font = page.ink(16, "medium", "handle")
        sheet.text(sheet.width / 2, y, f"@{who.handle}", font, anchor="m", room=sheet.width - 60)
    shown = {"following": who.following, "followers": who.followers, "likes": who.likes}
    counts = {key: words.count(number) for key, number in shown.items()}
    y = counters(page, 40, y + 18, sheet.width - 80, [(counts[key], words[key]) for key in shown])
    y = buttons(page, y + 12, [words["follow"], words["message"]], high=42, radius=4, extra="chevron-down")
    text = "\n".join(part for part in (who.about, who.place) if part)
    about = sheet.paragraph(
        sheet.width / 2, y + 10, text, page.ink(14, role="bio"), sheet.width - 70, most=4, anchor="m"
    )
    y = about.below + 8
    for place, icon in enumerate(("bars", "repost", "heart")):
        colour = page.theme.ink if not place else page.theme.faint
        sheet.icon(icon, sheet.width / 3 * (place + 0.5), y + 18, 22, colour)
    sheet.box(sheet.width / 6 - 22, y + 37, 44, 2, page.theme.ink)
    grid(page, y + 40, page.bottom - 50, who, tall=1.33, counts=True)
    sheet.floor = sheet.height
    bottom_tabs(page, _TIKTOK_TABS, _around_plus(words.several("tabs")))
    note(page, name, avatar, counts, handle=who.handle or None, about=about.words)


def _around_plus(words: list[str]) -> list[str]:
    """The four words, with nothing under the sign in the middle."""
    return [*words[:2], "", *words[2:]]


def draw_youtube(page: Page, who: Profile) -> None:
    """YouTube's: a banner, the photo at the left, the channel's name, its videos one below the other."""
    sheet, words = page.sheet, page.words
    sheet.floor = page.bottom - 50
    y = page.top + BAR / 2
    back(page, y)
    sheet.icon("search", sheet.width - 64, y, 22, page.theme.ink)
    sheet.icon("dots-vertical", sheet.width - 24, y, 22, page.theme.ink)
    y = page.top + BAR + 4
    sheet.picture(12, y, sheet.width - 24, 100, cover_of(who), 12, note=True)
    side = page.avatar_size(76)
    y += 116
    avatar = page.avatar(14 + side / 2, y + side / 2, side, who.name, who.photo)
    x = 14 + side + 16
    beside = sheet.width - x > 150
    if not beside:
        x, y = 14.0, y + side + 8
    room, middle = sheet.width - x - 14, y + (side / 2 if beside else 40)
    name = name_line(page, x, middle - 26, who, page.ink(22, "bold", "name"), room)
    if who.handle:
        sheet.text(x, middle, f"@{who.handle}", page.ink(13, "medium", "handle"), room=room)
    counts = {"followers": words.count(who.followers), "posts": words.count(who.posts)}
    line = f"{counts['followers']} {words.counted('followers', who.followers)} • "
    line += f"{counts['posts']} {words.counted('posts', who.posts)}"
    sheet.text(x, middle + 22, line, page.faint(13, role="counter"), room=room)
    y = (y + side if beside else middle + 30) + 10
    about = sheet.paragraph(14, y, who.about, page.faint(14, role="bio"), sheet.width - 28, most=2)
    y = buttons(page, about.below + 12, [words["follow"]], high=38, radius=19)
    y = tabs(page, y + 8, words.several("tabs")) + 12
    _videos(page, y, who)
    sheet.box(0, page.bottom - 50, sheet.width, 60, page.theme.page)
    sheet.floor = sheet.height
    bottom_tabs(page, _YOUTUBE_TABS, words.several("bottom"))
    note(page, name, avatar, counts, handle=who.handle or None, about=about.words)


def _videos(page: Page, y: float, who: Profile) -> None:
    """Rows of a small picture with a title and views, as many as fit whole."""
    sheet, words = page.sheet, page.words
    titles = re.split(r"(?<=[.!?]) ", who.last_post.text if who.last_post is not None else who.about or who.name)
    when = who.last_post.time if who.last_post is not None else ""
    for number in range(6):
        if y + 92 > sheet.floor:
            return
        sheet.picture(14, y, 156, 88, picture_of(who, number), 8, note=True)
        title = sheet.paragraph(182, y, titles[number % len(titles)], page.ink(14.5), sheet.width - 216, most=2)
        views = words.counted("views", 12_400 // (number + 1) ** 2 + number * 37)
        sheet.text(182, title.below + 12, views, page.faint(12.5), room=sheet.width - 216)
        sheet.text(182, title.below + 30, when, page.faint(12.5), room=sheet.width - 216)
        sheet.icon("dots-vertical", sheet.width - 18, y + 12, 16, page.theme.ink)
        y += 102
