"""Texts: one for all comments with the same words, found by key, number and fingerprint, apart in each newsroom."""

import asyncio
import contextlib
import re
from array import array
from collections import Counter
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.model.newsroom import Newsroom
from bot.storage import comments, postings, texts
from bot.storage.comments import NewComment
from bot.storage.lists import among, number_list
from bot.storage.postings import POSTINGS_CAP, Holdings, salt_of
from bot.storage.store import Store
from bot.storage.tables import campaigns, text_postings, text_stops
from bot.storage.tables import texts as texts_table
from bot.storage.texts import DONE, UNPOSTED, WAITING, IndexProgress, NewText
from tests.newsroom import count, make_newsroom
from tests.stores import MakeStore, StoppedClock


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


def prints(*hashes: int) -> bytes:
    return array("q", hashes).tobytes()


def form(key: int, *hashes: int) -> NewText:
    return NewText(key, f"soz {key}", prints(*hashes))


async def register(store: Store, newsroom: Newsroom, *forms: NewText, posted: bool = True) -> None:
    async with store.write() as conn:
        await texts.register(conn, newsroom.id, forms, posted=posted)


async def set_text(store: Store, newsroom: Newsroom, number: int, **values: object) -> None:
    async with store.write() as conn:
        own = (texts_table.c.newsroom_id == newsroom.id, texts_table.c.number == number)
        await conn.execute(sa.update(texts_table).where(*own).values(**values))


async def states(store: Store, newsroom: Newsroom) -> dict[int, int]:
    """Of each text by its key."""
    async with store.read() as conn:
        found = await conn.execute(
            sa.select(texts_table.c.text_key, texts_table.c.state).where(texts_table.c.newsroom_id == newsroom.id)
        )
        return {row.text_key: row.state for row in found}


async def candidates(store: Store, newsroom: Newsroom, *hashes: int) -> list[tuple[int, int]]:
    """(fingerprint, number) of the texts that are kept of each."""
    async with store.read() as conn:
        numbers = (await postings.holdings(conn, newsroom.id, [hashes])).numbers
    return sorted((print_, number) for print_, found in numbers.items() for number in found)


async def stops(store: Store, newsroom: Newsroom, *hashes: int) -> dict[int, int]:
    """How many texts have each fingerprint of which not all texts are kept."""
    async with store.read() as conn:
        found = await postings.holdings(conn, newsroom.id, [hashes])
    return {print_: texts for print_, texts in found.holders.items() if texts > len(found.numbers.get(print_, ()))}


async def test_a_text_is_found_by_key_number_and_fingerprint(store: Store, newsroom: Newsroom) -> None:
    """As soon as it is committed; also with the largest key and fingerprint that there can be."""
    largest = (1 << 48) - 1
    await register(store, newsroom, form(5, 0, 1 << 47), form(2**63 - 1, largest, 0))
    async with store.read() as conn:
        first, last = sorted(await texts.by_keys(conn, newsroom.id, [5, 2**63 - 1, 99]))
        assert (first.number, first.text_key, first.words, first.state, first.campaign_id) == (
            1,
            5,
            "soz 5",
            WAITING,
            None,
        )
        assert await texts.by_numbers(conn, newsroom.id, [2, 77]) == [last]
        assert (last.text_key, await texts.count(conn, newsroom.id)) == (2**63 - 1, 2)
    assert await candidates(store, newsroom, 0, 1 << 47, largest, 3) == [(0, 1), (0, 2), (1 << 47, 1), (largest, 2)]
    async with store.read() as conn:
        found = await postings.holdings(conn, newsroom.id, [[0, largest, 3]])
    assert (found.stored, found.holders) == (2, {0: 2, largest: 1})


