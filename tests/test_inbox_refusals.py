"""What only the transaction finds out: a refusal is told and done with, a race that never ends is given up in time."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import DoneElsewhere, Outage, Refusal
from bot.inbox_work import Work
from bot.storage import history
from bot.storage.tables import inbox_updates as table
from tests.inbox_house import TRIES, House, house, raw, running, settled, until

__all__ = ["house"]


def refusing(house: House, error: Exception, told: Callable[[Work, Refusal], None] | None) -> Any:
    """Handling that leaves an effect, and a step whose transaction ends in `error`."""

    async def handle(work: Work) -> None:
        async def act(_conn: AsyncConnection) -> None:
            raise error

        house.effect(work, "half done")
        work.stage_once(act)
        work.refused = told

    return handle


def teller(house: House) -> Callable[[Work, Refusal], None]:
    """Leaves a line of history in place of a sentence."""
    return lambda work, refusal: house.effect(work, f"told {refusal.code}")


async def tries_of(house: House) -> list[int]:
    async with house.store.read() as conn:
        return list((await conn.execute(sa.select(table.c.tries).order_by(table.c.id))).scalars())


async def test_who_is_refused_in_the_transaction_is_told_once(house: House) -> None:
    """Nothing else of it stays, nothing is tried again, and what was committed together with it took effect."""
    member, other = await house.member(), await house.member()
    house.desk["order"] = refusing(house, Refusal("case_growing"), teller(house))
    await house.inbox.accept([raw(member, "order"), raw(other, "words"), raw(member, "after")])
    async with running(house):
        await settled(house)
    assert sorted(await house.effects()) == ["after", "told case_growing", "words"]
    assert (await house.states(), await tries_of(house)) == ({"done": 3}, [1, 1, 1])


async def test_a_word_that_cannot_be_said_is_tried_again(house: House) -> None:
    """What keeps the refusal from being told is judged as any fault: the update is handled from its beginning."""
    member, spoilt = await house.member(), 1

    def tell(work: Work, refusal: Refusal) -> None:
        async def act(conn: AsyncConnection) -> None:
            nonlocal spoilt
            if spoilt:
                spoilt -= 1
                raise Outage("somebody changed meanwhile")
            await history.note(conn, house.newsroom.id, None, ("update", 0), refusal.code, house.clock())

        work.stage_once(act)

    house.desk["order"] = refusing(house, Refusal("case_growing"), tell)
    await house.inbox.accept([raw(member, "order")])

    async def done() -> bool:
        house.clock.tick(1)
        return await house.states() == {"done": 1}

    async with running(house):
        await until(done)
    assert (await house.effects(), await tries_of(house)) == (["case_growing"], [2])


async def test_a_race_that_never_ends_does_not_spin(house: House) -> None:
    """Looked at anew at once, then ever later; in the end it is a dead letter like any other."""
    member = await house.member()
    house.desk["press"] = refusing(house, DoneElsewhere(), teller(house))
    await house.inbox.accept([raw(member, "press")])

    async def twice() -> bool:
        return await tries_of(house) == [2]

    async with running(house):
        await until(twice)
        for _ in range(20):
            await house.inbox.accept([raw(member, "words")])
            await settled_but(house, 1)
        assert await tries_of(house) == [2] + 20 * [1]
        await until(lambda: dead(house))
    assert await tries_of(house) == [TRIES] + 20 * [1]


async def settled_but(house: House, waiting: int) -> None:
    """Until no more than these wait."""

    async def quiet() -> bool:
        states = await house.states()
        return (states.get("new", 0), states.get("working", 0)) == (waiting, 0)

    await until(quiet)


async def dead(house: House) -> bool:
    house.clock.tick(1)
    return "dead" in await house.states()
