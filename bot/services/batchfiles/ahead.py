"""Reads ahead in a thread of its own, so that neither a slow disk nor a slow pipe holds up the event loop.

What is there is handed over at once, up to a batch: a program that writes a line and waits for the answer gets it.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class _Reader(Generic[T]):
    """A daemon thread: one that hangs on a pipe must not keep the process from ending.

    Neither side wakes the other for each item, which took four fifths of the reading: the thread is woken when half of
    what it may hold was taken, whoever takes when nothing was there.
    """

    def __init__(self, items: Iterable[T], hold: int) -> None:
        self._items = items
        self._hold = hold
        self._held: deque[T] = deque()
        self._change = threading.Condition()
        self._is_waited_for = self._stopped = self._ended = False
        self._error: BaseException | None = None
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        threading.Thread(target=self._read, name="read-ahead", daemon=True).start()

    async def take(self, most: int) -> list[T]:
        """What was read since the last time, at most `most` items; none when all were taken. Raises what ended it."""
        while True:
            with self._change:
                taken = [self._held.popleft() for _ in range(min(most, len(self._held)))]
                if len(self._held) <= self._hold // 2:
                    self._change.notify()
                if taken or self._ended:
                    break
                self._news.clear()
                self._is_waited_for = True
            await self._news.wait()
        if not taken and self._error is not None:
            raise self._error
        return taken

    def stop(self) -> None:
        """Let the thread end at its next item."""
        with self._change:
            self._stopped = True
            self._change.notify()

    def _read(self) -> None:
        try:
            for item in self._items:
                if not self._hand_over(item):
                    return
        except BaseException as caught:  # raised again where the items are taken
            self._error = caught
        with self._change:
            self._ended = True
            self._tell()

    def _hand_over(self, item: T) -> bool:
        with self._change:
            while len(self._held) >= self._hold and not self._stopped:
                self._change.wait()
            self._held.append(item)
            self._tell()
            return not self._stopped

    def _tell(self) -> None:
        if self._is_waited_for:
            self._is_waited_for = False
            # Nobody listens any longer when the loop is closed.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._news.set)


async def batches(items: Iterable[T], most: int, hold: int | None = None) -> AsyncGenerator[list[T], None]:
    """The items in lists of at most `most`, read in a thread; `hold` items wait at the most (default: two batches).

    Raises what reading raises, after the items before it were given.
    """
    reader = _Reader(items, hold or 2 * most)
    try:
        while taken := await reader.take(most):
            yield taken
    finally:
        reader.stop()
