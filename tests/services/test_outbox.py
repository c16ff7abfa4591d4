"""The sending side: tries counted and spaced, patience where Telegram is away, a card's message kept."""

from datetime import timedelta

import pytest

from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Reserved, Waiting
from bot.model.sent_message import Posted
from bot.services import notices
from bot.services.outbox import Outbox
from bot.storage import members, outbox, sent_messages
from tests.newsroom import message, queued
from tests.services.conftest import EditorsDesk

#: No chat is left out.
NONE = Reserved(busy=(), paced=())

TRIES = 3


@pytest.fixture
async def member(desk: EditorsDesk) -> Member:
    return await desk.member()


@pytest.fixture
def sender(desk: EditorsDesk) -> Outbox:
    return Outbox(desk.store, desk.clock, TRIES)


async def put(desk: EditorsDesk, member: Member) -> None:
    async with desk.store.write() as conn:
        await outbox.put(conn, [notices.reply(member, "ok")], desk.clock())


async def take(sender: Outbox) -> Waiting | None:
    """The next message, noted as being sent."""
    found = await sender.heads(1, NONE)
    for waiting in found:
        await sender.start(waiting)
    return found[0] if found else None


async def test_tries_are_spaced_and_end(desk: EditorsDesk, member: Member, sender: Outbox) -> None:
    """Each wait is longer than the one before; after the last try it is given up and counted."""
    await put(desk, member)
    waits = []
    for _ in range(TRIES):
        waiting = await take(sender)
        assert waiting is not None
        await sender.retry(waiting, "BadRequest")
        waited = 0.0
        while not await sender.heads(1, NONE) and waited < 9:
            desk.clock.tick(0.5)
            waited += 0.5
        waits.append(waited)
    assert waits == [0.5, 1.0, 9.0]
    assert await queued(desk.store, "state", "tries", "error") == [("failed", TRIES, "BadRequest")]


async def test_patience_lasts_for_days(desk: EditorsDesk, member: Member, sender: Outbox) -> None:
    """While Telegram cannot be reached nothing is given up for a week, and a wait is two minutes at most."""
    await put(desk, member)
    for _ in range(20):
        waiting = await take(sender)
        assert waiting is not None
        await sender.retry(waiting, "NetworkError", patient=True)
        desk.clock.tick(120)
    desk.clock.tick(7 * 86_400)
    waiting = await take(sender)
    assert waiting is not None
    await sender.retry(waiting, "NetworkError", patient=True)
    assert await queued(desk.store, "state") == [("failed",)]


async def test_a_held_chat_waits_as_long_as_telegram_asks(desk: EditorsDesk, member: Member, sender: Outbox) -> None:
    """Its messages, those that come later too, and no other chat's; a restart does not forget it."""
    other = await desk.member()
    await put(desk, member)
    waiting = await take(sender)
    assert waiting is not None
    await sender.hold(waiting, desk.clock() + timedelta(days=1))
    await put(desk, member)
    await put(desk, other)
    again = Outbox(desk.store, desk.clock, TRIES)
    assert await again.recover() == 0
    assert [w.outgoing.chat_id for w in await again.heads(9, NONE)] == [other.telegram_id]
    desk.clock.tick(86_400)
    assert len(await again.heads(9, NONE)) == 2


async def test_what_was_being_sent_is_sent_again(desk: EditorsDesk, member: Member, sender: Outbox) -> None:
    """After a kill, at once."""
    await put(desk, member)
    await take(sender)
    assert await sender.heads(1, NONE) == []
    assert await sender.recover() == 1
    assert len(await sender.heads(1, NONE)) == 1


async def test_a_card_s_message_is_kept(desk: EditorsDesk, member: Member, sender: Outbox) -> None:
    """That of the reporter's card, so that it is edited the next time; a copy's is not."""
    (case,) = await desk.send(member, message(member, desk.clock()))
    async with desk.store.write() as conn:
        await outbox.put(conn, [notices.case_copy(member, case.submission_id)], desk.clock())
    assert await sender.card_message(case.submission_id) is None
    sent = []
    while waiting := await take(sender):
        sent.append((waiting.outgoing.kind.value, bool(waiting.outgoing.body.get("copy"))))
        await sender.done(waiting, 100 + len(sent))
    assert sorted(sent) == [("reaction", False), ("submission", False), ("submission", True)]
    assert await sender.card_message(case.submission_id) == 101 + sent.index(("submission", False))


async def test_what_was_sent_is_forgotten(desk: EditorsDesk, member: Member, sender: Outbox) -> None:
    """After two days; what failed stays to be seen."""
    for _ in range(2):
        await put(desk, member)
    first = await take(sender)
    assert first is not None
    await sender.done(first)
    second = await take(sender)
    assert second is not None
    await sender.fail(second, "Forbidden")
    desk.clock.tick(2 * 86_400 + 1)
    assert await sender.purge() == 1
    assert await queued(desk.store, "state") == [("failed",)]


@pytest.mark.parametrize("status", [MemberStatus.FROZEN, MemberStatus.REMOVED])
async def test_what_arrives_after_the_freeze_is_taken_away(
    desk: EditorsDesk, member: Member, sender: Outbox, status: MemberStatus
) -> None:
    """It was under way when its reader was frozen: Telegram is asked to delete it at once, and noted as all else."""
    await put(desk, member)
    waiting = await take(sender)
    assert waiting is not None
    async with desk.store.write() as conn:
        await members.set_status(conn, member.id, status, before=MemberStatus.ACTIVE)
    await sender.done(waiting, 41, Posted(new=[41, 42]))
    assert await queued(desk.store, "kind", "state", "body") == [
        ("reply", "done", waiting.outgoing.body),
        ("delete", "new", {"messages": [41, 42]}),
    ]
    async with desk.store.read() as conn:
        standing = await sent_messages.of_member(conn, member.newsroom_id, member.id, desk.clock())
        assert await sent_messages.due(conn, desk.clock(), desk.clock(), 9) == []
    assert {each.message_id for each in standing} == {41, 42}
