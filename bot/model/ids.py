"""Row ids: 63-bit integers that rise with time, made in the process that inserts.

Ids that need no round trip let a whole batch of rows be written by a handful of statements, and rows of two newsrooms
never collide when a newsroom moves to another database. Layout: 42 bits of milliseconds since 1970, 21 bits that start
at random each millisecond and count up.
"""

import secrets
import time
from datetime import datetime

_SPREAD = 21


class IdSource:
    """Rising ids for one process; safe for many tasks of one event loop."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> int:
        """The next id: greater than every one given before by this source."""
        moment = time.time_ns() // 1_000_000 << _SPREAD
        # A random start each millisecond keeps two processes apart; within it, counting is enough.
        self._last = moment | secrets.randbits(_SPREAD - 1) if moment > self._last else self._last + 1
        return self._last


new_id = IdSource()


def first_id_at(moment: datetime) -> int:
    """The smallest id that a row made at `moment` can have."""
    return int(moment.timestamp() * 1000) << _SPREAD


def made_at(row_id: int) -> float:
    """When a row with this id was made, in seconds since 1970, to the millisecond."""
    return (row_id >> _SPREAD) / 1000
