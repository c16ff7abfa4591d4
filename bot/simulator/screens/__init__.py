"""Phone screenshots drawn with Pillow: a profile, or a post with its comments, as an application shows it.

For the demo, the tests and the benchmarks, so that no real person's screen is needed. 1080x2340 pixels, as a common
phone's; light and dark; the interface in Russian, Kyrgyz or English. They resemble the applications and copy no art.
"""

from bot.simulator.screens.contents import CommentThread, Platform, Profile, ThreadComment
from bot.simulator.screens.render import screenshot

__all__ = ["CommentThread", "Platform", "Profile", "ThreadComment", "screenshot"]
