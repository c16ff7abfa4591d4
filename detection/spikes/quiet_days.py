"""From which level on is it an alarm? Recalibrated on the newsroom's own quiet days.

The highest level of a quiet day has an exponential tail. How long it is, and how often it begins, differs with what the
model of the counts does not know: batches over hours, days that differ wildly. So the threshold is where that tail leaves
the budget of false alarms. All series of a newsroom teach what is usual there; each then goes its own way, slowly, since
a threshold that follows every chance misses waves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detection.spikes import thresholds as at

Real = np.ndarray[Any, np.dtype[np.float64]]


class QuietDays:
    """Learns from the highest level of each day."""

    def __init__(self, series: int) -> None:
        self._excess, self._above, self._expected = np.zeros(series), np.zeros(series), np.zeros(series)
        self._age = 0

    def threshold(self, rate: Real) -> Real:
        """The level of an alarm today, for series with this rate a day."""
        place = np.log10(np.maximum(rate, 1e-6))
        usual = np.interp(place, at.RATES, at.LEVELS)
        excess = (at.EXCESS * at.FIRST_DAYS + self._excess.sum()) / (at.FIRST_DAYS + self._above.sum())
        often = (at.FIRST_DAYS + self._above.sum()) / (at.FIRST_DAYS + self._expected.sum())
        own_excess = (excess * at.COMMON_DAYS + self._excess) / (at.COMMON_DAYS + self._above)
        own_often = (often * at.COMMON_DAYS + self._above) / (at.COMMON_DAYS + self._expected)
        raised = (usual - at.EXCESS_FROM) * own_excess / at.EXCESS + own_excess * np.log(own_often)
        early = at.EARLY_COST * max(0.0, 1 - self._age / at.LEARNT_DAYS)
        found: Real = np.maximum(at.LOWEST, at.EXCESS_FROM + raised + early)
        return found

    def learn(self, highest: Real, rate: Real, threshold: Real, counts_as_usual: Real) -> None:
        """Take in the highest level of a day that is over; days of a known wave (False) teach nothing."""
        self._age += 1
        if self._age <= at.MUTE_DAYS:
            return
        keep = float(0.5 ** (1 / at.EXCESS_HALF_DAYS))
        share = np.interp(np.log10(np.maximum(rate, 1e-6)), at.RATES, at.EXCESS_SHARE)
        over = np.minimum(highest, threshold + at.EXCESS_CUT) - at.EXCESS_FROM
        self._excess = self._excess * keep + np.maximum(0.0, over) * counts_as_usual
        self._above = self._above * keep + (over > 0) * counts_as_usual
        self._expected = self._expected * keep + share * counts_as_usual
