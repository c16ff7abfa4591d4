"""A worker whose updates another process stores: nobody rings, so it looks, and no oftener than is needed."""

import asyncio
from typing import Any

import pytest

from bot.inbox import Inbox
from bot.inbox_work import Worker, WorkLimits
from bot.storage import inbox as archive
from tests.inbox_house import BOT_ID, TRIES, House, house, raw, running, settled

__all__ = ["house"]


def beside(house: House, nap: float) -> Worker:
    """A worker that hears no bell of the house's inbox."""
    deaf = Inbox(house.store, house.clock, BOT_ID)
    limits = WorkLimits(at_once=20, tries=TRIES, nap=nap)
    return Worker(house.store, house.clock, deaf, limits, lambda: None)


async def test_what_another_process_stored_is_found(house: House) -> None:
    """At once after a long rest, and again after that."""
    member, worker = await house.member(), beside(house, 0.05)
    async with running(house, worker):
        for text in ("one", "two"):
            await asyncio.sleep(0.3)
            await house.inbox.accept([raw(member, text)])
            await settled(house)
    assert await house.effects() == ["one", "two"]


async def test_what_is_put_off_is_found_when_it_is_due(house: House) -> None:
    """What waits for its time is no reason to rest."""
    member, worker = await house.member(), beside(house, 0.05)
    await house.inbox.accept([raw(member, "later")])
    async with house.store.write() as conn:
        (claimed,) = await archive.claim(conn, house.clock(), 1, ())
        await archive.put_back(conn, claimed.id, "Outage", house.clock(), None)
    async with running(house, worker):
        await settled(house)
    assert await house.effects() == ["later"]


async def test_several_look_no_oftener_than_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of eight looks an eighth as often, and with none to look beside it a worker looks for all of them."""
    looks, asked = [0], archive.next_due

    async def counted(conn: Any) -> Any:
        looks[0] += 1
        return await asked(conn)

    monkeypatch.setattr(archive, "next_due", counted)
    worker = beside(house, 0.05)

    async def looked(living: list[int]) -> int:
        await worker.recover(living)
        async with running(house, worker):
            await asyncio.sleep(0.2)
            before = looks[0]
            await asyncio.sleep(1.6)
        return looks[0] - before

    assert await looked(list(range(8))) <= 5
    assert await looked([1]) >= 8
