"""The state of the simulated world and the ways to look things up and to tell what happened.

``Cast`` (who exists), ``Acts`` (what people do) and the Bot API methods are built on it.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from bot.simulator.command_menus import CommandMenus
from bot.simulator.events import EventStream
from bot.simulator.faults import Faults
from bot.simulator.files import FileStore
from bot.simulator.flood import FloodLimits
from bot.simulator.journal import Journal
from bot.simulator.library import LibraryItem
from bot.simulator.messages import MessageBook, StoredMessage
from bot.simulator.people import Chat, User
from bot.simulator.presses import Press
from bot.simulator.shapes import Clock, Json
from bot.simulator.update_queue import UpdateQueue

_FALLBACK_BOT_ID: Final = 7_000_000_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class State:
    """Everything that exists, in memory. ``clock`` gives aware datetimes."""

    def __init__(self, token: str, bot_username: str = "kalkan_demo_bot", clock: Clock | None = None) -> None:
        self.token = token
        self.clock: Clock = clock or _utc_now
        number = token.split(":", 1)[0]
        bot_id = int(number) if number.isascii() and number.isdigit() else _FALLBACK_BOT_ID
        self.bot = User(id=bot_id, first_name="Kalkan", username=bot_username, is_bot=True)
        self.can_read_all_group_messages = False
        self.users: dict[int, User] = {bot_id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.messages = MessageBook()
        self.files = FileStore()
        self.updates = UpdateQueue()
        self.faults = Faults()
        self.flood = FloodLimits()
        self.journal = Journal()
        self.events = EventStream()
        self.menus = CommandMenus()
        self.presses: dict[str, Press] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.default_menu_button: Json = {"type": "commands"}
        self.library: dict[int, LibraryItem] = {}
        self.changed = asyncio.Event()

    def now(self) -> int:
        """The clock's time as a Unix time."""
        return int(self.clock().timestamp())

    def user(self, who: User | int) -> User:
        """The user. Raises KeyError for nobody of this world."""
        return who if isinstance(who, User) else self.users[who]

    def chat(self, where: Chat | int) -> Chat:
        """The chat. Raises KeyError for none of this world."""
        return where if isinstance(where, Chat) else self.chats[where]

    def private_chat(self, who: User | int) -> Chat:
        """The user's private chat with the bot."""
        return self.chats[self.user(who).id]

    def message(self, which: StoredMessage | tuple[int, int]) -> StoredMessage:
        """The message by (chat id, message id). Raises KeyError when it is not there."""
        if isinstance(which, StoredMessage):
            return which
        found = self.messages.find(*which)
        if found is None:
            raise KeyError(which)
        return found

    def chat_messages(self, where: Chat | User | int) -> list[StoredMessage]:
        """What stands in a chat now, oldest first (a user means the private chat)."""
        return self.messages.of(where if isinstance(where, int) else where.id)

    def bot_messages(self, where: Chat | User | int) -> list[StoredMessage]:
        """What the bot wrote in a chat, deleted messages left out."""
        return [m for m in self.chat_messages(where) if m.sender_id == self.bot.id]

    def last_bot_message(self, where: Chat | User | int) -> StoredMessage | None:
        """The newest message of the bot in a chat."""
        return next(reversed(self.bot_messages(where)), None)

    def chats_of(self, user: User) -> list[Chat]:
        """The chats that the user sees: the private one and those with the user as a member."""
        return [chat for chat in self.chats.values() if chat.id == user.id or chat.has(user.id)]

    def announce(self, kind: str, message: StoredMessage) -> None:
        """Tell the page about a message and wake whoever waits for a change."""
        self.events.publish(kind, self.view(message))
        self.touch()

    def touch(self) -> None:
        """Wake whoever waits for a change."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def wait_until(self, ready: Callable[[], bool], within: float = 10.0) -> None:
        """Wait until ``ready()`` holds, looking after each change. Raises TimeoutError after so many seconds."""
        async with asyncio.timeout(within):
            while not ready():
                await self.changed.wait()

    def view(self, message: StoredMessage) -> Json:
        """A message as the web page shows it."""
        return {
            "chat_id": message.chat_id,
            "message_id": message.message_id,
            "sender_id": message.sender_id,
            "from_bot": message.sender_id == self.bot.id,
            "body": message.body,
            "reactions": [
                {"emoji": emoji, "user_id": user_id}
                for user_id in message.reactions
                for emoji in message.emoji_of(user_id)
            ],
        }
