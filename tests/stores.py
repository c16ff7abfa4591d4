"""Databases for the tests: each test's own migrated one, on real SQLite and on real PostgreSQL.

The migrations run once a session and engine; a test gets a copy: of one SQLite file, or of a PostgreSQL template.
Import the fixtures into a conftest.py and name them in its ``__all__``.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.storage.converting import encrypt
from bot.storage.store import Store
from tests.postgres import PostgresServer, seeing_all
from tests.sweeping import Broom

#: Encrypted SQLite runs with the long proofs: it is the same SQL, through another driver.
ENGINES = (
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("sqlcipher", marks=pytest.mark.slow),
)
#: For long proofs that say nothing about the driver: `parametrize("store_url", BOTH, indirect=True)`.
BOTH = ENGINES[:2]
#: For what asks each query of the archive some times over: on one engine in every run.
ONE = (ENGINES[0], pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.slow]), ENGINES[2])
KEY = bytes(range(32))
_SEALED = "sealed.sqlite"
MakeStore = Callable[[], Store]


class StoppedClock:
    """A clock that stands still until `tick` moves it; it starts at the real now, since row ids carry the real time."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        """The moment at which it stands."""
        return self.now

    def tick(self, seconds: float = 1.0) -> datetime:
        """Move on; returns the new moment."""
        self.now += timedelta(seconds=seconds)
        return self.now


def migrate(url: str) -> None:
    """Build the schema and leave no connection open."""

    async def build() -> None:
        store = Store(url)
        try:
            await store.migrate()
        finally:
            await store.close()

    asyncio.run(build())


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


def is_sealed(url: str) -> bool:
    """Whether this is the encrypted database of a test."""
    return url.endswith(_SEALED)


def open_store(url: str) -> Store:
    """A store on a test's own database: on the encrypted one with the tests' key, on a server in front of its walls."""
    return Store(seeing_all(url), KEY if is_sealed(url) else None)


@cache
def migrated() -> bytes:
    """An SQLite file with the newest schema and no rows; made once a process, in a thread without an event loop."""
    with tempfile.TemporaryDirectory(prefix="kalkan-migrated-") as folder:
        path = Path(folder) / "kalkan.sqlite"
        migrate(sqlite_url(path))
        return path.read_bytes()


def furnish(folder: Path) -> None:
    """Give a data folder the database that its first command would make: migrations take half a second."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "kalkan.sqlite"
    path.touch(mode=0o600)
    path.write_bytes(migrated())


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema and no rows: to be copied, not used."""
    path = tmp_path_factory.mktemp("migrated") / "kalkan.sqlite"
    path.write_bytes(migrated())
    return path


@pytest.fixture
def sqlite_copy(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite file of this test's own."""
    path = tmp_path / "kalkan.sqlite"
    shutil.copy(migrated_file, path)
    return sqlite_url(path)


@pytest.fixture(scope="session")
def encrypted_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, encrypted with the tests' key: to be copied, not used."""
    path = tmp_path_factory.mktemp("encrypted") / _SEALED
    shutil.copy(migrated_file, path)
    encrypt(path, KEY)
    return path


@pytest.fixture
def sqlcipher_copy(encrypted_file: Path, tmp_path: Path) -> str:
    """The URL of a migrated encrypted file of this test's own."""
    path = tmp_path / _SEALED
    shutil.copy(encrypted_file, path)
    return sqlite_url(path)


@pytest.fixture(scope="session")
def broom(postgres_server: PostgresServer) -> Iterator[Broom]:
    """Empties the copies."""
    swept = Broom()
    yield swept
    swept.close()


@pytest.fixture(scope="session")
def spare_databases() -> list[str]:
    """Copies of the template that a test has left empty again."""
    return []


@pytest.fixture
def postgres_copy(postgres_server: PostgresServer, broom: Broom, spare_databases: list[str]) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of this test's own, with no row in it.

    Copying the template takes ten times as long as emptying a copy, so copies are handed on from test to test.
    """
    name = spare_databases.pop() if spare_databases else _clone(postgres_server)
    yield postgres_server.url(name)
    broom.empty(postgres_server.url(name))
    spare_databases.append(name)


def _clone(server: PostgresServer) -> str:
    return server.create(server.template("kalkan_migrated", migrate))


@pytest.fixture(params=ENGINES)
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database of this test's own: once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_copy")
    return url


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """The store over this test's database: every test that asks for it runs on both engines."""
    opened = open_store(store_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_copy: str) -> AsyncIterator[Store]:
    """A store on SQLite only, for what does not depend on the engine."""
    opened = Store(sqlite_copy)
    yield opened
    await opened.close()


@pytest.fixture
async def more_stores(store_url: str) -> AsyncIterator[MakeStore]:
    """Opens further stores on this test's database, as other processes would."""
    opened: list[Store] = []

    def another() -> Store:
        opened.append(open_store(store_url))
        return opened[-1]

    yield another
    for each in opened:
        await each.close()


@pytest.fixture
def clock() -> StoppedClock:
    """The test's own time."""
    return StoppedClock()
