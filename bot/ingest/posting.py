"""Posting: what a receiver took is in the broker's hands before Telegram is told 200; no database is asked."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from bot import measures
from bot.errors import QueueAway, QueueFull
from bot.ingest.broker import Broker, Line
from bot.ingest.wrapping import Raw, Wrapping, by_chat

log = logging.getLogger(__name__)

#: How often the broker is asked how much waits; a connection that broke is then found before a post needs it.
LOOK_SECONDS: Final = 5.0


class Posting:
    """Stands where the inbox stands when there is no queue: `accept` is what a receiver calls."""

    def __init__(self, broker: Broker, wrapping: Wrapping) -> None:
        self._broker = broker
        self._wrapping = wrapping
        self._line: Line | None = None
        self._turn = asyncio.Lock()
        # Of a batch that failed: what the broker keeps already, and must not be given again.
        self._kept: set[bytes] = set()

    async def accept(self, raws: Sequence[Raw]) -> None:
        """Have the broker keep them, each chat's in one message. Raises QueueAway, QueueFull: try the same again."""
        runs = by_chat(raws)
        measures.UPDATES.labels("turned_away").inc(len(raws) - sum(map(len, runs)))
        if not runs:
            return
        async with self._turn:
            line = await self._joined()
            told = await asyncio.gather(*(self._post(line, run) for run in runs), return_exceptions=True)
            errors = [each for each in told if isinstance(each, BaseException)]
            if not errors:
                self._kept.clear()
                self._broker.state.hear()
                return
            if any(not isinstance(each, QueueFull) for each in errors):
                await self._drop()
        measures.QUEUED.labels("refused").inc(len(errors))
        raise next((each for each in errors if not isinstance(each, QueueAway)), errors[0])

    async def watch(self) -> None:
        """Look at the queue every few seconds, for ever."""
        while True:
            try:
                async with self._turn:
                    self._broker.state.hear(await (await self._joined()).waiting())
            except QueueAway as error:
                log.warning("the queue cannot be reached (%s): trying again", error)
                async with self._turn:
                    await self._drop()
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """End the connection."""
        async with self._turn:
            await self._drop()

    async def _post(self, line: Line, run: Sequence[Raw]) -> None:
        known = repr(run).encode()
        if known in self._kept:
            return
        await line.post(self._wrapping.wrap(run), str(run[0]["update_id"]))
        self._kept.add(known)
        measures.QUEUED.labels("posted").inc()

    async def _joined(self) -> Line:
        if self._line is None or not self._line.is_open:
            await self._drop()
            self._line = await self._broker.join()
        return self._line

    async def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            self._broker.state.miss()
            await line.close()
