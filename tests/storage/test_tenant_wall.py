"""The second wall between newsrooms: what holds on PostgreSQL where a query forgets to ask for its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import SettingsError
from bot.services.newsrooms import NewsroomDefaults, Newsrooms
from bot.storage import newsrooms
from bot.storage.advisory import key_for
from bot.storage.store import Store
from bot.storage.tables import metadata
from bot.storage.tenant_wall import standing_for, stands
from tests.newsroom import make_newsroom
from tests.postgres import OWNER
from tests.storage.changes import CHANGES
from tests.storage.forgetting import forgetting
from tests.storage.house_rows import SALTED, rows
from tests.storage.houses import House, build
from tests.storage.queries import QUERIES, arguments, functions, numbers_in
from tests.storage.walls import ANSWERED_IN_WORDS
from tests.stores import StoppedClock

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("store_url", ["postgres"], indirect=True),
]


class Undone(Exception):
    """Ends a transaction of which nothing is to stay."""


@pytest.fixture
async def houses(store: Store, clock: StoppedClock) -> tuple[House, House]:
    """Two newsrooms in one database, with a row or more in every table."""
    return await build(store, clock), await build(store, clock)


@pytest.fixture
async def own(store: Store, houses: tuple[House, House]) -> AsyncIterator[Store]:
    """The database as the first of them sees it."""
    async with behind(store, houses[0].newsroom.id) as seen:
        yield seen


async def test_every_table_stands_behind_it(store: Store) -> None:
    """All but those which only salted hashes lead to: enabled, and forced upon the owner as well."""
    query = sa.text(
        "SELECT relname, relrowsecurity AND relforcerowsecurity AS is_walled FROM pg_class"
        " WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace"
    )
    async with store.read() as conn:
        found = {row.relname: row.is_walled for row in (await conn.execute(query)).all()}
    assert found == {t.name: t.name not in SALTED for t in metadata.sorted_tables} | {"alembic_version": False}


async def test_a_table_without_any_condition(own: Store, houses: tuple[House, House]) -> None:
    """Each table shows the newsroom's own rows, and no other."""
    filled = 0
    async with own.read() as conn:
        for table in walled():
            whose = set((await conn.execute(sa.select(owner(table)))).scalars())
            assert whose <= {houses[0].newsroom.id}, table.name
            filled += bool(whose)
    assert filled > 0.9 * len(walled())


async def test_who_stands_for_nobody_sees_nothing(own: Store, houses: tuple[House, House]) -> None:
    """A connection that was opened for no newsroom finds every table empty; the house's, all but the newsrooms'."""
    async with own.read() as conn:
        assert await stands(conn)
        await conn.execute(sa.select(sa.func.set_config("kalkan.newsroom", "", True)))
        for table in walled():
            assert await conn.scalar(sa.select(sa.func.count()).select_from(table)) == 0, table.name
    house = Store(own.url.render_as_string(hide_password=False))
    async with house.read() as conn:
        seen = {table.name: await conn.scalar(sa.select(sa.func.count()).select_from(table)) for table in walled()}
    await house.close()
    assert {name: count for name, count in seen.items() if count} == {"newsrooms": 2}


async def test_a_transaction_that_stands_for_another(own: Store, houses: tuple[House, House]) -> None:
    """What a migration does newsroom by newsroom; the next transaction stands where it stood."""
    other = houses[1].newsroom.id
    async with own.read() as conn:
        await conn.execute(standing_for(other))
        assert await newsrooms.all_ids(conn) == [other]
    async with own.read() as conn:
        assert await newsrooms.all_ids(conn) == [houses[0].newsroom.id]


async def test_changes_without_any_condition(store: Store, own: Store, houses: tuple[House, House]) -> None:
    """Updates of every row reach the own ones; a row can be given to no other newsroom."""
    other = houses[1].newsroom
    before = await rows(store, other)
    for table in walled():
        if table.name.startswith("custody_"):
            # Append-only for everybody.
            continue
        with suppress(Undone):
            async with own.write() as conn:
                changed = await conn.execute(sa.update(table).values({owner(table): owner(table)}))
                assert changed.rowcount == await conn.scalar(sa.select(sa.func.count()).select_from(table))
                is_empty = changed.rowcount == 0
                raise Undone
        if is_empty:
            continue
        with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
            async with own.write() as conn:
                await conn.execute(sa.update(table).values({owner(table): other.id}))
    assert await rows(store, other) == before


