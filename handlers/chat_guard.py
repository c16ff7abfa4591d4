"""Looks at a group before anything is said in it: what is not as it was when it was allowed gets nothing.

The table says which groups are allowed, Telegram says what they are now: still private, still the same chat, the bot
still in it with its voice, and one of those for whom it was allowed still there to read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from telegram import Bot, ChatMember
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.model.rights import Right
from handlers.desk import FrontDesk

#: What Telegram said is believed for so long at the most.
FRESH_FOR: Final = timedelta(seconds=60)
_MOST_ASKED: Final = 50
_GONE: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """What was found of a chat, and when."""

    reason: str | None
    at: datetime


class ChatGuard:
    """Says why nothing may be said in a group. Raises telegram.error.TelegramError when it cannot be told."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk
        self._seen: dict[tuple[int, int], _Seen] = {}

    async def closed(self, newsroom_id: int, chat_id: int) -> str | None:
        """The reason why this chat is not what was allowed, None when it is."""
        now = self._desk.now()
        seen = self._seen.get((newsroom_id, chat_id))
        if seen is not None and abs(now - seen.at) < FRESH_FOR:
            return seen.reason
        reason = await self._look(newsroom_id, chat_id)
        self._seen[newsroom_id, chat_id] = _Seen(reason=reason, at=now)
        return reason

    def forget(self, newsroom_id: int, chat_id: int) -> None:
        """What was found does not hold any more."""
        self._seen.pop((newsroom_id, chat_id), None)

    async def _look(self, newsroom_id: int, chat_id: int) -> str | None:
        try:
            chat = await self._bot.get_chat(chat_id)
            if chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
                return "kind"
            if chat.username or chat.active_usernames:
                return "public"
            own = await self._bot.get_chat_member(chat_id, self._bot.id)
        except ChatMigrated:
            return "moved"
        except Forbidden:
            return "shut_out"
        except BadRequest as error:
            if "not found" in error.message.lower():
                return "shut_out"
            raise
        if not is_in(own) or getattr(own, "can_send_messages", True) is False:
            return "shut_out"
        return None if await self._is_read(newsroom_id, chat_id) else "nobody"

    async def _is_read(self, newsroom_id: int, chat_id: int) -> bool:
        """Whether anybody for whom it was allowed is there."""
        everyone = (await self._desk.members.everyone(newsroom_id)).values()
        readers = [member for member in everyone if member.may(Right.DIGESTS) or member.may(Right.CHATS)]
        for reader in readers[:_MOST_ASKED]:
            try:
                if is_in(await self._bot.get_chat_member(chat_id, reader.telegram_id)):
                    return True
            except BadRequest:
                continue
        return False


def is_in(member: ChatMember) -> bool:
    """Whether somebody is in a chat, as Telegram tells it."""
    return member.status not in _GONE and getattr(member, "is_member", True) is not False
