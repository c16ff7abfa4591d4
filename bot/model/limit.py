"""What one member may ask for: every limit, how much at once and how fast, and what it does when it is reached.

After Signal's table of limiters: a bucket of permits that fills again, and an explicit word on what happens when a
limit cannot tell (its table of members is full). What a newsroom works with goes on then (`fails_open`); what takes
data out of the house or brings people into it stops. Nothing that belongs to alarms stands here: it has no limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_SHOWN: Final = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """So many at once, then one in so many seconds; more than that waits, or is refused."""

    burst: float
    seconds: float
    waits: bool
    fails_open: bool


def _limit(burst: float, seconds: float, *, waits: bool = False, fails_open: bool = True) -> Limit:
    return Limit(burst=burst, seconds=seconds, waits=waits, fails_open=fails_open)


#: Every limit there is. Of `bytes` a permit is a megabyte; the other ones count acts.
LIMITS: Final[Mapping[str, Limit]] = {
    "forwards": _limit(300, 0.2, waits=True),
    "texts": _limit(60, 1, waits=True),
    "pictures": _limit(200, 1, waits=True),
    "bytes": _limit(500, 0.5, waits=True),
    "find": _limit(30, 4),
    "photo": _limit(20, 6),
    "listings": _limit(30, 10),
    "orders": _limit(120, 1),
    "presses": _limit(120, 0.5),
    "undo": _limit(20, 6),
    "exports": _limit(6, 600, fails_open=False),
    "invites": _limit(10, 360, fails_open=False),
}


def read_limits(text: str) -> dict[str, Limit]:
    """The limits with changes such as "find=60/2, exports=3/600": so many at once, then one in so many seconds.

    Raises ValueError for what is none.
    """
    found = dict(LIMITS)
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        burst, _, seconds = value.partition("/")
        if name.strip() not in LIMITS:
            raise ValueError(f"{_short(name.strip())!r} is no limit; there are {', '.join(LIMITS)}")
        numbers = (_number(burst), _number(seconds))
        if not all(0 < number < 1e9 for number in numbers):
            raise ValueError(
                f"{_short(part)!r}: write it as find=60/2, two numbers above 0: at once, then seconds for one"
            )
        limit = LIMITS[name.strip()]
        found[name.strip()] = _limit(*numbers, waits=limit.waits, fails_open=limit.fails_open)
    return found


def _number(text: str) -> float:
    """What is no number is none above 0 either."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
