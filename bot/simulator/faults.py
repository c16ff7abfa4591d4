"""Faults on request: what the network and Telegram's servers do to a bot on a bad day.

A fault waits until a request matches it: by method, by chat, after so many matches, with a probability, so many
times. ``Faults.draw`` is asked once for each request.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.simulator.shapes import Json


class FaultKind(StrEnum):
    """What happens to the request."""

    TOO_MANY_REQUESTS = "too_many_requests"  # 429 with retry_after, nothing done
    SERVER_ERROR = "server_error"  # 500, 502 or another status, nothing done
    TIMEOUT_BEFORE = "timeout_before"  # no answer, nothing done
    TIMEOUT_AFTER = "timeout_after"  # no answer, yet it was done
    CUT_BEFORE = "cut_before"  # the connection breaks, nothing done
    CUT_AFTER = "cut_after"  # the connection breaks, yet it was done
    MALFORMED_JSON = "malformed_json"  # it was done; the answer can't be read
    SLOW = "slow"  # it is done after a delay


@dataclass(kw_only=True, slots=True)
class Fault:
    """One fault and the conditions under which it strikes.

    ``methods`` and ``chat_id`` None match everything; ``after`` lets that many matching requests pass first;
    ``count`` None never ends; ``delay`` is in seconds (how long a timeout hangs, how slow a slow answer is).
    """

    kind: FaultKind
    methods: frozenset[str] | None = None
    chat_id: int | None = None
    after: int = 0
    count: int | None = 1
    probability: float = 1.0
    retry_after: int = 1
    status: int = 502
    delay: float = 60.0
    struck: int = 0

    def matches(self, method: str, chat_id: int | None) -> bool:
        """Whether the conditions on method and chat hold."""
        by_method = self.methods is None or method.lower() in self.methods
        return by_method and (self.chat_id is None or self.chat_id == chat_id)

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it may."""
        return self.count is not None and self.struck >= self.count


@dataclass(slots=True)
class Faults:
    """The faults that are armed, in the order in which they were added; the first that strikes wins."""

    seed: int = 0
    armed: list[Fault] = field(default_factory=list)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable faults, not secrets

    def add(
        self,
        kind: FaultKind | str,
        *,
        methods: Iterable[str] | str | None = None,
        chat_id: int | None = None,
        after: int = 0,
        count: int | None = 1,
        probability: float = 1.0,
        retry_after: int = 1,
        status: int = 502,
        delay: float = 60.0,
    ) -> Fault:
        """Arm a fault. Raises ValueError for an unknown kind or impossible numbers."""
        if after < 0 or (count is not None and count < 1) or not 0 < probability <= 1 or retry_after < 1:
            raise ValueError("a fault needs after >= 0, count >= 1 or None, 0 < probability <= 1, retry_after >= 1")
        if not 400 <= status <= 599 or delay < 0:
            raise ValueError("a fault needs a status between 400 and 599 and a delay of at least 0 seconds")
        named = [methods] if isinstance(methods, str) else methods
        fault = Fault(
            kind=FaultKind(kind),
            methods=None if named is None else frozenset(name.lower() for name in named),
            chat_id=chat_id,
            after=after,
            count=count,
            probability=probability,
            retry_after=retry_after,
            status=status,
            delay=delay,
        )
        self.armed.append(fault)
        return fault

    def clear(self) -> None:
        """Disarm everything."""
        self.armed.clear()

    def draw(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that strikes this request, if any."""
        for fault in self.armed:
            if fault.spent or not fault.matches(method, chat_id):
                continue
            if fault.after > 0:
                fault.after -= 1
            elif self._random.random() < fault.probability:
                fault.struck += 1
                return fault
        return None


# Updates that a bot's parser trips over. Telegram has never promised not to send what a library does not know yet.
MALFORMED_UPDATES: Final[dict[str, Json]] = {
    "message_without_date": {"message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": "?"}},
    "wrong_types": {
        "message": {"message_id": "one", "date": "yesterday", "chat": "here", "from": [], "text": {"a": 1}},
    },
    "message_is_null": {"message": None},
    "message_is_list": {"message": [1, 2, 3]},
    "unknown_kind": {"telepathy": {"id": 1, "from": {"id": 1, "is_bot": False, "first_name": "?"}}},
    "nothing_inside": {},
}
