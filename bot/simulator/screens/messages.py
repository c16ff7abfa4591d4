"""Messages in bubbles: Telegram's comments under a channel's post, and chats on Telegram and WhatsApp."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.screens.bars import BAR, INPUT, back, input_bar, title_bar
from bot.simulator.screens.contents import Chat, Comment, Post, Thread
from bot.simulator.screens.page import Page
from bot.simulator.screens.portraits import name_colour
from bot.simulator.screens.posts import note_post, picture_height
from bot.simulator.screens.sheet import Font, Set
from bot.simulator.screens.truth import Box, TrueComment
from bot.simulator.screens.wallpapers import wallpaper

_SIDE = 38.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """A message and what it takes from its neighbours."""

    comment: Comment
    named: bool
    pictured: bool
    answers: Comment | None
    faces: bool
    fallback: str


def draw_discussion(page: Page, thread: Thread) -> None:
    """Telegram's comments: the channel's post, "discussion started", the messages below it."""
    total = thread.total if thread.total is not None else len(thread.comments)
    _ground(page)
    y = title_bar(page, page.words.counted("comments_n", total), icons=("search", "dots-vertical")) + 8
    if thread.post is not None:
        y = _channel_post(page, y, thread.post)
        y = _pill(page, y, page.words["start"])
    floor = page.sheet.floor = page.bottom - INPUT - 4
    for message in _messages(thread.comments, faces=True, fallback=""):
        page.most = page.lines_in(floor - y) if not page.comments else 16
        with page.sheet.rehearsal():
            below = _bubble(page, y, message)
        if below > floor and page.comments:
            break
        y = _bubble(page, y, message)
    page.sheet.floor = page.sheet.height
    input_bar(page)


def draw_chat(page: Page, chat: Chat) -> None:
    """A group's or a private chat, its newest messages at the bottom."""
    _ground(page)
    _chat_bar(page, chat)
    top = page.top + BAR + 6 + (40 if chat.day else 0)
    messages = _messages(chat.messages, faces=chat.members > 0, fallback=chat.title)
    shown: list[_Message] = []
    room = page.bottom - INPUT - 6 - top
    page.sheet.floor, page.most = page.bottom - INPUT - 2, page.lines_in(room)
    for message in reversed(messages):
        with page.sheet.rehearsal():
            high = _bubble(page, 0, message)
        if high > room and shown:
            break
        shown.append(message)
        room -= high
    y = top
    if chat.day:
        _pill(page, page.top + BAR + 8, chat.day)
    y += max(0.0, room)
    for message in reversed(shown):
        y = _bubble(page, y, message)
    page.sheet.floor = page.sheet.height
    input_bar(page)


def _ground(page: Page) -> None:
    sheet = page.sheet
    sheet.image.paste(wallpaper(page.look.platform, page.look.dark, sheet.image.size, page.theme.wallpaper))


def _messages(comments: tuple[Comment, ...], *, faces: bool, fallback: str) -> list[_Message]:
    """Who is named and pictured: the first and the last of each person's run. A reply quotes the last comment."""
    found, answered = [], None
    for place, comment in enumerate(comments):
        before = comments[place - 1] if place else None
        after = comments[place + 1] if place + 1 < len(comments) else None
        found.append(
            _Message(
                comment=comment,
                named=before is None or (before.author, before.own) != (comment.author, comment.own),
                pictured=after is None or (after.author, after.own) != (comment.author, comment.own),
                answers=answered if comment.level else None,
                faces=faces,
                fallback=fallback,
            )
        )
        answered = comment if not comment.level else answered
    return found


