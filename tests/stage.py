"""A stage that records, for testing use cases without an inbox."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.inbox_work import once
from bot.services.stage import Run
from bot.storage.store import Store


class Recorder:
    """Fakes the Stage of an update: it records the steps, and `commit` runs them as bot.inbox_work does.

    Steps with the same `run` are called once with all their items, every step in ONE transaction, and what they return
    is called after the commit. Several use cases may be staged before one commit: that is a batch of updates. A commit
    that fails leaves nothing behind and keeps the steps, so that it can be tried again.

        stage = Recorder()
        await submissions.submit(stage, member, incoming, fetch)
        await stage.commit(store)
    """

    def __init__(self) -> None:
        self.steps: list[tuple[Run, Any]] = []

    def stage(self, run: Run, item: Any) -> None:
        """Record a step that is joined with others of the same `run`."""
        self.steps.append((run, item))

    def stage_once(self, act: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        """Record a step of its own."""
        self.steps.append((once(act), None))

    async def commit(self, store: Store) -> None:
        """Run the recorded steps in one transaction, then what they asked for afterwards."""
        joined: dict[Run, list[Any]] = {}
        for run, item in self.steps:
            joined.setdefault(run, []).append(item)
        async with store.write() as conn:
            after = [await run(conn, items) for run, items in joined.items()]
        self.steps.clear()
        for act in after:
            if act is not None:
                act()
