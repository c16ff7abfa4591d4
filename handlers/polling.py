"""The poll loop: raw updates in, confirmed to Telegram only after they are stored.

PTB's own updater confirms an update before it is handled, and 42 to 89 of 100 were lost by `kill -9` in a burst. This
loop starts without an offset, since Telegram's numbering starts anew after an idle week: the earliest unconfirmed
updates come again, and the inbox passes over those it has.

Telegram gives updates to one taker only. A webhook that somebody set takes them all: it is removed, at the start and
whenever Telegram names one. Another process that polls ends each of our polls: what goes on is somebody else with our
token, and `on_conflict` is told.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from handlers.connections import connections

log = logging.getLogger(__name__)

Accept = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
_LONGEST_WAIT = 30.0
_MARGIN = 10.0
# Two that poll by mistake, or a poll of our own that died, are done with by then.
_CONFLICT_SECONDS = 60.0
# Between two conflicts our own waiting may lie, and one poll that came through.
_CONFLICT_GAP = 2 * _LONGEST_WAIT + 60.0


class Poller:
    """Fetches until cancelled; waits longer after each failure in a row."""

    def __init__(
        self, api_root: str, token: str, accept: Accept, timeout: int, on_conflict: Callable[[], None] | None = None
    ) -> None:
        self._root = f"{api_root}/bot{token}"
        self._accept = accept
        self._timeout = timeout
        self._request = connections(1, read_timeout=timeout + _MARGIN)
        self._on_conflict = on_conflict
        self._conflict: tuple[float, float] | None = None

    async def run(self) -> None:
        """Poll for ever. Raises InvalidToken, which no waiting mends."""
        await self._request.initialize()
        offset, wait = None, 0.0
        try:
            await self._remove_webhook()
            while True:
                try:
                    raws = await self._fetch(offset)
                    await self._accept(raws)
                    log.debug("%d updates were looked through", len(raws))
                except InvalidToken:
                    raise
                except Exception as error:
                    if isinstance(error, Conflict):
                        await self._conflicted(error)
                    wait = _longer(wait, error)
                    log.warning("polling waits %.1f s: %s", wait, type(error).__name__)
                    await asyncio.sleep(wait)
                    continue
                offset, wait = _next_offset(raws, offset), 0.0
        finally:
            await self._request.shutdown()

    async def _fetch(self, offset: int | None) -> list[Mapping[str, Any]]:
        query: dict[str, Any] = {"timeout": self._timeout, "limit": 100, "allowed_updates": json.dumps(ALLOWED)}
        if offset is not None:
            query["offset"] = offset
        found: Any = await self._request.post(f"{self._root}/getUpdates?{urlencode(query)}")
        if not isinstance(found, list):
            raise TelegramError("getUpdates did not answer with a list")
        return [raw for raw in found if isinstance(raw, Mapping)]

    async def _conflicted(self, error: Conflict) -> None:
        """Somebody else takes our updates. A webhook set while we poll is told at once: it was not us."""
        now = asyncio.get_running_loop().time()
        first, last = self._conflict or (now, now)
        self._conflict = (first if now - last <= _CONFLICT_GAP else now, now)
        is_webhook = "webhook" in error.message.lower()
        if is_webhook:
            await self._remove_webhook()
        if self._on_conflict is not None and (is_webhook or now - self._conflict[0] >= _CONFLICT_SECONDS):
            self._on_conflict()

    async def _remove_webhook(self) -> None:
        """Let updates come by polling again; what waits is kept. Without success the next conflict tries again."""
        try:
            await self._request.post(f"{self._root}/deleteWebhook?drop_pending_updates=false")
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("a webhook, if there is one, could not be removed: %s", type(error).__name__)


def _next_offset(raws: Sequence[Mapping[str, Any]], offset: int | None) -> int | None:
    numbers = [raw["update_id"] for raw in raws if isinstance(raw.get("update_id"), int)]
    return max(numbers) + 1 if numbers else offset


def _longer(wait: float, error: Exception) -> float:
    if isinstance(error, RetryAfter):
        asked: Any = error.retry_after
        return float(asked.total_seconds() if hasattr(asked, "total_seconds") else asked)
    if isinstance(error, Conflict):
        log.error("another process polls with the same token: only one may")
    return min(_LONGEST_WAIT, max(0.5, wait * 2))
