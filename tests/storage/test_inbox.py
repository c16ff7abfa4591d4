"""The durable inbox's table: every update once, chats in order and one at a time, nothing dropped in silence."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model.newsroom import Newsroom
from bot.storage import inbox
from bot.storage.inbox import ClaimedUpdate, NewUpdate
from bot.storage.store import Store
from bot.storage.tables import inbox_updates as table
from tests.newsroom import count, make_newsroom
from tests.stores import MakeStore, StoppedClock


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


def update(newsroom: Newsroom, number: int, chat: int = 1, **changed: object) -> NewUpdate:
    made = NewUpdate(
        newsroom_id=newsroom.id,
        bot_id=77,
        update_id=number,
        identity=f"identity-{number}",
        chat_key=chat,
        media_group=None,
        loose=False,
        raw=f'{{"update_id":{number}}}',
    )
    return replace(made, **changed)


async def accept(store: Store, clock: StoppedClock, *updates: NewUpdate) -> None:
    async with store.write() as conn:
        await inbox.accept(conn, updates, clock())


async def claim(store: Store, clock: StoppedClock, limit: int = 10, busy: tuple[int, ...] = ()) -> list[ClaimedUpdate]:
    async with store.write() as conn:
        return await inbox.claim(conn, clock(), limit, busy)


def numbers(claimed: list[ClaimedUpdate]) -> list[int]:
    """The update ids, which `update` writes into the raw text."""
    return [int(each.raw.split(":")[1].rstrip("}")) for each in claimed]


async def states(store: Store) -> dict[str, int]:
    async with store.read() as conn:
        return await inbox.counts(conn)


async def test_the_same_update_twice_is_one(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Telegram delivers again what was not confirmed: in one batch, in two, and after it was done."""
    await accept(store, clock, update(newsroom, 1), update(newsroom, 1))
    await accept(store, clock, update(newsroom, 1), update(newsroom, 2))
    assert await states(store) == {"new": 2}
    async with store.write() as conn:
        await inbox.finish(conn, [each.id for each in await inbox.claim(conn, clock(), 9, ())], clock())
    await accept(store, clock, update(newsroom, 1))
    assert await states(store) == {"done": 1, "new": 1}


async def test_the_same_number_for_another_update_is_another(
    store: Store, clock: StoppedClock, newsroom: Newsroom
) -> None:
    """Telegram starts its numbering anew after an idle week, and two bots number alike."""
    await accept(store, clock, update(newsroom, 1))
    await accept(store, clock, update(newsroom, 1, identity="another"), update(newsroom, 1, bot_id=78))
    assert await states(store) == {"new": 3}


async def test_nothing_is_accepted(store: Store, clock: StoppedClock) -> None:
    """A batch of strangers only leaves no rows to store."""
    await accept(store, clock)
    assert await states(store) == {}


