"""The rehearsal stage: a local Bot API, a web chat page, drawn phone screenshots.

``Simulator`` serves one bot over HTTP; ``Simulator.world`` holds the people around it and does what they do.
"""

from bot.simulator.acts import MediaItem
from bot.simulator.faults import FaultKind
from bot.simulator.messages import StoredMessage
from bot.simulator.people import Chat, User
from bot.simulator.presses import Press
from bot.simulator.refusals import ApiError
from bot.simulator.server import Simulator
from bot.simulator.world import World

__all__ = ["ApiError", "Chat", "FaultKind", "MediaItem", "Press", "Simulator", "StoredMessage", "User", "World"]
