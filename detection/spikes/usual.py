"""What is usual for many series at once: rate, hours, weekdays, how much days differ, how comments clump.

All of it is forgotten slowly and begins with weak assumptions, so that the first weeks are not full of alarms. Rows are
series; a day has 24 hours in the newsroom's zone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detection.spikes import thresholds as at

Real = np.ndarray[Any, np.dtype[np.float64]]
_TINY = 1e-9
_HOURS = 24
_WORKING, _WEEKEND = (0, 1, 2, 3, 4), (5, 6)


def _forgotten(half_days: float) -> float:
    return float(0.5 ** (1 / half_days))


class Usual:
    """Learns one day after the other; the attributes are what the next day is expected to be like."""

    def __init__(self, series: int, weekday: int = 0) -> None:
        self.days = 0
        self._weekday = weekday
        zeros = np.zeros(series)
        self._total, self._weight, self._squares = zeros.copy(), zeros.copy(), zeros.copy()
        self._by_hour = np.zeros((series, _HOURS))
        self._by_weekday, self._mean_by_weekday, self._days_by_weekday = (np.zeros((series, 7)) for _ in range(3))
        self._batch_over, self._batch_under = zeros.copy(), zeros.copy()
        self._clump_over, self._clump_under = zeros.copy(), zeros.copy()
        self._day_over, self._day_under, self._day_seen = zeros.copy(), zeros.copy(), zeros.copy()
        self._waiting: list[tuple[Real, int, Real, Real]] = []
        self._estimate()

    def weekday(self, day: int) -> int:
        """The weekday of a day counted from the first, Monday 0."""
        return (self._weekday + day) % 7

    def events(self, counts: Real) -> Real:
        """Comments of hours as events: what comes in one batch counts little more than once."""
        seen: Real = np.where(counts > 0, 1 + (counts - 1) * self.worth[:, None], 0.0)
        return seen

    def expected(self, first: int, hours: int) -> Real:
        """Events of so many hours, the first of them so many after the next day's midnight (or before it)."""
        hour = np.arange(first, first + hours)
        day = (self._weekday + self.days + hour // _HOURS) % 7
        usual: Real = self.rate[:, None] * self.of_weekday[:, day] * self.of_hour[:, hour % _HOURS]
        return usual

    def expected_comments(self, first: int, hours: int) -> Real:
        """The same in comments, which is what people are told."""
        usual: Real = self.expected(first, hours) * (self.comments / np.maximum(self.rate, _TINY))[:, None]
        return usual

    def learn(self, counts: Real, counts_as_usual: Real) -> None:
        """Take in a day (series x 24), once it has waited; days of a known wave (False) teach nothing."""
        expected = self.expected(0, _HOURS).sum(axis=1)
        self._waiting.append((counts, self.days, expected, counts_as_usual))
        guard = at.EARLY_GUARD_DAYS if self.days < at.EARLY_DAYS else at.GUARD_DAYS
        while len(self._waiting) >= guard:
            self._take(*self._waiting.pop(0))
        self.days += 1
        self._estimate()

    def _take(self, counts: Real, day: int, expected: Real, usual_day: Real) -> None:
        counts, expected = counts * usual_day[:, None], expected * usual_day
        keep = _forgotten(at.RATE_HALF_DAYS)
        self._take_batches(counts, keep)
        seen = self.events(counts)
        total = self._cut(seen.sum(axis=1), expected)
        seen = seen * (total / np.maximum(seen.sum(axis=1), _TINY))[:, None]
        shares = self.of_hour
        self._clump_over = self._clump_over * keep + ((seen - total[:, None] * shares) ** 2).sum(axis=1)
        self._clump_under = self._clump_under * keep + total * (1 - (shares**2).sum(axis=1))
        if day >= at.MUTE_DAYS:
            off = (total - expected) ** 2 - self.clump * expected - expected**2 * self.unsure
            self._day_over = self._day_over * keep + off * usual_day
            self._day_under = self._day_under * keep + expected**2
            self._day_seen = self._day_seen * keep + np.minimum(1, expected / self.clump)
        weekday = self.weekday(day)
        exposure = self.of_weekday[:, weekday] * usual_day
        self._total = self._total * keep + total
        self._weight = self._weight * keep + exposure
        self._squares = self._squares * keep**2 + exposure**2
        self._take_shares(seen, total, weekday, usual_day)

    def _take_batches(self, counts: Real, keep: float) -> None:
        """How comments clump: the hours of a day against its own total, whatever that was."""
        total, shares = counts.sum(axis=1), self.of_hour
        off = ((counts - total[:, None] * shares) ** 2).sum(axis=1)
        self._batch_over = self._batch_over * keep + np.minimum(off, at.CLUMP_MOST * total)
        self._batch_under = self._batch_under * keep + total * (1 - (shares**2).sum(axis=1))

    def _cut(self, total: Real, expected: Real) -> Real:
        """A day far above what is usual is cut off: a wave must not hide the next one."""
        spread = np.sqrt(self.clump * expected + expected**2 * (self.of_day + self.unsure))
        most = np.where(self._weight > 2.5, np.maximum(expected + at.CUT * spread, 4.0), np.inf)
        cut: Real = np.minimum(total, most)
        return cut

    def _take_shares(self, seen: Real, total: Real, weekday: int, usual_day: Real) -> None:
        keep = _forgotten(at.HOURS_HALF_DAYS)
        self._by_hour = self._by_hour * keep + seen
        for sums, more in (
            (self._by_weekday, total),
            (self._mean_by_weekday, self.rate * usual_day),
            (self._days_by_weekday, usual_day),
        ):
            sums *= keep
            sums[:, weekday] += more

    def _estimate(self) -> None:
        self.rate: Real = (at.PRIOR_COMMENTS + self._total) / (at.PRIOR_DAYS + self._weight)
        batches = (at.CLUMP * at.CLUMP_EVENTS + self._batch_over) / (at.CLUMP_EVENTS + self._batch_under)
        #: Mean comments of a batch: of geometric ones the clumping is twice that less one.
        self.batch: Real = (np.maximum(1.0, batches) + 1) / 2
        #: What a further comment of an hour counts.
        self.worth: Real = 1 - (1 - self.batch**at.BATCH_POWER) * np.exp(-self.rate / at.OVERLAP_RATE)
        clump = (at.CLUMP * at.CLUMP_EVENTS + self._clump_over) / (at.CLUMP_EVENTS + self._clump_under)
        self.clump: Real = np.maximum(1.0, clump)
        seen = np.clip(self._day_over / np.maximum(self._day_under, _TINY), 0.0, 5.0)
        #: Variance of a day's effect around its mean of 1.
        self.of_day: Real = (at.DAY_VARIANCE * at.DAY_VARIANCE_DAYS + self._day_seen * seen) / (
            at.DAY_VARIANCE_DAYS + self._day_seen
        )
        #: Comments a day, as far as batches tell of events.
        self.comments: Real = self.rate * self.batch / (1 + (self.batch - 1) * self.worth)
        self._estimate_shares()
        days = self._weight**2 / np.maximum(self._squares, _TINY)
        #: Variance of the rate, relative to it: how little is known of it.
        self.unsure: Real = (self.of_day + self.clump / self.rate) / (days + 1)

    def _estimate_shares(self) -> None:
        events = self._by_hour / self.clump[:, None]
        smooth = (np.roll(events, 1, axis=1) + 2 * events + np.roll(events, -1, axis=1)) / 4
        prior = np.array(at.PRIOR_HOURS) / sum(at.PRIOR_HOURS)
        weight = smooth.sum(axis=1, keepdims=True) + at.PRIOR_EVENTS
        self.of_hour: Real = (smooth + at.PRIOR_EVENTS * prior) / weight
        self.of_weekday: Real = self._weekdays()

    def _weekdays(self) -> Real:
        """Factors of the weekdays: how weekends differ, as far as that is believed, then each day from its own kind."""
        noise = self.of_day + self.clump / self.rate
        working, unsure = self._of_days(_WORKING, noise)
        weekend, more = self._of_days(_WEEKEND, noise)
        contrast = (weekend - working) * at.WEEKEND_VARIANCE / (at.WEEKEND_VARIANCE + unsure + more)
        mean = (len(_WORKING) * working + len(_WEEKEND) * weekend) / 7
        week = np.empty_like(self._by_weekday)
        for days, kind, share in ((_WORKING, working, -len(_WEEKEND) / 7), (_WEEKEND, weekend, len(_WORKING) / 7)):
            for day in days:
                own, unsure = self._of_days((day,), noise)
                believed = np.where(self._days_by_weekday[:, day] > 0, at.WEEKDAY_VARIANCE, 0.0)
                believed = believed / (at.WEEKDAY_VARIANCE + unsure)
                week[:, day] = mean + share * contrast + believed * (own - kind)
        week = np.maximum(week, at.WEEKDAY_LEAST)
        factors: Real = week / week.mean(axis=1, keepdims=True)
        return factors

    def _of_days(self, days: tuple[int, ...], noise: Real) -> tuple[Real, Real]:
        """By how much these weekdays were above the rate, 1 where none was seen, and that factor's variance."""
        seen = self._days_by_weekday[:, days].sum(axis=1)
        usual = np.maximum(self._mean_by_weekday[:, days].sum(axis=1), _TINY)
        factor = np.where(seen > 0, self._by_weekday[:, days].sum(axis=1) / usual, 1.0)
        return factor, noise / np.maximum(seen, _TINY)
