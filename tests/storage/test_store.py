"""The engine under the archive: its pragmas on every connection, private files, transactions whole or not at all."""

import ast
import asyncio
import stat
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage import columns, newsrooms, outbox
from bot.storage.store import Store
from bot.storage.tables import newsrooms as table
from tests.newsroom import count, make_newsroom
from tests.stores import MakeStore, StoppedClock, sqlite_url

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 15000}


async def pragmas_of(conn: sa.ext.asyncio.AsyncConnection) -> dict[str, object]:
    return {name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in PRAGMAS}


async def test_pragmas_hold_on_every_connection(sqlite_store: Store) -> None:
    """The writer's and every pooled reader's connection: WAL, FULL, foreign keys, deleted bytes overwritten."""
    async with sqlite_store.write() as conn:
        assert await pragmas_of(conn) == PRAGMAS
    everyone_in = asyncio.Barrier(4)

    async def read() -> dict[str, object]:
        async with sqlite_store.read() as conn:
            await everyone_in.wait()
            return await pragmas_of(conn)

    assert await asyncio.gather(*(read() for _ in range(4))) == [PRAGMAS] * 4


async def test_files_are_the_owner_s_alone(tmp_path: Path, clock: StoppedClock) -> None:
    """Database, WAL and shared memory are 0600, and a data folder that is made for them is 0700."""
    folder = tmp_path / "data"
    store = Store(sqlite_url(folder / "kalkan.sqlite"))
    try:
        await store.migrate()
        await make_newsroom(store, clock())
        async with store.read() as conn:
            await newsrooms.first(conn)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    finally:
        await store.close()
    assert modes == {"kalkan.sqlite": 0o600, "kalkan.sqlite-wal": 0o600, "kalkan.sqlite-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_secure_delete_leaves_no_bytes(sqlite_store: Store, clock: StoppedClock) -> None:
    """What was deleted is nowhere in the file once the log is folded in."""
    async with sqlite_store.write() as conn:
        kept = await newsrooms.add(conn, "SECRET-NAME-OF-A-NEWSROOM", "UTC", "ru", clock())
    async with sqlite_store.write() as conn:
        await conn.execute(sa.delete(table).where(table.c.id == kept.id))
    path = Path(sqlite_store.url.database or "")
    await sqlite_store.close()
    assert b"SECRET-NAME" not in await asyncio.to_thread(path.read_bytes)


async def test_a_transaction_is_whole_or_nothing(store: Store, clock: StoppedClock) -> None:
    """An error inside `write` leaves nothing behind, and the store goes on working."""

    async def fail() -> None:
        async with store.write() as conn:
            await newsrooms.add(conn, "half", "UTC", "ru", clock())
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        await fail()
    async with store.read() as conn:
        assert await newsrooms.first(conn) is None
    await make_newsroom(store, clock(), "whole")
    async with store.read() as conn:
        found = await newsrooms.first(conn)
    assert found is not None
    assert found.name == "whole"


async def test_migrating_again_waits_for_no_writer_of_its_own(sqlite_store: Store, clock: StoppedClock) -> None:
    """The writer's connection is kept between transactions, and is there for whoever else needs it, also at the end."""
    await make_newsroom(sqlite_store, clock())
    async with asyncio.timeout(10):
        await sqlite_store.migrate()
        await sqlite_store.close()
        await sqlite_store.close()


async def test_a_cancelled_writer_leaves_nothing_and_holds_nothing(store: Store, clock: StoppedClock) -> None:
    """Cancelled in the middle of a transaction: rolled back, and the next writer gets in at once."""
    inside = asyncio.Event()

    async def write() -> None:
        async with store.write() as conn:
            await newsrooms.add(conn, "half", "UTC", "ru", clock())
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(make_newsroom(store, clock()), 5)
    async with store.read() as conn:
        assert await count(conn, table) == 1


async def test_reading_sees_one_moment(store: Store, clock: StoppedClock) -> None:
    """Two questions within one `read` have the same answer, whatever is committed between them."""
    await make_newsroom(store, clock())
    async with store.read() as conn:
        before = await count(conn, table)
        await make_newsroom(store, clock())
        assert await count(conn, table) == before
    async with store.read() as conn:
        assert await count(conn, table) == before + 1


async def test_reading_commits_nothing(store: Store, clock: StoppedClock) -> None:
    """What is written by mistake through a reading connection is gone."""
    async with store.read() as conn:
        await newsrooms.add(conn, "mistake", "UTC", "ru", clock())
    async with store.read() as conn:
        assert await newsrooms.first(conn) is None


async def test_writers_of_several_processes_wait_for_each_other(
    store: Store, more_stores: MakeStore, clock: StoppedClock
) -> None:
    """Counting up from three stores at once loses no step: read and write of each transaction belong together."""
    newsroom = await make_newsroom(store, clock())
    stores = [store, more_stores(), more_stores()]

    async def step(through: Store) -> None:
        async with through.write() as conn:
            now = await conn.scalar(sa.select(table.c.case_counter).where(table.c.id == newsroom.id).with_for_update())
            await conn.execute(sa.update(table).where(table.c.id == newsroom.id).values(case_counter=now + 1))

    await asyncio.gather(*(step(stores[n % 3]) for n in range(30)))
    async with store.read() as conn:
        assert await conn.scalar(sa.select(table.c.case_counter)) == 30


async def test_foreign_keys_are_enforced(store: Store, clock: StoppedClock) -> None:
    """A row that points nowhere is refused."""
    async with store.write() as conn:
        with pytest.raises(sa.exc.IntegrityError):
            await outbox.hold_chat(conn, 1, 1, clock())
        await conn.rollback()


async def test_moments_come_back_aware_and_in_utc(store: Store, clock: StoppedClock) -> None:
    """A moment given in another zone is the same moment when read, to the microsecond, in UTC."""
    moment = datetime.fromisoformat("2026-10-25T02:30:00.123456+06:00")
    await make_newsroom(store, moment)
    async with store.read() as conn:
        back = await conn.scalar(sa.select(table.c.created_at))
    assert back == moment
    assert back.utcoffset().total_seconds() == 0


async def test_a_naive_moment_is_refused(store: Store) -> None:
    """Nobody can know its zone."""
    with pytest.raises(sa.exc.StatementError, match="naive"):
        await make_newsroom(store, datetime(2026, 1, 1))  # noqa: DTZ001 - on purpose


def test_an_absent_moment_stays_absent() -> None:
    """None goes both ways."""
    kind, dialect = columns.UtcDateTime(), sa.create_engine("sqlite://").dialect
    assert kind.process_bind_param(None, dialect) is None
    assert kind.process_result_value(None, dialect) is None


BOT = Path(__file__).resolve().parents[2] / "bot"
#: The only texts that are no literals, all constants of their modules: PRAGMA takes no parameters, BEGIN has two forms,
#: and what is handed to the drivers as it is has one for each dialect. A raw key is the digits of 32 bytes.
_ALLOWED = {
    ("storage/cipher.py", r"""f"PRAGMA key = \"x'{key.hex()}'\"" """.strip()),
    ("storage/advisory.py", "_MODE"),
    ("storage/advisory.py", "_WHO"),
    ("storage/store.py", 'f"PRAGMA {pragma}"'),
    ("storage/store.py", "begin"),
    ("storage/direct.py", "*asked"),
}


def _takes_sql(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "text"
    if not isinstance(function, ast.Attribute):
        return False
    of_sqlalchemy = isinstance(function.value, ast.Name) and function.value.id in ("sa", "sqlalchemy")
    return function.attr in ("exec_driver_sql", "execute_fetchall", "literal_column", "executescript") or (
        function.attr == "text" and of_sqlalchemy
    )


def _is_built(call: ast.Call) -> bool:
    if not call.args:
        return False
    words = call.args[0]
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("execute", "executemany", "scalar", "stream"):
        # SQLAlchemy's own expressions arrive here as names and calls; a text that is put together is never one.
        inside = any(isinstance(node, ast.JoinedStr | ast.Constant) for node in ast.walk(words))
        return isinstance(words, ast.JoinedStr) or (isinstance(words, ast.BinOp) and inside) or _is_format(words)
    return _takes_sql(call.func) and not isinstance(words, ast.Constant)


def _is_format(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and isinstance(node.func.value, ast.Constant)
    )


def built_statements(source: str) -> list[str]:
    """The texts given to the database, in calls that take SQL, that are anything but literals."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and _is_built(node)]
    return [ast.get_source_segment(source, call.args[0]) or "" for call in calls]


@pytest.mark.parametrize(
    "line",
    [
        'sa.text(f"state = {state}")',
        "conn.execute(f'DELETE FROM x WHERE id = {n}')",
        'sa.text("a = %s" % value)',
        'conn.exec_driver_sql("DROP TABLE " + name)',
        'text("SELECT {}".format(name))',
        'conn.execute("SELECT {}".format(name))',
        'cursor.execute("SELECT " + tail)',
        "sa.text(query)",
    ],
)
def test_the_search_for_built_statements_finds_them(line: str) -> None:
    """The check below can fail."""
    assert built_statements(line)


@pytest.mark.parametrize("line", ['sa.text("state = 1")', "conn.execute(sa.select(t))", "pen.text(x + 1)"])
def test_the_search_for_built_statements_spares_others(line: str) -> None:
    """Literals, SQLAlchemy's expressions, and whatever else is called `text`."""
    assert built_statements(line) == []


def test_no_statement_is_built_from_strings() -> None:
    """Nowhere in bot/ is something put into the text of a statement."""
    found = {
        (str(path.relative_to(BOT)), text)
        for path in BOT.rglob("*.py")
        for text in built_statements(path.read_text(encoding="utf-8"))
    }
    assert found == _ALLOWED
