"""Simulated hourly counts: over-dispersed, weekly-seasonal, batched; quiet series, and the same with a rise put in.

A series is a Poisson process of events with a daily rhythm, weekdays, a Gamma effect of each day, and a slow random
walk of its rate; each event brings a geometric batch of comments. The kinds of world change each of these, since nobody
knows how a newsroom's counts behave: the scan is tuned on seeds 0-99 and judged on seeds from 1000 on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

Counts = np.ndarray[Any, np.dtype[np.int64]]
Real = np.ndarray[Any, np.dtype[np.float64]]

BASELINES: Final = (0.1, 0.5, 2.0, 10.0, 50.0)
_EVENING: Final = (2, 1, 1, 1, 1, 1, 2, 5, 8, 10, 11, 12, 12, 12, 12, 12, 13, 14, 16, 18, 19, 17, 12, 6)
_OFFICE: Final = (1, 1, 1, 1, 1, 1, 2, 4, 10, 18, 20, 20, 16, 18, 20, 20, 18, 12, 5, 3, 2, 2, 1, 1)
_NIGHT: Final = (20, 19, 16, 12, 8, 4, 2, 2, 2, 3, 4, 4, 4, 4, 4, 4, 5, 6, 8, 10, 12, 15, 18, 20)
_FLAT: Final = (1,) * 24
_TWO_PEAKS: Final = (2, 1, 1, 1, 1, 3, 10, 22, 20, 9, 5, 4, 5, 5, 4, 4, 6, 9, 16, 24, 22, 12, 6, 3)


@dataclass(frozen=True, kw_only=True)
class World:
    """What the counts are drawn from."""

    #: Variance of the day's effect around its mean of 1.
    dispersion: float = 0.25
    #: Comments an event brings, on average; geometric.
    batch: float = 1.43
    hours: tuple[int, ...] = _EVENING
    weekdays: tuple[float, ...] = (1.1, 1.15, 1.15, 1.1, 1.1, 0.75, 0.65)
    #: Standard deviation of the daily step of the log rate; its drift a day.
    walk: float = 0.02
    drift: float = 0.0
    #: Share of days that are holidays, and their rate.
    holidays: float = 0.0
    holiday_rate: float = 0.3
    #: From a day on the rate is another: (day, factor).
    step: tuple[int, float] | None = None


KINDS: Final[dict[str, World]] = {
    "as noted": World(),
    "steady": World(dispersion=0.05, batch=1.0),
    "batches of 2.5": World(batch=2.5),
    "batches of 4": World(batch=4.0),
    "dispersion 0.5": World(dispersion=0.5),
    "dispersion 1": World(dispersion=1.0),
    "dispersion 2": World(dispersion=2.0),
    "office hours": World(hours=_OFFICE, weekdays=(1.3, 1.3, 1.3, 1.3, 1.3, 0.3, 0.2)),
    "night": World(hours=_NIGHT, weekdays=(0.8, 0.8, 0.8, 0.9, 1.2, 1.3, 1.2)),
    "no seasons": World(hours=_FLAT, weekdays=(1.0,) * 7),
    "two peaks": World(hours=_TWO_PEAKS, dispersion=0.1),
    "growing": World(drift=0.01, walk=0.03),
    "shrinking": World(drift=-0.01),
    "holidays": World(holidays=0.08),
    "doubling": World(step=(50, 2.0)),
    "halving": World(step=(50, 0.5)),
}


@dataclass(frozen=True)
class Rise:
    """`factor` times the usual rate for `hours`, from a drawn hour of one of the days `first` to `last` on.

    Either the day's own rate is multiplied (on a slack day a wave is small, too: the harder case), or `added`:
    `factor` - 1 times what is usual in these hours comes on top, whatever the day's effect.
    """

    factor: float
    hours: int
    first: int = 60
    last: int = 75
    added: bool = False


@dataclass(frozen=True)
class Drawn:
    """Hourly counts (series x hours), and from which hour each rises."""

    counts: Counts
    onsets: Counts = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def draw(world: World, baseline: float, series: int, days: int, seed: int, rise: Rise | None = None) -> Drawn:
    """Series with `baseline` comments a day on average; day 0 is a Monday."""
    rng = np.random.default_rng([seed, int(baseline * 1000), 77])
    usual = _hourly(world, days).reshape(1, days * 24) * baseline
    rates = np.repeat(_daily(world, series, days, rng), 24, axis=1) * usual
    onsets = np.empty(0, dtype=np.int64)
    if rise is not None:
        onsets = rng.integers(rise.first * 24, rise.last * 24, series)
        hour = np.arange(days * 24)[None]
        rising = (hour >= onsets[:, None]) & (hour < onsets[:, None] + rise.hours)
        rates = rates + rising * (rise.factor - 1) * (usual if rise.added else rates)
    events = rng.poisson(rates / world.batch)
    extra = rng.negative_binomial(np.maximum(events, 1), 1 / world.batch) if world.batch > 1 else 0
    return Drawn(counts=events + np.where(events > 0, extra, 0), onsets=onsets)


def _daily(world: World, series: int, days: int, rng: np.random.Generator) -> Real:
    walk = np.exp(np.cumsum(rng.normal(world.drift, world.walk, (series, days)), axis=1))
    shape = 1 / world.dispersion
    rate: Real = walk * rng.gamma(shape, world.dispersion, (series, days))
    if world.holidays:
        rate = rate * np.where(rng.random((series, days)) < world.holidays, world.holiday_rate, 1.0)
    if world.step is not None:
        rate = rate * np.where(np.arange(days) >= world.step[0], world.step[1], 1.0)[None]
    return rate


def _hourly(world: World, days: int) -> Real:
    """Share of a usual day that falls into each hour of each day."""
    hours = np.array(world.hours, dtype=float)
    week = np.array(world.weekdays, dtype=float)
    shares: Real = (hours / hours.sum())[None] * (week / week.mean())[np.arange(days) % 7][:, None]
    return shares


def changed(world: World, **changes: Any) -> World:
    """The same world but for this."""
    return replace(world, **changes)
