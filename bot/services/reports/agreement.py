"""How far coders agree beyond chance: Krippendorff's alpha and Cohen's kappa for names, with bootstrapped intervals.

Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability; Cohen, J. (1960), A coefficient of agreement for
nominal scales. Intervals: percentiles of a bootstrap over posts (Efron 1979), with a fixed seed, so that the same
codings always give the same figures.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from bot.model.report import Agreement, Figure

#: Samples of a bootstrap: percentiles of 2.5 and 97.5 stand still in the second decimal.
SAMPLES: Final = 2_000
_AT_A_TIME: Final = 250
_SEED: Final = 20_111
#: Fewer posts than this give a figure, but no interval: resampling so few shows nothing.
LEAST: Final = 5

Units = Sequence[Sequence[str | None]]
_Numbers = np.ndarray[Any, np.dtype[np.float64]]


def alpha(units: Units) -> float | None:
    """Krippendorff's alpha of units, each with what its coders said (None: nothing).

    None where it is not defined: no unit was coded twice, or all values are the same.
    """
    counts, split = _coincidences(units)
    return _number(_alpha(counts.sum(axis=0, keepdims=True), split.sum(keepdims=True))[0])


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two coders; None where it is not defined (nothing was coded, or both said but one thing)."""
    if not pairs:
        return None
    first, second, same = _sides(pairs)
    ones = np.ones((1, len(pairs)))
    return _number(_kappa(ones @ first, ones @ second, ones @ same)[0])


def agreement(what: str, pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Both figures of posts that two coders coded, with their intervals."""
    agreed = sum(one == other for one, other in pairs)
    return Agreement(what=what, units=len(pairs), agreed=agreed, alpha=_alpha_figure(pairs), kappa=_kappa_figure(pairs))


def _alpha_figure(pairs: Sequence[tuple[str, str]]) -> Figure:
    counts, split = _coincidences(pairs)
    return _figure(alpha(pairs), _spread(len(counts), lambda weights: _alpha(weights @ counts, weights @ split)))


def _kappa_figure(pairs: Sequence[tuple[str, str]]) -> Figure:
    if not pairs:
        return Figure(value=None, low=None, high=None)
    first, second, same = _sides(pairs)
    spread = _spread(len(pairs), lambda weights: _kappa(weights @ first, weights @ second, weights @ same))
    return _figure(kappa(pairs), spread)


def _coincidences(units: Units) -> tuple[_Numbers, _Numbers]:
    """Of each unit: how often each value was said, and the coincidences of different values in it."""
    said = [[value for value in unit if value is not None] for unit in units]
    said = [values for values in said if len(values) > 1]
    names = sorted({value for values in said for value in values})
    place = {name: number for number, name in enumerate(names)}
    counts = np.zeros((len(said), len(names)))
    for row, values in enumerate(said):
        for value in values:
            counts[row, place[value]] += 1
    many = counts.sum(axis=1)
    split = (many**2 - (counts**2).sum(axis=1)) / np.maximum(many - 1, 1)
    return counts, split


def _alpha(totals: _Numbers, split: _Numbers) -> _Numbers:
    """Alpha of each row: 1 - observed by expected disagreement."""
    size = totals.sum(axis=1)
    expected = (size**2 - (totals**2).sum(axis=1)) / np.maximum(size - 1, 1)
    return np.where(expected > 0, 1 - split / np.where(expected > 0, expected, 1), np.nan)


def _sides(pairs: Sequence[tuple[str, str]]) -> tuple[_Numbers, _Numbers, _Numbers]:
    names = sorted({value for pair in pairs for value in pair})
    place = {name: number for number, name in enumerate(names)}
    first, second = np.zeros((len(pairs), len(names))), np.zeros((len(pairs), len(names)))
    for row, (one, other) in enumerate(pairs):
        first[row, place[one]] = second[row, place[other]] = 1
    return first, second, (first * second).sum(axis=1)


def _kappa(first: _Numbers, second: _Numbers, same: _Numbers) -> _Numbers:
    """Kappa of each row: agreement beyond what the two coders' own habits would give."""
    size = first.sum(axis=1)
    chance = (first * second).sum(axis=1) / size**2
    room = np.where(chance < 1, 1 - chance, 1)
    return np.where(chance < 1, (same / size - chance) / room, np.nan)


def _spread(units: int, figure: Callable[[_Numbers], _Numbers]) -> _Numbers:
    """The figure of each sample, given how often each unit was drawn in it; nothing for too few units."""
    if units < LEAST:
        return np.zeros(0)
    generator = np.random.default_rng(_SEED)
    return np.concatenate([figure(_drawn(generator, units)) for _ in range(0, SAMPLES, _AT_A_TIME)])


def _drawn(generator: np.random.Generator, units: int) -> _Numbers:
    drawn = generator.integers(units, size=(_AT_A_TIME, units)) + np.arange(_AT_A_TIME)[:, None] * units
    return np.bincount(drawn.ravel(), minlength=_AT_A_TIME * units).reshape(_AT_A_TIME, units).astype(np.float64)


def _figure(value: float | None, spread: _Numbers) -> Figure:
    # A sample in which all is the same has no figure: it is left out, as it says nothing of agreement.
    known = spread[~np.isnan(spread)]
    if value is None or not len(known):
        return Figure(value=value, low=None, high=None)
    low, high = np.percentile(known, [2.5, 97.5])
    return Figure(value=value, low=float(low), high=float(high))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