async def test_comments_with_the_same_words_share_a_text(store: Store, newsroom: Newsroom, clock: StoppedClock) -> None:
    """In one batch and later; a text has its postings once. Without words there is nothing to find."""
    said = NewComment(newsroom_id=newsroom.id, text="A", words="a b", text_key=7, source="1", prints=prints(11, 11, 12))
    silent = NewComment(newsroom_id=newsroom.id, text="?", words="", text_key=0, source="2", prints=b"")
    for _ in range(2):
        async with store.write() as conn:
            assert len(await comments.add(conn, [said, silent, said], clock())) == 3
    async with store.read() as conn:
        assert [text.number for text in await texts.by_keys(conn, newsroom.id, [7, 0])] == [1]
        assert await texts.count(conn, newsroom.id) == 1
    assert await candidates(store, newsroom, 11, 12) == [(11, 1), (12, 1)]


async def test_nothing_asked_nothing_found(store: Store, newsroom: Newsroom) -> None:
    """Empty lists are no mistake."""
    await register(store, newsroom)
    async with store.write() as conn:
        assert await texts.by_keys(conn, newsroom.id, []) == await texts.by_numbers(conn, newsroom.id, []) == []
        assert await postings.holdings(conn, newsroom.id, []) == Holdings(stored=0, numbers={}, holders={})
        await postings.add(conn, newsroom.id, [])
        await postings.add(conn, newsroom.id, [(1, b"")])
        assert await count(conn, text_postings) == 0


async def test_a_new_comment_wakes_a_text(store: Store, newsroom: Newsroom, clock: StoppedClock) -> None:
    """Another account may have said it, or its campaign was seen again; one without postings yet is left alone."""
    await register(store, newsroom, form(1), form(2), form(3))
    await register(store, newsroom, form(4), posted=False)
    campaign = {"id": 5, "newsroom_id": newsroom.id, "number": 1, "name": "a", "started_at": clock()}
    async with store.write() as conn:
        await conn.execute(sa.insert(campaigns), campaign | {"first_seen": clock(), "last_seen": clock()})
    for number in (1, 2):
        await set_text(store, newsroom, number, state=DONE)
    await set_text(store, newsroom, 2, campaign_id=5)
    await register(store, newsroom, *(form(key) for key in (1, 2, 3, 4)))
    assert await states(store, newsroom) == {1: WAITING, 2: WAITING, 3: WAITING, 4: UNPOSTED}


async def test_who_wrote_it_wakes_a_text_too(store: Store, newsroom: Newsroom) -> None:
    """`wake` touches only texts that are done."""
    await register(store, newsroom, form(1), form(2))
    await set_text(store, newsroom, 1, state=DONE)
    async with store.write() as conn:
        await texts.wake(conn, newsroom.id, [1, 2, 9])
    assert await states(store, newsroom) == {1: WAITING, 2: WAITING}


async def test_the_index_is_rolled_back_with_its_comment(store: Store, newsroom: Newsroom) -> None:
    """What did not commit left neither a text nor a posting nor a number behind."""
    with contextlib.suppress(ZeroDivisionError):
        async with store.write() as conn:
            await texts.register(conn, newsroom.id, [form(1, 5)])
            raise ZeroDivisionError
    assert await candidates(store, newsroom, 5) == []
    await register(store, newsroom, form(2, 5))
    assert await candidates(store, newsroom, 5) == [(5, 1)]


async def test_a_common_fingerprint_is_only_counted(store: Store, newsroom: Newsroom) -> None:
    """It keeps the first so many texts; from the next one on it is counted, one by one or many at once."""
    for key in range(1, POSTINGS_CAP):
        await register(store, newsroom, form(key, 5, 1000 + key))
    assert (len(await candidates(store, newsroom, 5)), await stops(store, newsroom, 5)) == (POSTINGS_CAP - 1, {})
    await register(store, newsroom, form(100, 5), form(101, 5), form(102, 5, 6))
    kept = [(5, number) for number in range(1, POSTINGS_CAP + 1)]
    assert await candidates(store, newsroom, 5) == kept
    assert await stops(store, newsroom, 5, 6) == {5: POSTINGS_CAP + 2}
    await register(store, newsroom, form(103, 5))
    assert (await candidates(store, newsroom, 5), await stops(store, newsroom, 5)) == (kept, {5: POSTINGS_CAP + 3})


