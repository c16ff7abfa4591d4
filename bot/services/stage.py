"""How a use case leaves its effects for the transaction that also marks its update as done."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

After = Callable[[], None]
Run = Callable[[AsyncConnection, list[Any]], Awaitable[After | None]]


class Stage(Protocol):
    """Collects steps; steps with the same `run` are done together for a whole batch of updates."""

    def stage(self, run: Run, item: Any) -> None:
        """Let `run(conn, items)` have `item` in the transaction; what it returns is called after the commit."""

    def stage_once(self, act: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        """Let `act(conn)` run in the transaction."""
