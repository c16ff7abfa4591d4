"""A process among others that share a database: it says that it lives, and sees to what the dead had in hand."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from datetime import timedelta
from typing import Final

from bot.storage import processes
from bot.storage.faults import passes
from bot.storage.processes import SILENCE, Process
from bot.storage.store import Store

log = logging.getLogger(__name__)

#: Told of the numbers of all that live and do the same.
Heirs = Callable[[Collection[int]], Awaitable[None]]

_BEATS: Final = 1.0
#: Whoever was dead for so long is forgotten; looked for once in so many beats.
_FORGOTTEN: Final = timedelta(hours=1)
_FORGETTING: Final = 60


class Presence:
    """Of this process; `heirs` take again what the dead had in hand."""

    def __init__(self, store: Store, process: Process, heirs: Heirs | None = None) -> None:
        self._store = store
        self._process = process
        self._heirs = heirs
        self._beats = 0

    async def arrive(self) -> None:
        """Say so for the first time. Raises what the store raises."""
        await self._beat()

    async def run(self) -> None:
        """Live until cancelled; a database that cannot be reached is waited for."""
        try:
            while True:
                try:
                    await self._beat()
                except Exception as error:
                    if not passes(error):
                        raise
                    log.warning("this process cannot say that it lives: %s", type(error).__name__)
                await asyncio.sleep(_BEATS)
        finally:
            with suppress(Exception):
                async with asyncio.timeout(1), self._store.write() as conn:
                    await processes.leave(conn, self._process.id)

    async def _beat(self) -> None:
        async with self._store.write() as conn:
            now = await processes.moment(conn)
            await processes.beat(conn, self._process, now)
            if self._beats % _FORGETTING == 0:
                await processes.forget(conn, _FORGOTTEN, now)
            own = self._process.newsroom_id
            alive = await processes.living(conn, own, SILENCE, now) if self._heirs is not None else []
        self._beats += 1
        if self._heirs is not None:
            await self._heirs([each.id for each in alive if each.role == self._process.role])
