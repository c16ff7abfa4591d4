"""A failing disk is told from a damaged database, and that from everything else."""

import asyncio
import errno
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import Damaged, NoRoom
from bot.sealing.house_keys import HouseKeys
from bot.storage.faults import Fault, fault_of, passes, tells_damage
from bot.storage.store import Store
from bot.storage.tables import newsrooms
from tests.newsroom import make_newsroom
from tests.stores import StoppedClock

KEYS = HouseKeys(bytes(32))


@pytest.mark.parametrize(
    ("said", "is_damage"),
    [
        (["ok"], False),
        (["Tree 5 page 12: unable to get the page. error code=266"], False),
        (["Tree 5 page 12: unable to get the page. error code=10"], False),
        (["*** in database main ***\nFreelist: failed to get page 7"], False),
        (["Tree 5 page 12: btreeInitPage() returns error code 11"], True),
        (["wrong # of entries in index ix_cases"], True),
        ([], True),
    ],
)
def test_a_page_that_was_not_read_is_no_damage(said: list[str], is_damage: bool) -> None:
    """SQLite's check goes on where the disk gives nothing, and says so in a line like those on damage."""
    assert tells_damage(said) is is_damage


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (errno.ENOSPC, Fault.FULL),
        (errno.EDQUOT, Fault.FULL),
        (errno.EROFS, Fault.READ_ONLY),
        (errno.EIO, Fault.FAILING),
        (errno.EACCES, None),
    ],
)
def test_what_the_system_says(number: int, fault: Fault | None) -> None:
    """Also behind the error that it caused."""
    error = OSError(number, "x")
    assert fault_of(error) is fault
    wrapped = RuntimeError()
    wrapped.__cause__ = error
    assert fault_of(wrapped) is fault
    assert passes(error) is (fault is not None)


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("disk I/O error"), NoRoom("x"), sa.exc.ArgumentError("x")])
def test_what_is_no_fault_of_the_disk(error: Exception) -> None:
    """Waiting would not mend it."""
    assert fault_of(error) is None
    assert not passes(error)


async def test_a_full_database_is_full_and_a_locked_row_is_not(sqlite_store: Store, clock: StoppedClock) -> None:
    """By SQLite's own errors; the store tells whoever keeps room for it."""
    told: list[Fault] = []
    sqlite_store.on_fault = told.append
    await make_newsroom(sqlite_store, clock())
    with pytest.raises(sa.exc.OperationalError) as full:
        await _fill_up(sqlite_store)
    assert fault_of(full.value) is Fault.FULL
    assert told == [Fault.FULL]
    with pytest.raises(sa.exc.IntegrityError) as twice:
        async with sqlite_store.write() as conn:
            await conn.execute(sa.insert(newsrooms).from_select(list(newsrooms.c), sa.select(newsrooms)))
    assert fault_of(twice.value) is None
    assert not sqlite_store.damaged.is_set()


async def _fill_up(store: Store) -> None:
    async with store.write() as conn:
        ((pages,),) = (await conn.exec_driver_sql("PRAGMA page_count")).all()
        await conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        await conn.exec_driver_sql("CREATE TABLE t AS SELECT randomblob(1000000)")


async def _filled(path: Path, keys: HouseKeys | None) -> Store:
    store = Store(f"sqlite+aiosqlite:///{path}", keys.database if keys is not None else None)
    await store.migrate()
    async with store.write() as conn:
        await conn.execute(sa.text("CREATE TABLE filler (n INTEGER PRIMARY KEY, words TEXT)"))
        rows = [{"n": number, "words": "x" * 300} for number in range(3000)]
        await conn.execute(sa.text("INSERT INTO filler VALUES (:n, :words)"), rows)
    await store.scrub()
    return store


def _spoil(path: Path) -> None:
    """Overwrite the pages in the middle of the file."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for at in range(size // 3, size // 3 * 2, 4096):
            file.seek(at // 4096 * 4096)
            file.write(b"\xa5" * 4096)


async def _read_all(store: Store) -> Any:
    async with store.read() as conn:
        return (await conn.execute(sa.text("SELECT sum(length(words)) FROM filler"))).scalar_one()


@pytest.mark.parametrize("keys", [pytest.param(None, id="plain"), pytest.param(KEYS, id="encrypted")])
async def test_a_corrupt_page_stops_everything(tmp_path: Path, keys: HouseKeys | None) -> None:
    """It is noticed, said, and from then on nothing is written: going on would be guessing."""
    path = tmp_path / "kalkan.sqlite"
    store = await _filled(path, keys)
    assert await _read_all(store) == 900_000
    await store.close()
    await asyncio.to_thread(_spoil, path)
    store = Store(f"sqlite+aiosqlite:///{path}", keys.database if keys is not None else None)
    try:
        with pytest.raises(Damaged, match="kalkan restore"):
            await _read_all(store)
        assert store.damaged.is_set()
        with pytest.raises(Damaged):
            async with store.write():
                pytest.fail("it wrote")
    finally:
        await store.close()


async def test_a_false_alarm_is_none(tmp_path: Path) -> None:
    """Where "malformed" is said of a database whose pages are all good, the disk failed: it may be waited for."""
    path = tmp_path / "kalkan.sqlite"
    store = await _filled(path, None)
    told: list[Fault] = []
    store.on_fault = told.append
    try:
        with pytest.raises(OSError, match="could not be read") as failed:
            async with store.write():
                raise sqlite3.DatabaseError("database disk image is malformed")
        assert passes(failed.value)
        assert told == [Fault.FAILING]
        assert not store.damaged.is_set()
        assert await _read_all(store) == 900_000
    finally:
        await store.close()
        await asyncio.to_thread(shutil.rmtree, tmp_path)
