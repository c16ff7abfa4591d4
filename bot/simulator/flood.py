"""Telegram's flood limits, off by default: 429 for a bot that sends too fast.

The limits are those of the Bots FAQ ("avoid sending more than one message per second" in one chat, "20 messages per
minute" in a group, "30 messages per second" over all); Telegram's true ones are unpublished and change.
"""

import math
from collections import deque
from dataclasses import dataclass, field

from bot.simulator.refusals import too_many_requests


@dataclass(kw_only=True, slots=True)
class FloodLimits:
    """So many messages in so many seconds, for one private chat, one group and all chats together."""

    enabled: bool = False
    all_chats: tuple[int, float] = (30, 1.0)
    private_chat: tuple[int, float] = (1, 1.0)
    group: tuple[int, float] = (20, 60.0)
    refused: int = 0
    _sent: dict[int | None, deque[float]] = field(default_factory=dict)

    def check(self, chat_id: int, now: float, messages: int = 1) -> None:
        """Count messages to a chat at ``now`` (seconds). Raises ApiError 429 with retry_after."""
        if not self.enabled:
            return
        own = self.group if chat_id < 0 else self.private_chat
        waits = [self._wait(chat_id, own, now), self._wait(None, self.all_chats, now)]
        if max(waits) > 0:
            self.refused += 1
            raise too_many_requests(math.ceil(max(waits)))
        for key in (chat_id, None):
            self._sent.setdefault(key, deque()).extend([now] * messages)

    def _wait(self, key: int | None, limit: tuple[int, float], now: float) -> float:
        count, seconds = limit
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return 0.0 if len(sent) < count else sent[-count] + seconds - now
