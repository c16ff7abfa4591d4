"""Reads ahead in a thread of its own, so that neither a slow disk nor a slow pipe holds up the event loop.

What is there is handed over at once, up to a batch: a program that writes a line and waits for the answer gets it.
"""

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class _End:
    """The reading is over; `error` is what ended it."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Reader(Generic[T]):
    """A daemon thread: one that hangs on a pipe must not keep the process from ending."""

    def __init__(self, items: Iterable[T], hold: int) -> None:
        self._items = items
        self._held: queue.Queue[T | _End] = queue.Queue(hold)
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._stopped = threading.Event()
        threading.Thread(target=self._read, name="read-ahead", daemon=True).start()

    async def take(self, most: int) -> tuple[list[T], _End | None]:
        """What was read since the last time, at least one item, at most `most`; the end when it is reached."""
        taken: list[T] = []
        while True:
            self._news.clear()
            while len(taken) < most:
                try:
                    item = self._held.get_nowait()
                except queue.Empty:
                    break
                if isinstance(item, _End):
                    return taken, item
                taken.append(item)
            if taken:
                return taken, None
            await self._news.wait()

    def stop(self) -> None:
        """Let the thread end at its next item."""
        self._stopped.set()

    def _read(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                if not self._hand_over(item):
                    return
        except BaseException as caught:  # raised again where the items are taken
            error = caught
        self._hand_over(_End(error))

    def _hand_over(self, item: "T | _End") -> bool:
        while not self._stopped.is_set():
            try:
                self._held.put(item, timeout=0.2)
            except queue.Full:
                continue
            if self._news.is_set():
                # Whoever is told already takes this one too: they forget the news before they look.
                return True
            try:
                self._loop.call_soon_threadsafe(self._news.set)
            except RuntimeError:
                return False
            return True
        return False


async def batches(items: Iterable[T], most: int, hold: int | None = None) -> AsyncGenerator[list[T], None]:
    """The items in lists of at most `most`, read in a thread; `hold` items wait at the most (default: two batches).

    Raises what reading raises, after the items before it were given.
    """
    reader = _Reader(items, hold or 2 * most)
    try:
        end = None
        while end is None:
            taken, end = await reader.take(most)
            if taken:
                yield taken
        if end.error is not None:
            raise end.error
    finally:
        reader.stop()
