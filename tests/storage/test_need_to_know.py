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
from bot.storage.tables import case_restrictions, metadata, restriction_members
from tests.newsroom import make_member
from tests.storage.house_rows import belongs
from tests.storage.houses import House, build
from tests.storage.queries import QUERIES, arguments, functions, numbers_in
from tests.stores import ONE, StoppedClock

#: Numbers by which a row is named anywhere else.
_NAMES = ("id", "submission_id", "part_id", "comment_id", "threat_id", "alarm_id")
#: Their answers depend on when they are asked.
OF_THE_MOMENT = {"processes.crew"}
#: Queries that may name what is kept from a viewer, each with why.
MAY_NAME = {
    "custody.newest": "who did what: numbers, never contents",
    "custody.oldest_waiting": "a line that waits to be numbered, by its id",
    "impersonations.of_account": "an account that uses a name belongs to a wave, by its id alone",
    "impersonations.of_incident": "the same, asked by the incident, which is not found",
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
    every, seen = await _ids(store, house), set[int]()
    with looking_as(viewer):
        seen = await _ids(store, house)
    return every - seen


async def _ids(store: Store, house: House) -> set[int]:
    found: set[int] = set()
    async with store.read() as conn:
        for table in WALLED.keys() - {case_restrictions, restriction_members}:
            for name in [name for name in _NAMES if name in table.primary_key.columns]:
                query = sa.select(table.c[name]).where(belongs(table, house.newsroom))
                found |= set((await conn.execute(query)).scalars())
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


@pytest.mark.parametrize("store_url", ONE, indirect=True)
async def test_no_query_shows_what_is_kept(store: Store, clock: StoppedClock) -> None:
    """Asked by who is not named, no query of the archive gives a row of the case, or names one; the named miss nothing.

    Who sent the case in keeps it, without its record, alarm and incident.
    """
    house = await build(store, clock)
    lead = await another(store, house, clock(), Role.SECURITY)
    viewer = Viewer(newsroom_id=house.newsroom.id, member_id=lead.id + 1, leads=True)
    await restrict(store, house, [lead.id], clock())
    kept = await walled_ids(store, house, viewer)
    assert {house.submission_id, house.part_id, house.threat_id, house.alarm_id, house.incident_id} <= kept
    everything = await answers(store, house, None)
    leaks = {}
    for name, answer in (await answers(store, house, viewer)).items():
        if name not in MAY_NAME and (shown := kept & set(numbers_in(answer))):
            leaks[name] = shown
    assert leaks == {}
    # The proof is worth something only where the same questions give it to others.
    assert sum(not kept.isdisjoint(numbers_in(answer)) for answer in everything.values()) > 60
    named = await answers(store, house, Viewer(newsroom_id=house.newsroom.id, member_id=lead.id, leads=True))
    # Rows that nothing puts in order come in any.
    others = {name for name, answer in named.items() if sorted(repr(answer)) != sorted(repr(everything[name]))}
    assert others <= OF_THE_MOMENT
    # Nobody in particular: what groups and digests are told.
    nobody = await answers(store, house, Viewer(newsroom_id=house.newsroom.id))
    assert {n for n, answer in nobody.items() if n not in MAY_NAME and kept & set(numbers_in(answer))} == set()
    sender = Viewer(newsroom_id=house.newsroom.id, member_id=house.member.id)
    theirs = await walled_ids(store, house, sender)
    assert theirs.isdisjoint({house.submission_id, house.part_id})
    assert {house.threat_id, house.alarm_id, house.incident_id} <= theirs


async def answers(store: Store, house: House, viewer: Viewer | None) -> dict[str, Any]:
    """What every query of the archive says about the house to a viewer."""
    with looking_as(viewer):
        async with store.read() as conn:
            return {name: await functions()[name](conn, *arguments(name, house, house)) for name in QUERIES}


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
        assert (house.submission_id, True) in await restrictions.to_settle(conn, house.newsroom.id)


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
        for table in (restriction_members, case_restrictions):
            await conn.execute(sa.delete(table).where(belongs(table, other.newsroom)))
    await restrict(store, house, [], clock())
    with looking_as(Viewer(newsroom_id=other.newsroom.id)):
        async with store.read() as conn:
            assert not need_to_know.is_up(conn)
