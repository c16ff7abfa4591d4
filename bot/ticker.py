"""The ticker: what is due is looked for again and again. It stands in the database, so a missed tick loses nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)


class Ticker:
    """Runs jobs at intervals, none of them twice at a time, and ends with the last of them."""

    def __init__(self, passes: Callable[[Exception], bool] = lambda _error: False) -> None:
        """`passes` says of an error that the next tick may do better: it is told in one line, without its trace."""
        self._passes = passes
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._ticks: set[asyncio.Task[Any]] = set()

    def every(self, interval: timedelta, job: Callable[[], Awaitable[None]]) -> None:
        """Do the job after each interval."""
        self._scheduler.add_job(self._tick(job), "interval", seconds=interval.total_seconds())

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """Tick until the end of the block; then the ticks that still run are cancelled and awaited."""
        self._scheduler.start()
        try:
            yield
        finally:
            # The scheduler cancels its jobs without waiting: they would go on in a store that is being closed.
            self._scheduler.shutdown(wait=False)
            await asyncio.gather(*self._ticks, return_exceptions=True)

    def _tick(self, job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            task = asyncio.current_task()
            if task is not None:
                self._ticks.add(task)
                task.add_done_callback(self._ticks.discard)
            # A stop in the middle of a tick is no error, but APScheduler would log it as one.
            with suppress(asyncio.CancelledError):
                try:
                    await job()
                except Exception as error:
                    if not self._passes(error):
                        raise
                    log.warning("a tick waits for the disk: %s", type(error).__name__)

        return run