def _chat_bar(page: Page, chat: Chat) -> None:
    sheet, y = page.sheet, page.top + BAR / 2
    sheet.box(0, 0, sheet.width, page.top + BAR, page.theme.bar)
    if page.iphone:
        sheet.rule(page.top + BAR)
    left = back(page, y)
    telegram = page.look.platform == "telegram"
    if chat.members:
        below = page.words.counted("members", chat.members)
    else:
        below = page.words["seen"] if telegram else page.words["online"]
    title = Font(16.5, page.theme.on_bar, "medium", "name")
    colour = page.theme.on_bar if telegram and not page.iphone else page.theme.faint
    small = Font(13, _mixed(colour, page.theme.bar) if telegram and not page.iphone else colour)
    if telegram and page.iphone:
        sheet.text(sheet.width / 2, y - 9, chat.title, title, anchor="m", room=sheet.width - 150)
        sheet.text(sheet.width / 2, y + 11, below, small, anchor="m")
        page.avatar(sheet.width - 30, y, 36, chat.title, chat.photo)
        return
    page.avatar(left + 14, y, 38, chat.title, chat.photo)
    icons = (
        ("dots-vertical",) if telegram else ("video", "phone") if page.iphone else ("video", "phone", "dots-vertical")
    )
    for place, icon in enumerate(reversed(icons)):
        sheet.icon(icon, sheet.width - 24 - place * 44, y, 22, page.theme.on_bar)
    room = sheet.width - left - 50 - 44 * len(icons)
    sheet.text(left + 44, y - 9, chat.title, title, room=room)
    sheet.text(left + 44, y + 11, below, small, room=room)