async def test_queries_that_forget_their_where(own: Store, houses: tuple[House, House]) -> None:
    """Every query of the archive, with its newsroom's condition taken out of it: nothing of the other newsroom."""
    mine, other = houses
    answered = set()
    async with own.read() as conn:
        with forgetting(conn):
            for name in QUERIES:
                for whose in (other, mine):
                    found = set(numbers_in(await functions()[name](conn, *arguments(name, mine, whose))))
                    assert other.ids.isdisjoint(found), name
                    if found:
                        answered.add(name)
    # The conditions are gone, and the rows behind them are there.
    assert set(QUERIES) - answered <= ANSWERED_IN_WORDS


async def test_without_it_such_queries_tell(store: Store, houses: tuple[House, House]) -> None:
    """Asked by the house, which sees all, many of them tell of the other newsroom: the proof proves something."""
    mine, other = houses
    telling = set()
    for name in QUERIES:
        # Some fail where they meet more rows than they can be about.
        with suppress(sa.exc.SQLAlchemyError, LookupError, ValueError):
            async with store.read() as conn:
                with forgetting(conn):
                    found = set(numbers_in(await functions()[name](conn, *arguments(name, mine, other))))
            if not other.ids.isdisjoint(found):
                telling.add(name)
    assert len(telling) > len(QUERIES) / 4


async def test_changes_that_forget_their_where(
    store: Store, own: Store, houses: tuple[House, House], clock: StoppedClock
) -> None:
    """Every change of the archive without its condition leaves the other newsroom as it was."""
    mine, other = houses
    before = await rows(store, other.newsroom)
    clock.tick()
    done = 0
    for change in CHANGES.values():
        with suppress(Undone, Exception):
            async with own.write() as conn:
                with forgetting(conn):
                    await change(conn, mine, other, clock)
                done += 1
                raise Undone
    assert done > len(CHANGES) / 2
    assert await rows(store, other.newsroom) == before


async def test_who_may_share_a_database(store: Store, clock: StoppedClock, store_url: str) -> None:
    """A second newsroom needs keys for both, and a role for which the wall holds."""
    house = Store(store_url)
    service = Newsrooms(house, clock)
    first = await make_newsroom(store, clock())
    assert await service.ensure(called("")) == first
    with pytest.raises(SettingsError, match="has no key yet"):
        await service.ensure(called("b"))
    async with house.write() as conn:
        assert await newsrooms.name_first(conn, "a")
        assert not await newsrooms.name_first(conn, "c")
    with pytest.raises(SettingsError, match="set KALKAN_NEWSROOM"):
        await service.ensure(called(""))
    with pytest.raises(SettingsError, match="BYPASSRLS"):
        await Newsrooms(store, clock).ensure(called("b"))
    second = await service.ensure(called("b"))
    assert (second.id != first.id, await service.ensure(called("a"))) == (True, first)
    await house.close()
    assert len({key_for(1, key) for key in ("", "a", "b")}) == 3


@asynccontextmanager
async def behind(store: Store, newsroom_id: int) -> AsyncIterator[Store]:
    """The database of a store as the bot of a newsroom sees it."""
    url = store.url.set(username=OWNER).render_as_string(hide_password=False)
    seen = Store(url, None, newsroom_id)
    try:
        yield seen
    finally:
        await seen.close()


def called(key: str) -> NewsroomDefaults:
    """What a newsroom with this key is made with."""
    return NewsroomDefaults(name="N", zone="Asia/Bishkek", language="ru", key=key)


def walled() -> list[sa.Table]:
    """The tables behind the wall."""
    return [table for table in metadata.sorted_tables if table.name not in SALTED]


def owner(table: sa.Table) -> sa.Column[Any]:
    """The column that says whose a row is."""
    return table.c.id if table.name == "newsrooms" else table.c.newsroom_id
