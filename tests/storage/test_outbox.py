"""The outbox's table: what was decided is said, once while it waits, the most urgent first, one a chat at a time."""

from collections.abc import Collection
from datetime import timedelta

import pytest

from bot.model.newsroom import Newsroom
from bot.model.outbox import Kind, Outgoing, Priority, Waiting
from bot.storage import outbox
from bot.storage.outbox import Reserved
from bot.storage.store import Store
from bot.storage.tables import outbox_messages as table
from tests.newsroom import count, make_newsroom, queued
from tests.stores import StoppedClock


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


def say(
    newsroom: Newsroom,
    chat: int = 1,
    key: str | None = None,
    priority: Priority = Priority.CARD,
    kind: Kind = Kind.REPLY,
) -> Outgoing:
    return Outgoing(
        kind=kind,
        chat_id=chat,
        newsroom_id=newsroom.id,
        priority=priority,
        key=key,
        body={"code": "ok", "n": [1, None]},
    )


async def put(store: Store, clock: StoppedClock, *messages: Outgoing) -> None:
    async with store.write() as conn:
        await outbox.put(conn, messages, clock())


async def heads(
    store: Store,
    clock: StoppedClock,
    limit: int = 9,
    busy: Collection[int] = (),
    paced: Collection[int] = (),
    **alarms: Collection[int],
) -> list[Waiting]:
    async with store.read() as conn:
        return await outbox.heads(conn, clock(), limit, Reserved(busy=busy, paced=paced, **alarms))


async def send(store: Store, waiting: Waiting) -> None:
    async with store.write() as conn:
        await outbox.start(conn, waiting.id)


