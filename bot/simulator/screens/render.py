"""Put a screenshot together: what the application shows, and the frame that every phone has."""

from __future__ import annotations

from bot.simulator.backdrops import Colour
from bot.simulator.screens.contents import Chat, Look, Profile, ScreenContent, Thread
from bot.simulator.screens.messages import draw_chat, draw_discussion
from bot.simulator.screens.page import Page
from bot.simulator.screens.phone import gesture_line, status_bar
from bot.simulator.screens.profiles import draw_profile
from bot.simulator.screens.sheet import Sheet
from bot.simulator.screens.themes import theme
from bot.simulator.screens.thread import draw_thread
from bot.simulator.screens.truth import Kind, RenderedScreen, TrueLine, TrueScreen
from bot.simulator.screens.words import Words

_CHATS = ("telegram", "whatsapp")


def render_screen(content: ScreenContent, look: Look) -> RenderedScreen:
    """A phone screenshot and the truth about it; the same each time with the same fonts.

    Raises ValueError for a chat in an application without chats here, and for a photo's shape that it does not have.
    """
    page = Page(
        sheet=Sheet(look.device, theme(look.platform, look.device, look.dark)),
        look=look,
        words=Words(look.language, look.platform),
    )
    kind = _draw(page, content)
    status_bar(page, _ink_on(page, 6))
    gesture_line(page, _ink_on(page, page.sheet.image.height - 5))
    return RenderedScreen(image=page.sheet.image, truth=_truth(page, kind))


def _draw(page: Page, content: ScreenContent) -> Kind:
    platform = page.look.platform
    if isinstance(content, Profile):
        draw_profile(page, content)
        return "profile"
    page.largest = 240
    if isinstance(content, Chat):
        if platform not in _CHATS:
            raise ValueError(f"no chats are drawn for {platform}")
        draw_chat(page, content)
        return "chat"
    if platform == "whatsapp":
        draw_chat(page, as_chat(content))
        return "chat"
    if platform == "telegram":
        draw_discussion(page, content)
    else:
        draw_thread(page, content)
    return "thread" if content.comments else "post"


def as_chat(thread: Thread) -> Chat:
    """A thread as the chat of a group, for an application without comments."""
    title = thread.post.author if thread.post is not None else "…"
    return Chat(title=title, messages=thread.comments, members=max(3, thread.total or len(thread.comments)))


def _ink_on(page: Page, row: int) -> Colour:
    """Black on a bright place, white on a dark one."""
    strip = page.sheet.image.crop((0, row, page.sheet.image.width, row + 1)).convert("L").resize((1, 1))
    level = strip.getpixel((0, 0))
    return (255, 255, 255) if isinstance(level, (int, float)) and level < 140 else (0, 0, 0)


def _truth(page: Page, kind: Kind) -> TrueScreen:
    look = page.look
    return TrueScreen(
        platform=look.platform,
        kind=kind,
        language=look.language,
        dark=look.dark,
        device=look.device,
        lines=_in_reading_order(page.sheet.lines),
        comments=tuple(page.comments),
        post=page.post,
        profile=page.profile,
        photos=tuple(page.sheet.photos),
    )


def _in_reading_order(lines: list[TrueLine]) -> tuple[TrueLine, ...]:
    """Row by row, from the left; a row is what overlaps its first line by half of the lower one's height."""
    rows: list[list[TrueLine]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3] / 2):
        first = rows[-1][0] if rows else None
        if first is not None and _beside(first, line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda line: line.box[0]))


def _beside(one: TrueLine, other: TrueLine) -> bool:
    top, bottom = max(one.box[1], other.box[1]), min(one.box[1] + one.box[3], other.box[1] + other.box[3])
    return bottom - top > min(one.box[3], other.box[3]) / 2
