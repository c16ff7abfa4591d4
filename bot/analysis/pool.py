"""A pool of worker processes that outlives whatever happens to its workers.

Built on Pebble, whose pool ends a worker that exceeds its time and replaces one that dies. Two things are added: Pebble
declares the whole pool broken when a worker dies between tasks, so the pool is then rebuilt; and a task is handed over
only when a worker is free for it, so that no half-read task is left in the pipe when a worker is ended.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any, Final, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot import measures
from bot.analysis import worker
from bot.analysis.findings import AnalysisFailed
from bot.analysis.limits import WorkerLimits
from detection.image.opening import ImageRefused

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

# Seconds that a new worker may take to load its libraries on a busy machine before the pool is taken for stuck.
_START_ALLOWANCE: Final = 30.0
_STOP_ALLOWANCE: Final = 10.0
# A pool whose workers cannot even load their libraries would otherwise be rebuilt for every task that comes.
_STILLBORN_PAUSE: Final = 5.0
# Seconds before each try of a task that no worker took, or whose worker was killed. Where workers cannot start for a
# moment (no memory, a disk that fails), the pool is replaced after the pause; where they never can, the next tasks are
# told so at once.
_PAUSES: Final = (0.0, 0.0, _STILLBORN_PAUSE, 0.0)


class LimitedPool:
    """Worker processes with ``limits`` set, reachable by ``run`` from one event loop."""

    def __init__(
        self, *, workers: int, tasks_per_worker: int, warm_up: Callable[[], object], limits: WorkerLimits
    ) -> None:
        self._workers = workers
        self._tasks_per_worker = tasks_per_worker
        self._warm_up = warm_up
        self._limits = limits
        self._pool: ProcessPool | None = None
        self._is_open = False
        self._first_answer: Future[int] = Future()
        self._stillborn_since: float | None = None
        #: Whether workers may be waited for: not since the last task found none in the end.
        self._is_trusted = True
        self._turns = asyncio.Semaphore(workers)
        self._under_way: set[Future[Any]] = set()

    def open(self) -> None:
        """Let tasks come: the first of them starts the workers, unless `start` does so before."""
        self._is_open = True

    def start(self) -> None:
        """Start the workers without waiting for them to load their libraries.

        Where none can be started now (no memory, no processes or files left), each task that comes tries again.
        """
        self.open()
        if self._pool is None:
            with suppress(BrokenProcessPool):
                self._begin()

    def _begin(self) -> ProcessPool:
        """A pool with its workers. Raises BrokenProcessPool when the system gives none."""
        try:
            with _interrupts_blocked():
                self._pool = pool = self._made()
                self._first_answer = pool.schedule(worker.ping)
        except (OSError, BrokenProcessPool) as error:
            log.warning("no worker can be started: %s", error.__cause__ or error)
            self._drop()
            raise BrokenProcessPool("no worker can be started") from error
        self._stillborn_since = None
        return pool

    def _made(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=self._tasks_per_worker,
            initializer=worker.prepare,
            initargs=(self._warm_up, self._limits),
            # Never a fork: this process has threads and open databases.
            context=multiprocessing.get_context("spawn"),
        )

    def _drop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            _dispose(pool)

    async def stop(self) -> None:
        """End the workers; what is under way fails with AnalysisFailed("stopped")."""
        pool, self._pool, self._is_open = self._pool, None, False
        for future in tuple(self._under_way):
            future.cancel()
        if pool is not None:
            await asyncio.to_thread(_dispose(pool).join, _STOP_ALLOWANCE)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``function(*args)`` in a worker. Raises ImageRefused as the function does, else AnalysisFailed."""
        task = getattr(function, "__name__", "task")
        with measures.ANALYSIS.labels(task).time(), _failures_counted(task):
            return await self._run(function, *args, **kwargs)

    async def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._turns:
            ended: BrokenProcessPool | _Killed | None = None
            for pause in _PAUSES if self._is_trusted else _PAUSES[:2]:
                await asyncio.sleep(pause)
                try:
                    outcome = await self._attempt(function, *args, **kwargs)
                except (BrokenProcessPool, _Killed) as error:
                    # The worker died before it took the task, or was killed over it, as the kernel does for want of
                    # memory: the task is hardly to blame, and a threat in it would not be read.
                    ended = error
                else:
                    self._is_trusted = True
                    return outcome
            self._is_trusted = isinstance(ended, _Killed)
            raise AnalysisFailed("crashed") from ended

    async def _attempt(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if not self._is_open:
            raise AnalysisFailed("stopped")
        pool = self._pool if self._pool is not None else self._begin()
        try:
            return await self._outcome(self._schedule(pool, function, *args, **kwargs))
        except BrokenProcessPool:
            self._replace(pool)
            raise
        except _Stuck:
            self._replace(pool)
            raise AnalysisFailed("timeout") from None

    def _schedule(self, pool: ProcessPool, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        try:
            return pool.schedule(
                worker.within_cpu,
                args=(self._limits.cpu_seconds, function, *args),
                kwargs=kwargs,
                timeout=self._limits.wall_seconds,
            )
        except RuntimeError as error:
            raise BrokenProcessPool("the pool ended between two tasks") from error

    async def _outcome(self, future: Future[T]) -> T:
        """The task's result, with every way in which a worker can end turned into a code."""
        self._under_way.add(future)
        waiting = asyncio.wrap_future(future)
        try:
            await asyncio.wait({waiting}, timeout=self._limits.wall_seconds + _START_ALLOWANCE)
        finally:
            self._under_way.discard(future)
            if not waiting.done():
                waiting.cancel()
        if waiting.cancelled():
            raise _Stuck if self._is_open else AnalysisFailed("stopped")
        return _result(waiting)

    def _replace(self, broken: ProcessPool) -> None:
        """Start a new pool in place of ``broken``, unless that was done already; after a stillborn one, not at once."""
        if self._pool is not broken:
            return
        if not _answered(self._first_answer):
            self._stillborn_since = self._stillborn_since or time.monotonic()
            if time.monotonic() - self._stillborn_since < _STILLBORN_PAUSE:
                return
        self._drop()
        self._begin()


@contextmanager
def _failures_counted(task: str) -> Iterator[None]:
    try:
        yield
    except AnalysisFailed:
        measures.ANALYSIS_FAILED.labels(task).inc()
        raise


class _Killed(Exception):
    """Somebody ended the worker in the midst of the task, by the one signal that no worker can send off."""


class _Stuck(Exception):
    """No worker answered in the time that even a slow start takes."""


def _answered(future: Future[int]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _result(done: asyncio.Future[T]) -> T:
    try:
        return done.result()
    except (ImageRefused, BrokenProcessPool):
        raise
    except TimeoutError as error:
        raise AnalysisFailed("timeout") from error
    except ProcessExpired as error:
        if error.exitcode == -signal.SIGKILL:
            raise _Killed from error
        raise AnalysisFailed("timeout" if error.exitcode == -signal.SIGXCPU else "crashed") from error
    except MemoryError as error:
        raise AnalysisFailed("memory") from error
    except Exception as error:
        raise AnalysisFailed("crashed") from error


def _dispose(pool: ProcessPool) -> threading.Thread:
    """Stop a pool in a daemon thread: joining a broken one may hang, and must hold up neither the loop nor the exit."""

    def stop() -> None:
        # To wait for a process takes a file: where there is none, its last workers are ended when there is.
        while True:
            with suppress(OSError):
                pool.stop()  # type: ignore[no-untyped-call]
                pool.join()
                return
            time.sleep(1)

    thread = threading.Thread(target=stop, name="pool-stop", daemon=True)
    thread.start()
    return thread


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let workers inherit a blocked SIGINT: Ctrl-C reaches the whole terminal group, but the parent stops them."""
    # Starting the tracker ends with SIGINT unblocked, so it must not happen on the way to the first worker.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
