"""Which messages of a group reach the bot: Telegram's privacy mode (core.telegram.org/bots/features#privacy-mode)."""

from typing import Final

from bot.simulator.messages import StoredMessage
from bot.simulator.people import Chat, User
from bot.simulator.shapes import Json

_SERVICE: Final = ("new_chat_members", "left_chat_member", "pinned_message", "forum_topic_created")


def reaches_bot(body: Json, chat: Chat, bot: User, replied: StoredMessage | None, *, reads_all: bool) -> bool:
    """Whether the bot gets this message of somebody in this chat."""
    if chat.kind == "private":
        return True
    if not chat.has(bot.id):
        return False
    if chat.kind == "channel" or reads_all or chat.is_admin(bot.id):
        return True
    if any(name in body for name in _SERVICE) or (replied is not None and replied.sender_id == bot.id):
        return True
    return _addresses(body, bot)


def _addresses(body: Json, bot: User) -> bool:
    """Whether a command or a mention means this bot; a command that names no bot means every bot of the group."""
    text = body.get("text") or body.get("caption") or ""
    units = text.encode("utf-16-le")
    own = f"@{bot.username}".lower()
    for entity in body.get("entities") or body.get("caption_entities") or []:
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        content = units[start:end].decode("utf-16-le", "replace").lower()
        if entity["type"] == "bot_command" and ("@" not in content or content.endswith(own)):
            return True
        if entity["type"] == "mention" and content == own:
            return True
    return False
