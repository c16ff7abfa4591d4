"""Sensitive messages go in time: planned when they are sent, asked for when due, and asked again when that fails."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model.alarm import AlarmState
from bot.model.newsroom import Member, Newsroom
from bot.model.outbox import Kind, Outgoing, Priority, Reserved, Waiting
from bot.model.rights import Role
from bot.model.sent_message import Posted, Stays
from bot.services import notices
from bot.services.message_sweep import MessageSweep
from bot.services.outbox import Outbox
from bot.storage import alarms, members, outbox, sent_messages
from bot.storage.store import Store
from bot.storage.tables import alarms as alarms_table
from bot.storage.tables import outbox_messages
from bot.storage.tables import sent_messages as sent_table
from tests.newsroom import make_member, make_newsroom
from tests.services.threat_ground import open_log
from tests.stores import StoppedClock

HOURS, GROUP_HOURS = 24, 47
GROUP = -1001


class Chats:
    """A newsroom whose messages Telegram took, and the sweep over them."""

    def __init__(self, store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
        self.store = store
        self.clock = clock
        self.newsroom = newsroom
        self.outbox = Outbox(store, clock, 3, stays=Stays(own=HOURS, groups=GROUP_HOURS))
        self.sweep = MessageSweep(store, clock)

    async def say(self, outgoing: Outgoing, *ids: int) -> None:
        """A message goes the whole way through the outbox; Telegram numbers it `ids`."""
        async with self.store.write() as conn:
            await outbox.put(conn, [outgoing], self.clock())
        for waiting in await self.outbox.heads(10, Reserved(busy=(), paced=())):
            await self.outbox.start(waiting)
            await self.outbox.done(waiting, ids[0] if ids else None, Posted(new=list(ids)))

    async def deletions(self) -> list[Waiting]:
        """What is asked of Telegram now."""
        heads = await self.outbox.heads(1_000, Reserved(busy=(), paced=()))
        return [waiting for waiting in heads if waiting.outgoing.kind is Kind.DELETE]

    async def delete(self, waiting: Waiting, *ids: int) -> None:
        """Telegram deletes these of what was asked."""
        await self.outbox.start(waiting)
        await self.outbox.done(waiting, None, Posted(deleted=list(ids)))

    async def rows(self) -> list[Any]:
        """What stands in chats, and what stood."""
        async with self.store.read() as conn:
            return list((await conn.execute(sa.select(sent_table).order_by(sent_table.c.message_id))).all())


@pytest.fixture
async def chats(store: Store, clock: StoppedClock) -> Chats:
    """On both engines."""
    return Chats(store, clock, await make_newsroom(store, clock()))


@pytest.fixture
async def member(chats: Chats) -> Member:
    """Somebody who reads."""
    return await make_member(chats.store, chats.newsroom, chats.clock(), Role.SECURITY)


def asked(waiting: Waiting) -> list[int]:
    """The messages that a deletion names."""
    return list(waiting.outgoing.body["messages"])


async def test_a_sensitive_message_is_asked_for_when_its_time_comes(chats: Chats, member: Member) -> None:
    """Not before; once; behind all else; and it is gone when Telegram says so."""
    await chats.say(notices.reply(member, "threat", threat=1), 11)
    chats.clock.tick(HOURS * 3600 - 1)
    assert await chats.sweep.sweep() == 0
    chats.clock.tick(1)
    assert await chats.sweep.sweep() == 1
    assert await chats.sweep.sweep() == 0
    (waiting,) = await chats.deletions()
    assert (waiting.outgoing.chat_id, asked(waiting)) == (member.telegram_id, [11])
    assert waiting.outgoing.priority is Priority.SWEEP is max(Priority)
    await chats.delete(waiting, 11)
    assert [row.gone_at for row in await chats.rows()] == [chats.clock()]
    chats.clock.tick(3600)
    assert await chats.sweep.sweep() == 0


async def test_what_is_harmless_stays(chats: Chats, member: Member) -> None:
    """A welcome, a help text: nobody is in it."""
    await chats.say(notices.reply(member, "help"), 11)
    chats.clock.tick(47 * 3600)
    assert await chats.sweep.sweep() == 0


def grouped(member: Member) -> Outgoing:
    """A digest in a group."""
    return Outgoing(kind=Kind.DIGEST, chat_id=GROUP, newsroom_id=member.newsroom_id, body={"digest": 1, "part": "text"})


async def test_a_group_keeps_its_digests_for_two_days(chats: Chats, member: Member) -> None:
    """Longer than a member's own chat: an hour is left before Telegram's limit."""
    await chats.say(grouped(member), 11, 12)
    chats.clock.tick(GROUP_HOURS * 3600 - 1)
    assert await chats.sweep.sweep() == 0
    chats.clock.tick(1)
    assert await chats.sweep.sweep() == 2
    (waiting,) = await chats.deletions()
    assert (waiting.outgoing.chat_id, asked(waiting)) == (GROUP, [11, 12])


async def test_a_group_may_keep_them_for_good(chats: Chats, member: Member) -> None:
    """By the setting; what stands in members' own chats goes all the same."""
    chats.outbox = Outbox(chats.store, chats.clock, 3, stays=Stays(own=HOURS, groups=0))
    await chats.say(grouped(member), 11)
    await chats.say(notices.reply(member, "threat", threat=1), 12)
    chats.clock.tick(GROUP_HOURS * 3600)
    assert await chats.sweep.sweep() == 1
    assert [asked(waiting) for waiting in await chats.deletions()] == [[12]]


async def test_an_album_goes_whole(chats: Chats, member: Member) -> None:
    """Every message of it is known by its number."""
    await chats.say(notices.photos(member, 5), 11, 12, 13)
    chats.clock.tick(HOURS * 3600)
    assert await chats.sweep.sweep() == 3
    assert [asked(waiting) for waiting in await chats.deletions()] == [[11, 12, 13]]


