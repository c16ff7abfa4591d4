"""Phone screenshots drawn with Pillow, and the truth about what stands on them.

Profiles, posts with comments, chats, as eight applications show them: light and dark, on Android and iPhones, the
interface in Russian, Kyrgyz or English. For the demo, the tests and the benchmarks, so that no real person's screen is
needed. They resemble the applications and copy no art of theirs.
"""

from bot.simulator.screens.contents import Chat, Comment, Look, Post, Profile, ScreenContent, Thread
from bot.simulator.screens.edits import camera_view, photographed, recompressed
from bot.simulator.screens.render import render_screen
from bot.simulator.screens.samples import LANGUAGES, PLATFORMS, sample_content, sample_screen
from bot.simulator.screens.truth import (
    Box,
    Device,
    Kind,
    Language,
    Platform,
    RenderedScreen,
    TrueComment,
    TrueLine,
    TrueProfile,
    TrueScreen,
)

__all__ = [
    "LANGUAGES",
    "PLATFORMS",
    "Box",
    "Chat",
    "Comment",
    "Device",
    "Kind",
    "Language",
    "Look",
    "Platform",
    "Post",
    "Profile",
    "RenderedScreen",
    "ScreenContent",
    "Thread",
    "TrueComment",
    "TrueLine",
    "TrueProfile",
    "TrueScreen",
    "camera_view",
    "photographed",
    "recompressed",
    "render_screen",
    "sample_content",
    "sample_screen",
]
