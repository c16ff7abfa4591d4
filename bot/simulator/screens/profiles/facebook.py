"""Facebook's profile page: a cover, the photo over its lower left (a square one in older versions), facts, posts."""

from __future__ import annotations

from bot.simulator.screens.bars import title_bar
from bot.simulator.screens.contents import Profile
from bot.simulator.screens.page import Page
from bot.simulator.screens.portraits import portrait
from bot.simulator.screens.posts import draw_post
from bot.simulator.screens.profiles.parts import buttons, cover_of, field, name_line, note, tabs
from bot.simulator.screens.sheet import Font, Set
from bot.simulator.screens.truth import Box

_COVER = 200.0


def draw(page: Page, who: Profile) -> None:
    """Draw the whole page under the status bar."""
    sheet, words = page.sheet, page.words
    top = title_bar(page, who.name, icons=("search",), role="name")
    sheet.picture(0, top, sheet.width, _COVER, cover_of(who), note=True)
    square = who.shape == "square"
    avatar, name, y = (_square if square else _circle)(page, top, who)
    friends = words.count(who.friends)
    number = sheet.text(16, y + 8, friends, page.ink(15, "medium", "counter"))
    sheet.text(
        21 + number.width, y + 8, words.counted("friends", who.friends).replace(friends, "").strip(), page.faint(15)
    )
    y += 24
    about = sheet.paragraph(16, y, who.about, page.ink(15, role="bio"), sheet.width - 32, most=4)
    y = about.below + 10
    y = buttons(page, y, [words["add"], words["message"]], icons=("person-plus", "comment"), extra="dots")
    y = tabs(page, y + 10, words.several("tabs"))
    sheet.text(16, y + 22, words["details"], page.ink(17, "bold"))
    y += 40
    if who.place:
        y = field(page, y, "house", words["lives"].replace("{place}", who.place))
    y = field(page, y, "dots", words["about_link"], page.ink(15))
    note(page, name, avatar, {"friends": friends}, handle=None, about=about.words)
    _wall(page, y + 8, who)


def _circle(page: Page, top: float, who: Profile) -> tuple[Box, Set, float]:
    sheet = page.sheet
    side = page.avatar_size(160)
    middle = top + _COVER + 30 - side / 2 + 40
    middle = max(middle, top + side / 2 - 4)
    if who.story:
        sheet.circle(16 + side / 2, middle, side + 14, page.theme.page)
        sheet.circle(16 + side / 2, middle, side + 8, page.theme.accent)
    sheet.circle(16 + side / 2, middle, side + (2 if who.story else 8), page.theme.page)
    avatar = page.avatar(16 + side / 2, middle, side, who.name, who.photo)
    y = max(top + _COVER, middle + side / 2) + 24
    name = name_line(page, 16, y, who, page.ink(24, "bold", "name"), sheet.width - 32)
    return avatar, name, y + 22


def _square(page: Page, top: float, who: Profile) -> tuple[Box, Set, float]:
    """As applications of before 2018 had it: the name in white on the cover."""
    sheet = page.sheet
    side = min(page.avatar_size(112), sheet.width - 40)
    y = max(top + 8, top + _COVER - side + 14)
    sheet.shade(top + _COVER - 70, 70)
    sheet.box(12, y - 4, side + 8, side + 8, (255, 255, 255), 3)
    photo = portrait(who.name, who.photo, page.look.platform, page.look.dark)
    avatar = sheet.picture(16, y, side, side, photo)
    below = max(top + _COVER, y + side + 4) + 20
    beside = sheet.width - side - 50
    if beside > 120:
        font = Font(20, (255, 255, 255), "medium", "name")
        return avatar, name_line(page, side + 34, top + _COVER - 24, who, font, beside), below
    name = name_line(page, 16, below, who, page.ink(22, "bold", "name"), sheet.width - 32)
    return avatar, name, below + 22


def _wall(page: Page, y: float, who: Profile) -> None:
    sheet = page.sheet
    sheet.box(0, y, sheet.width, 6, page.theme.line)
    y += 6
    if who.last_post is None or y > sheet.height - 190:
        return
    sheet.text(16, y + 24, page.words["posts_title"], page.ink(17, "bold"))
    post_bottom(page, y + 40, who)


def post_bottom(page: Page, y: float, who: Profile) -> None:
    """The newest post as far as it fits: with its picture, without it, or its author and words alone."""
    if who.last_post is None:
        return
    for floor, counts in ((page.bottom - 90, True), (0.0, True), (0.0, False)):
        with page.sheet.rehearsal():
            below = draw_post(page, y, who.last_post, floor=floor, lines=3, counts=counts)
        if below <= page.bottom:
            draw_post(page, y, who.last_post, floor=floor, lines=3, counts=counts)
            return
