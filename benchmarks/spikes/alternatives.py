"""What else one would do: EARS C2, Farrington Flexible and a z-score, each as a level for every hour.

All see rolling sums of 24 hours, as hourly use needs; EARS and the z-score compare them with the same 24 hours of
earlier days, so that the time of day is no matter. Their thresholds are calibrated by whoever asks.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from detection.spikes.tail import level

Real = np.ndarray[Any, np.dtype[np.float64]]

_DAY: Final = 24
#: What a standard deviation is at least: of no comments at all there is none.
_LEAST_SD: Final = 0.5
_GUARD: Final = 2
_FITTED: Final = 56
_ROUNDS: Final = 4
#: Anscombe residual from which a past day counts less (Noufaily et al. 2013).
_OUTLYING: Final = 2.58


def ears_c2(counts: Real) -> Real:
    """EARS C2 (Hutwagner et al. 2003): seven days, two days' lag, in standard deviations."""
    return _standardised(counts, first=_GUARD + 1, days=7)


def z_score(counts: Real) -> Real:
    """The last 24 hours in standard deviations of those of the 28 days before."""
    return _standardised(counts, first=1, days=28)


def _standardised(counts: Real, first: int, days: int) -> Real:
    rolled = _rolling(counts)
    found = np.zeros_like(rolled)
    for hour in range((first + 3) * _DAY, rolled.shape[1]):
        past = np.arange(hour - first * _DAY, max(hour - (first + days) * _DAY, _DAY - 2), -_DAY)
        before = rolled[:, past]
        deviation = np.maximum(before.std(axis=1, ddof=1), _LEAST_SD)
        found[:, hour] = (rolled[:, hour] - before.mean(axis=1)) / deviation
    return found


def farrington(counts: Real) -> Real:
    """Farrington Flexible (Noufaily et al. 2013) on days: quasi-Poisson with trend and weekdays, past outliers weighted
    down.

    The level is that of the negative-binomial tail with the fitted mean and dispersion, the uncertainty of the fit
    included. A fit a day, on up to 56 days that end two days before; the last 24 hours are expected to be their shares
    of the two days' means.
    """
    series, hours = counts.shape
    days = counts[:, : hours - hours % _DAY].reshape(series, -1, _DAY).sum(axis=2)
    means, variances = np.zeros_like(days), np.ones_like(days)
    for day in range(10, days.shape[1]):
        means[:, day], variances[:, day] = _fitted(days[:, max(0, day - _GUARD - _FITTED) : day - _GUARD + 1], day)
    hour = np.arange(days.shape[1] * _DAY)
    today, share = hour // _DAY, (hour % _DAY + 1) / _DAY
    usual = means[:, today] * share + means[:, np.maximum(today - 1, 0)] * (1 - share)
    spread = variances[:, today] * share + variances[:, np.maximum(today - 1, 0)] * (1 - share)
    rolled = _rolling(counts)[:, : len(hour)]
    found = level(rolled, np.maximum(usual, 1e-3), spread)
    found[:, today < 11] = 0.0
    return found


def _fitted(past: Real, day: int) -> tuple[Real, Real]:
    """Mean and variance expected on a day, by iterated weighted least squares for all series at once."""
    days = past.shape[1]
    ago = day - _GUARD + 1 - days + np.arange(days)
    design = _design(ago, day)
    weights = np.ones_like(past)
    for _ in range(2):
        beta, covariance, phi, residuals = _quasi_poisson(past, design, weights)
        weights = np.where(residuals > _OUTLYING, residuals**-2.0, 1.0)
        weights = weights * (days / weights.sum(axis=1, keepdims=True))
    point = _design(np.array([day]), day)[0]
    mean = np.exp(np.clip(beta @ point, -8, 8))
    unsure = np.einsum("i,sij,j->s", point, covariance, point) * phi * mean**2
    return mean, phi * mean + np.minimum(unsure, 25 * mean**2)


def _design(days: np.ndarray[Any, Any], day: int) -> Real:
    """Intercept, trend, and weekdays against the first; ridge keeps what is not seen near nothing."""
    weekday = np.eye(7)[days % 7][:, 1:]
    return np.column_stack([np.ones(len(days)), (days - day) / 28.0, weekday])


def _quasi_poisson(past: Real, design: Real, weights: Real) -> tuple[Real, Real, Real, Real]:
    ridge = np.diag([1e-3, 2.0] + [1.0] * 6)
    eta = np.log(past.mean(axis=1, keepdims=True) + 0.1) + np.zeros_like(past)
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(eta, -8, 8))
        working = weights * mean
        normal = np.einsum("sd,di,dj->sij", working, design, design) + ridge
        right = np.einsum("sd,di->si", working * (eta + (past - mean) / mean), design)
        beta = np.linalg.solve(normal, right[:, :, None])[:, :, 0]
        eta = beta @ design.T
    mean = np.exp(np.clip(eta, -8, 8))
    normal = np.einsum("sd,di,dj->sij", weights * mean, design, design) + ridge
    free = max(1, past.shape[1] - design.shape[1])
    phi = np.maximum(1.0, (weights * (past - mean) ** 2 / mean).sum(axis=1) / free)
    anscombe = 1.5 * (past ** (2 / 3) - mean ** (2 / 3)) / (mean ** (1 / 6) * np.sqrt(phi)[:, None])
    return beta, np.linalg.inv(normal), phi, anscombe


def _rolling(counts: Real) -> Real:
    sums = np.concatenate([np.zeros((counts.shape[0], 1)), counts.cumsum(axis=1)], axis=1)
    begins = np.maximum(0, np.arange(counts.shape[1]) + 1 - _DAY)
    rolled: Real = sums[:, 1:] - sums[:, begins]
    return rolled
