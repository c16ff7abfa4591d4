"""The ticker: what is due is looked for again and again. It stands in the database, so a missed tick loses nothing.

APScheduler plans by the time of day. Whoever sets the machine's clock back by years must silence nothing, so the ticker
watches the clock against the monotonic one, and plans anew when it was moved.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot import measures

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]
#: Seconds between two looks at the clock, and by how much it may be put right without anything being planned anew.
_LOOK: Final = 1.0
_JUMP: Final = 2.0
#: Seconds that ticks are left to end by themselves when the ticker stops.
_GRACE: Final = 1.0


class _After(BaseTrigger):  # type: ignore[misc] # APScheduler ships no types
    """Due an interval after now: APScheduler's own trigger walks through every tick of the years that a clock skips."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """When the next tick is due."""
        return now + self._interval


class Ticker:
    """Runs jobs at intervals, none of them twice at a time, and ends with the last of them."""

    def __init__(self, passes: Callable[[Exception], bool] = lambda _error: False) -> None:
        """`passes` says of an error that the next tick may do better: it is told in one line, without its trace."""
        self._passes = passes
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._planned: list[tuple[Any, _After]] = []
        self._ticks: set[asyncio.Task[Any]] = set()

    def every(self, interval: timedelta, job: Job) -> None:
        """Do the job after each interval."""
        due = _After(interval)
        self._planned.append((self._scheduler.add_job(self._tick(job), due), due))

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """Tick until the end of the block; then the ticks that still run are cancelled and awaited."""
        self._scheduler.start()
        watch = asyncio.create_task(self._watch_the_clock())
        try:
            yield
        finally:
            watch.cancel()
            self._scheduler.pause()
            # A tick that is cancelled while it opens a connection leaves it open: most end by themselves at once.
            if self._ticks:
                await asyncio.wait(self._ticks, timeout=_GRACE)
            # The scheduler cancels its jobs without waiting: they would go on in a store that is being closed.
            self._scheduler.shutdown(wait=False)
            await asyncio.gather(watch, *self._ticks, return_exceptions=True)

    async def _watch_the_clock(self) -> None:
        loop = asyncio.get_running_loop()
        ahead = time.time() - loop.time()
        while True:
            await asyncio.sleep(_LOOK)
            before, ahead = ahead, time.time() - loop.time()
            if abs(ahead - before) > _JUMP:
                log.warning("the clock was moved by %.0f s: everything is planned anew", ahead - before)
                for planned, due in self._planned:
                    planned.reschedule(due)

    def _tick(self, job: Job) -> Job:
        async def run() -> None:
            task = asyncio.current_task()
            if task is not None:
                self._ticks.add(task)
                task.add_done_callback(self._ticks.discard)
            # A stop in the middle of a tick is no error, but APScheduler would log it as one.
            with suppress(asyncio.CancelledError):
                await self._done(job)

        return run

    async def _done(self, job: Job) -> None:
        try:
            await job()
        except Exception as error:
            measures.JOBS_FAILED.inc()
            if self._passes(error):
                log.warning("a tick waits for the disk: %s", type(error).__name__)
            else:
                log.exception("a tick failed; the next one tries again")
