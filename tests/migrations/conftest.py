"""Empty databases for the migrations: one on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.store import Store
from tests.stores import ENGINES, sqlite_url


@pytest.fixture(params=ENGINES)
async def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store over a database in which nothing is, not even a table."""
    url = sqlite_url(tmp_path / "new.sqlite") if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    store = Store(url)
    yield store
    await store.close()
