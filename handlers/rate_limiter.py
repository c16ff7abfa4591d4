"""Keeps Telegram's pace over all chats where it counts: at each request that leaves, whoever makes it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from telegram.ext import BaseRateLimiter

from handlers.pacing import Pace

Answer: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]

#: Telegram limits what a bot says. What it asks (getFile, getChatMember) shows nothing, and no answer waits for it.
_QUESTIONS = "get"


class RateLimiter(BaseRateLimiter[None]):
    """Lets requests out one after the other, each when the pace allows; refusals of Telegram's are the sender's."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._turn = asyncio.Lock()

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is to be closed."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],  # noqa: ARG002 - PTB gives it
        rate_limit_args: None,  # noqa: ARG002 - PTB gives it
    ) -> Answer:
        """Wait for a place, and keep it until a second after the answer. Raises what the request raises."""
        if endpoint.startswith(_QUESTIONS):
            return await callback(*args, **kwargs)
        async with self._turn:
            while (wait := self._pace.wait_for_any(_now())) > 0:  # noqa: ASYNC110 - time is awaited
                await asyncio.sleep(wait)
            self._pace.begin()
        try:
            return await callback(*args, **kwargs)
        finally:
            self._pace.end(_now())


def _now() -> float:
    return asyncio.get_running_loop().time()
