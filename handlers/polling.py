"""The poll loop: raw updates in, confirmed to Telegram only after they are stored.

PTB's own updater confirms an update before it is handled, and 42 to 89 of 100 were lost by `kill -9` in a burst. This
loop starts without an offset, since Telegram's numbering starts anew after an idle week: the earliest unconfirmed
updates come again, and the inbox passes over those it has.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

log = logging.getLogger(__name__)

Accept = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
_LONGEST_WAIT = 30.0
_MARGIN = 10.0


class Poller:
    """Fetches until cancelled; waits longer after each failure in a row."""

    def __init__(self, api_root: str, token: str, accept: Accept, timeout: int) -> None:
        self._url = f"{api_root}/bot{token}/getUpdates"
        self._accept = accept
        self._timeout = timeout
        self._request = HTTPXRequest(connection_pool_size=1, read_timeout=timeout + _MARGIN)

    async def run(self) -> None:
        """Poll for ever. Raises InvalidToken, which no waiting mends."""
        await self._request.initialize()
        offset, wait = None, 0.0
        try:
            while True:
                try:
                    raws = await self._fetch(offset)
                    await self._accept(raws)
                    log.debug("%d updates were looked through", len(raws))
                except InvalidToken:
                    raise
                except Exception as error:
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
        found: Any = await self._request.post(f"{self._url}?{urlencode(query)}")
        if not isinstance(found, list):
            raise TelegramError("getUpdates did not answer with a list")
        return [raw for raw in found if isinstance(raw, Mapping)]


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
