"""The encrypted database: unreadable without its key, refused with one clear line, otherwise the store as ever."""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.errors import Damaged
from bot.storage import converting
from bot.storage.cipher import DatabaseLocked, Form, form_of, open_sealed
from bot.storage.store import Store
from bot.storage.tables import metadata
from tests.stores import sqlite_url

KEY = bytes(range(32))
CANARY = "КанарейкаCanary7391"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kalkan.sqlite"


@pytest.fixture
async def sealed(path: Path) -> AsyncIterator[Store]:
    """A store with a key and one table, since the whole schema takes half a second."""
    store = Store(sqlite_url(path), KEY)
    async with store.write() as conn:
        await conn.exec_driver_sql("CREATE TABLE secret_notes (id INTEGER PRIMARY KEY, name TEXT)")
    yield store
    await store.close()


async def put(store: Store, name: str, number: int = 1) -> None:
    async with store.write() as conn:
        await conn.execute(sa.text("INSERT INTO secret_notes VALUES (:id, :name)"), {"id": number, "name": name})


async def names(store: Store) -> list[str]:
    async with store.read() as conn:
        return list((await conn.scalars(sa.text("SELECT name FROM secret_notes ORDER BY id"))).all())


def bytes_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Database, log and shared memory as they lie on the disk now."""
    return ((each.name, each.read_bytes()) for each in path.parent.iterdir())


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


async def test_nothing_is_readable_on_disk(sealed: Store, path: Path) -> None:
    """Neither words nor even the names of tables, in the file, its log and its index, while it runs and after."""
    await put(sealed, CANARY)
    for _ in range(2):
        for name, data in bytes_of(path):
            for word in (
                CANARY.encode(),
                CANARY.encode("utf-16-le"),
                b"secret_notes",
                b"SQLite format",
                b"CREATE TABLE",
            ):
                assert word not in data, name
        await sealed.scrub()
    assert form_of(path) is Form.SEALED
    assert await names(sealed) == [CANARY]


async def test_another_key_or_none_is_one_clear_line(sealed: Store, path: Path) -> None:
    """And neither changes the file."""
    await put(sealed, CANARY)
    await sealed.close()
    before = dict(bytes_of(path))
    for key, said in ((secrets.token_bytes(32), "does not open with this master key"), (None, "needs the master key")):
        store = Store(sqlite_url(path), key)
        with pytest.raises(DatabaseLocked, match=said) as refused:
            async with store.read():
                pass
        assert "\n" not in str(refused.value)
        with pytest.raises(DatabaseLocked, match=said):
            await store.migrate()
        await store.close()
    assert dict(bytes_of(path))["kalkan.sqlite"] == before["kalkan.sqlite"]


async def test_a_plain_file_is_not_taken_for_a_sealed_one(path: Path) -> None:
    """A key over a plain database is refused, and says which command helps."""
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE t (a)")
    plain.close()
    store = Store(sqlite_url(path), KEY)
    with pytest.raises(DatabaseLocked, match="kalkan key seal"):
        async with store.write():
            pass
    await store.close()


async def test_it_is_as_durable_as_the_plain_one(sealed: Store) -> None:
    """Every pragma that the promises stand on holds on each connection, and nothing temporary goes to the disk."""
    async with sealed.read() as reader, sealed.write() as writer:
        for conn in (reader, writer):
            for pragma, value in (
                ("journal_mode", "wal"),
                ("synchronous", 2),
                ("foreign_keys", 1),
                ("secure_delete", 1),
                ("temp_store", 2),
            ):
                assert (await conn.exec_driver_sql(f"PRAGMA {pragma}")).scalar() == value, pragma
            assert (await conn.scalar(sa.text("SELECT lower('ФЕРМА')"))) == "ферма"


async def test_errors_are_sqlalchemys(sealed: Store) -> None:
    """What the driver raises is known to whoever catches the plain one's errors."""
    await put(sealed, "a")
    with pytest.raises(IntegrityError):
        await put(sealed, "b")
    with pytest.raises(OperationalError):
        async with sealed.read() as conn:
            await conn.execute(sa.text("SELECT * FROM nothing"))
    assert await names(sealed) == ["a"]


async def test_two_processes_share_it(sealed: Store, path: Path) -> None:
    """Writers wait for each other; both see everything."""
    other = Store(sqlite_url(path), KEY)
    stores = (sealed, other)
    await asyncio.gather(*(put(stores[n % 2], str(n), n) for n in range(1, 21)))
    assert len(await names(other)) == 20
    await other.close()


async def test_a_flipped_bit_is_noticed(sealed: Store, path: Path) -> None:
    """A page that was changed is refused, never read as something else."""
    for number in range(1, 200):
        await put(sealed, CANARY * 20, number)
    await sealed.close()
    flip_a_bit(path)
    store = Store(sqlite_url(path), KEY)
    with pytest.raises((DBAPIError, DatabaseLocked, Damaged)):
        await names(store)
    await store.close()


async def test_the_whole_schema_is_made_by_the_migrations(path: Path) -> None:
    """On an encrypted file the migrations make every table, and a second start finds nothing to do."""
    for _ in range(2):
        store = Store(sqlite_url(path), KEY)
        await store.migrate()
        async with store.read() as conn:
            found = set(await conn.run_sync(lambda c: sa.inspect(c).get_table_names()))
        await store.close()
    assert found >= set(metadata.tables)


def test_a_short_key_is_refused(path: Path) -> None:
    """Thirty-two bytes or nothing."""
    with pytest.raises(ValueError, match="32 bytes"):
        open_sealed(str(path), b"short")


@pytest.mark.parametrize("key", [None, KEY])
async def test_what_is_no_database_at_all_is_damaged(path: Path, key: bytes | None) -> None:
    """Words, zeros, a torn page: with a key and without, the file is said to be ruined, not a key to be missing."""
    for content in (b"no database at all" * 1000, bytes(8192), b"x"):
        await asyncio.to_thread(path.write_bytes, content)
        assert form_of(path) is Form.RUINED
        store = Store(sqlite_url(path), key)
        with pytest.raises(Damaged):
            await names(store)
        await store.close()


def test_a_ruined_copy_does_not_cost_the_plain_one(path: Path) -> None:
    """What does not open with the key is no reason to overwrite what it was made from."""
    path.write_bytes(bytes(8192))
    plain = path.with_name(f"{path.name}{converting._OLD}")
    plain.write_bytes(b"the plain database")
    with pytest.raises(Damaged):
        converting.encrypt(path, KEY)
    assert plain.read_bytes() == b"the plain database"
