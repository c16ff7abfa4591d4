"""Messages as the simulated server keeps them, and the numbering of messages.

As on Telegram, private chats and basic groups share one sequence of message ids; every supergroup and channel has
its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.simulator.people import Chat
from bot.simulator.shapes import Json


@dataclass(kw_only=True, slots=True)
class StoredMessage:
    """One message: ``body`` is the Bot API's Message as the bot sees it.

    ``history`` holds earlier bodies of an edited message, oldest first; ``reactions`` maps a user's id (the bot's
    too) to that user's ReactionType objects.
    """

    chat_id: int
    sender_id: int
    body: Json
    seen_by_bot: bool = True
    history: list[Json] = field(default_factory=list)
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    deleted: bool = False

    @property
    def message_id(self) -> int:
        """The id within the chat."""
        return int(self.body["message_id"])

    @property
    def text(self) -> str:
        """Text or caption, empty when there is neither."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        """Entities of the text or caption."""
        found: list[Json] = self.body.get("entities") or self.body.get("caption_entities") or []
        return found

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons, row by row."""
        rows: list[list[Json]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def emoji_of(self, user_id: int) -> list[str]:
        """The emoji with which a user (or the bot) reacted."""
        return [r["emoji"] for r in self.reactions.get(user_id, []) if r["type"] == "emoji"]

    def rewrite(self, body: Json) -> None:
        """Replace the body and remember the earlier one."""
        self.history.append(self.body)
        self.body = body

    def as_reply(self) -> Json:
        """The body inside another message's ``reply_to_message``: never nested twice."""
        return {name: value for name, value in self.body.items() if name != "reply_to_message"}


class MessageBook:
    """All messages of the world by chat and id."""

    def __init__(self) -> None:
        self._by_chat: dict[int, dict[int, StoredMessage]] = {}
        self._last_shared = 0
        self._last_own: dict[int, int] = {}

    def next_id(self, chat: Chat) -> int:
        """The id that the next message of this chat gets."""
        if chat.kind in {"supergroup", "channel"}:
            self._last_own[chat.id] = self._last_own.get(chat.id, 0) + 1
            return self._last_own[chat.id]
        self._last_shared += 1
        return self._last_shared

    def add(self, message: StoredMessage) -> None:
        """Keep a message."""
        self._by_chat.setdefault(message.chat_id, {})[message.message_id] = message

    def find(self, chat_id: int, message_id: int) -> StoredMessage | None:
        """The message, unless it does not exist or was deleted."""
        message = self._by_chat.get(chat_id, {}).get(message_id)
        return None if message is None or message.deleted else message

    def of(self, chat_id: int) -> list[StoredMessage]:
        """The messages of a chat that are not deleted, oldest first."""
        return [m for m in self._by_chat.get(chat_id, {}).values() if not m.deleted]

    def __iter__(self) -> Iterator[StoredMessage]:
        for messages in self._by_chat.values():
            yield from messages.values()
