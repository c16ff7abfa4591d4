"""The wall around restricted cases: whoever is not named gets nothing of them by any query of the archive."""

from collections.abc import Collection
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.model.viewer import Viewer
from bot.storage import members, need_to_know, restrictions
from bot.storage.need_to_know import BLANKED, FREE, WALLED, looking_as
from bot.storage.store import Store
from bot.storage.tables import metadata
from tests.newsroom import make_member
from tests.storage.house_rows import belongs
from tests.storage.houses import House, build
from tests.storage.test_tenants import QUERIES, arguments, functions, numbers_in
from tests.stores import StoppedClock

#: Numbers by which a row is named anywhere else.
_NAMES = ("id", "submission_id", "part_id", "comment_id", "threat_id", "alarm_id")
#: Queries that may name what is kept from a viewer, each with why.
MAY_NAME = {
    "custody.newest": "who did what: numbers, never contents",
    "inbox.dead_letters": "the house's own post",
}


async def another(store: Store, house: House, now: Any, *roles: Role, telegram_id: int = 99) -> Member:
    """A member who did not send the case."""
    return await make_member(store, house.newsroom, now, *roles, telegram_id=telegram_id)


async def restrict(store: Store, house: House, named: Collection[int], now: Any) -> None:
    """Restrict the house's case to these."""
    newsroom_id, case = house.newsroom.id, house.submission_id
    async with store.write() as conn:
        await restrictions.put(conn, newsroom_id, case, house.member.id, now)
        await restrictions.unname(conn, newsroom_id, case, house.member.id)
        await restrictions.name(conn, newsroom_id, case, named, house.member.id, now)


async def walled_ids(store: Store, house: House, viewer: Viewer) -> set[int]:
    """The ids of all rows that are kept from a viewer."""
    found: set[int] = set()
    for table in WALLED:
        names = [name for name in _NAMES if name in table.primary_key.columns]
        if not names:
            continue
        query = sa.select(*(table.c[name] for name in names)).where(belongs(table, house.newsroom))
        async with store.read() as conn:
            every = {tuple(row) for row in (await conn.execute(query)).all()}
        with looking_as(viewer):
            async with store.read() as conn:
                seen = {tuple(row) for row in (await conn.execute(query)).all()}
        assert seen <= every
        found |= {number for row in every - seen for number in row} - {number for row in seen for number in row}
    return found


def test_every_table_is_walled_or_free() -> None:
    """A new table says whether something of a case stands in it; what names a case or a record is walled."""
    walled = {table.name for table in WALLED}
    assert walled | FREE.keys() | {table.name for table in BLANKED} == set(metadata.tables)
    assert walled.isdisjoint(FREE)
    assert {table.name for table in BLANKED}.isdisjoint(FREE)
    told = {"submissions", "submission_parts", "comments", "threats", "alarms"}
    names = {
        table.name for table in metadata.sorted_tables for key in table.foreign_keys if key.column.table.name in told
    }
    # How often somebody is spoken of is a number.
    assert names - walled == {"spike_marks", "spike_mentions"}


async def test_no_query_shows_what_is_kept(store: Store, clock: StoppedClock) -> None:
    """Asked by who is not named, no query of the archive gives a row of the case, or names one."""
    house = await build(store, clock)
    lead = await another(store, house, clock(), Role.SECURITY)
    viewer = Viewer(newsroom_id=house.newsroom.id, member_id=lead.id + 1, leads=True)
    await restrict(store, house, [lead.id], clock())
    kept = await walled_ids(store, house, viewer)
    assert {house.submission_id, house.part_id, house.threat_id, house.alarm_id, house.incident_id} <= kept
    leaks, told = {}, 0
    with looking_as(viewer):
        async with store.read() as conn:
            assert need_to_know.is_up(conn)
            for name in QUERIES:
                if name in MAY_NAME:
                    continue
                answer = await functions()[name](conn, *arguments(name, house, house))
                told += bool(list(numbers_in(answer)))
                if shown := kept & set(numbers_in(answer)):
                    leaks[name] = shown
    assert leaks == {}
    # The proof is worth something only where the same questions have answers.
    assert told > 100


