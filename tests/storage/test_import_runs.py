"""How far an import came: kept with its rows, moved on by one process at a time, forgotten at the end."""

import pytest

from bot.model.newsroom import Newsroom
from bot.storage import import_runs
from bot.storage.import_runs import ImportRun
from bot.storage.store import Store
from tests.newsroom import make_newsroom
from tests.stores import StoppedClock

COUNTS = {"added": 3, "batch": "c.jsonl"}


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


def fresh(newsroom: Newsroom) -> ImportRun:
    """An import that has to begin."""
    return ImportRun(newsroom_id=newsroom.id, noun="comments", sha256="a" * 64, position=0, counts={})


async def found(store: Store, run: ImportRun) -> ImportRun | None:
    async with store.read() as conn:
        return await import_runs.of_file(conn, run.newsroom_id, run.noun, run.sha256)


async def test_it_goes_on_from_where_it_was(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Position and counts come back, and are gone when the file is done; another newsroom has its own."""
    run, other = fresh(newsroom), fresh(await make_newsroom(store, clock()))
    assert await found(store, run) is None
    async with store.write() as conn:
        moved = await import_runs.advance(conn, run, 2000, COUNTS, clock())
    assert moved == await found(store, run)
    assert moved is not None
    assert (moved.position, moved.counts) == (2000, COUNTS)
    assert await found(store, other) is None
    async with store.write() as conn:
        await import_runs.finish(conn, moved)
    assert await found(store, run) is None


async def test_only_one_moves_it_on(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Who comes from a place where the import no longer is moves nothing."""
    run = fresh(newsroom)
    async with store.write() as conn:
        moved = await import_runs.advance(conn, run, 2000, COUNTS, clock())
    async with store.write() as conn:
        assert await import_runs.advance(conn, run, 2000, COUNTS, clock()) is None
    assert moved is not None
    async with store.write() as conn:
        assert await import_runs.advance(conn, moved, 4000, COUNTS, clock()) is not None
        assert await import_runs.advance(conn, moved, 4000, COUNTS, clock()) is None
        await import_runs.finish(conn, moved)
    assert await found(store, run) is not None


async def test_what_is_rolled_back_was_not_done(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """It stands and falls with the rows of its transaction."""

    async def undone() -> None:
        async with store.write() as conn:
            await import_runs.advance(conn, fresh(newsroom), 2000, COUNTS, clock())
            raise KeyError

    with pytest.raises(KeyError):
        await undone()
    assert await found(store, fresh(newsroom)) is None