async def test_a_common_fingerprint_is_asked_for_last(store: Store, newsroom: Newsroom) -> None:
    """Each text that has nothing rarer gets the texts of its least common one; another has no use for them."""
    await register(store, newsroom, *(form(key, 5, 8) for key in range(1, POSTINGS_CAP + 3)))
    await register(store, newsroom, form(100, 8, 6))
    assert await candidates(store, newsroom, 5, 6, 8) == [(6, POSTINGS_CAP + 3)]
    async with store.read() as conn:
        found = await postings.holdings(conn, newsroom.id, [[5, 6], [5, 8], [9]])
        nothing = await postings.holdings(conn, newsroom.id, [[9], []])
    assert {one: len(numbers) for one, numbers in found.numbers.items()} == {5: POSTINGS_CAP, 6: 1}
    assert found.holders == {5: POSTINGS_CAP + 2, 8: POSTINGS_CAP + 3, 6: 1}
    assert (nothing.numbers, nothing.holders) == ({}, {})


async def test_postings_written_later(store: Store, newsroom: Newsroom) -> None:
    """A bulk import's texts are found by their words at once, and by fingerprints when these are written."""
    await register(store, newsroom, form(9, 1), form(8), posted=False)
    await register(store, newsroom, form(7, 1))
    assert await states(store, newsroom) == {9: UNPOSTED, 8: UNPOSTED, 7: WAITING}
    async with store.write() as conn:
        assert await texts.waiting_for_postings(conn, newsroom.id, 1) == [(1, 8)]
        waiting = await texts.waiting_for_postings(conn, newsroom.id, 99)
        assert waiting == [(1, 8), (2, 9)]
        await texts.post_many(conn, newsroom.id, [number for number, _ in waiting], [prints(2, 1), prints(1)])
        assert await texts.waiting_for_postings(conn, newsroom.id, 99) == []
        await texts.post_many(conn, newsroom.id, [], [])
    assert await candidates(store, newsroom, 1, 2) == [(1, 1), (1, 2), (1, 3), (2, 1)]
    assert await states(store, newsroom) == {9: WAITING, 8: WAITING, 7: WAITING}


