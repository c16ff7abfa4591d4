"""Sensitive messages leave the chats before Telegram's limit for deleting them, and at once when somebody asks.

A bot can delete what it sent for 48 hours. What is to go is planned when it is sent; here it is looked for, and asked
of Telegram through the outbox, behind everything that people wait for. What fails is asked again until the 48 hours are
over; then it is counted for the administrator. An alarm that nobody answered stays.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.newsroom import Member
from bot.model.outbox import Priority
from bot.model.sent_message import DELETED_AT_ONCE, TELEGRAM_HOURS
from bot.services import notices
from bot.storage import members, outbox, sent_messages
from bot.storage.sent_messages import Standing
from bot.storage.store import Store

#: What was asked of Telegram is asked again after this, unless it is known to be gone.
_AGAIN = timedelta(minutes=10)
_AT_A_TIME = 1_000
_LIMIT = timedelta(hours=TELEGRAM_HOURS)
#: How long buttons work on what may stay; presses are remembered for longer than any button that could repeat them.
_BUTTONS_LIVE = timedelta(days=30)
_PRESSES_STAY = timedelta(days=31)


class MessageSweep:
    """Takes away what has stood long enough."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def sweep(self) -> int:
        """Ask for everything whose time has come; returns how many messages are asked for now."""
        now = self._clock()
        async with self._store.write() as conn:
            for member_id, hours in (await members.in_a_hurry(conn)).items():
                await sent_messages.hasten(conn, member_id, now - timedelta(hours=hours), now)
            await sent_messages.lose(conn, now - _LIMIT, now)
            found = await sent_messages.due(conn, now, now - _AGAIN, _AT_A_TIME)
            await self._ask(conn, found, Priority.SWEEP)
        return len(found)

    async def sweep_member(self, conn: AsyncConnection, newsroom_id: int, member: Member) -> int:
        """Ask for everything that the bot sent a member within Telegram's limit, at once; returns how many messages.

        It goes before all but alarms, in the transaction of whoever asks; alarms go too.
        """
        found = await sent_messages.of_member(conn, newsroom_id, member.id, self._clock() - _LIMIT)
        await self._ask(conn, found, Priority.ANSWER)
        return len(found)

    async def purge(self) -> int:
        """Forget messages of long ago, and the presses on them."""
        now = self._clock()
        async with self._store.write() as conn:
            return await sent_messages.purge(conn, now - _BUTTONS_LIVE, now - _PRESSES_STAY)

    async def _ask(self, conn: AsyncConnection, found: Iterable[Standing], priority: Priority) -> None:
        now, by_chat = self._clock(), dict[tuple[int, int], list[int]]()
        for each in found:
            by_chat.setdefault((each.newsroom_id, each.chat_id), []).append(each.message_id)
        said = [
            notices.deletion(newsroom_id, chat_id, ids[start : start + DELETED_AT_ONCE], priority)
            for (newsroom_id, chat_id), ids in by_chat.items()
            for start in range(0, len(ids), DELETED_AT_ONCE)
        ]
        await sent_messages.ask(conn, by_chat, now)
        await outbox.put(conn, said, now)
