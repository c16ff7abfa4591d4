"""From which level on is it an alarm? Recalibrated for each series on its own quiet days.

The highest level of a quiet day has an exponential tail; how long it is differs with what the model of the counts does
not know (batches over hours, days that differ wildly). So the threshold is where that tail leaves the budget of false
alarms.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detection.spikes import thresholds as at

Real = np.ndarray[Any, np.dtype[np.float64]]


class QuietDays:
    """Learns from the highest level of each day."""

    def __init__(self, series: int) -> None:
        self._excess, self._above, self._days = np.zeros(series), np.zeros(series), np.zeros(series)
        self._age = 0
        self._waiting: list[tuple[Real, Real, Real]] = []

    def threshold(self, rate: Real) -> Real:
        """The level of an alarm today, for series with this rate a day."""
        place = np.log10(np.maximum(rate, 1e-6))
        usual = np.interp(place, at.RATES, at.LEVELS)
        share = np.interp(place, at.RATES, at.EXCESS_SHARE)
        prior = np.interp(place, at.RATES, at.EXCESS)
        excess = (prior * at.EXCESS_DAYS + self._excess) / (at.EXCESS_DAYS + self._above)
        seen = (share * at.SHARE_DAYS + self._above) / (at.SHARE_DAYS + self._days)
        raised = (usual - at.EXCESS_FROM) * excess / prior + excess * np.log(seen / share)
        early = at.EARLY_COST * max(0.0, 1 - self._age / at.LEARNT_DAYS)
        found: Real = np.maximum(at.LOWEST, at.EXCESS_FROM + raised + early)
        return found

    def learn(self, highest: Real, threshold: Real, counts_as_usual: Real) -> None:
        """Take in the highest level of a day that is over.

        `counts_as_usual` is 0 for a day of a known wave, which teaches nothing, 1 for any other, and 2 where a person
        said that an alarm was false: that counts twice.
        """
        self._age += 1
        if self._age <= at.MUTE_DAYS:
            return
        self._waiting.append((highest, threshold, counts_as_usual))
        # A slow wave must not raise the threshold before it is seen.
        if len(self._waiting) >= at.GUARD_DAYS:
            self._take(*self._waiting.pop(0))

    def _take(self, highest: Real, threshold: Real, counts_as_usual: Real) -> None:
        keep = float(0.5 ** (1 / at.EXCESS_HALF_DAYS))
        over = np.minimum(highest, threshold + at.EXCESS_CUT) - at.EXCESS_FROM
        self._excess = self._excess * keep + np.maximum(0.0, over) * counts_as_usual
        self._above = self._above * keep + (over > 0) * counts_as_usual
        self._days = self._days * keep + (counts_as_usual > 0)
