"""Loaded by interpreters whose clock is moved by libfaketime: lets `time.sleep` sleep.

Since Python 3.11 it waits until a moment of the monotonic clock, which libfaketime 0.9.10 takes for the time of day:
the wait is refused (EINVAL), or takes years. Waiting for so long is left alone.
"""

import select
import time
from collections.abc import Sequence
from typing import Final

_NOTHING: Final[Sequence[int]] = ()


def _sleep(seconds: float) -> None:
    select.select(_NOTHING, _NOTHING, _NOTHING, seconds)


time.sleep = _sleep
