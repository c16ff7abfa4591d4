"""How fast Telegram lets a bot speak: over all chats, in one private chat, in one group.

Telegram's real limits are unpublished; these are the documented ones (30/s, 1/s, 20/min), the first with a margin,
counted over sliding windows so that no burst slips through.

Over all chats a request keeps its place from its beginning until a second after its answer. Telegram counts when it
arrives, and it may arrive at any time between the two: so, however long each is on its way, no second sees too many.
"""

from collections import defaultdict, deque
from dataclasses import dataclass

_SECOND = 1.0
_MINUTE = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PaceLimits:
    """Messages a second over all chats, seconds between messages to one chat, messages a minute to one group."""

    per_second: float
    chat_seconds: float
    group_per_minute: int


class Pace:
    """Says how long to wait before the next request; `now` is any clock that only goes forward, in seconds."""

    def __init__(self, limits: PaceLimits) -> None:
        self._limits = limits
        self._most = max(1, int(limits.per_second))
        self._under_way = 0
        self._answered: deque[float] = deque()
        self._chats: dict[int, float] = {}
        self._alarms: dict[int, float] = {}
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)

    def wait_for_any(self, now: float) -> float:
        """Seconds until any request may go out, at the least: those under way may take longer."""
        excess = self._held(now) - self._most
        if excess < 0:
            return 0.0
        return self._answered[excess] + _SECOND - now if excess < len(self._answered) else _SECOND

    def room(self, now: float) -> int:
        """How many requests may go out at once."""
        return max(0, self._most - self._held(now))

    def begin(self) -> None:
        """A request goes out."""
        self._under_way += 1

    def end(self, now: float) -> None:
        """It was answered, or given up."""
        self._under_way -= 1
        self._answered.append(now)

    def wait_for_chat(self, chat_id: int, now: float) -> float:
        """Seconds until a message may go to this chat."""
        wait = self._chats.get(chat_id, float("-inf")) + self._limits.chat_seconds - now
        if chat_id < 0:
            sent = self._groups[chat_id]
            _forget(sent, now - _MINUTE)
            wait = max(wait, _wait(sent, self._limits.group_per_minute, _MINUTE, now))
        return max(0.0, wait)

    def resting(self, now: float) -> list[int]:
        """Chats to which no message may go yet."""
        recent = [chat for chat, at in self._chats.items() if now - at < _MINUTE]
        return [chat for chat in recent if self.wait_for_chat(chat, now) > 0]

    def rung(self, now: float) -> list[int]:
        """Chats to which not even an alarm may go yet: one was sent there just before.

        For alarms only alarms count. Telegram allows short bursts, and a chart that was drawn a moment ago is no
        reason to ring a second later.
        """
        return [chat for chat, at in self._alarms.items() if now - at < self._limits.chat_seconds]

    def arrived(self, chat_id: int, now: float) -> None:
        """A message has been answered: its chat rests from now, however long the way of that message was."""
        if chat_id in self._chats:
            self._chats[chat_id] = max(now, self._chats[chat_id])

    def note(self, chat_id: int, now: float, *, is_message: bool, is_alarm: bool = False) -> None:
        """Something goes to a chat; answers to presses and reactions do not count for it."""
        if is_alarm:
            self._alarms = {chat: at for chat, at in self._alarms.items() if now - at < _MINUTE} | {chat_id: now}
        if is_message:
            self._chats[chat_id] = now
            if chat_id < 0:
                self._groups[chat_id].append(now)
        if len(self._chats) > 10_000:
            self._chats = {chat: at for chat, at in self._chats.items() if now - at < _MINUTE}

    def _held(self, now: float) -> int:
        _forget(self._answered, now - _SECOND)
        return self._under_way + len(self._answered)


def _wait(times: deque[float], most: int, window: float, now: float) -> float:
    # Rounding may let one out a hair too early: so it is the limit's own place that counts, not the first.
    return 0.0 if len(times) < most else max(0.0, times[-most] + window - now)


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
