"""The order that asked for a code waits for it, in the inbox, and goes on once."""

import asyncio
from datetime import timedelta

import pytest

from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.services import waiting_orders
from bot.storage import dialogs, inbox
from bot.storage.store import Store
from bot.storage.tables import inbox_updates
from tests.access_ground import AccessGround, access_ground, access_services
from tests.newsroom import queued
from tests.stage import Recorder
from tests.stores import MakeStore, StoppedClock


@pytest.fixture
async def ground(store: Store, clock: StoppedClock) -> AccessGround:
    return await access_ground(store, clock)


async def refused_order(ground: AccessGround, member: Member, number: int) -> int:
    """An update of a member's that was answered with the question for a code; its row."""
    update = inbox.NewUpdate(
        newsroom_id=ground.newsroom.id,
        bot_id=ground.newsroom.id,
        update_id=number,
        identity=str(number),
        chat_key=member.telegram_id,
        media_group=None,
        loose=False,
        raw="{}",
    )
    async with ground.store.write() as conn:
        await inbox.accept(conn, [update], ground.clock())
        (claimed,) = await inbox.claim(conn, ground.clock(), 1, ())
        ground.step_up.keep(ground.stage, member, number)
    await ground.commit()
    async with ground.store.write() as conn:
        await inbox.finish(conn, [claimed.id], ground.clock())
    return claimed.id


async def state_of(ground: AccessGround, row: int) -> str:
    """Where an update stands in the inbox."""
    async with ground.store.read() as conn:
        found = (await conn.execute(inbox_updates.select().where(inbox_updates.c.id == row))).one()
    return str(found.state)


async def last_words(ground: AccessGround, member: Member) -> dict[str, object]:
    """What the newest answer to a member's code says."""
    bodies = [row.body for row in await queued(ground.store) if row.member_id == member.id]
    return dict(next(body["values"] for body in reversed(bodies) if body.get("code") == "totp_right"))


async def test_the_order_goes_on_once(ground: AccessGround, more_stores: MakeStore) -> None:
    """Ten messages with the right code in two processes: it is handled once more; a later code finds nothing."""
    lead = await ground.member(Role.SECURITY)
    made = await ground.set_up(lead)
    ground.clock.tick(3600)
    row = await refused_order(ground, lead, 5)
    services = [access_services(each, ground.clock, ground.newsroom) for each in (ground.store, more_stores())]
    code = ground.code(made)

    async def give(number: int) -> None:
        stage, through = Recorder(), services[number % 2]
        through.step_up.give(stage, lead, code, None)
        await stage.commit(through.store)

    await asyncio.gather(*(give(number) for number in range(10)))
    assert await state_of(ground, row) == "new"
    assert (await last_words(ground, lead))["goes_on"] is True
    async with ground.store.write() as conn:
        (again,) = await inbox.claim(conn, ground.clock(), 9, ())
        assert (again.id, again.tries) == (row, 1)
        await inbox.finish(conn, [row], ground.clock())
    ground.clock.tick(1000)
    await ground.give(lead, ground.code(made))
    assert await state_of(ground, row) == "done"
    assert (await last_words(ground, lead))["goes_on"] is False


async def test_only_the_last_order_of_that_member_goes_on(ground: AccessGround) -> None:
    """Not an earlier one, not another member's, not by a wrong code."""
    lead, other = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    made, of_other = await ground.set_up(lead), await ground.set_up(other)
    ground.clock.tick(3600)
    first, second = await refused_order(ground, lead, 1), await refused_order(ground, lead, 2)
    await ground.give(other, ground.code(of_other))
    wrong = str((int(ground.code(made)) + 1) % 1_000_000).zfill(6)
    await ground.give(lead, wrong)
    assert [await state_of(ground, row) for row in (first, second)] == ["done", "done"]
    await ground.give(lead, ground.code(made))
    assert [await state_of(ground, row) for row in (first, second)] == ["done", "new"]


@pytest.mark.parametrize("end", ["time", "panic", "lockdown", "question", "purge"])
async def test_what_ends_the_waiting(ground: AccessGround, end: str) -> None:
    """Time, /panic, a lockdown, another question, and the inbox's own broom."""
    lead = await ground.member(Role.SECURITY)
    made = await ground.set_up(lead)
    ground.clock.tick(3600)
    row = await refused_order(ground, lead, 5)
    if end == "time":
        ground.clock.tick(waiting_orders.WAITS.total_seconds())
    elif end == "panic":
        ground.freezing.panic(ground.stage, lead, None)
        await ground.commit()
    elif end == "lockdown":
        ground.lockdown.begin(ground.stage, lead)
        await ground.commit()
    async with ground.store.write() as conn:
        if end == "question":
            later = ground.clock() + timedelta(minutes=9)
            await dialogs.ask(conn, ground.newsroom.id, lead.id, "author", {"submission": 1}, later)
        elif end == "purge":
            await inbox.purge(conn, ground.clock() + timedelta(seconds=1), timedelta())
    await ground.give(lead, ground.code(made))
    assert (await last_words(ground, lead))["goes_on"] is False
    if end != "purge":
        assert await state_of(ground, row) == "done"
