"""Small writes that come while another is under way share the next transaction: each of its own would wait its turn,
and have the disk asked once more.

Only on SQLite, which has one writer; PostgreSQL takes transactions side by side.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.need_to_know import looking_as
from bot.storage.store import Store

Act = Callable[[AsyncConnection], Awaitable[None]]
_MOST: Final = 50


@dataclass(eq=False, slots=True)
class _Write:
    """One of them, and what became of it."""

    act: Act
    is_done: bool = False
    error: Exception | None = None


class Together:
    """Writes in order, as many at a time as there are."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Write] = []
        self._leading = asyncio.Lock()

    async def write(self, act: Act) -> None:
        """Return when it is committed. An act that fails takes none of the others with it. Raises what it raises."""
        if not self._store.is_sqlite:
            await self._alone(act)
            return
        mine = _Write(act)
        self._waiting.append(mine)
        try:
            async with self._leading:
                # Whoever led before may have done it.
                while not mine.is_done:
                    await self._lead(mine)
        finally:
            if mine in self._waiting:
                self._waiting.remove(mine)
        if mine.error is not None:
            raise mine.error

    async def _lead(self, mine: _Write) -> None:
        batch: list[_Write] = []
        try:
            # The house itself writes: what hides from one reader must not hide from what others brought along.
            with looking_as(None):
                await self._together(batch)
        except Exception as error:
            if len(batch) > 1:
                for each in batch:
                    await self._try(each)
            else:
                self._end(mine, error)
        else:
            for each in batch:
                self._end(each)

    async def _together(self, batch: list[_Write]) -> None:
        async with self._store.write() as conn:
            # Now, not before: while the turn was waited for, others came.
            batch += self._waiting[:_MOST]
            for each in batch:
                await each.act(conn)

    async def _try(self, one: _Write) -> None:
        try:
            await self._alone(one.act)
        except Exception as error:
            self._end(one, error)
        else:
            self._end(one)

    def _end(self, one: _Write, error: Exception | None = None) -> None:
        one.is_done, one.error = True, error
        if one in self._waiting:
            self._waiting.remove(one)

    async def _alone(self, act: Act) -> None:
        # Alone as well: one that another's failure parted from the rest is the house's, not whoever led it.
        with looking_as(None):
            async with self._store.write() as conn:
                await act(conn)
