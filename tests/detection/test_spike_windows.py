"""What is usual in a window: the day it begins in, the days it touches, and no more than it is allowed to know."""

import numpy as np
import pytest

from detection.spikes import thresholds as at
from detection.spikes.usual import Usual
from detection.spikes.windows import Window, Windows


def _usual(rate: float = 24.0, of_day: float = 0.25, clump: float = 1.0) -> Usual:
    """One series whose hours and weekdays are all alike, of which everything is known."""
    usual = Usual(1)
    usual.rate, usual.of_day, usual.clump = np.array([rate]), np.array([of_day]), np.array([clump])
    usual.of_hour, usual.of_weekday = np.full((1, 24), 1 / 24), np.ones((1, 7))
    usual.worth, usual.unsure = np.ones(1), np.zeros(1)
    return usual


def _last(counts: np.ndarray, size: int, usual: Usual | None = None) -> Window:
    """The window that ends with the last of the hours."""
    days = (counts.shape[1] - 1) // 24
    return Windows(usual or _usual(), counts, days).of(np.array([counts.shape[1]]), size)


def test_a_window_counts_its_own_hours() -> None:
    """And expects as many as are usual in them, when it begins at a midnight."""
    counts = np.arange(96.0)[None]
    for size in (24, 48, 72):
        found = _last(counts, size)
        assert found.comments[0, 0] == counts[0, -size:].sum()
        assert found.mean[0, 0] == pytest.approx(size)


def test_a_slack_morning_lets_less_be_expected_of_the_afternoon() -> None:
    """The posterior of a Gamma effect: as conjugate arithmetic has it, in mean and in variance."""
    for before in (0.0, 1.0, 4.0):
        counts = np.zeros((1, 96))
        counts[0, 72:90] = before
        found = _last(counts, 6)
        shape, rate = 4 + 18 * before, 4 + 18
        assert found.mean[0, 0] == pytest.approx(6 * shape / rate)
        assert found.variance[0, 0] == pytest.approx(6 * shape / rate + 36 * shape / rate**2)


def test_days_that_a_window_only_touches_vary_less_together() -> None:
    """Twelve hours of each of two days: half the variance of one day's effect, but for what the first day's own
    morning tells."""
    usual = _usual(clump=1e9)
    half = Windows(usual, np.ones((1, 84)), 3).of(np.array([84]), 24)
    whole = Windows(usual, np.ones((1, 96)), 3).of(np.array([96]), 24)
    effect = [float(each.variance[0, 0]) - 24e9 for each in (half, whole)]
    assert effect == pytest.approx([0.25 * 2 * 12**2, 0.25 * 24**2], rel=1e-3)


def test_a_window_of_three_days_adds_up_its_days() -> None:
    """Two whole days and two halves; and the rate's own walk."""
    usual = _usual(clump=1e9)
    found = Windows(usual, np.ones((1, 84)), 3).of(np.array([84]), 72)
    days = 0.25 * (2 * 24**2 + 2 * 12**2) + at.LONG_VARIANCE * 72**2
    assert float(found.variance[0, 0]) - 72e9 == pytest.approx(days, rel=1e-3)


def test_what_comes_after_a_window_begins_tells_nothing_of_its_day() -> None:
    """A wave does not make itself usual."""
    quiet, wave = np.ones((1, 96)), np.ones((1, 96))
    wave[0, 90:] = 50
    for size in (6, 12, 24, 72):
        if 96 - size <= 90:
            assert _last(wave, size).mean[0, 0] == pytest.approx(_last(quiet, size).mean[0, 0])


def test_a_window_knows_no_day_before_its_own() -> None:
    """What came on earlier days is in the rate already."""
    busy = np.ones((1, 96))
    busy[0, :72] = 30
    assert _last(busy, 6).mean[0, 0] == pytest.approx(_last(np.ones((1, 96)), 6).mean[0, 0])
