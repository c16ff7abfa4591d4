"""Nobody acts above their role, in whatever order things happen: a state machine against the real services."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.security.access_machine import Newsroom
from tests.stores import migrated, open_store, sqlite_url

#: SQLite's file stands in memory where the system has such a folder: what a power cut leaves is proved elsewhere, and
#: half of the time went by waiting for the disk.
MEMORY = Path("/dev/shm")  # noqa: S108 - each run makes a folder of its own in it
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of this test's own: once on each engine."""
    if request.param == "postgres":
        yield request.getfixturevalue("postgres_copy")
        return
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        path = Path(folder) / "kalkan.sqlite"
        path.write_bytes(migrated())
        yield sqlite_url(path)


def prove(url: str, examples: int, steps: int) -> None:
    """Run the machine over a database; each example is a newsroom of its own in it."""
    with asyncio.Runner() as runner:
        store = open_store(url)
        Newsroom.loop, Newsroom.store = runner, store
        try:
            run_state_machine_as_test(
                Newsroom,
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(store.close())


@pytest.mark.proof
def test_nobody_acts_above_their_role(url: str) -> None:
    """13 newsrooms of 40 steps on each engine."""
    prove(url, 13, 40)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nobody_acts_above_their_role_at_length(url: str) -> None:
    """500 newsrooms of 50 steps on each engine."""
    prove(url, 500, 50)