async def test_a_failed_deletion_is_asked_again_and_counted_in_the_end(chats: Chats, member: Member) -> None:
    """Until the 48 hours are over; then the administrator sees that one stands there."""
    await chats.say(notices.reply(member, "threat", threat=1), 11)
    chats.clock.tick(HOURS * 3600)
    for _ in range(3):
        assert await chats.sweep.sweep() == 1
        (waiting,) = await chats.deletions()
        await chats.outbox.start(waiting)
        await chats.outbox.fail(waiting, "BadRequest")
        chats.clock.tick(11 * 60)
    async with chats.store.read() as conn:
        assert await outbox.failed(conn, chats.newsroom.id) == 0
        assert await sent_messages.lost(conn, chats.newsroom.id) == 0
    chats.clock.tick(24 * 3600)
    assert await chats.sweep.sweep() == 0
    async with chats.store.read() as conn:
        assert await sent_messages.lost(conn, chats.newsroom.id) == 1


async def test_while_telegram_cannot_be_reached_it_is_asked_once(chats: Chats, member: Member) -> None:
    """What waits in the outbox waits there once, however long; and it is gone when it went at last."""
    await chats.say(notices.reply(member, "threat", threat=1), 11)
    chats.clock.tick(HOURS * 3600)
    for _ in range(5):
        await chats.sweep.sweep()
        chats.clock.tick(3600)
    (waiting,) = await chats.deletions()
    await chats.delete(waiting, 11)
    assert [row.gone_at is not None for row in await chats.rows()] == [True]
    async with chats.store.read() as conn:
        assert await conn.scalar(sa.select(sa.func.count()).select_from(outbox_messages)) == 2


async def test_after_days_of_downtime_what_can_go_goes(chats: Chats, member: Member) -> None:
    """Of one message an hour over three days, those of the last 48 hours are asked for at once, the rest is counted."""
    for hour in range(72):
        await chats.say(notices.reply(member, "threat", threat=hour), 100 + hour)
        chats.clock.tick(3600)
    assert await chats.sweep.sweep() == 47 - HOURS + 1
    found = sorted(number for waiting in await chats.deletions() for number in asked(waiting))
    assert found == list(range(100 + 72 - 47, 100 + 72 - HOURS + 1))
    async with chats.store.read() as conn:
        assert await sent_messages.lost(conn, chats.newsroom.id) == 72 - 47


async def test_an_alarm_that_is_not_answered_stays(store: Store, clock: StoppedClock) -> None:
    """Whoever is called must still see what for; answered, it goes like all else."""
    log = await open_log(store, clock)
    await log.file("Пойдёмте жечь", found={"severity": 4, "imminent": True})
    async with store.write() as conn:
        (alarm_id,) = (await conn.execute(sa.select(alarms_table.c.id))).scalars()
        await conn.execute(sa.update(outbox_messages).values(state="done", done_at=clock()))
    chats, lead = Chats(store, clock, log.newsroom), log.people["lead"]
    await chats.say(notices.alarm(lead, alarm_id), 11)
    clock.tick(HOURS * 3600)
    assert await chats.sweep.sweep() == 0
    async with store.write() as conn:
        assert await alarms.answer(conn, log.newsroom.id, alarm_id, lead.id, AlarmState.TAKEN, clock())
    assert await chats.sweep.sweep() == 1


async def test_a_member_may_be_in_a_hurry(chats: Chats, member: Member) -> None:
    """A shorter time counts for what stands already, and for that member alone."""
    other = await make_member(chats.store, chats.newsroom, chats.clock())
    await chats.say(notices.reply(member, "threat", threat=1), 11)
    await chats.say(notices.reply(other, "threat", threat=1), 12)
    async with chats.store.write() as conn:
        await members.set_sweep_hours(conn, chats.newsroom.id, member.id, 2)
    chats.clock.tick(2 * 3600 - 1)
    assert await chats.sweep.sweep() == 0
    chats.clock.tick(1)
    assert await chats.sweep.sweep() == 1
    assert [asked(waiting) for waiting in await chats.deletions()] == [[11]]


async def test_everything_of_a_member_goes_at_once(chats: Chats, member: Member) -> None:
    """Harmless or not, in hundreds, before all but alarms; nobody else's, and nothing that Telegram keeps anyway."""
    other = await make_member(chats.store, chats.newsroom, chats.clock())
    await chats.say(notices.reply(member, "help"), 1)
    chats.clock.tick(49 * 3600)
    await chats.say(notices.photos(member, 5), *range(100, 350))
    await chats.say(notices.reply(member, "help"), 400)
    await chats.say(notices.reply(other, "threat", threat=1), 500)
    async with chats.store.write() as conn:
        assert await chats.sweep.sweep_member(conn, chats.newsroom.id, member) == 251
        await outbox.drop_for_chat(conn, member.telegram_id, chats.clock())
    found: list[int] = []
    while waiting := await chats.deletions():
        assert waiting[0].outgoing.priority is Priority.ANSWER
        assert len(asked(waiting[0])) <= 100
        found += asked(waiting[0])
        await chats.delete(waiting[0], *asked(waiting[0]))
    assert sorted(found) == [*range(100, 350), 400]


async def test_what_is_long_past_is_forgotten(chats: Chats, member: Member) -> None:
    """Rows of messages end with the life of their buttons."""
    await chats.say(notices.reply(member, "help"), 1)
    chats.clock.tick(timedelta(days=29).total_seconds())
    assert await chats.sweep.purge() == 0
    chats.clock.tick(timedelta(days=2).total_seconds())
    assert await chats.sweep.purge() == 1
