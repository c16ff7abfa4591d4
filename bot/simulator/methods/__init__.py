"""The methods of the Bot API, a file per group; importing this package fills the table."""

from bot.simulator.methods import chats, commands, copying, editing, files, media, messages, profile, reactions, topics
from bot.simulator.methods.registry import METHODS

__all__ = [
    "METHODS",
    "chats",
    "commands",
    "copying",
    "editing",
    "files",
    "media",
    "messages",
    "profile",
    "reactions",
    "topics",
]
