"""What alarms are worth: false ones in quiet days, waves that were noticed, and after how many hours."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detection.spikes.thresholds import AGAIN_HOURS

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Whole = np.ndarray[Any, np.dtype[np.int64]]
Real = np.ndarray[Any, np.dtype[np.float64]]

#: An alarm that stood just before tells nothing of the wave; one so long after it is late, but it is one.
_QUIET_BEFORE: Final = 12
_LATE: Final = 24
_DAY: Final = 24


def told(alarms: Flags) -> Flags:
    """When editors are told: at the first hour of an alarm, and again while it stands after AGAIN_HOURS."""
    last = np.full(alarms.shape[0], -AGAIN_HOURS)
    found = np.zeros_like(alarms)
    for hour in range(alarms.shape[1]):
        now = alarms[:, hour] & (hour - last >= AGAIN_HOURS)
        found[:, hour] = now
        last[now] = hour
    return found


def false_alarms(alarms: Flags, first: int, last: int) -> float:
    """In 100 quiet days, of the days [first, last)."""
    counted = int(told(alarms)[:, first * _DAY : last * _DAY].sum())
    days = int(alarms.shape[0]) * (last - first)
    return 100.0 * counted / days


def noticed(alarms: Flags, onsets: Whole, hours: int) -> tuple[float, float]:
    """Share of the waves that were noticed, and the median delay in hours; the hour of the onset counts as one."""
    delays = []
    for row, onset in zip(alarms, onsets.tolist(), strict=True):
        if row[onset - _QUIET_BEFORE : onset].any():
            continue
        after = np.flatnonzero(row[onset : onset + hours + _LATE])
        delays += [int(after[0]) + 1] if len(after) else []
    return len(delays) / len(onsets), float(np.median(delays)) if delays else float("nan")


def calibrated(levels: Real, wanted: float, first: int, last: int) -> float:
    """The threshold with which as many false alarms come as are wanted (in 100 quiet days), or fewer."""
    low, high = 0.0, float(levels.max()) + 1
    for _ in range(20):
        middle = (low + high) / 2
        if false_alarms(levels >= middle, first, last) > wanted:
            low = middle
        else:
            high = middle
    return high
