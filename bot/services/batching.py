"""Joins requests that arrive while an earlier batch is under way, so that a burst costs a few round trips."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot import trail

Q = TypeVar("Q")
R = TypeVar("R")


class Batched(Generic[Q, R]):
    """Answers single requests by a function over many, at most `lanes` batches at once; a lone one waits for nobody."""

    def __init__(self, answer: Callable[[Sequence[Q]], Awaitable[Sequence[R]]], most: int, lanes: int = 1) -> None:
        self._answer = answer
        self._most = most
        self._lanes = lanes
        self._waiting: list[tuple[Q, asyncio.Future[R]]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, request: Q) -> R:
        """The answer to one request; an error of its batch is raised to everyone in it."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        if len(self._tasks) < self._lanes:
            task = asyncio.create_task(self._drain())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _drain(self) -> None:
        # Whoever asked first began it; what is asked is asked for many.
        trail.leave()
        # Whoever asks in the same moment is in the same batch.
        await asyncio.sleep(0)
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                answers = await self._answer([request for request, _ in batch])
            except Exception as error:  # handed to whoever asked
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), answer in zip(batch, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)
