"""What happens in the world, told to the web page as it happens."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.simulator.shapes import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One happening: ``kind`` is message, edit, delete, reaction, action, answer, people, commands or library."""

    number: int
    kind: str
    content: Json


class EventStream:
    """A window over the newest events; any number of readers follow it, each at its own pace."""

    def __init__(self, keep: int = 5_000) -> None:
        self._events: deque[Event] = deque(maxlen=keep)
        self._last = 0
        self._readers: set[asyncio.Event] = set()
        self._closed = False

    @property
    def last(self) -> int:
        """Number of the newest event."""
        return self._last

    def publish(self, kind: str, content: Json) -> None:
        """Tell all readers."""
        self._last += 1
        self._events.append(Event(number=self._last, kind=kind, content=content))
        for reader in self._readers:
            reader.set()

    def close(self) -> None:
        """End every reader."""
        self._closed = True
        for reader in self._readers:
            reader.set()

    def after(self, number: int) -> list[Event] | None:
        """Events newer than ``number``; None when some of them are forgotten, so that all must be read anew."""
        if number > self._last or (self._events and number + 1 < self._events[0].number):
            return None
        behind = self._last - number
        return list(self._events)[len(self._events) - behind :] if behind else []

    async def follow(self, number: int) -> AsyncIterator[list[Event] | None]:
        """Batches of events after ``number``, as they come; None when some of them are forgotten."""
        news = asyncio.Event()
        self._readers.add(news)
        try:
            while not self._closed:
                batch = self.after(number)
                number = self._last
                if batch is None or batch:
                    yield batch
                if number == self._last:
                    await news.wait()
                news.clear()
        finally:
            self._readers.discard(news)
