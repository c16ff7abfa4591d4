"""What the log says of an update under way, so that everything that was done of it is found by its case.

While an update is worked on, whatever is logged carries its number in the inbox, how far it has come, and its case as
soon as that is known; while a message is on its way out, its number in the outbox and its case. It hangs on a context
variable, of which every task has its own, and structlog adds it to each line (`merge_trail`): nothing is put together
where nobody listens. Numbers and codes alone: never who it was, or what was said.
"""

import logging
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.model.ids import made_at

Known = int | str

#: What is followed from task to task and from process to process; the process's own role stays.
FOLLOWED: Final = ("stage", "update", "outbox", "case", "number")


class Milestone(StrEnum):
    """How far an update, its case or a message has come."""

    #: It is in the inbox, and Telegram may be told.
    RECEIVED = "received"
    #: A worker has it in hand.
    CLAIMED = "claimed"
    #: The detectors have looked at it.
    ANALYSED = "analysed"
    #: The desk is done with it; what came of it waits for its transaction.
    HANDLED = "handled"
    #: Its case holds it.
    FILED = "filed"
    #: An alarm rings for its case.
    RAISED = "raised"
    #: What came of it is committed.
    DONE = "done"
    #: Telegram has a message.
    SENT = "sent"


@dataclass(kw_only=True, slots=True)
class Trail:
    """Of one update, or of one message: whoever works on it shares it, in whatever task.

    `passed`: when it came to each milestone, in seconds since 1970.
    """

    known: dict[str, Known]
    passed: dict[Milestone, float] = field(default_factory=dict)

    def times(self) -> dict[str, str]:
        """When it came to each milestone so far, as UTC."""
        return {milestone.value: _written(moment) for milestone, moment in self.passed.items()}


_CURRENT: ContextVar[Trail | None] = ContextVar("trail", default=None)


def begin(**known: Known) -> Trail:
    """Follow an update or a message, from here on, in this task, which is its alone."""
    trail = Trail(known=known)
    _CURRENT.set(trail)
    return trail


def take_up(update: int) -> Trail:
    """Follow an update, which came in when its number in the inbox was made."""
    trail = begin(update=update)
    trail.passed[Milestone.RECEIVED] = made_at(update)
    return trail


def current() -> Trail | None:
    """What is followed here."""
    return _CURRENT.get()


def learn(**known: Known) -> None:
    """Something more is known of what is followed here; nothing happens where nothing is."""
    trail = _CURRENT.get()
    if trail is not None:
        trail.known.update(known)


def numbered(number: int | None) -> dict[str, Known]:
    """What people call a case, where it is one."""
    return {"number": f"K-{number}"} if number is not None else {}


def leave() -> None:
    """What is done from here on in this task serves several updates, or none: it carries no one's number."""
    _CURRENT.set(None)


def reach(log: logging.Logger, milestone: Milestone, **facts: Known | float) -> None:
    """What is followed here has come so far; said at DEBUG, with `facts` beside it."""
    trail = _CURRENT.get()
    if trail is not None:
        trail.passed[milestone] = time.time()
        trail.known["stage"] = milestone.value
    # Asked first: hardly anybody listens, and this is called several times an update.
    if log.isEnabledFor(logging.DEBUG):
        log.debug("%s", milestone.value, extra={"stage": milestone.value, **facts})


def say(log: logging.Logger, milestone: Milestone, trail: Trail | None = None, **known: Known) -> None:
    """What is followed elsewhere has come so far; said at DEBUG."""
    if log.isEnabledFor(logging.DEBUG):
        with along(trail, stage=milestone.value, **known):
            log.debug("%s", milestone.value)


@contextmanager
def along(trail: Trail | None, **known: Known) -> Iterator[None]:
    """Say something of what is followed in another task; what is learnt of it meanwhile is not kept."""
    followed = Trail(known={**trail.known, **known} if trail is not None else known)
    before = _CURRENT.set(followed)
    try:
        yield
    finally:
        _CURRENT.reset(before)


def merge_trail(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog's: adds what is known of what is followed here."""
    trail = _CURRENT.get()
    if trail is not None:
        for name, value in trail.known.items():
            event.setdefault(name, value)
    return event


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
