"""The database as lines, and back: one of everything, between the engines as well."""

from pathlib import Path

import pytest

from bot.storage import loading
from bot.storage.dumping import blocks, read_block, shapes, tallies
from bot.storage.store import Store
from tests.storage.houses import build
from tests.stores import StoppedClock, sqlite_url


async def test_every_row_of_every_table_comes_back(store: Store, clock: StoppedClock, tmp_path: Path) -> None:
    """Out of either engine into SQLite: a newsroom that holds one of everything is told in the same lines."""
    await build(store, clock)
    await build(store, clock)
    other = Store(sqlite_url(tmp_path / "other.sqlite"))
    try:
        await other.migrate()
        await copy(store, other)
        async with store.read() as here, other.read() as there:
            told = await tallies(here)
            assert told == await tallies(there)
    finally:
        await other.close()
    empty = {name for name, tally in told.items() if not tally.rows}
    assert len(empty) < len(told) / 4


async def copy(source: Store, target: Store) -> None:
    """Every block of every table, then what refers to rows of the same table."""
    async with source.read() as here, target.write() as there:
        later = []
        for shape in shapes():
            async for block in blocks(here, shape):
                rows = read_block(shape, block)
                await loading.put(there, shape, rows)
                later.append((shape, rows))
        for shape, rows in later:
            if shape.later:
                await loading.refer(there, shape, rows)


async def test_rows_of_another_shape_are_refused() -> None:
    """Whoever knows the public key may have written them."""
    shape = shapes()[0]
    for wrong in (b"{}\n", b"[1]\n", b"null\n", b"\xff\n", b"[[[[\n"):
        with pytest.raises(ValueError, match=r"columns|codec|Expecting|delimiter|value"):
            read_block(shape, wrong)
