"""Nobody acts above their role, in whatever order things happen: a state machine against the real services."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.storage.store import Store
from tests.security.access_machine import Newsroom
from tests.stores import migrated, sqlite_url


def prove(folder: Path, examples: int, steps: int) -> None:
    """Run the machine over an SQLite file of its own."""
    path = folder / "kalkan.sqlite"
    path.write_bytes(migrated())
    with asyncio.Runner() as runner:
        store = Store(sqlite_url(path))
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
def test_nobody_acts_above_their_role(tmp_path: Path) -> None:
    """25 newsrooms of 40 steps."""
    prove(tmp_path, 25, 40)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nobody_acts_above_their_role_at_length(tmp_path: Path) -> None:
    """1,000 newsrooms of 50 steps."""
    prove(tmp_path, 1_000, 50)
