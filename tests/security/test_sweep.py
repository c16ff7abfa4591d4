"""A thousand messages leave the chats within a minute, at Telegram's pace, and alarms go before them."""

import asyncio
import time
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model.outbox import Kind, Outgoing, Priority
from bot.services import notices
from bot.services.message_sweep import MessageSweep
from bot.services.outbox import Outbox
from bot.storage import outbox, sent_messages
from bot.storage.store import Store
from bot.storage.tables import sent_messages as table
from handlers.delivery import Delivered
from handlers.outgoing import _AT_ONCE, Sender
from handlers.pacing import Pace, PaceLimits
from handlers.posting import CURRENT_POSTING
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock

pytestmark = pytest.mark.proof

#: The documented limits, with the product's margin.
TELEGRAM = PaceLimits(per_second=25, chat_seconds=1.0, group_per_minute=20)


class Deleting:
    """Stands for `Delivery`: deletes what it is asked to, and notes the order of what it was asked."""

    def __init__(self) -> None:
        self.kinds: list[Kind] = []

    async def deliver(self, row: Outgoing) -> Delivered:
        """One request."""
        self.kinds.append(row.kind)
        await asyncio.sleep(0.02)
        if row.kind is Kind.DELETE:
            CURRENT_POSTING.get().posted.deleted.extend(row.body["messages"])
        return Delivered()


async def sweep(store: Store, clock: StoppedClock, chats: int, each: int) -> tuple[float, list[Kind]]:
    """Seconds until so many messages in so many chats are gone, and what was asked of Telegram."""
    newsroom = await make_newsroom(store, clock())
    member = await make_member(store, newsroom, clock())
    async with store.write() as conn:
        for chat in range(1, chats + 1):
            said = Outgoing(kind=Kind.REPLY, chat_id=chat, newsroom_id=newsroom.id, member_id=member.id)
            ids = list(range(1, each + 1))
            await sent_messages.note_sent(conn, said, 1, ids, (clock(), clock()))
    began, telegram = time.monotonic(), Deleting()
    sweeper = MessageSweep(store, clock)
    sender = Sender(Outbox(store, clock, 3), telegram, Pace(TELEGRAM), clock, 8)  # type: ignore[arg-type]
    while await sweeper.sweep():
        pass
    alarm = Outgoing(
        kind=Kind.ALARM, chat_id=1, newsroom_id=newsroom.id, priority=Priority.ALARM, body={"alarm": 1, "ring": True}
    )
    async with store.write() as conn:
        await outbox.put(conn, [alarm], clock())
    task = asyncio.create_task(sender.run())
    try:
        async with asyncio.timeout(120):
            while await standing(store):  # noqa: ASYNC110 - another connection's commit rings no bell
                await asyncio.sleep(0.1)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert notices.deletion(1, 1, [1]).priority is Priority.SWEEP
    return time.monotonic() - began, telegram.kinds


async def standing(store: Store) -> int:
    """How many messages stand in chats."""
    async with store.read() as conn:
        rows: Any = await conn.scalar(sa.select(sa.func.count()).where(table.c.gone_at.is_(None)))
    return int(rows)


async def test_a_thousand_in_a_few_chats(store: Store, clock: StoppedClock) -> None:
    """1,000 messages of 20 members: 20 requests, and the alarm that came later is among the first that go together."""
    seconds, kinds = await sweep(store, clock, chats=20, each=50)
    assert kinds.index(Kind.ALARM) < _AT_ONCE
    assert sorted(kinds) == sorted([Kind.ALARM, *[Kind.DELETE] * 20])
    assert seconds < 60


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_thousand_in_as_many_chats(store: Store, clock: StoppedClock) -> None:
    """The worst case: a request for each."""
    seconds, kinds = await sweep(store, clock, chats=1_000, each=1)
    assert kinds.count(Kind.DELETE) == 1_000
    assert seconds < 60