async def test_the_named_see_all_that_there_is(store: Store, clock: StoppedClock) -> None:
    """For who is named, and for the house itself, every query answers as if nothing were restricted."""
    house = await build(store, clock)
    lead = await another(store, house, clock(), Role.SECURITY)
    await restrict(store, house, [lead.id], clock())
    viewer = Viewer(newsroom_id=house.newsroom.id, member_id=lead.id, leads=True)
    for name in QUERIES:
        async with store.read() as conn:
            before = await functions()[name](conn, *arguments(name, house, house))
        with looking_as(viewer):
            async with store.read() as conn:
                assert not need_to_know.is_up(conn)
                assert repr(await functions()[name](conn, *arguments(name, house, house))) == repr(before), name


async def test_who_sent_a_case_keeps_it_without_its_record(store: Store, clock: StoppedClock) -> None:
    """Their own case is there; its record, alarm and incident are not."""
    house = await build(store, clock)
    lead = await another(store, house, clock(), Role.SECURITY)
    await restrict(store, house, [lead.id], clock())
    kept = await walled_ids(store, house, Viewer(newsroom_id=house.newsroom.id, member_id=house.member.id))
    assert kept.isdisjoint({house.submission_id, house.part_id})
    assert {house.threat_id, house.alarm_id, house.incident_id} <= kept


@pytest.mark.parametrize("role", [Role.SECURITY, Role.ADMIN])
async def test_what_nobody_leads_opens_to_security_leads(store: Store, clock: StoppedClock, role: Role) -> None:
    """When none of the named leads security any more, all who do see it again, and nobody else."""
    house = await build(store, clock)
    named = await another(store, house, clock(), Role.SECURITY)
    other = await another(store, house, clock(), role, telegram_id=98)
    await restrict(store, house, [named.id], clock())
    viewer = Viewer(newsroom_id=house.newsroom.id, member_id=other.id, leads=role is Role.SECURITY)
    assert house.submission_id in await walled_ids(store, house, viewer)
    async with store.write() as conn:
        await members.set_roles(conn, named.id, [Role.EDITOR])
    seen = house.submission_id not in await walled_ids(store, house, viewer)
    assert seen == (role is Role.SECURITY)
    async with store.read() as conn:
        assert await restrictions.to_settle(conn, house.newsroom.id) == [(house.submission_id, True)]


async def test_nothing_kept_is_changed(store: Store, clock: StoppedClock) -> None:
    """Who is not named changes and deletes no row of it either."""
    house = await build(store, clock)
    lead = await another(store, house, clock(), Role.SECURITY)
    await restrict(store, house, [lead.id], clock())
    stranger = Viewer(newsroom_id=house.newsroom.id, member_id=lead.id + 1)
    with looking_as(stranger):
        async with store.write() as conn:
            changed = sa.update(metadata.tables["threats"]).values(status="resolved")
            gone = sa.delete(metadata.tables["rulings"])
            assert (await conn.execute(changed)).rowcount == 0
            assert (await conn.execute(gone)).rowcount == 0
    async with store.read() as conn:
        # The writer's connection does not keep looking for them.
        assert not need_to_know.is_up(conn)


async def test_a_wall_is_the_newsroom_s_own(store: Store, clock: StoppedClock) -> None:
    """A restriction hides nothing from another newsroom, and a viewer without any costs one look."""
    house, other = await build(store, clock), await build(store, clock)
    async with store.write() as conn:
        assert await restrictions.lift(conn, other.newsroom.id, other.submission_id)
    await restrict(store, house, [], clock())
    with looking_as(Viewer(newsroom_id=other.newsroom.id)):
        async with store.read() as conn:
            assert not need_to_know.is_up(conn)
