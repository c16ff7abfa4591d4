"""VK's and OK's profile pages: a cover, the photo and the name in the middle, counters, the wall."""

from __future__ import annotations

from bot.simulator.screens.bars import title_bar
from bot.simulator.screens.contents import Profile
from bot.simulator.screens.page import Page
from bot.simulator.screens.profiles.facebook import post_bottom
from bot.simulator.screens.profiles.parts import buttons, cover_of, name_line, note, picture_of, tabs
from bot.simulator.screens.sheet import Set
from bot.simulator.screens.truth import Box


def draw_vk(page: Page, who: Profile) -> None:
    """VK's page, under the status bar."""
    sheet, words = page.sheet, page.words
    top = title_bar(page, who.handle or who.name, icons=("bell", "dots"), role="name")
    avatar, name, y = _head(page, top, who, 130, 104)
    about = sheet.paragraph(
        sheet.width / 2, y, who.about, page.ink(14.5, role="bio"), sheet.width - 60, most=3, anchor="m"
    )
    y = about.below + (14 if who.about else 2)
    facts = words["details"] if not who.place else f"{who.place} · {words['details']}"
    sheet.text(sheet.width / 2, y, facts, page.faint(14), anchor="m", room=sheet.width - 40)
    y = buttons(page, y + 18, [words["add"], words["message"]]) + 12
    shown = {"friends": who.friends, "followers": who.followers}
    column = sheet.width / 2
    for place, (key, number) in enumerate(shown.items()):
        counted = f"{words.count(number)} {words.counted(key, number)}"
        sheet.text(
            column * (place + 0.5), y + 12, counted, page.ink(14.5, "medium", "counter"), anchor="m", room=column - 8
        )
    y = _strip(page, y + 32, who)
    sheet.box(0, y, sheet.width, 8, page.theme.card)
    sheet.text(16, y + 28, words["posts_title"], page.ink(15.5, "medium"))
    sheet.icon("search", sheet.width - 26, y + 28, 20, page.theme.accent)
    counts = {key: words.count(number) for key, number in shown.items()}
    post_bottom(page, y + 42, who)
    note(page, name, avatar, counts, handle=who.handle, about=about.words)


def draw_ok(page: Page, who: Profile) -> None:
    """OK's page, under the status bar."""
    sheet, words = page.sheet, page.words
    top = title_bar(page, who.name, icons=("search", "dots-vertical"), role="name")
    avatar, name, y = _head(page, top, who, 150, 124)
    when = words["seen"].replace("{when}", page.look.clock)
    sheet.text(sheet.width / 2, y + 8, when, page.faint(13.5), anchor="m", room=sheet.width - 40)
    y += 24
    if who.place:
        city = words["city"].replace("{place}", who.place)
        sheet.text(sheet.width / 2, y + 8, city, page.ink(14, role="bio"), anchor="m", room=sheet.width - 40)
        y += 22
    about = sheet.paragraph(
        sheet.width / 2, y, who.about, page.ink(14.5, role="bio"), sheet.width - 60, most=3, anchor="m"
    )
    y = buttons(page, about.below + 12, [words["add"], words["message"]], radius=18, extra="dots")
    y = tabs(page, y + 6, words.several("tabs"))
    friends, followers = words.count(who.friends), words.count(who.followers)
    title = sheet.text(16, y + 22, words["friends_title"], page.ink(15.5, "medium"))
    sheet.text(24 + title.width, y + 22, friends, page.faint(14.5, role="counter"))
    line = f"{followers} {words.counted('followers', who.followers)}"
    sheet.text(sheet.width - 16, y + 22, line, page.faint(14, role="counter"), anchor="r", room=sheet.width / 2 - 20)
    sheet.box(0, y + 42, sheet.width, 8, page.theme.card)
    sheet.text(16, y + 70, words["posts_title"], page.ink(15.5, "medium"))
    post_bottom(page, y + 86, who)
    note(page, name, avatar, {"friends": friends, "followers": followers}, handle=None, about=about.words)


def _head(page: Page, top: float, who: Profile, cover: float, usual: float) -> tuple[Box, Set, float]:
    """Cover, photo and name; the y below them."""
    sheet = page.sheet
    side = page.avatar_size(usual)
    cover = max(cover, side * 0.75)
    sheet.picture(0, top, sheet.width, cover, cover_of(who), note=True)
    sheet.box(0, top + cover - 14, sheet.width, 30, page.theme.page, 14)
    middle = top + cover - side * 0.12
    sheet.circle(sheet.width / 2, middle, side + 8, page.theme.page)
    if who.story:
        sheet.circle(sheet.width / 2, middle, side + 5, page.theme.accent)
        sheet.circle(sheet.width / 2, middle, side + 2, page.theme.page)
    avatar = page.avatar(sheet.width / 2, middle, side, who.name, who.photo)
    y = middle + side / 2 + 24
    name = name_line(page, sheet.width / 2, y, who, page.ink(21, "medium", "name"), sheet.width - 50, middle=True)
    return avatar, name, y + 18


def _strip(page: Page, y: float, who: Profile) -> float:
    """A row of the person's pictures under the words for them."""
    sheet = page.sheet
    y = tabs(page, y, page.words.several("tabs"))
    side = (sheet.width - 32 - 12) / 4
    for place in range(4):
        sheet.picture(16 + place * (side + 4), y + 10, side, side, picture_of(who, place), 8, note=True)
    return y + side + 22
