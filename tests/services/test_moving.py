"""From one database to another: what arrives is what there was, whenever it is interrupted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import Refusal
from bot.services.backup.clearing import Clearing
from bot.services.backup.moving import Moving
from bot.storage import newsrooms
from bot.storage.dumping import tallies
from bot.storage.partitions import PARTS
from bot.storage.store import Store
from bot.storage.tables import custody_entries, members, metadata, submissions
from tests.backups import KEYS, Backups
from tests.postgres import seeing_all
from tests.services.conftest import EditorsDesk
from tests.storage.house_rows import rows_seen
from tests.storage.houses import build
from tests.stores import sqlite_url

ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
async def target(postgres_url: str) -> AsyncIterator[Store]:
    """An empty database."""
    store = Store(seeing_all(postgres_url))
    yield store
    await store.close()


@pytest.fixture
async def moving(desk: EditorsDesk, target: Store, tmp_path: Path) -> Moving:
    """Of a newsroom with something in every table, and with another that has cases and a custody log."""
    await build(desk.store, desk.clock)
    await Backups(desk=desk, folder=tmp_path).work()
    return Moving(desk.store, target, desk.vault, KEYS)


class Watch:
    """Counts, and dies at a given call."""

    def __init__(self, dies_at: int = -1) -> None:
        self.calls: list[tuple[int, int]] = []
        self._dies_at = dies_at

    def __call__(self, done: int, total: int) -> None:
        self.calls.append((done, total))
        if len(self.calls) == self._dies_at:
            raise InterruptedError


async def same(desk: EditorsDesk, target: Store) -> bool:
    """Whether both hold the same rows."""
    async with desk.store.read() as conn, target.read() as there:
        return await tallies(conn) == await tallies(there)


@ON_SQLITE
async def test_what_arrives_is_what_there_was(desk: EditorsDesk, target: Store, moving: Moving) -> None:
    """Every row of every table, and the logs' roots."""
    watch = Watch()
    assert await moving.is_empty()
    moved = await moving.run(watch)
    assert await same(desk, target)
    assert (moved.newsrooms, len(moved.roots)) == (2, 2)
    assert watch.calls[-1] == (2 * moved.rows, 2 * moved.rows)
    assert not await moving.is_empty()


@ON_SQLITE
async def test_interrupted_anywhere_it_goes_on(
    desk: EditorsDesk, target: Store, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some rows at a time, and after each of many blocks it dies: in the end it is all there, nothing twice."""
    monkeypatch.setattr("bot.storage.dumping.ROWS", 2)
    deaths = 0
    while True:
        try:
            await moving.run(Watch(dies_at=9))
        except InterruptedError:
            deaths += 1
            # Each attempt gets further; comparing begins anew, so it needs to live through to its end once.
            async with desk.store.read() as conn, target.read() as there:
                tables = (members, submissions)
                left = [
                    (await conn.execute(sa.select(sa.func.count()).select_from(each))).scalar_one()
                    - (await there.execute(sa.select(sa.func.count()).select_from(each))).scalar_one()
                    for each in tables
                ]
            if deaths > 5 and not any(left):
                break
        else:
            break
    await moving.run(Watch())
    assert deaths > 5
    assert await same(desk, target)


@ON_SQLITE
async def test_a_source_that_changed_meanwhile_is_noticed(desk: EditorsDesk, target: Store, moving: Moving) -> None:
    """Between two attempts somebody wrote to what had gone over already."""
    await moving.run(Watch())
    async with desk.store.write() as conn:
        await conn.execute(sa.update(members).values(name="Другое имя"))
    with pytest.raises(Refusal, match="move_differs"):
        await moving.run(Watch())


@ON_SQLITE
async def test_a_row_too_many_is_noticed(desk: EditorsDesk, target: Store, moving: Moving) -> None:
    """Whatever is only in the new one."""
    await moving.run(Watch())
    async with desk.store.write() as conn:
        await conn.execute(sa.text("DELETE FROM spent_presses"))
        await conn.execute(sa.text("DELETE FROM dialogs"))
    with pytest.raises(Refusal, match="move_differs"):
        await moving.run(Watch())


@ON_SQLITE
async def test_cleared_where_it_was_once_it_goes_on_elsewhere(
    desk: EditorsDesk, target: Store, moving: Moving, tmp_path: Path
) -> None:
    """Not while the new place holds another history; then every row of the one newsroom, and of no other."""
    await moving.run(Watch())
    gone, stays = desk.newsroom.id, (await _newsrooms(target) - {desk.newsroom.id}).pop()
    async with target.read() as conn:
        before = await rows_seen(conn, await newsrooms.get(conn, stays))
    other = Store(sqlite_url(tmp_path / "other.sqlite"))
    await other.migrate()
    with pytest.raises(Refusal, match="clear_not_moved"):
        await Clearing(other, target, target, gone).run(Watch())
    await Moving(desk.store, other, desk.vault, KEYS).run(Watch())
    async with other.write() as conn:
        await conn.execute(sa.text("DROP TRIGGER custody_entries_no_update"))
        assert (await conn.execute(sa.update(custody_entries).values(leaf=b"x" * 32))).rowcount > 1
    with pytest.raises(Refusal, match="clear_not_moved"):
        await Clearing(other, target, target, gone).run(Watch())
    await other.close()
    with pytest.raises(InterruptedError):
        await Clearing(desk.store, target, target, gone).run(Watch(dies_at=40))
    assert await Clearing(desk.store, target, target, gone).run(Watch()) > 0
    assert await _newsrooms(target) == {stays}
    async with target.read() as conn:
        for table in metadata.sorted_tables:
            if "newsroom_id" in table.c:
                assert set((await conn.execute(sa.select(table.c.newsroom_id))).scalars()) <= {stays}, table.name
        assert await rows_seen(conn, await newsrooms.get(conn, stays)) == before
        triggers = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'custody%' AND tgenabled = 'O'"
        assert await conn.scalar(sa.text(triggers)) == 2 * (1 + PARTS)


async def _newsrooms(store: Store) -> set[int]:
    async with store.read() as conn:
        return set(await newsrooms.all_ids(conn))
