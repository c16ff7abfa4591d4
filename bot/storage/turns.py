"""Whose turn the one writer of SQLite's is.

Whoever has waited longest goes first. What the clock does for the house is patient: it lets those go ahead who come
within a second after it, since people wait for them; then it goes like anybody.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Final

_SECONDS: Final = 1.0
_PATIENCE: Final[ContextVar[float]] = ContextVar("patience", default=0.0)


@contextmanager
def patiently() -> Iterator[None]:
    """All that is written within this lets others go ahead, for a second."""
    token = _PATIENCE.set(_SECONDS)
    try:
        yield
    finally:
        _PATIENCE.reset(token)


class Turns:
    """A lock that is handed on in that order."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Have the turn until the end of the block."""
        await self._take()
        try:
            yield
        finally:
            self._hand_on()

    async def _take(self) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        loop = asyncio.get_running_loop()
        called: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._waiting, (loop.time() + _PATIENCE.get(), next(self._number), called))
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                # Called and cancelled at once: the turn is the next one's.
                self._hand_on()
            raise

    def _hand_on(self) -> None:
        while self._waiting:
            *_, called = heapq.heappop(self._waiting)
            if not called.done():
                called.set_result(None)
                return
        self._is_taken = False
