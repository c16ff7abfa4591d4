"""From which level on is it an alarm? Recalibrated on the newsroom's own quiet days.

The highest level of a quiet day has an exponential tail. How long it is, and how often it begins, differs with what the
model of the counts does not know: batches over hours, days that differ wildly. So the threshold is where that tail
leaves the budget of false alarms. All series of a newsroom teach what is usual there; each then goes its own way,
slowly, since a threshold that follows every chance misses waves. Days with an alarm teach nothing, unless a person said
that it was false: the tail is fitted below the threshold, so that a wave never makes the next one harder to see.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detection.spikes import thresholds as at

Real = np.ndarray[Any, np.dtype[np.float64]]

_ROUNDS = 12
_LONGEST_TAIL = 1.5


class QuietDays:
    """Learns from the highest level of each day."""

    def __init__(self, series: int) -> None:
        self._excess, self._above, self._expected = np.zeros(series), np.zeros(series), np.zeros(series)
        self._age = 0

    def threshold(self, rate: Real) -> Real:
        """The level of an alarm today, for series with this rate a day."""
        usual = np.interp(_place(rate), at.RATES, at.LEVELS)
        reach = usual - at.EXCESS_FROM
        known = at.EXCESS - reach / np.expm1(reach / at.EXCESS)
        of_all = (known * at.FIRST_DAYS + self._excess.sum()) / (at.FIRST_DAYS + self._above.sum())
        often = (at.FIRST_DAYS + self._above.sum()) / (at.FIRST_DAYS + self._expected.sum())
        own = (of_all * at.COMMON_DAYS + self._excess) / (at.COMMON_DAYS + self._above)
        own_often = (often * at.COMMON_DAYS + self._above) / (at.COMMON_DAYS + self._expected)
        tail = _untruncated(own, reach)
        early = at.EARLY_COST * max(0.0, 1 - self._age / at.LEARNT_DAYS)
        found: Real = at.EXCESS_FROM + reach * tail / at.EXCESS + tail * np.log(own_often) + early
        return np.maximum(at.LOWEST, found)

    def learn(self, highest: Real, rate: Real, threshold: Real, counts_as_usual: Real) -> None:
        """Take in the highest level of a day that is over.

        `counts_as_usual` is 0 for a day of a known wave, 1 for any other, 2 where a person said that an alarm was false.
        """
        self._age += 1
        if self._age <= at.MUTE_DAYS:
            return
        keep = float(0.5 ** (1 / at.EXCESS_HALF_DAYS))
        teaches = np.where(counts_as_usual > 1, 1.0, counts_as_usual * (highest < threshold))
        # How far above, a false alarm does not say: that it was one is enough.
        over = np.minimum(highest, threshold + at.EXCESS) - at.EXCESS_FROM
        self._excess = self._excess * keep + np.maximum(0.0, over) * teaches
        self._above = self._above * keep + (over > 0) * teaches
        self._expected = self._expected * keep + np.interp(_place(rate), at.RATES, at.EXCESS_SHARE) * teaches


def _place(rate: Real) -> Real:
    found: Real = np.log10(np.maximum(rate, 1e-6))
    return found


def _untruncated(mean: Real, reach: Real) -> Real:
    """The mean of an exponential distribution from the mean of what lies below `reach`."""
    found = mean.copy()
    for _ in range(_ROUNDS):
        found = np.minimum(_LONGEST_TAIL, mean + reach / np.expm1(reach / found))
    return found
