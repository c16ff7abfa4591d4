"""The system gives no worker, for want of files or processes: the bot goes on, and the next task tries again."""

import asyncio
import os
import resource
import signal
import tracemalloc  # noqa: F401 - pytest loads it when a thread fails, which needs a file
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from bot.analysis import AnalysisFailed, worker
from bot.analysis.limits import WorkerLimits
from bot.analysis.pool import LimitedPool
from tests.services import misbehaving

LIMITS = WorkerLimits(cpu_seconds=5, wall_seconds=20.0, memory_bytes=300 << 20, file_bytes=1 << 20)


@pytest.fixture
async def pool() -> AsyncIterator[LimitedPool]:
    here = LimitedPool(workers=2, tasks_per_worker=0, warm_up=misbehaving.ready, limits=LIMITS)
    yield here
    await here.stop()


@contextmanager
def no_more_files() -> Iterator[None]:
    """Nothing can be opened, so no pipe to a worker either; what is open stays open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_start_without_workers_is_a_start(pool: LimitedPool, caplog: pytest.LogCaptureFixture) -> None:
    """It is said in the log; once there are files again, the first task has its worker."""
    with no_more_files():
        pool.start()
    assert "no worker can be started: [Errno 24]" in caplog.text
    assert await pool.run(os.getpid) != os.getpid()


async def test_a_task_waits_a_moment_for_a_worker(pool: LimitedPool) -> None:
    """Files are short for less time than a task waits: it is done all the same."""
    with no_more_files():
        pool.start()
        task = asyncio.create_task(pool.run(os.getpid))
        await asyncio.sleep(1)
        assert not task.done()
    assert await task != os.getpid()


async def test_a_task_without_a_worker_fails_by_its_code(pool: LimitedPool) -> None:
    """It raises what every task may raise, and nothing of the system's; the next one is done."""
    with no_more_files():
        pool.start()
        with pytest.raises(AnalysisFailed, match="crashed"):
            await pool.run(os.getpid)
    assert await pool.run(os.getpid) != os.getpid()


async def test_workers_that_die_while_none_can_be_started(pool: LimitedPool) -> None:
    """Those that ran are killed meanwhile; afterwards there are new ones."""
    pool.start()
    process = await pool.run(os.getpid)
    with no_more_files():
        os.kill(process, signal.SIGKILL)
        await asyncio.sleep(1)
        with pytest.raises(AnalysisFailed, match="crashed"):
            await asyncio.gather(*(pool.run(worker.ping) for _ in range(2)))
    assert await pool.run(os.getpid) not in (os.getpid(), process)
