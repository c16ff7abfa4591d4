"""The journal: every request that the bot made, so that a test can ask what was said about whom."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.simulator.shapes import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One request of the bot and its answer.

    ``params`` hold no file bytes, only names and sizes. ``about`` are the ids of all users and chats that the
    request concerns: the addressed chat, a named user, the presser of an answered button, the sender of a
    downloaded file. ``status`` is 0 when the bot got no answer at all.
    """

    number: int
    at: datetime
    method: str
    params: Json
    chat_id: int | None
    about: frozenset[int]
    status: int
    fault: str | None = None
    error: str | None = None

    def as_json(self) -> Json:
        """For the control interface."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "method": self.method,
            "params": self.params,
            "chat_id": self.chat_id,
            "about": sorted(self.about),
            "status": self.status,
            "fault": self.fault,
            "error": self.error,
        }


class Journal:
    """The newest requests, and counters over all of them."""

    def __init__(self, keep: int = 200_000) -> None:
        self._requests: deque[Request] = deque(maxlen=keep)
        self._total = 0
        self.counts: Counter[str] = Counter()
        self.about_counts: Counter[int] = Counter()

    def __len__(self) -> int:
        return self._total

    def __iter__(self) -> Iterator[Request]:
        return iter(self._requests)

    def note(self, **fields: Any) -> Request:
        """Write one request down."""
        self._total += 1
        request = Request(number=self._total, **fields)
        self._requests.append(request)
        self.counts[request.method] += 1
        self.about_counts.update(request.about)
        return request

    def find(
        self,
        *,
        since: int = 0,
        method: str | None = None,
        chat_id: int | None = None,
        about: int | None = None,
        where: Callable[[Request], bool] = lambda _: True,
    ) -> list[Request]:
        """Requests with a number above ``since`` that fit every condition, oldest first."""
        return [
            request
            for request in self._requests
            if request.number > since
            and (method is None or request.method.lower() == method.lower())
            and (chat_id is None or request.chat_id == chat_id)
            and (about is None or about in request.about)
            and where(request)
        ]

    def about(self, user_id: int, *, since: int = 0) -> list[Request]:
        """Every request that concerns this user or chat."""
        return self.find(since=since, about=user_id)
