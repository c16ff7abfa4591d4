"""The only source of "now": aware datetimes, UTC inside; the newsroom's zone appears only on cards.

Tests and the demo pass their own clock; nothing else in the house asks the operating system for the time of day.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utcnow() -> datetime:
    """The current moment, aware, in UTC."""
    return datetime.now(UTC)


def require_aware(moment: datetime) -> datetime:
    """Return `moment` in UTC; raises ValueError for a naive one, whose zone nobody can know."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without a zone reached a place that needs one")
    return moment.astimezone(UTC)
