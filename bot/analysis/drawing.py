"""Workers that are seldom needed, one that draws charts and one that reads workbooks: each is started when first
asked, kept while it is asked, and ended when nobody has for a while.

A drawing library takes a second to load and 160 MB to keep: a set of charts loads it once, and a quiet newsroom does
not keep it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Final, TypeVar

from bot.analysis.limits import WorkerLimits
from bot.analysis.pool import LimitedPool

T = TypeVar("T")

#: Seconds without a chart after which the worker is ended.
IDLE: Final = 90.0


def warm_up() -> None:
    """Runs in a worker: what takes long to load, before the first chart's time begins."""
    for module in ("matplotlib.figure", "matplotlib.font_manager", "matplotlib.backends.backend_agg", "babel.dates"):
        import_module(module)


def warm_up_workbooks() -> None:
    """Runs in a worker: the library that reads workbooks."""
    import_module("python_calamine")


class DrawingRoom:
    """Does one thing after the other; `load` is what its worker loads first. Made and used within one event loop.

    With `scratch` the worker has a folder of its own to write in, which is gone with it.
    """

    def __init__(
        self, limits: WorkerLimits, idle: float = IDLE, load: Callable[[], None] = warm_up, *, scratch: bool = False
    ) -> None:
        self._limits = limits
        self._load = load
        self._idle = idle
        self._scratch = scratch
        self._room: _Room | None = None
        self._under_way = 0
        self._timer: asyncio.TimerHandle | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def is_open(self) -> bool:
        """Whether there is a worker."""
        return self._room is not None

    async def run(self, make: Callable[..., T], *args: object) -> T:
        """What ``make(*args)`` returns in the worker. Raises AnalysisFailed."""
        self._stay()
        if self._room is None:
            self._room = _Room(self._limits, self._load, scratch=self._scratch)
        self._under_way += 1
        try:
            return await self._room.pool.run(make, *args)
        finally:
            self._under_way -= 1
            if not self._under_way and self._room is not None:
                self._timer = asyncio.get_running_loop().call_later(self._idle, self._leave)

    async def stop(self) -> None:
        """End the worker; what is under way fails with AnalysisFailed("stopped")."""
        self._stay()
        room, self._room = self._room, None
        if room is not None:
            await room.close()
        await asyncio.gather(*self._leaving)

    def _stay(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _leave(self) -> None:
        room, self._room, self._timer = self._room, None, None
        if room is not None:
            task = asyncio.get_running_loop().create_task(room.close())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)


class _Room:
    """A worker that was started, and its folder."""

    def __init__(self, limits: WorkerLimits, load: Callable[[], None], *, scratch: bool) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kalkan-drawing-") if scratch else None
        if self._folder is not None:
            limits = replace(limits, scratch=self._folder.name)
        self.pool = LimitedPool(workers=1, tasks_per_worker=0, warm_up=load, limits=limits)
        self.pool.start()

    async def close(self) -> None:
        """End the worker and empty its folder."""
        await self.pool.stop()
        if self._folder is not None:
            await asyncio.to_thread(self._folder.cleanup)
