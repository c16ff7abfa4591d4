"""getUpdates: one poll at a time, as Telegram's server does it.

A second poll ends the older one with 409; the newer one goes on. Source: tdlib/telegram-bot-api, ``Client.cpp``.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from telegram.constants import PollingLimit

from bot.simulator.calls import Call
from bot.simulator.refusals import ApiError, conflict
from bot.simulator.shapes import Json
from bot.simulator.update_queue import UpdateQueue

MAX_TIMEOUT: Final = 50  # seconds; the server shortens longer polls
_OTHER_POLL: Final = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET: Final = "terminated by setWebhook request"


@dataclass(slots=True)
class _Poll:
    """A request that waits for updates."""

    wake: asyncio.Event = field(default_factory=asyncio.Event)
    refusal: ApiError | None = None


class Poller:
    """The one long poll that may be under way."""

    def __init__(self, queue: UpdateQueue) -> None:
        self._queue = queue
        self._current: _Poll | None = None
        queue.on_growth.append(self._wake)

    async def get_updates(self, call: Call) -> list[Json]:
        """Answer getUpdates. Raises ApiError 409 when another poll or a webhook takes over."""
        self._end_current(conflict(_OTHER_POLL))
        kinds = call.structure("allowed_updates")
        self._queue.allow(kinds if isinstance(kinds, list) else None)
        most = int(PollingLimit.MAX_LIMIT)
        limit = min(max(call.integer("limit", most), 1), most)
        updates = self._queue.take(call.integer("offset"), limit)
        if updates or call.integer("timeout") <= 0:
            return updates
        return await self._wait(limit, min(call.integer("timeout"), MAX_TIMEOUT))

    def end_for_webhook(self) -> None:
        """A webhook was set: the poll under way is refused."""
        self._end_current(conflict(_WEBHOOK_SET))

    def close(self) -> None:
        """The server stops: the poll under way answers with nothing."""
        self._end_current(None)

    async def _wait(self, limit: int, seconds: float) -> list[Json]:
        poll = self._current = _Poll()
        deadline = asyncio.get_running_loop().time() + seconds
        updates: list[Json] = []
        try:
            while not updates and await _woken(poll.wake, deadline) and self._current is poll:
                updates = self._queue.first(limit)
        finally:
            if self._current is poll:
                self._current = None
        if poll.refusal is not None:
            raise poll.refusal
        return updates

    def _end_current(self, refusal: ApiError | None) -> None:
        if self._current is not None:
            self._current.refusal = refusal
            self._current.wake.set()
            self._current = None

    def _wake(self) -> None:
        if self._current is not None:
            self._current.wake.set()


async def _woken(wake: asyncio.Event, deadline: float) -> bool:
    """Wait for the event until the deadline; whether it came."""
    try:
        async with asyncio.timeout_at(deadline):
            await wake.wait()
    except TimeoutError:
        return False
    wake.clear()
    return True
