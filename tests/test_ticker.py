"""The ticker ends with its last tick: nothing of it touches a store that is being closed."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.ticker import Ticker

# time_machine moves this one too, which no machine does.
_monotonic = time.monotonic
OFTEN = timedelta(milliseconds=5)


async def test_a_tick_is_over_when_the_ticker_is() -> None:
    """A job that is cancelled in the middle may still put things away, and is awaited."""
    begun, ended = asyncio.Event(), []
    ticker = Ticker()

    async def job() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ended.append(True)

    ticker.every(OFTEN, job)
    async with ticker.ticking():
        await begun.wait()
    assert ended == [True]


async def test_a_job_is_done_again_and_never_twice_at_a_time() -> None:
    """Ticks that fall into a job that still runs are left out."""
    running, most, done = 0, 0, asyncio.Semaphore(0)
    ticker = Ticker()

    async def job() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        done.release()

    ticker.every(OFTEN, job)
    async with ticker.ticking():
        for _ in range(3):
            await done.acquire()
    assert most == 1


async def test_a_job_that_fails_is_done_again() -> None:
    """An error ends one tick, not the ticker."""
    tries = asyncio.Semaphore(0)
    ticker = Ticker()

    async def job() -> None:
        tries.release()
        raise ValueError

    ticker.every(OFTEN, job)
    async with ticker.ticking():
        await tries.acquire()
        await tries.acquire()


async def test_a_clock_set_back_silences_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals do not ask for the time of day: ten years back or forth, the next tick comes."""
    ticks = asyncio.Semaphore(0)
    ticker = Ticker()

    async def job() -> None:
        ticks.release()

    ticker.every(OFTEN, job)
    async with asyncio.timeout(10), ticker.ticking():
        await ticks.acquire()
        for years in (-10, 10):
            with time_machine.travel(datetime.now(UTC) + timedelta(days=365 * years)):
                monkeypatch.setattr(asyncio.get_running_loop(), "time", _monotonic)
                await ticks.acquire()
                await ticks.acquire()
