"""A statement on SQLite takes one turn of the driver's thread, and tells SQLAlchemy all that four would."""

from collections import Counter
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
import sqlalchemy as sa

from bot.storage.store import Store
from bot.storage.tables import text_stops as t

#: Its own BEGIN and its end, whatever stands between them.
ENDS = 2


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a driver's thread was asked for something."""
    seen: Counter[str] = Counter()
    ask = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, function: Any, *arguments: Any, **named: Any) -> Any:
        seen["turns"] += 1
        return await ask(self, function, *arguments, **named)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return seen


@pytest.fixture(params=[None, bytes(range(32))], ids=["plain", "encrypted"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A store with three rows."""
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'k.sqlite'}", request.param)
    await store.migrate()
    async with store.write() as conn:
        await conn.execute(sa.insert(t), [{"hash": n, "texts": n * 10} for n in (1, 2, 3)])
    async with store.read() as conn:
        await conn.scalar(sa.select(1))
    yield store
    await store.close()


async def test_each_statement_takes_one_turn(kept: Store, turns: Counter[str]) -> None:
    """Reading, writing one and writing many alike."""
    async with kept.read() as conn:
        assert (await conn.execute(sa.select(t.c.hash).order_by(t.c.hash))).scalars().all() == [1, 2, 3]
        assert await conn.scalar(sa.select(t.c.texts).where(t.c.hash == 2)) == 20
    assert turns["turns"] == 2 + ENDS
    turns.clear()
    async with kept.write() as conn:
        await conn.execute(sa.insert(t), [{"hash": n, "texts": 0} for n in (4, 5)])
        await conn.execute(sa.update(t).where(t.c.hash == 4).values(texts=40))
    assert turns["turns"] == 2 + ENDS


async def test_it_tells_what_was_done(kept: Store) -> None:
    """Rows returned, rows changed, none found, many at once; an error is SQLAlchemy's own and spoils nothing."""
    async with kept.write() as conn:
        changed = await conn.execute(sa.update(t).where(t.c.hash > 1).values(texts=7))
        assert changed.rowcount == 2
        fresh = await conn.execute(sa.insert(t).values(hash=9, texts=1).returning(t.c.hash, t.c.texts))
        assert tuple(fresh.one()) == (9, 1)
        assert (await conn.execute(sa.delete(t).where(t.c.hash == 99))).rowcount == 0
        with pytest.raises(sa.exc.IntegrityError):
            await conn.execute(sa.insert(t).values(hash=1, texts=0))
        rows = await conn.execute(sa.select(t).order_by(t.c.hash))
        assert rows.keys() == ["hash", "texts"]
        assert [tuple(each) for each in rows.fetchmany(2)] == [(1, 10), (2, 7)]
        assert [tuple(each) for each in rows.all()] == [(3, 7), (9, 1)]
        assert (await conn.execute(sa.select(t).where(t.c.hash == 99))).first() is None


async def test_what_is_read_bit_by_bit_still_is(kept: Store) -> None:
    """A stream uses a cursor of its own kind."""
    async with kept.read() as conn, conn.stream(sa.select(t.c.hash).order_by(t.c.hash)) as rows:
        assert [row.hash async for row in rows] == [1, 2, 3]
