"""The scan: what is an alarm, what is none; the same hour by hour as all at once; false alarms and waves, in small."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.spikes.alternatives import ears_c2, farrington, z_score
from benchmarks.spikes.judging import calibrated, false_alarms, noticed, told
from benchmarks.spikes.world import KINDS, Rise, draw
from detection.spikes.scan import Scan, replay
from detection.spikes.tail import level
from detection.spikes.thresholds import AGAIN_HOURS


@given(st.integers(1, 400), st.floats(0.05, 50), st.floats(1.05, 20))
def test_the_tail_is_that_of_the_distribution(count: int, mean: float, spread: float) -> None:
    """As SciPy has it; nothing where no more came than is usual."""
    # Loaded here: it takes longer than all that the other tests of this file need.
    from scipy.stats import nbinom

    size = mean / (spread - 1)
    expected = nbinom.sf(count - 1, size, size / (size + mean))
    found = float(level(np.array([float(count)]), np.array([mean]), np.array([mean * spread]))[0])
    if count <= mean:
        assert found == 0
    elif expected > 1e-25:
        assert found == pytest.approx(-np.log10(expected), rel=1e-5, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(arrays(np.int64, (3, 24 * 4), elements=st.integers(0, 60)))
def test_hour_by_hour_is_as_all_at_once(counts: np.ndarray) -> None:
    """A step for each hour finds what a replay finds; whatever the counts, levels are finite and never negative."""
    scan, whole = Scan(3, weekday=2), replay(counts, weekday=2)
    for hour in range(counts.shape[1]):
        now = scan.step(counts[:, hour])
        assert np.allclose(now.level[:, 0], whole.level[:, hour])
        assert np.array_equal(now.alarm[:, 0], whole.alarm[:, hour])
    assert np.isfinite(whole.level).all()
    assert (whole.level >= 0).all()


def test_a_wrong_number_of_counts_is_refused() -> None:
    """One for each series."""
    with pytest.raises(ValueError, match="one count"):
        Scan(3).step(np.zeros(2))


def test_the_absolute_rule() -> None:
    """Five in six hours where nothing came before are an alarm, in the muted days and later; four are none."""
    quiet = np.zeros((2, 24 * 40), dtype=np.int64)
    for day in (1, 39):
        counts = quiet.copy()
        counts[0, day * 24 + 3 : day * 24 + 8] = 1
        counts[1, day * 24 + 3] = 2
        found = replay(counts).alarm
        assert found[0, day * 24 + 7]
        assert not found[1].any()


def test_a_single_batch_is_no_wave_where_batches_are_usual() -> None:
    """Somebody who forwards six at once every ten days trips nothing after a while."""
    counts = np.zeros((1, 24 * 100), dtype=np.int64)
    counts[0, 24 * 3 + 10 :: 24 * 10] = 6
    assert not replay(counts).alarm[0, 24 * 40 :].any()


def test_days_said_to_be_false_raise_the_threshold() -> None:
    """Recalibration: what people call false teaches, what was a wave does not."""
    counts = draw(KINDS["as noted"], 10.0, 1, 60, 5, Rise(6, 24, 40, 41)).counts
    after = {}
    for said in (0, 2):
        scan = Scan(1)
        for day in range(60):
            today = counts[:, day * 24 : day * 24 + 24].astype(float)
            scan.close(today, None, np.array([said if day in (40, 41) else 1]))
        after[said] = float(scan.look(np.zeros((1, 1))).threshold[0, 0])
    assert after[2] > after[0]


@pytest.mark.parametrize("baseline", [0.5, 10.0])
def test_few_false_alarms_and_most_waves(baseline: float) -> None:
    """On seeds that nothing was tuned on; the whole table is made by `make bench-spikes`."""
    quiet = replay(draw(KINDS["as noted"], baseline, 40, 84, 2001).counts).alarm
    assert false_alarms(quiet, 28, 84) <= 1.9
    drawn = draw(KINDS["steady"], 10.0, 40, 70, 2002, Rise(10, 24, 55, 65))
    share, delay = noticed(replay(drawn.counts).alarm, drawn.onsets, 24)
    assert share >= 0.95
    assert delay <= 5


def test_weekends_are_learnt_from_each_other() -> None:
    """After four weeks of slack weekends both of their days are expected to be slack, and the others are alike."""
    scan = Scan(1)
    for day in range(28):
        today = np.zeros((1, 24))
        today[0, 8:18] = 0.2 if day % 7 >= 5 else 1
        scan.close(today)
    week = scan.usual.of_weekday[0]
    assert week.mean() == pytest.approx(1)
    assert week[5:].max() < 0.7
    assert week[:5].min() > 1.05
    assert np.ptp(week[:5]) < 0.1


def test_an_added_wave_is_as_great_on_a_slack_day() -> None:
    """Whatever the day's effect; a multiplied one is not."""
    least = {}
    for added in (True, False):
        drawn = draw(KINDS["dispersion 2"], 50.0, 60, 70, 6, Rise(10, 24, 55, 65, added=added))
        least[added] = min(
            int(row[onset : onset + 24].sum()) for row, onset in zip(drawn.counts, drawn.onsets, strict=True)
        )
    assert least[True] > 200
    assert least[False] < 100


def test_alarms_are_counted_as_they_are_told() -> None:
    """Once, and again after 48 hours while it stands; an alarm that stood before tells nothing of a wave."""
    alarms = np.zeros((1, 24 * 10), dtype=bool)
    alarms[0, 30 : 30 + AGAIN_HOURS + 1] = True
    assert np.flatnonzero(told(alarms)[0]).tolist() == [30, 30 + AGAIN_HOURS]
    assert noticed(alarms, np.array([28]), 24) == (1.0, 3.0)
    assert noticed(alarms, np.array([40]), 24)[0] == 0.0


def test_the_alternatives_see_a_wave() -> None:
    """Each is calibrated to a rate of false alarms, and finds a tenfold day at ten a day."""
    quiet = draw(KINDS["steady"], 10.0, 10, 84, 3).counts.astype(float)
    drawn = draw(KINDS["steady"], 10.0, 10, 84, 4, Rise(10, 24, 65, 75))
    for make in (ears_c2, z_score, farrington):
        limit = calibrated(make(quiet), 1.0, 28, 84)
        assert false_alarms(make(quiet) >= limit, 28, 84) <= 1.0
        assert noticed(make(drawn.counts.astype(float)) >= limit, drawn.onsets, 24)[0] >= 0.8
