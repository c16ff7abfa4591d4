"""Looks at a group before anything is said in it: what is not as it was when it was allowed gets nothing.

The table says which groups are allowed, Telegram says what they are now: still private, still the same chat, the bot
still in it with its voice, one of those for whom it was allowed still there to read, nobody whose access has ended,
and no more strangers than there were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from telegram import Bot, ChatMember
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from handlers.desk import FrontDesk

#: What Telegram said is believed for so long at the most.
FRESH_FOR: Final = timedelta(seconds=60)
#: Checkpoints go every few minutes and say nothing of anybody: their chat is looked at anew when somebody has left us.
_FRESH_FOR_CHECKPOINTS: Final = timedelta(hours=1)
_MOST_ASKED: Final = 50
_MOST_FORMER: Final = 200
_MOST_KNOWN: Final = 500
#: Why a group is closed in which somebody sits who is frozen or was removed.
FORMER: Final = "former"
#: Why one is closed that more people read than was said to be right: Telegram tells a bot that is no administrator of
#: nobody who joins.
GROWN: Final = "grown"
_GONE: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """What was found of a chat, and when."""

    reason: str | None
    at: datetime
    former: str = ""
    #: Whose access had ended by then.
    ended: frozenset[int] = frozenset()


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
        former = await former_in(self._bot, self._desk, newsroom_id, chat_id) if reason is None else []
        reason = FORMER if former else reason
        if reason is None and await self._has_grown(newsroom_id, chat_id):
            reason = GROWN
        self._seen[newsroom_id, chat_id] = _Seen(reason=reason, at=now, former=named(former))
        return reason

    async def closed_to_checkpoints(self, newsroom_id: int, chat_id: int) -> str | None:
        """The same for the chat that keeps checkpoints: who is in it need not be a member, but may not be a former one.

        A group, or somebody's own chat.
        """
        now, key = self._desk.now(), (newsroom_id, chat_id)
        former = await self._desk.members.former(newsroom_id)
        seen, ended = self._seen.get(key), frozenset(member.id for member in former)
        if seen is not None and seen.ended == ended and abs(now - seen.at) < _FRESH_FOR_CHECKPOINTS:
            return seen.reason
        reason = await self._shut(chat_id) if chat_id < 0 else None
        if reason is None and await self._is_kept_by(former, chat_id):
            reason = FORMER
        self._seen[key] = _Seen(reason=reason, at=now, ended=ended)
        return reason

    def former(self, newsroom_id: int, chat_id: int) -> str:
        """Whom the last look found there although their access has ended, by name."""
        seen = self._seen.get((newsroom_id, chat_id))
        return seen.former if seen is not None else ""

    def forget(self, newsroom_id: int, chat_id: int) -> None:
        """What was found does not hold any more."""
        self._seen.pop((newsroom_id, chat_id), None)

    async def _is_kept_by(self, former: Sequence[Member], chat_id: int) -> bool:
        if chat_id > 0:
            return any(member.telegram_id == chat_id for member in former)
        return bool(await sitting_in(self._bot, chat_id, former[:_MOST_FORMER]))

    async def _look(self, newsroom_id: int, chat_id: int) -> str | None:
        reason = await self._shut(chat_id)
        if reason is not None:
            return reason
        return None if await self._is_read(newsroom_id, chat_id) else "nobody"

    async def _shut(self, chat_id: int) -> str | None:
        """What of the chat itself is not as it has to be."""
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
        return None

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

    async def _has_grown(self, newsroom_id: int, chat_id: int) -> bool:
        allowed = await self._desk.digest_chats.strangers_allowed(newsroom_id, chat_id)
        people = await people_in(self._bot, chat_id)
        # Each who left and each who came: only the strangers among them are counted against what was allowed.
        return people > allowed and people - await known_in(self._bot, self._desk, newsroom_id, chat_id) > allowed


async def people_in(bot: Bot, chat_id: int) -> int:
    """How many are in a group beside this bot. Raises telegram.error.TelegramError."""
    return await bot.get_chat_member_count(chat_id) - 1


async def known_in(bot: Bot, desk: FrontDesk, newsroom_id: int, chat_id: int) -> int:
    """How many of the newsroom's members are in a group: whoever else is there reads digests too.

    Whoever waits to be let in is nobody yet. Raises telegram.error.TelegramError.
    """
    everyone = (await desk.members.everyone(newsroom_id)).values()
    active = [member for member in everyone if member.status is MemberStatus.ACTIVE]
    return len(await sitting_in(bot, chat_id, active[:_MOST_KNOWN]))


async def former_in(bot: Bot, desk: FrontDesk, newsroom_id: int, chat_id: int) -> list[Member]:
    """Who sits in a group although their access has ended or is frozen. Raises telegram.error.TelegramError."""
    return await sitting_in(bot, chat_id, (await desk.members.former(newsroom_id))[:_MOST_FORMER])


async def sitting_in(bot: Bot, chat_id: int, people: Sequence[Member]) -> list[Member]:
    """Those of some people who are in a group. Raises telegram.error.TelegramError."""
    there = []
    for each in people:
        try:
            if is_in(await bot.get_chat_member(chat_id, each.telegram_id)):
                there.append(each)
        except BadRequest:
            # Telegram knows nobody of that number there.
            continue
    return there


def named(people: Sequence[Member]) -> str:
    """Their names in one line."""
    return ", ".join(each.name for each in people)


def is_in(member: ChatMember) -> bool:
    """Whether somebody is in a chat, as Telegram tells it."""
    return member.status not in _GONE and getattr(member, "is_member", True) is not False
