"""Feeding: what the broker keeps goes into the inbox, in order, and is forgotten there only after the commit.

Every worker feeds, but the broker gives to one of them at a time (a single active consumer), so that what a chat wrote
keeps its order; when that one dies, the next is given what was not confirmed. What was stored and not confirmed comes
again, and the inbox's key passes it over. Nobody can read what is sealed with another key, or is no list of updates: it
is set aside in a queue of its own, where it holds up nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

from aio_pika.abc import AbstractIncomingMessage

from bot import measures
from bot.errors import QueueAway
from bot.ingest.broker import Broker, Line, answered
from bot.ingest.posting import LOOK_SECONDS
from bot.ingest.wrapping import Raw, Wrapping

log = logging.getLogger(__name__)

#: Messages that are brought without an answer, and that are stored together.
_IN_HAND: Final = 400
_AT_A_TIME: Final = 100
#: Seconds between tries to reach a broker, and to store while the database is away.
_SHORTEST: Final = 0.25
_LONGEST: Final = 4.0
#: What the store refuses is tried so often, alone, before it is set aside: it may have been in another's way.
_TRIES: Final = 5


class Feeder:
    """Takes from the queue until cancelled."""

    def __init__(
        self,
        broker: Broker,
        wrapping: Wrapping,
        accept: Callable[[Sequence[Raw]], Awaitable[None]],
        may_wait: Callable[[Exception], bool],
    ) -> None:
        """`accept` commits updates to the inbox; `may_wait` says whether waiting may mend an error of it."""
        self._broker = broker
        self._wrapping = wrapping
        self._accept = accept
        self._may_wait = may_wait

    async def run(self) -> None:
        """Feed for ever; a broker that is away is waited for."""
        waits = pauses()
        while True:
            try:
                line = await self._broker.join()
                waits = pauses()
                try:
                    await self._feed(line)
                finally:
                    await line.close()
            except QueueAway as error:
                self._broker.state.miss()
                log.warning("the queue cannot be reached (%s): trying again", error)
                await asyncio.sleep(next(waits))

    async def _feed(self, line: Line) -> None:
        brought: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()
        await line.take(brought.put_nowait, _IN_HAND)
        looked = float("-inf")
        while True:
            if (now := asyncio.get_running_loop().time()) - looked >= LOOK_SECONDS:
                self._broker.state.hear(await line.waiting())
                # The inbox hears that updates are being taken, also while there are none.
                await self._let_in([])
                looked = now
            if batch := await _next(brought):
                await self._store(line, batch)
                await answered(batch[-1].ack(multiple=True))
                measures.QUEUED.labels("fed").inc(len(batch))

    async def _store(self, line: Line, batch: Sequence[AbstractIncomingMessage]) -> None:
        read = []
        for message in batch:
            try:
                read.append((message, self._wrapping.unwrap(message.body)))
            except ValueError as error:
                await _set_aside(line, message, str(error))
        if await self._let_in([raw for _, raws in read for raw in raws]) is None:
            return
        # One of them may be what the store refuses: the others are none the worse for it.
        for message, raws in read:
            if (refused := await self._alone(raws)) is not None:
                await _set_aside(line, message, type(refused).__name__)

    async def _let_in(self, raws: Sequence[Raw]) -> Exception | None:
        """Commit them, however long the database is away; what it refuses them for."""
        waits = pauses()
        while True:
            try:
                await self._accept(raws)
            except Exception as error:
                if not self._may_wait(error):
                    return error
                log.warning("what the queue gave waits for the database (%s)", type(error).__name__)
                await asyncio.sleep(next(waits))
            else:
                return None

    async def _alone(self, raws: Sequence[Raw]) -> Exception | None:
        found: Exception | None = None
        for _, seconds in zip(range(_TRIES), pauses(), strict=False):
            if (found := await self._let_in(raws)) is None:
                return None
            await asyncio.sleep(seconds)
        return found


def pauses() -> Iterator[float]:
    """Seconds to wait: twice as long each time, up to a few."""
    seconds = _SHORTEST
    while True:
        yield seconds
        seconds = min(_LONGEST, seconds * 2)


async def _next(brought: "asyncio.Queue[AbstractIncomingMessage | None]") -> list[AbstractIncomingMessage]:
    """Some messages, or none after a while. Raises QueueAway when the line broke."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            batch = [await brought.get()]
    except TimeoutError:
        return []
    while len(batch) < _AT_A_TIME and not brought.empty():
        batch.append(brought.get_nowait())
    whole = [message for message in batch if message is not None]
    if len(whole) < len(batch):
        raise QueueAway("the line broke")
    return whole


async def _set_aside(line: Line, message: AbstractIncomingMessage, why: str) -> None:
    log.error("a message of the queue was set aside: %s", why)
    measures.QUEUED.labels("set_aside").inc()
    # Kept there before it is forgotten here.
    await line.post(message.body, message.message_id or "", line.place.aside)
