"""Every message passes here on its way out: protected as its kind is to be, and noted with what Telegram made of it.

Deliveries speak to Telegram through a bot that is wrapped once. So no card can forget its protection, none goes to
somebody who was frozen or removed while it was made, and whatever stands in a chat is known by its number: to be taken
away in time, and to have its buttons checked.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, cast

from telegram import Bot, Message
from telegram.error import BadRequest

from bot.model.message_care import HARMLESS, Care
from bot.model.sent_message import Posted


class NotTheirs(Exception):
    """Whoever it was made for is not who they were when it was begun: nothing of it is sent, and it is made anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """An outbox row under way: its number signs its buttons, its care protects its messages.

    `is_theirs` is asked right before each request that shows something; None asks nobody.
    """

    row: int
    care: Care = HARMLESS
    posted: Posted = field(default_factory=Posted)
    is_theirs: Callable[[], Awaitable[bool]] | None = None


#: The row that this task delivers.
CURRENT_POSTING: ContextVar[Posting] = ContextVar("current_posting")


class RecordingBot:
    """Telegram's bot, whose messages are protected and noted. Raises NotTheirs."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bot, name)

    async def send_message(self, chat_id: int, *args: Any, **options: Any) -> Message:
        """A text."""
        await _demand_theirs()
        return _noted(await self._bot.send_message(chat_id, *args, **_protected(options)))

    async def send_photo(self, chat_id: int, *args: Any, **options: Any) -> Message:
        """A picture."""
        await _demand_theirs()
        return _noted(await self._bot.send_photo(chat_id, *args, **_protected(options)))

    async def send_document(self, chat_id: int, *args: Any, **options: Any) -> Message:
        """A file."""
        await _demand_theirs()
        return _noted(await self._bot.send_document(chat_id, *args, **_protected(options)))

    async def send_media_group(self, chat_id: int, *args: Any, **options: Any) -> tuple[Message, ...]:
        """An album."""
        await _demand_theirs()
        sent = await self._bot.send_media_group(chat_id, *args, **_protected(options))
        return tuple(_noted(message) for message in sent)

    async def edit_message_text(self, text: str, *, message_id: int, **options: Any) -> object:
        """A text anew, with its buttons."""
        await _demand_theirs()
        with _Redrawing(message_id):
            return await self._bot.edit_message_text(text, message_id=message_id, **options)

    async def edit_message_caption(self, *, message_id: int, **options: Any) -> object:
        """The words under a picture anew, with their buttons."""
        await _demand_theirs()
        with _Redrawing(message_id):
            return await self._bot.edit_message_caption(message_id=message_id, **options)


@contextmanager
def asking(is_theirs: Callable[[], Awaitable[bool]] | None) -> Iterator[None]:
    """Whatever is sent within is asked for once more right before it goes."""
    posting = CURRENT_POSTING.get(None)
    if posting is None:
        yield
        return
    token = CURRENT_POSTING.set(replace(posting, is_theirs=is_theirs))
    try:
        yield
    finally:
        CURRENT_POSTING.reset(token)


def recording(bot: Bot) -> Bot:
    """The bot by which everything is said. All that it does not note it hands on as it is."""
    return cast(Bot, RecordingBot(bot))


class _Redrawing:
    """An edit: also one that Telegram finds to change nothing shows what it was to show."""

    def __init__(self, message_id: int) -> None:
        self._message_id = int(message_id)

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        is_same = isinstance(error, BadRequest) and "not modified" in error.message.lower()
        posting = CURRENT_POSTING.get(None)
        if posting is not None and (error is None or is_same):
            posting.posted.redrawn.append(self._message_id)


async def _demand_theirs() -> None:
    # A file may take minutes to make, and an album seconds to send.
    posting = CURRENT_POSTING.get(None)
    if posting is not None and posting.is_theirs is not None and not await posting.is_theirs():
        raise NotTheirs


def _protected(options: dict[str, Any]) -> dict[str, Any]:
    posting = CURRENT_POSTING.get(None)
    return options | {"protect_content": True} if posting is not None and posting.care.protects else options


def _noted(message: Message) -> Message:
    posting = CURRENT_POSTING.get(None)
    if posting is not None:
        posting.posted.new.append(message.message_id)
    return message