async def test_more_rows_than_one_statement_takes(
    store: Store, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and questions that are cut into pieces come to the same: each hash with its texts, the full ones counted."""
    monkeypatch.setattr(postings, "_CHUNK", 7)
    many = [prints(*range(n, n + 20), 1 << 40) for n in range(100)]
    await register(store, newsroom, *(form(key) for key in range(1, 101)), posted=False)
    async with store.write() as conn:
        await texts.post_many(conn, newsroom.id, range(1, 71), many[:70])
        await texts.post_many(conn, newsroom.id, range(71, 101), many[70:])
    expected = Counter(n + i for n in range(100) for i in range(20))
    found = Counter(print_ for print_, _ in await candidates(store, newsroom, *range(120)))
    assert found == expected
    assert len(await candidates(store, newsroom, 1 << 40)) == POSTINGS_CAP
    assert await stops(store, newsroom, *range(120), 1 << 40) == {1 << 40: 100}


async def test_newsrooms_share_no_posting(store: Store, newsroom: Newsroom, clock: StoppedClock) -> None:
    """The same words in two newsrooms are stored under different hashes, and counted in each by itself."""
    other = await make_newsroom(store, clock())
    await register(store, newsroom, form(1), form(2, 5, 6))
    await register(store, other, *(form(key, 5) for key in range(POSTINGS_CAP + 3)))
    assert await candidates(store, newsroom, 5, 6) == [(5, 2), (6, 2)]
    assert (await stops(store, newsroom, 5), await stops(store, other, 5)) == ({}, {5: POSTINGS_CAP + 2})
    async with store.read() as conn:
        assert await count(conn, text_postings) == POSTINGS_CAP + 2
        assert await count(conn, text_stops) == 1
    assert salt_of(newsroom.id) != salt_of(other.id)


async def test_writers_at_the_same_time(more_stores: MakeStore, store: Store, newsroom: Newsroom) -> None:
    """Several processes file the same new texts in any order: each text is there once, with its postings, and awake."""
    stores = [more_stores() for _ in range(3)]
    forms = [form(key, key, 77) for key in range(1, 9)]

    async def write(each: Store, order: Sequence[NewText]) -> None:
        for one in order:
            await register(each, newsroom, one, order[0])

    await asyncio.gather(*(write(each, forms[n:] + forms[:n]) for n, each in enumerate(stores)))
    async with store.read() as conn:
        known = {text.text_key: text.number for text in await texts.by_keys(conn, newsroom.id, range(1, 9))}
    assert sorted(known) == list(range(1, 9))
    assert await candidates(store, newsroom, *range(1, 9)) == sorted(known.items())
    assert len(await candidates(store, newsroom, 77)) == 8


async def test_progress_of_a_rebuild(store: Store, newsroom: Newsroom) -> None:
    """A newsroom starts unindexed, and keeps how far it came."""
    async with store.write() as conn:
        assert await texts.index_progress(conn, newsroom.id) == IndexProgress(version=0, rebuilt_to=0)
        await texts.set_index_progress(conn, newsroom.id, IndexProgress(version=3, rebuilt_to=2**62))
        assert await texts.index_progress(conn, newsroom.id) == IndexProgress(version=3, rebuilt_to=2**62)


async def test_look_ups_read_an_index(sqlite_store: Store, clock: StoppedClock) -> None:
    """SQLite finds texts by key and those without postings in their indexes, never by reading the newsroom through."""
    async with sqlite_store.read() as conn:
        for statement, index in (
            (texts._BY_BOTH["sqlite"], "sqlite_autoindex_texts_2 (newsroom_id=? AND text_key=?)"),
            (texts._BY_BOTH["sqlite"], "PRIMARY KEY (newsroom_id=? AND number=?)"),
            (postings._HOLDINGS["sqlite"], "SEARCH p USING PRIMARY KEY (hash=?)"),
            (postings._HOLDINGS["sqlite"], "SEARCH text_stops USING PRIMARY KEY (hash=?)"),
            (texts._UNPOSTED, "ix_texts_waiting (newsroom_id=? AND state<?)"),
            (texts._WAKE["sqlite"], "sqlite_autoindex_texts_2 (newsroom_id=? AND text_key=?)"),
        ):
            plan = await conn.run_sync(_plan, statement)
            assert any(index in step for step in plan), plan


def _plan(connection: sa.Connection, statement: sa.Executable | str) -> list[str]:
    said = statement if isinstance(statement, str) else str(statement.compile(connection))  # type: ignore[attr-defined]
    marks = len(set(re.findall(r"\?\d", said))) or said.count("?")
    return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", ("[]",) * marks)]


async def test_a_list_may_be_longer_than_parameters_may_be_many(store: Store, newsroom: Newsroom) -> None:
    """A hundred thousand keys are asked for in one statement, on both engines."""
    await register(store, newsroom, form(99_999), form(3))
    async with store.read() as conn:
        assert len(await texts.by_keys(conn, newsroom.id, range(100_000))) == 2
        query = sa.select(texts_table.c.text_key).where(among(texts_table.c.text_key, number_list("k", {3, -(2**63)})))
        assert list((await conn.execute(query)).scalars()) == [3]


@given(st.integers(0, 2**48 - 1), st.integers(-(2**63), 2**63 - 1))
def test_a_salted_hash_gives_its_print_back(print_: int, newsroom_id: int) -> None:
    """For every fingerprint and newsroom; what is stored has 48 bits with its sign, six bytes for SQLite."""
    stored = int(postings._stored(newsroom_id, [print_])[0])
    assert -(2**47) <= stored < 2**47
    assert (stored ^ salt_of(newsroom_id)) & (2**48 - 1) == print_
