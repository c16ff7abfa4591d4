"""The one door out: takes outbox rows by priority, keeps Telegram's pace, and gives account of each.

A row is marked before it is sent and after. When the process dies in between, the row is sent again: a card twice is
better than a card lost. What Telegram answers decides the rest: 429 holds that chat only, a fault tries again later, a
refusal for good ends the row.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.model.outbox import Kind, Waiting
from bot.services.outbox import Outbox
from handlers.delivery import Delivery
from handlers.pacing import Pace

log = logging.getLogger(__name__)

_IDLE_SECONDS = 0.5
_UNPACED = frozenset({Kind.ANSWER, Kind.REACTION, Kind.MENU, Kind.CLEAR_MENU})


class Sender:
    """Sends until cancelled."""

    def __init__(
        self, outbox: Outbox, delivery: Delivery, pace: Pace, now: Callable[[], datetime], parallel: int
    ) -> None:
        self._outbox = outbox
        self._delivery = delivery
        self._pace = pace
        self._now = now
        self._parallel = parallel
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to say."""
        self._woken.set()

    async def run(self) -> None:
        """Take, pace and send for ever."""
        await self._outbox.recover()
        try:
            while True:
                self._woken.clear()
                wait = await self._send_what_may_go()
                await self._sleep(wait)
        finally:
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _send_what_may_go(self) -> float:
        shortest = _IDLE_SECONDS
        wait = self._pace.wait_for_any(asyncio.get_running_loop().time())
        if wait > 0:
            # Nothing may go yet, whatever it is: the queue need not be asked.
            await asyncio.sleep(wait)
        for waiting in await self._outbox.heads(self._parallel * 4, self._under_way.keys()):
            wait = self._wait_for(waiting)
            if wait > 0:
                shortest = min(shortest, wait)
            elif len(self._under_way) >= self._parallel:
                break
            else:
                await self._begin(waiting)
        return shortest

    def _wait_for(self, waiting: Waiting) -> float:
        now = asyncio.get_running_loop().time()
        wait = self._pace.wait_for_any(now)
        if waiting.outgoing.kind not in _UNPACED:
            wait = max(wait, self._pace.wait_for_chat(waiting.outgoing.chat_id, now))
        return wait

    async def _begin(self, waiting: Waiting) -> None:
        chat_id, now = waiting.outgoing.chat_id, asyncio.get_running_loop().time()
        self._pace.note(chat_id, now, is_message=waiting.outgoing.kind not in _UNPACED)
        await self._outbox.start(waiting)
        task = asyncio.create_task(self._send(waiting))
        self._under_way[chat_id] = task
        task.add_done_callback(lambda _task: self._end(chat_id))

    def _end(self, chat_id: int) -> None:
        self._under_way.pop(chat_id, None)
        self._woken.set()

    async def _send(self, waiting: Waiting) -> None:
        try:
            delivered = await self._delivery.deliver(waiting.outgoing)
        except TelegramError as error:
            await self._account_for(waiting, error)
        except Exception:
            log.exception("outbox row %d could not be rendered", waiting.id)
            await self._outbox.retry(waiting, "render")
        else:
            await self._outbox.done(waiting, delivered.message_id)

    async def _account_for(self, waiting: Waiting, error: TelegramError) -> None:
        name = type(error).__name__
        match error:
            case RetryAfter():
                log.warning("Telegram asks for patience with a chat: %s", error.retry_after)
                await self._outbox.hold(waiting, self._now() + _seconds(error.retry_after))
            case Forbidden() | ChatMigrated() | InvalidToken():
                log.warning("outbox row %d is refused: %s", waiting.id, name)
                await self._outbox.fail(waiting, name)
            case BadRequest():
                log.error("outbox row %d is malformed: %s", waiting.id, error.message)
                await self._outbox.fail(waiting, name)
            case NetworkError():
                await self._outbox.retry(waiting, name, patient=True)
            case _:
                await self._outbox.retry(waiting, name)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), max(0.001, seconds))
        except TimeoutError:
            return


def _seconds(value: Any) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=float(value))
