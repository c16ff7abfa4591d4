"""What is usual in a window, given how its first day began.

A day has an effect of its own: a slack day is slack from morning to night. So the hours of the first day that lie
before the window tell what its other hours are like, and days that a window only touches vary less in their sum than
one whole day does. Counts begin at a midnight; windows end in hours of the last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from detection.spikes import thresholds as at
from detection.spikes.usual import Usual

Real = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]

_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Window:
    """Windows of one size, of each series (rows), by the hour they end with (columns)."""

    comments: Real
    events: Real
    #: Events that are usual, and their variance.
    mean: Real
    variance: Real


class Windows:
    """Windows over `counts` (series x hours); `days` whole days come before the one that is not over."""

    def __init__(self, usual: Usual, counts: Real, days: int) -> None:
        self._usual = usual
        self._comments, self._events = running(counts), running(usual.events(counts))
        self._expected = running(usual.expected(-days * _DAY, counts.shape[1]))
        midnights = np.arange(days + 1) * _DAY
        self._squares = running(np.diff(self._expected[:, midnights], axis=1) ** 2)

    def of(self, ends: Whole, size: int) -> Window:
        """The windows of `size` hours before each of `ends`."""
        begins = ends - size
        expected = _between(self._expected, begins, ends)
        first_end = np.minimum(ends, _midnight(begins) + _DAY)
        first = _between(self._expected, begins, first_end)
        factor, unsure = self._first_day(begins)
        mean = expected + first * (factor - 1)
        of_days = unsure * first**2 + self._usual.of_day[:, None] * self._other_days(first_end, ends)
        of_rate = self._usual.unsure + (at.LONG_VARIANCE if size > _DAY else 0.0)
        return Window(
            comments=_between(self._comments, begins, ends),
            events=_between(self._events, begins, ends),
            mean=mean,
            variance=self._usual.clump[:, None] * mean + of_days + of_rate[:, None] * expected**2,
        )

    def _first_day(self, begins: Whole) -> tuple[Real, Real]:
        """The effect of the day in which a window begins, and its variance, after what came that day before it.

        Gamma effects and Poisson counts of clumps: the mean and variance of the effect's posterior.
        """
        midnights = _midnight(begins)
        worth = (self._usual.of_day / self._usual.clump)[:, None]
        more = 1 + worth * _between(self._expected, midnights, begins)
        factor = (1 + worth * _between(self._events, midnights, begins)) / more
        return factor, self._usual.of_day[:, None] * factor / more

    def _other_days(self, first_end: Whole, ends: Whole) -> Real:
        """The squares, added up, of what is usual in each day of a window but its first."""
        last = _midnight(ends - 1)
        whole = self._squares[:, last // _DAY] - self._squares[:, np.minimum(first_end, last) // _DAY]
        other: Real = np.where(ends > first_end, whole + _between(self._expected, last, ends) ** 2, 0.0)
        return other


def running(rows: Real) -> Real:
    """Running sums with a nothing before them: sums[:, b] - sums[:, a] are the columns a to b - 1."""
    return np.concatenate([np.zeros((rows.shape[0], 1)), rows.cumsum(axis=1)], axis=1)


def _between(sums: Real, begins: Whole, ends: Whole) -> Real:
    found: Real = sums[:, ends] - sums[:, begins]
    return found


def _midnight(hours: Whole) -> Whole:
    return hours // _DAY * _DAY
