"""Empty databases for the migrations: one on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.store import Store
from tests.postgres import seeing_all
from tests.stores import ENGINES, KEY, sqlite_url


@pytest.fixture(params=ENGINES)
async def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store over a database in which nothing is, not even a table."""
    is_postgres = request.param == "postgres"
    url = seeing_all(request.getfixturevalue("postgres_url")) if is_postgres else sqlite_url(tmp_path / "new.sqlite")
    store = Store(url, KEY if request.param == "sqlcipher" else None)
    yield store
    await store.close()
