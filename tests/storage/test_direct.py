"""Operations written as steps: in one turn of the driver's thread on SQLite, awaited one by one on PostgreSQL."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.storage.direct import Add, Ask, Insert, Steps, take
from bot.storage.store import Store
from bot.storage.tables import comments, custody_pending, text_stops
from tests.newsroom import make_newsroom

_INSERT = {
    "sqlite": "INSERT INTO text_stops (hash, texts) VALUES (?, ?)",
    "postgresql": "INSERT INTO text_stops (hash, texts)"
    " SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]))",
}
_AMONG = {
    "sqlite": "SELECT hash, texts FROM text_stops WHERE hash IN (SELECT value FROM json_each(?1)) ORDER BY hash",
    "postgresql": "SELECT hash, texts FROM text_stops WHERE hash = ANY (CAST($1 AS BIGINT[])) ORDER BY hash",
}
_ONLY_POSTGRES = {"postgresql": "SELECT 1"}


def _writing(threads: list[int], asked: Sequence[int]) -> Steps[list[tuple[int, int]]]:
    yield Insert(_INSERT, ([1, 2, 3], [10, 20, 30]))
    threads.append(threading.get_ident())
    yield Add(text_stops, [{"hash": 4, "texts": 40}, {"texts": 50, "hash": 5}])
    yield Ask(_ONLY_POSTGRES, ())
    threads.append(threading.get_ident())
    return [tuple(row) for row in (yield Ask(_AMONG, (list(asked),)))]


async def test_steps_write_and_read(store: Store) -> None:
    """In the caller's transaction, on both engines, and never in the thread of the event loop."""
    threads: list[int] = []
    async with store.write() as conn:
        assert await take(conn, _writing(threads, [5, 1, 9])) == [(1, 10), (5, 50)]
    async with store.read() as conn:
        assert await conn.scalar(sa.select(sa.func.count()).select_from(text_stops)) == 5
    assert threading.get_ident() not in threads
    assert len(set(threads)) == 1 or not store.is_sqlite


async def test_a_step_that_fails_leaves_nothing(store: Store) -> None:
    """What it raises reaches the caller, and the transaction ends without it; the connection serves on."""

    def failing() -> Steps[None]:
        yield Insert(_INSERT, ([1], [10]))
        raise LookupError

    with pytest.raises(LookupError):
        async with store.write() as conn:
            await take(conn, failing())
    async with store.write() as conn:
        assert await take(conn, _writing([], [1])) == [(1, 10)]


async def test_steps_that_ask_nothing(store: Store) -> None:
    """Their result is given all the same."""

    def silent() -> Steps[str]:
        return "done"
        yield

    async with store.read() as conn:
        assert await take(conn, silent()) == "done"


async def test_rows_are_stored_as_their_types_say(store: Store) -> None:
    """Moments, JSON, nothing at all: both engines give back what the table's own insert would have stored."""
    moment = datetime(2026, 11, 23, 15, 4, 5, tzinfo=timezone(timedelta(hours=6)))
    tenant = (await make_newsroom(store, moment)).id
    row = {"id": 1, "newsroom_id": tenant, "kind": "kept", "noun": "photo", "row_id": 2, "at": moment}
    by_itself = {**row, "body": {"source": "ө", "account": None}}
    comment = dict.fromkeys(("posted_at", "handle"), None) | {"id": 3, "newsroom_id": tenant, "added_at": moment}
    comment |= {"source": "a'b", "text": "x", "words": "", "text_key": 0}

    def adding() -> Steps[None]:
        yield Add(custody_pending, [by_itself])
        yield Add(comments, [comment])

    async with store.write() as conn:
        await take(conn, adding())
        await conn.execute(sa.insert(custody_pending), [{**by_itself, "id": 4}])
    async with store.read() as conn:
        one, other = (await conn.execute(sa.select(custody_pending).order_by(custody_pending.c.id))).all()
        assert one[1:] == other[1:]
        stored = (await conn.execute(sa.select(comments))).one()
    assert (stored.added_at, stored.posted_at, stored.handle, stored.source) == (moment, None, None, "a'b")


async def test_what_is_too_long_is_refused(store: Store) -> None:
    """PostgreSQL keeps to the lengths of its columns, and cuts nothing in silence; SQLite has none."""
    if store.is_sqlite:
        return
    now = datetime.now(UTC)
    tenant = (await make_newsroom(store, now)).id
    row = {"id": 1, "newsroom_id": tenant, "kind": "k" * 17, "noun": "n", "row_id": 1, "body": {}, "at": now}

    def adding() -> Steps[None]:
        yield Add(custody_pending, [row])

    with pytest.raises(sa.exc.DBAPIError):
        async with store.write() as conn:
            await take(conn, adding())
