"""The wall between tenants: two newsrooms in one database, and nothing of one is in any answer given to the other."""

from contextlib import suppress

from bot.model.newsroom import MemberStatus
from bot.storage.store import Store
from bot.storage.tables import metadata
from tests.storage.changes import CHANGES
from tests.storage.house_rows import SALTED, rows, rows_seen
from tests.storage.houses import build
from tests.storage.queries import QUERIES, archive, arguments, functions, numbers_in
from tests.storage.walls import ANSWERED_IN_WORDS, WITHOUT_ID, WRITERS
from tests.stores import StoppedClock


def test_a_table_without_newsroom_there_is_not() -> None:
    """Every table but the newsrooms says whose each row is; what only hashes lead to is salted."""
    assert {t.name for t in metadata.sorted_tables if "newsroom_id" not in t.c} == {"newsrooms", *SALTED}
    assert all(not t.c.newsroom_id.nullable for t in metadata.sorted_tables if "newsroom_id" in t.c)


def test_nothing_is_passed_over() -> None:
    """Whatever uses the archive stands before the wall, or is a writer, or is known to need no newsroom."""
    without = {f"{room}.{name}" for room, names in WITHOUT_ID.items() for name in names.split()}
    assert archive().keys() - functions().keys() == without
    assert functions().keys() >= WRITERS


async def test_no_query_looks_over_the_wall(store: Store, clock: StoppedClock) -> None:
    """Asked with one newsroom's id and the other's keys, no query gives anything of the other."""
    asking, other = await build(store, clock), await build(store, clock)
    assert min(len(each.ids) for each in (asking, other)) >= 12
    own_answers = set()
    async with store.read() as conn:
        for name in QUERIES:
            answer = await functions()[name](conn, *arguments(name, asking, other))
            assert other.ids.isdisjoint(numbers_in(answer)), name
            if list(numbers_in(await functions()[name](conn, *arguments(name, asking, asking)))):
                own_answers.add(name)
    # The proof is worth something only where the same question about one's own house has an answer.
    assert set(QUERIES) - own_answers <= ANSWERED_IN_WORDS


class Undone(Exception):
    """Ends a transaction of which nothing is to stay."""


async def test_no_change_reaches_over_the_wall(store: Store, clock: StoppedClock) -> None:
    """What one newsroom does leaves every row of the other as it was, also when it names the other's rows."""
    acting, other = await build(store, clock), await build(store, clock)
    before = await rows(store, other.newsroom)
    clock.tick()
    for what, change in CHANGES.items():
        # Two newsrooms take longer to be built than all of this takes: each change is undone for the next.
        with suppress(Undone):
            async with store.write() as conn:
                await change(conn, acting, other, clock)
                assert await rows_seen(conn, other.newsroom) == before, what
                raise Undone
    assert await rows(store, other.newsroom) == before


def test_the_wall_sees_a_leak() -> None:
    """The search for numbers goes through whatever shape an answer has."""
    answer = [{"a": (1, frozenset({2}))}, "4", {3: [MemberStatus.ACTIVE]}]
    assert set(numbers_in(answer)) == {1, 2, 3}