def _mixed(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = ((a * 7 + b * 3) // 10 for a, b in zip(one, other, strict=True))
    return red, green, blue


def _pill(page: Page, y: float, words: str) -> float:
    """A service line in a rounded box in the middle; the y below it."""
    sheet = page.sheet
    telegram = page.look.platform == "telegram"
    ink = (255, 255, 255) if telegram else page.theme.faint
    font = Font(13, ink, "medium")
    wide = sheet.measure(words, font) + 24
    ground = _mixed(page.theme.wallpaper, (0, 0, 0)) if telegram else page.theme.bubble
    sheet.box((sheet.width - wide) / 2, y + 4, wide, 26, ground, 13 if telegram else 8)
    sheet.text(sheet.width / 2, y + 17, words, font, anchor="m")
    return y + 38


def _channel_post(page: Page, y: float, post: Post) -> float:
    """The post that is discussed, as a message of its channel."""
    sheet, x = page.sheet, 54.0
    wide = sheet.width - x - 42
    with sheet.rehearsal():
        text = sheet.paragraph(x, 0, post.text, page.ink(16), wide - 24, most=8, more=page.words["see_more"])
    picture = 0.0 if post.picture is None else picture_height(post.picture, wide, sheet.height * 0.22)
    high = 32 + picture + text.below + 30
    sheet.box(x, y, wide, high, page.theme.bubble, 14)
    font = Font(15, name_colour(post.author), "medium", "name")
    name = sheet.text(x + 12, y + 18, post.author, font, room=wide - 30)
    if post.picture is not None:
        sheet.picture(x, y + 32, wide, picture, post.picture, note=True)
    font = page.ink(16, role="text")
    text = sheet.paragraph(x + 12, y + 38 + picture, post.text, font, wide - 24, most=8, more=page.words["see_more"])
    clock = sheet.text(x + wide - 12, y + high - 13, post.time, page.faint(12, role="time"), anchor="r")
    views = page.words.count(post.likes * 31)
    seen = sheet.text(x + wide - 20 - clock.width, y + high - 13, views, page.faint(12, role="counter"), anchor="r")
    sheet.icon("eye", x + wide - 30 - clock.width - seen.width, y + high - 13, 14, page.theme.faint)
    avatar = page.avatar(28, y + high - _SIDE / 2, _SIDE, post.author, post.photo)
    note_post(page, name, text, avatar, post.time)
    return y + high + 4


def _bubble(page: Page, y: float, message: _Message) -> float:
    """One message from ``y`` down; the y below. Drawn twice: first only measured, for the size of its bubble."""
    sheet, comment = page.sheet, message.comment
    side = page.avatar_size(_SIDE)
    left = side + 16 if message.faces and not comment.own else 10.0
    most = sheet.width - left - 66
    with sheet.rehearsal():
        inner, high, _, _ = _inside(page, 0, 0, message, most, most)
    x = sheet.width - inner - 34 if comment.own else left
    ground = page.theme.own_bubble if comment.own else page.theme.bubble
    radius = 16 if page.look.platform == "telegram" else 10
    sheet.box(x, y, inner + 24, high, ground, radius)
    if message.pictured:
        corner = x + inner + 24 - radius if comment.own else x
        sheet.box(corner, y + high - radius, radius, radius, ground, 4)
    _, _, author, text = _inside(page, x + 12, y, message, most, inner)
    avatar = None
    if message.faces and not comment.own and message.pictured:
        middle = y + max(high, side) - side / 2
        avatar = page.avatar(8 + side / 2, middle, side, comment.author, comment.photo)
    _note(page, message, author, text, avatar)
    return y + max(high, side if message.faces and message.pictured else 0) + (7 if message.pictured else 3)


def _inside(
    page: Page, x: float, y: float, message: _Message, most: float, inner: float
) -> tuple[float, float, str, Set]:
    """What a bubble holds, with its left edge at ``x``: the width it needs, its height, the author, the text."""
    sheet, comment = page.sheet, message.comment
    telegram = page.look.platform == "telegram"
    at, wide, author = y + 7, 60.0, comment.author if message.faces else message.fallback
    if message.faces and message.named and not comment.own:
        font = Font(14.5, name_colour(comment.author), "medium", "name")
        name = sheet.text(x, at + 9, comment.author, font, room=most)
        at, wide, author = at + 20, max(wide, name.width), name.words
    if message.answers is not None:
        wide = max(wide, _quote(page, x, at, message.answers, most, inner))
        at += 44
    font = page.ink(16 if telegram or not page.iphone else 16.5, role="text")
    text = sheet.paragraph(x, at, comment.text, font, most, most=page.most, more=page.words["see_more"])
    clock = sheet.measure(comment.time, page.faint(11.5)) + (22 if comment.own else 0)
    last = text.last
    wide = max(wide, text.width)
    beside = last + clock + 12 <= most
    wide = max(wide, last + clock + 12) if beside else max(wide, clock)
    row = text.below - 6 if beside else text.below + 8
    tint = _time_tint(page, comment.own)
    end = x + max(inner, wide) if not sheet.rehearsing else x + wide
    if comment.own:
        sheet.icon("checks", end - 6, row, 15, page.theme.link if page.look.platform == "whatsapp" else tint)
    sheet.text(end - (18 if comment.own else 0), row, comment.time, Font(11.5, tint, role="time"), anchor="r")
    return wide, (text.below if beside else text.below + 16) + 7 - y, author, text


def _time_tint(page: Page, own: bool) -> tuple[int, int, int]:
    if not own:
        return page.theme.faint
    return (
        _mixed(page.theme.ink, page.theme.own_bubble)
        if page.look.dark
        else _mixed((60, 140, 60), page.theme.own_bubble)
    )


def _quote(page: Page, x: float, y: float, answered: Comment, most: float, inner: float) -> float:
    """The head of a reply: a stripe, whom it answers, the beginning of their words; the width it needs."""
    sheet, colour = page.sheet, name_colour(answered.author)
    with sheet.rehearsal():
        name = sheet.text(x, y, answered.author, Font(13.5, colour, "medium"), room=most - 24)
        begun = sheet.text(x, y, answered.text, page.ink(13.5), room=min(most - 24, 220))
    wide = max(name.width, begun.width) + 24
    ground = tuple(channel * 9 // 10 + 25 * page.look.dark for channel in page.theme.bubble)
    sheet.box(x - 2, y, max(inner, wide) + 4, 40, (ground[0], ground[1], ground[2]), 6)
    sheet.box(x - 2, y, 3, 40, colour, 1.5)
    sheet.text(x + 8, y + 12, answered.author, Font(13.5, colour, "medium"), room=most - 24)
    sheet.text(x + 8, y + 29, answered.text, page.ink(13.5), room=min(most - 24, 220))
    return wide


def _note(page: Page, message: _Message, author: str, text: Set, avatar: Box | None) -> None:
    if page.sheet.rehearsing:
        return
    comment = message.comment
    page.comments.append(
        TrueComment(
            author="" if comment.own else author,
            handle=comment.handle,
            text=text.words,
            time=comment.time,
            level=min(comment.level, 1),
            avatar=avatar,
            box=text.box,
        )
    )
