"""The scan: many series of hourly counts at once, hour by hour, over windows of 6 to 72 hours.

A window's count is compared with what is usual for just these hours by the upper tail of a negative binomial
distribution, whose spread is that of the series itself. Of the windows the highest level counts; it is an alarm from
where the series' own quiet days say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from detection.spikes import thresholds as at
from detection.spikes.quiet_days import QuietDays
from detection.spikes.tail import level
from detection.spikes.usual import Usual
from detection.spikes.windows import Windows, running

Real = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_DAY: Final = 24
_DAYS_BEFORE: Final = -(-max(at.WINDOWS) // _DAY)
_BEFORE: Final = _DAYS_BEFORE * _DAY


@dataclass(frozen=True, slots=True)
class Levels:
    """Of each series (rows) in each hour (columns)."""

    #: How improbable the most improbable window is, as -log10 of its probability.
    level: Real
    #: From which level on it is an alarm.
    threshold: Real
    #: That window's hours, the comments in it, and how many are usual.
    window: Whole
    count: Real
    usual: Real
    #: By the level, or by the absolute rule.
    alarm: Flags
    #: Whether it would be one in a watch window.
    watch: Flags


class Scan:
    """Series that begin on one day, at midnight; hours come in order."""

    def __init__(self, series: int, weekday: int = 0) -> None:
        self.usual = Usual(series, weekday)
        self._quiet = QuietDays(series)
        self._series = series
        self._before = np.zeros((series, _BEFORE))
        self._seen = np.zeros(series)
        self._hours: list[Real] = []
        self._highest = np.zeros(series)

    def step(self, counts: Whole | Real) -> Levels:
        """The next hour's counts, one for each series: how unusual it is now. Raises ValueError for a wrong length."""
        hour = np.asarray(counts, dtype=float)
        if hour.shape != (self._series,):
            raise ValueError("one count is needed for each series")
        self._hours.append(hour)
        today = np.stack(self._hours, axis=1)
        found = self.look(today, last_only=True)
        self._highest = np.maximum(self._highest, found.level[:, -1])
        if len(self._hours) == _DAY:
            self.close(today, self._highest)
            self._hours, self._highest = [], np.zeros(self._series)
        return found

    def look(self, today: Real, *, last_only: bool = False) -> Levels:
        """The levels of the hours of the day that is not closed yet (series x hours), or of the last of them."""
        hours = today.shape[1]
        ends = np.arange(hours - 1 if last_only else 0, hours) + _BEFORE + 1
        counts = np.concatenate([self._before, today], axis=1)
        sums = running(counts)
        best, window = self._highest_windows(counts, ends)
        if self.usual.days < at.MUTE_DAYS:
            best[:] = 0.0
        comments = running(self.usual.expected_comments(-_BEFORE, _BEFORE + hours))
        rows = np.arange(self._series)[:, None]
        begin = ends[None] - window
        threshold = self._quiet.threshold(self.usual.rate)[:, None] + np.zeros_like(best)
        absolute = self._absolute(sums, ends)
        return Levels(
            level=best,
            threshold=threshold,
            window=window,
            count=sums[rows, ends[None]] - sums[rows, begin],
            usual=comments[rows, ends[None]] - comments[rows, begin],
            alarm=(best >= threshold) | absolute,
            watch=(best >= np.maximum(at.LOWEST, threshold - at.WATCH_DISCOUNT)) | absolute,
        )

    def _highest_windows(self, counts: Real, ends: Whole) -> tuple[Real, Whole]:
        """The highest level of the windows that end in each hour, and which of them it is."""
        windows = Windows(self.usual, counts, _DAYS_BEFORE)
        best = np.zeros((self._series, len(ends)))
        highest = np.full(best.shape, at.WINDOWS[0])
        for size, cost in zip(at.WINDOWS, at.WINDOW_COST, strict=True):
            seen = windows.of(ends, size)
            enough = np.where(seen.comments >= at.LEAST, seen.events, 0.0)
            of_window = level(enough, seen.mean, seen.variance) - cost
            higher = of_window > best
            best[higher], highest[higher] = of_window[higher], size
        return best, highest

    def _absolute(self, sums: Real, ends: Whole) -> Flags:
        """The absolute rule: enough comments where hardly any are usual and batches alone hardly bring so many."""
        found = np.zeros((self._series, len(ends)), dtype=bool)
        few = self.usual.comments < at.ABSOLUTE_BELOW
        batches, more = self.usual.comments / self.usual.batch, 1 - 1 / self.usual.batch
        for count, hours in at.ABSOLUTE:
            rare = batches * more ** (count - 1) < at.ABSOLUTE_BUDGET
            if self.usual.days < at.MUTE_DAYS:
                # Nothing is known yet: what came before these hours must have been next to nothing.
                earlier = self._seen[:, None] + sums[:, ends - hours] - sums[:, [_BEFORE]]
                early: Any = earlier <= 1
            else:
                early = (few & rare)[:, None]
            found |= (sums[:, ends] - sums[:, ends - hours] >= count) & early
        return found

    def close(self, today: Real, highest: Real | None = None, counts_as_usual: Whole | None = None) -> None:
        """The day (series x 24) is over: learn from it.

        `counts_as_usual` says for each series whether it was a known wave (0), a day like others (1), or one of which a
        person said that the alarm was false (2).
        """
        usual_day = np.ones(self._series) if counts_as_usual is None else counts_as_usual.astype(float)
        if highest is None:
            highest = self.look(today).level.max(axis=1)
        rate = self.usual.rate
        self._quiet.learn(highest, self._quiet.threshold(rate), usual_day)
        self.usual.learn(today, np.minimum(usual_day, 1.0))
        self._seen = self._seen + today.sum(axis=1)
        self._before = np.concatenate([self._before, today], axis=1)[:, -_BEFORE:]


def replay(counts: Whole, weekday: int = 0) -> Levels:
    """The levels of whole days of series (series x hours), each hour judged by what came before it and in it."""
    scan = Scan(counts.shape[0], weekday)
    days = []
    for first in range(0, counts.shape[1], _DAY):
        today = counts[:, first : first + _DAY].astype(float)
        days.append(scan.look(today))
        if today.shape[1] == _DAY:
            scan.close(today, days[-1].level.max(axis=1))
    names = ("level", "threshold", "window", "count", "usual", "alarm", "watch")
    return Levels(*(np.concatenate([getattr(day, name) for day in days], axis=1) for name in names))
