"""Tables in parts, on PostgreSQL: who asks for one newsroom's rows, or for some hashes, reads those parts alone."""

from contextlib import suppress
from typing import Final

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import postings
from bot.storage.partitions import HASH_SHIFT, PARTS, parts_of
from bot.storage.store import Store
from bot.storage.tenant_wall import standing_for
from tests.postgres import OWNER
from tests.storage.changes import CHANGES
from tests.storage.house_rows import PRINTS, SALTED
from tests.storage.houses import House, build
from tests.storage.plans import parts_with, watching
from tests.storage.queries import QUERIES, arguments, functions
from tests.stores import StoppedClock

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("store_url", ["postgres"], indirect=True),
]
_PARTED: Final = {
    "comments",
    "custody_bodies",
    "custody_entries",
    "spike_counts",
    "spike_marks",
    "spike_mentions",
    "text_postings",
    "text_stops",
    "texts",
}
#: As the server plans a statement the first few times it is run, and as it does once it knows it.
_PLANS: Final = pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])


class Undone(Exception):
    """Ends a transaction of which nothing is to stay."""


@pytest.fixture
async def house(store: Store, clock: StoppedClock) -> House:
    """A newsroom with a row or more in every table."""
    return await build(store, clock)


async def test_which_tables_lie_in_parts(store: Store) -> None:
    """Each of them in as many parts, each part behind the wall where its table is."""
    query = sa.text(
        "SELECT whole.relname AS name, count(*) AS parts,"
        " bool_and(part.relrowsecurity AND part.relforcerowsecurity) AS is_walled,"
        " array_agg(CAST(part.relname AS text) ORDER BY part.relname) AS names"
        " FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid AND part.relkind = 'r'"
        " JOIN pg_class AS whole ON whole.oid = inhparent GROUP BY whole.relname"
    )
    async with store.read() as conn:
        found = {row.name: row for row in (await conn.execute(query)).all()}
    assert found.keys() == _PARTED
    for name, row in found.items():
        assert (row.parts, row.is_walled, row.names) == (PARTS, name not in SALTED, parts_of(name))


@_PLANS
@pytest.mark.parametrize("is_walled", [True, False], ids=["walled", "bare"])
async def test_queries_read_their_own_parts(store: Store, house: House, plan: str, is_walled: bool) -> None:
    """Every query of the archive: it says itself whose rows it wants, and the wall makes it no dearer."""
    strays, read = set(), set()
    async with store.read() as conn:
        own = await parts_with(conn, house.newsroom.id)
        async with watching(conn) as plans:
            await stand(conn, house, plan, is_walled=is_walled)
            for name in QUERIES:
                await functions()[name](conn, *arguments(name, house, house))
                touched = {each for each in await plans.read() if is_of_newsroom(each)}
                read |= {own[each] for each in touched if each in own}
                if touched - own.keys():
                    strays.add(name)
    assert strays == set()
    assert read == _PARTED - SALTED


@_PLANS
@pytest.mark.parametrize("is_walled", [True, False], ids=["walled", "bare"])
async def test_changes_read_their_own_parts(
    store: Store, house: House, clock: StoppedClock, plan: str, is_walled: bool
) -> None:
    """Every change of the archive, as far as it comes."""
    clock.tick()
    for name, change in CHANGES.items():
        touched: set[str] = set()
        with suppress(Undone, Exception):
            async with store.write() as conn:
                own = await parts_with(conn, house.newsroom.id)
                async with watching(conn) as plans:
                    await stand(conn, house, plan, is_walled=is_walled)
                    try:
                        await change(conn, house, house, clock)
                    finally:
                        touched = {each for each in await plans.read() if is_of_newsroom(each)}
                raise Undone
        assert touched <= own.keys(), name


@_PLANS
async def test_fingerprints_read_the_parts_of_their_hashes(store: Store, house: House, plan: str) -> None:
    """Looking for some of them, adding some, asking for the common ones: nothing of the other parts."""
    mine = house.newsroom.id
    prints = list(PRINTS)
    async with store.write() as conn:
        hashes = postings.stored(mine, b"".join(each.to_bytes(8, "little") for each in prints))
        numbers = {(each >> HASH_SHIFT) + PARTS // 2 for each in hashes}
        own = {f"{table}_{number}" for table in SALTED for number in numbers}
        async with watching(conn) as plans:
            await stand(conn, house, plan, is_walled=True)
            held = await postings.holdings(conn, mine, [prints])
            looked = await plans.read()
            await postings.add(conn, mine, [(99, b"".join(each.to_bytes(8, "little") for each in prints))])
            added = await plans.read()
    # One of the two is common.
    assert held.holders.keys() == set(prints)
    for touched in (looked, added):
        of_hashes = {each for each in touched if each.startswith(tuple(SALTED))}
        assert of_hashes - SALTED <= own
    assert {each.rpartition("_")[0] for each in looked & own} == SALTED


async def test_the_log_of_a_part_is_append_only(store: Store, house: House) -> None:
    """Who names a part meets the same triggers as who names the table."""
    async with store.read() as conn:
        own = await parts_with(conn, house.newsroom.id)
    for part in (name for name, whole in own.items() if whole.startswith("custody_")):
        for words in (f"DELETE FROM {part}", f"TRUNCATE {part}", f"UPDATE {part} SET seq = seq"):  # noqa: S608 - our own names
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                async with store.write() as conn:
                    await conn.execute(sa.text(words))


async def stand(conn: AsyncConnection, house: House, plan: str, *, is_walled: bool) -> None:
    """Let a transaction be planned so, and stand where the newsroom's own bot would."""
    await conn.execute(sa.text(f"SET LOCAL plan_cache_mode = {plan}"))
    if is_walled:
        await conn.execute(sa.text(f"SET LOCAL ROLE {OWNER}"))
        await conn.execute(standing_for(house.newsroom.id))


def is_of_newsroom(name: str) -> bool:
    """Whether this is a part of a table whose rows lie by their newsroom."""
    table, _, number = name.rpartition("_")
    return number.isdigit() and table in _PARTED - SALTED