async def test_a_message_comes_back_as_it_was_put(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Every field, the body's JSON included."""
    message = say(newsroom, key="card:1", priority=Priority.ALARM)
    await put(store, clock, message)
    (waiting,) = await heads(store, clock)
    assert waiting.outgoing == message
    assert (waiting.tries, waiting.created_at) == (0, clock())


async def test_a_key_is_one_message_while_it_waits(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A card that waits is not queued twice; once it is being sent, what changed since is another message."""
    await put(store, clock, say(newsroom, key="card:1"), say(newsroom, key="card:1"), say(newsroom, key="card:2"))
    await put(store, clock, say(newsroom, key="card:1"))
    assert await queued(store, "key", "state") == [("card:1", "new"), ("card:2", "new")]
    (first,) = await heads(store, clock)
    await send(store, first)
    await put(store, clock, say(newsroom, key="card:1"))
    assert await queued(store, "key", "state") == [("card:1", "sending"), ("card:2", "new"), ("card:1", "new")]


async def test_messages_without_a_key_are_all_said(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Two equal replies are two replies."""
    await put(store, clock, say(newsroom), say(newsroom))
    async with store.read() as conn:
        assert await count(conn, table) == 2


async def test_one_a_chat_and_the_most_urgent_first(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Alarm before answer before card before digest, and within the same urgency in the order of queueing."""
    wanted = [
        (1, Priority.CARD),
        (2, Priority.DIGEST),
        (1, Priority.ANSWER),
        (3, Priority.CARD),
        (4, Priority.ALARM),
        (1, Priority.ANSWER),
    ]
    await put(store, clock, *(say(newsroom, chat, priority=priority) for chat, priority in wanted))
    found = await heads(store, clock)
    assert [(w.outgoing.chat_id, w.outgoing.priority) for w in found] == [
        (4, Priority.ALARM),
        (1, Priority.ANSWER),
        (3, Priority.CARD),
        (2, Priority.DIGEST),
    ]
    assert [w.outgoing.chat_id for w in await heads(store, clock, limit=2)] == [4, 1]
    assert [w.outgoing.chat_id for w in await heads(store, clock, busy=(1, 3))] == [4, 2]
    assert found[1].id == sorted(row.id for row in await queued(store) if row.chat_id == 1)[1]


async def test_a_held_chat_is_left_alone(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Telegram's "retry after" is for one chat: the others go on; a later word replaces the earlier."""
    await put(store, clock, say(newsroom, 1), say(newsroom, 2))
    async with store.write() as conn:
        await outbox.hold_chat(conn, newsroom.id, 1, clock() + timedelta(seconds=99))
        await outbox.hold_chat(conn, newsroom.id, 1, clock() + timedelta(seconds=5))
    assert [w.outgoing.chat_id for w in await heads(store, clock)] == [2]
    clock.tick(5)
    assert [w.outgoing.chat_id for w in await heads(store, clock)] == [1, 2]


async def test_a_paced_chat_gets_what_is_no_message(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """While a chat must wait for its next message, the answer to a press still goes; a busy chat gets nothing."""
    await put(store, clock, say(newsroom, 1), say(newsroom, 1, kind=Kind.ANSWER), say(newsroom, 2))
    assert [w.outgoing.kind for w in await heads(store, clock, paced=(1, 2))] == [Kind.ANSWER]
    assert await heads(store, clock, busy=(1,), paced=(1, 2)) == []


async def test_an_alarm_waits_for_alarms_alone(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Neither a chart on its way to the same chat nor that chat's rest holds it up; another alarm does, and 429."""
    await put(store, clock, say(newsroom, 1), say(newsroom, 1, priority=Priority.ALARM))
    (alarm,) = await heads(store, clock, busy=(1,), paced=(1,))
    assert alarm.outgoing.is_alarm
    assert await heads(store, clock, busy=(1,), ringing=(1,)) == []
    assert await heads(store, clock, busy=(1,), rung=(1,)) == []
    async with store.write() as conn:
        await outbox.hold_chat(conn, newsroom.id, 1, clock() + timedelta(seconds=5))
    assert await heads(store, clock) == []


async def test_a_long_queue_holds_up_no_other_chat(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """However much waits for one chat, the others are found as soon as that one is being written to."""
    await put(store, clock, *(say(newsroom, 1) for _ in range(600)), say(newsroom, 2))
    assert [w.outgoing.chat_id for w in await heads(store, clock, busy=(1,))] == [2]


async def test_retry_waits_its_time(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Sent again later, its tries counted; meanwhile the next message of the chat goes."""
    await put(store, clock, say(newsroom, key="a"), say(newsroom, key="b"))
    (first,) = await heads(store, clock)
    await send(store, first)
    async with store.write() as conn:
        await outbox.retry(conn, first.id, "NetworkError", clock() + timedelta(seconds=5))
    assert [w.outgoing.key for w in await heads(store, clock)] == ["b"]
    clock.tick(5)
    (again,) = await heads(store, clock)
    assert (again.id, again.tries) == (first.id, 1)


async def test_retry_is_dropped_for_a_newer_one(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """The same key was queued anew while it was being sent: that one says it all, and the old one is purged in time."""
    await put(store, clock, say(newsroom, key="card:1"))
    (first,) = await heads(store, clock)
    await send(store, first)
    await put(store, clock, say(newsroom, key="card:1"))
    async with store.write() as conn:
        await outbox.retry(conn, first.id, "NetworkError", clock())
    assert await queued(store, "state", "error") == [("done", "superseded"), ("new", None)]
    async with store.write() as conn:
        assert await outbox.purge(conn, clock() + timedelta(seconds=1)) == 1


async def test_retry_of_another_newsroom_s_key(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Keys are a newsroom's own."""
    other = await make_newsroom(store, clock())
    await put(store, clock, say(newsroom, 1, key="card:1"))
    (first,) = await heads(store, clock)
    await send(store, first)
    await put(store, clock, say(other, 2, key="card:1"))
    async with store.write() as conn:
        await outbox.retry(conn, first.id, "NetworkError", clock())
    assert await queued(store, "state") == [("new",), ("new",)]


async def test_recover_sends_again_what_was_under_way(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A card lost is worse than a card twice; one that was queued anew is not doubled."""
    await put(store, clock, say(newsroom, 1, key="card:1"), say(newsroom, 2, key="card:2"), say(newsroom, 3))
    for waiting in await heads(store, clock):
        await send(store, waiting)
    await put(store, clock, say(newsroom, 2, key="card:2"))
    async with store.write() as conn:
        assert await outbox.recover(conn, clock()) == 3
    assert sorted(w.outgoing.chat_id for w in await heads(store, clock)) == [1, 2, 3]
    assert sorted(await queued(store, "chat_id", "state")) == [(1, "new"), (2, "done"), (2, "new"), (3, "new")]


async def test_done_and_failed_are_not_sent_again(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Both are out of line; failures are counted for the admin, the sent ones are purged after a while."""
    await put(store, clock, say(newsroom, 1), say(newsroom, 2))
    one, two = await heads(store, clock)
    async with store.write() as conn:
        await outbox.done(conn, one.id, one.outgoing.kind, clock())
        await outbox.fail(conn, two.id, "BadRequest", clock())
        assert await outbox.failed(conn, newsroom.id) == 1
    assert await heads(store, clock) == []
    async with store.write() as conn:
        assert await outbox.purge(conn, clock()) == 0
        assert await outbox.purge(conn, clock() + timedelta(seconds=1)) == 1
        assert await outbox.failed(conn, newsroom.id) == 1


async def test_nothing_more_goes_to_one_who_left(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """All that waits for the chat is dropped, but for taking the menu away; other chats keep theirs."""
    await put(store, clock, say(newsroom, 1), say(newsroom, 1, kind=Kind.CLEAR_MENU), say(newsroom, 2))
    async with store.write() as conn:
        await outbox.drop_for_chat(conn, 1, clock())
    assert await queued(store, "chat_id", "kind", "state") == [
        (1, "reply", "failed"),
        (1, "clear_menu", "new"),
        (2, "reply", "new"),
    ]