async def test_chats_take_turns_and_keep_their_order(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Of each chat the oldest, one at a time, whatever arrived in between; a chat that is worked on waits."""
    await accept(
        store, clock, update(newsroom, 1, 1), update(newsroom, 2, 1), update(newsroom, 3, 2), update(newsroom, 4, 1)
    )
    first = await claim(store, clock)
    assert numbers(first) == [1, 3]
    assert await claim(store, clock) == []
    async with store.write() as conn:
        await inbox.finish(conn, [first[0].id], clock())
    assert numbers(await claim(store, clock)) == [2]
    assert await claim(store, clock) == []


async def test_loose_updates_of_a_chat_go_together(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A run of forwards is taken at one go, up to what came between them; nothing passes it, nothing is passed."""
    kinds = [True, True, False, True, True]
    await accept(store, clock, *(update(newsroom, n, loose=loose) for n, loose in enumerate(kinds, 1)))
    for expected in ([1, 2], [3], [4, 5], []):
        run = await claim(store, clock)
        assert numbers(run) == expected
        assert await claim(store, clock) == []
        async with store.write() as conn:
            await inbox.finish(conn, [each.id for each in run], clock())


async def test_a_run_of_loose_updates_has_an_end(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A flood of one chat leaves room for the others, and its rest waits until all of the run is done."""
    await accept(store, clock, *(update(newsroom, n, loose=True) for n in range(1, 16)), update(newsroom, 16, chat=2))
    run = await claim(store, clock, limit=20)
    assert numbers(run) == [*range(1, 11), 16]
    async with store.write() as conn:
        await inbox.finish(conn, [each.id for each in run[1:]], clock())
    assert await claim(store, clock) == []


async def test_busy_chats_are_passed_over(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A chat that this process has in hand is left alone, and no more is taken than asked for."""
    await accept(store, clock, *(update(newsroom, n, chat=n) for n in range(1, 6)))
    assert numbers(await claim(store, clock, 2, busy=(1, 3))) == [2, 4]
    assert numbers(await claim(store, clock, 9, busy=(1, 3))) == [5]


async def test_later_ones_pass_a_deferred_one(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """An update that is tried again later does not hold up its chat; when its time comes it is first again."""
    await accept(store, clock, update(newsroom, 1), update(newsroom, 2), update(newsroom, 3))
    (first,) = await claim(store, clock)
    async with store.write() as conn:
        await inbox.put_back(conn, first.id, "Outage", clock() + timedelta(seconds=10))
        assert await inbox.next_due(conn) == clock()
    (second,) = await claim(store, clock)
    assert numbers([second]) == [2]
    async with store.write() as conn:
        await inbox.finish(conn, [second.id], clock())
    clock.tick(10)
    (again,) = await claim(store, clock)
    assert (again.id, again.tries) == (first.id, 2)


async def test_next_due(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """When there is nothing to wait for, None; else the earliest moment."""
    async with store.write() as conn:
        assert await inbox.next_due(conn) is None
        await inbox.accept(conn, [update(newsroom, 1)], clock())
        (one,) = await inbox.claim(conn, clock(), 1, ())
        assert await inbox.next_due(conn) is None
        await inbox.put_back(conn, one.id, "Outage", clock() + timedelta(seconds=5))
        assert await inbox.next_due(conn) == clock() + timedelta(seconds=5)


async def test_two_processes_never_take_the_same(
    store: Store, more_stores: MakeStore, clock: StoppedClock, newsroom: Newsroom
) -> None:
    """Claims from several stores at once: each update goes to one of them, and no chat is in two hands."""
    await accept(store, clock, *(update(newsroom, n, chat=n % 20) for n in range(1, 61)))
    stores = [store, more_stores(), more_stores()]
    taken = await asyncio.gather(*(claim(stores[n % 3], clock, 4) for n in range(12)))
    ids = [each.id for some in taken for each in some]
    chats = [each.chat_key for some in taken for each in some]
    assert len(ids) == len(set(ids)) == len(set(chats))
    assert len(ids) + len(await claim(store, clock, 99)) == 20


async def test_a_dead_letter_is_seen_and_replayed(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Buried: no longer in line, shown with its error and tries; replayed: tried again from the start."""
    await accept(store, clock, update(newsroom, 1), update(newsroom, 2))
    (one,) = await claim(store, clock)
    async with store.write() as conn:
        await inbox.bury(conn, one.id, "ValueError", clock())
        (letter,) = await inbox.dead_letters(conn, newsroom.id)
    assert (letter.id, letter.update_id, letter.tries, letter.error) == (one.id, 1, 1, "ValueError")
    assert letter.received_at == clock()
    assert numbers(await claim(store, clock)) == [2]
    async with store.write() as conn:
        await inbox.finish(conn, [(await inbox.dead_letters(conn, newsroom.id))[0].id], clock())
        assert len(await inbox.dead_letters(conn, newsroom.id)) == 1, "only an update in hand can be finished"
        assert await inbox.replay(conn, newsroom.id, clock()) == 1
        assert await inbox.dead_letters(conn, newsroom.id) == []
    await accept(store, clock, update(newsroom, 3, chat=9))
    again = await claim(store, clock)
    assert numbers(again) == [3], "its chat has another update in hand"
    async with store.write() as conn:
        await conn.execute(sa.update(table).where(table.c.update_id == 2).values(state="done"))
    (replayed,) = await claim(store, clock)
    assert (replayed.id, replayed.tries) == (one.id, 1)


async def test_recover_takes_again_what_was_in_hand(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """After a kill: what was being worked on is in line again with its tries counted, the rest as it was."""
    await accept(store, clock, update(newsroom, 1, 1), update(newsroom, 2, 2), update(newsroom, 3, 1))
    await claim(store, clock)
    async with store.write() as conn:
        assert await inbox.recover(conn) == 2
        assert await inbox.recover(conn) == 0
    again = await claim(store, clock)
    assert [(n, each.tries) for n, each in zip(numbers(again), again, strict=True)] == [(1, 2), (2, 2)]


async def test_what_is_not_in_hand_is_not_finished(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A process that was given up may still be alive: it cannot finish, put back or bury what another one took over."""
    await accept(store, clock, update(newsroom, 1))
    (one,) = await claim(store, clock)
    async with store.write() as conn:
        assert await inbox.finish(conn, [one.id], clock()) == 1
        assert await inbox.finish(conn, [one.id], clock()) == 0
        await inbox.put_back(conn, one.id, "late", clock())
        await inbox.bury(conn, one.id, "late", clock())
    assert await states(store) == {"done": 1}


async def test_purge_forgets_only_what_is_done(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Handled updates go after their days; waiting, dead and younger ones stay."""
    await accept(store, clock, *(update(newsroom, n, chat=n) for n in range(1, 4)))
    one, two, _ = await claim(store, clock)
    keep = timedelta(days=5)
    async with store.write() as conn:
        await inbox.finish(conn, [one.id], clock())
        await inbox.bury(conn, two.id, "ValueError", clock())
        assert await inbox.purge(conn, clock() + keep, keep) == 0
        assert await inbox.purge(conn, clock() + keep + timedelta(seconds=1), keep) == 1
    assert await states(store) == {"dead": 1, "working": 1}


async def test_how_much_of_an_album_waits(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Pictures of an album that are stored and not handled: in this chat, of this album."""
    await accept(
        store,
        clock,
        *(update(newsroom, n, 1, media_group="a") for n in (1, 2, 3)),
        update(newsroom, 4, 2, media_group="a"),
        update(newsroom, 5, 1, media_group="b"),
    )
    (one, _) = await claim(store, clock)
    async with store.write() as conn:
        assert await inbox.waiting_in_group(conn, 1, "a") == 3
        await inbox.finish(conn, [one.id], clock())
        assert await inbox.waiting_in_group(conn, 1, "a") == 2
        assert await count(conn, table) == 5
