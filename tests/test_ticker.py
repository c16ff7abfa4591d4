"""The ticker ends with its last tick: nothing of it touches a store that is being closed."""

import asyncio
from datetime import timedelta

from bot.ticker import Ticker

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
