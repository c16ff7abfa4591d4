"""Small writes that share a transaction: each is kept or fails by itself."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.viewer import Viewer
from bot.storage.need_to_know import looking, looking_as
from bot.storage.store import Store
from bot.storage.tables import text_stops
from bot.storage.together import Act, Together


def put(number: int) -> Act:
    """Write a row."""

    async def act(conn: AsyncConnection) -> None:
        await conn.execute(sa.insert(text_stops).values(hash=number, texts=1))

    return act


async def there(store: Store) -> list[int]:
    """The rows that are kept."""
    async with store.read() as conn:
        return list((await conn.execute(sa.select(text_stops.c.hash).order_by(text_stops.c.hash))).scalars())


async def test_all_of_them_are_kept(store: Store) -> None:
    """On both engines; what returned is committed."""
    together = Together(store)
    await asyncio.gather(*(together.write(put(number)) for number in range(60)))
    assert await there(store) == list(range(60))


async def test_they_share_transactions(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes while the writer is busy takes one turn of it."""
    together, turns, write = Together(sqlite_store), [], sqlite_store.write

    def counted() -> object:
        turns.append(1)
        return write()

    async with sqlite_store.write():
        tasks = [asyncio.create_task(together.write(put(number))) for number in range(20)]
        monkeypatch.setattr(sqlite_store, "write", counted)
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert await there(sqlite_store) == list(range(20))
    assert len(turns) == 1


async def test_one_that_fails_fails_alone(store: Store) -> None:
    """Its error is its own; the others are committed."""
    together = Together(store)
    await together.write(put(3))
    found = await asyncio.gather(*(together.write(put(number)) for number in range(6)), return_exceptions=True)
    assert [number for number, each in enumerate(found) if each is not None] == [3]
    assert isinstance(found[3], sa.exc.IntegrityError)
    assert await there(store) == list(range(6))


async def test_a_cancelled_one_holds_nobody_up(store: Store) -> None:
    """Whether it leads or waits for who leads."""
    together = Together(store)
    tasks = [asyncio.create_task(together.write(put(number))) for number in range(6)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[4].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert {1, 2, 3, 5} <= set(await there(store))
    await asyncio.wait_for(together.write(put(9)), 5)


async def test_whoever_leads_hides_nothing_from_the_others(store: Store) -> None:
    """The house writes: neither together, nor alone after a failure, does the wall of one reader stand before them."""
    together, seen = Together(store), list[object]()

    async def look(_conn: AsyncConnection) -> None:
        seen.append(looking())

    async def fail(_conn: AsyncConnection) -> None:
        raise ValueError("its own")

    with looking_as(Viewer(newsroom_id=1, member_id=2)):
        await asyncio.gather(*map(together.write, (look, look, fail, look)), return_exceptions=True)
    assert len(seen) >= 3
    assert set(seen) == {None}
