"""Put a screenshot together: the frame that every phone has, and what the application shows in it."""

from __future__ import annotations

from PIL import Image

from bot.simulator.screens.contents import CommentThread, Language, Platform, Profile
from bot.simulator.screens.frame import gesture_line, status_bar
from bot.simulator.screens.looks import LOOKS, WORDS, palette
from bot.simulator.screens.profile import draw_profile
from bot.simulator.screens.sheet import Sheet
from bot.simulator.screens.thread import draw_thread


def screenshot(
    shown: Profile | CommentThread, platform: Platform = "facebook", *, dark: bool = False, language: Language = "ru"
) -> Image.Image:
    """A phone screenshot, 1080x2340 RGB, of a profile or of a post with comments; the same each time."""
    look = LOOKS[platform]
    sheet = Sheet(palette(look, dark))
    if isinstance(shown, Profile):
        draw_profile(sheet, shown, look, WORDS[language])
    else:
        draw_thread(sheet, shown, look, WORDS[language])
    status_bar(sheet)
    gesture_line(sheet)
    return sheet.image
