"""Join texts that arrive while others are being examined into one call to the pool.

A call across the process border costs about a millisecond whatever it carries, an ordinary text a third of that: one
at a time, a thousand texts a second would be spent on the border. While a batch is under way the next one gathers; an
idle pool is asked at once, so that a lone text never waits for company.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from bot import trail
from bot.analysis import worker
from bot.analysis.findings import AnalysisFailed, TextFailure, TextJob, TextResult
from bot.analysis.pool import LimitedPool


@dataclass(slots=True)
class _Waiting:
    """A text, and who waits for its result."""

    job: TextJob
    result: asyncio.Future[TextResult]


class TextBatches:
    """Examines texts through ``pool``, at most ``lanes`` batches at a time."""

    def __init__(self, pool: LimitedPool, *, lanes: int, max_texts: int, max_characters: int) -> None:
        self._pool = pool
        self._lanes = lanes
        self._max_texts = max_texts
        self._max_characters = max_characters
        self._queue: deque[_Waiting] = deque()
        self._open = 0
        self._running: set[asyncio.Task[None]] = set()

    async def examine(self, jobs: Sequence[TextJob]) -> list[TextResult]:
        """One result a job, in order; never an exception for a single text's sake."""
        loop = asyncio.get_running_loop()
        waiting = [_Waiting(job, loop.create_future()) for job in jobs]
        self._queue.extend(waiting)
        while self._queue and self._open < self._lanes:
            self._open_lane()
        return list(await asyncio.gather(*(entry.result for entry in waiting)))

    def _open_lane(self) -> None:
        self._open += 1
        lane = asyncio.create_task(self._work(self._take()), name="text-batches")
        self._running.add(lane)
        lane.add_done_callback(self._running.discard)

    async def _work(self, batch: list[_Waiting]) -> None:
        """Examine batch after batch until nothing waits."""
        # Whoever came first opened the lane; what is done in it is done for many.
        trail.leave()
        try:
            while batch:
                await self._answer(batch)
                batch = self._take()
        finally:
            # In the same breath as nothing was left: a text that comes later must not find this lane taken.
            self._open -= 1

    async def _answer(self, batch: Sequence[_Waiting]) -> None:
        try:
            for entry, result in zip(batch, await self._examine(batch), strict=True):
                if not entry.result.done():
                    entry.result.set_result(result)
        finally:
            # Nobody waits for ever, not even when the loop is torn down around this task.
            for entry in batch:
                entry.result.cancel()

    def _take(self) -> list[_Waiting]:
        """The next batch: at least one text, at most the limits; what nobody waits for any more is skipped."""
        batch: list[_Waiting] = []
        characters = 0
        while self._queue and len(batch) < self._max_texts:
            characters += len(self._queue[0].job.text)
            if batch and characters > self._max_characters:
                break
            entry = self._queue.popleft()
            if not entry.result.done():
                batch.append(entry)
        return batch

    async def _examine(self, batch: Sequence[_Waiting]) -> list[TextResult]:
        """The batch in one call; if that ends badly, one by one, so that only the text at fault fails."""
        jobs = [entry.job for entry in batch]
        try:
            return await self._pool.run(worker.examine_texts, jobs)
        except AnalysisFailed as failure:
            if failure.code == "stopped" or len(jobs) == 1:
                return [TextFailure(code=failure.code) for _ in jobs]
        return [await self._examine_alone(job) for job in jobs]

    async def _examine_alone(self, job: TextJob) -> TextResult:
        try:
            return (await self._pool.run(worker.examine_texts, [job]))[0]
        except AnalysisFailed as failure:
            return TextFailure(code=failure.code)
