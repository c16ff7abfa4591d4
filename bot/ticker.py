"""The ticker: what is due is looked for again and again. It stands in the database, so a missed tick loses nothing.

Intervals are measured by the monotonic clock: whoever sets the machine's clock back by years silences nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]


class Ticker:
    """Runs jobs at intervals, none of them twice at a time, and ends with the last of them."""

    def __init__(self, passes: Callable[[Exception], bool] = lambda _error: False) -> None:
        """`passes` says of an error that the next tick may do better: it is told in one line, without its trace."""
        self._passes = passes
        self._jobs: list[tuple[float, Job]] = []

    def every(self, interval: timedelta, job: Job) -> None:
        """Do the job after each interval."""
        self._jobs.append((interval.total_seconds(), job))

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """Tick until the end of the block; then the ticks that still run are cancelled and awaited."""
        tasks = [asyncio.create_task(self._repeat(seconds, job)) for seconds, job in self._jobs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            # They would go on in a store that is being closed.
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _repeat(self, seconds: float, job: Job) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        while True:
            await asyncio.sleep(max(0.0, due - loop.time()))
            # Ticks that fall into a job that still runs are left out.
            due = max(due + seconds, loop.time())
            await self._tick(job)

    async def _tick(self, job: Job) -> None:
        try:
            await job()
        except Exception as error:
            if self._passes(error):
                log.warning("a tick waits for the disk: %s", type(error).__name__)
            else:
                log.exception("a tick failed; the next one tries again")
