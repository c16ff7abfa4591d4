"""Looks whether somebody whose access has just ended still sits in a group that has digests, however it ended.

A group in which they do is stopped at once, and the administrators are told who is in which. The guard looks again
before each digest (handlers/chat_guard.py).
"""

import logging
from collections.abc import Sequence

from telegram import Bot
from telegram.error import TelegramError

from bot.model.newsroom import Member
from handlers.chat_guard import FORMER, named, sitting_in
from handlers.desk import FrontDesk

log = logging.getLogger(__name__)


class ChatWatch:
    """Asks Telegram once for each person and each group; what it did not answer is asked again."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk
        self._seen: frozenset[int] = frozenset()

    async def sweep(self) -> int:
        """Look for those who were frozen or removed since; returns how many groups were stopped."""
        former = await self._desk.members.former(self._desk.newsroom_id)
        fresh = [member for member in former if member.id not in self._seen]
        try:
            stopped = await self._stop_theirs(fresh) if fresh else 0
        except TelegramError as error:
            log.warning("the groups could not be looked at: %s", type(error).__name__)
            return 0
        # Whoever was let back in and is frozen again is looked for anew.
        self._seen = frozenset(member.id for member in former)
        return stopped

    async def _stop_theirs(self, fresh: Sequence[Member]) -> int:
        stopped, newsroom_id = 0, self._desk.newsroom_id
        for chat_id in await self._desk.digest_chats.open_groups(newsroom_id):
            there = await sitting_in(self._bot, chat_id, fresh)
            if there:
                stopped += await self._desk.digest_chats.stop(newsroom_id, chat_id, FORMER, who=named(there))
        return stopped
