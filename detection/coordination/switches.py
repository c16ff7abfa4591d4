"""When an account changed sides: a change-point in what it praised and attacked.

Per account, stance observations are draws from a few kinds (praises A, attacks B, …) with one set of odds before the
change and another after it; the change-point is where two sets explain them best (a categorical change-point with
Dirichlet-smoothed odds: Chen & Gupta, Parametric Statistical Change Point Analysis, 2012). An account is seen every few
days only, so that its own change lies somewhere in a gap; accounts of one farm change within days of each other, and
what they say together narrows the gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detection.coordination.activity import Ints, Stances
from detection.coordination.pairs import Floats
from detection.coordination.thresholds import SWITCH_GAIN

_DAY = 86_400
#: Steps of a sixth of a day: finer than anybody asks, and a year is 2,200 of them.
_STEP = _DAY // 6
_MOST_STEPS = 6_000
_PRIOR = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A change of allegiance: when, between which moments it must lie, and how surely (gain in log-likelihood).

    ``left`` and ``joined``: the subject it praised more before and after; None where it only attacks.
    """

    account: int
    at: int
    earliest: int
    latest: int
    gain: float
    turned_on: int
    turned_to: int


def find_switches(stances: Stances, farms: Sequence[int] | None = None) -> list[Switch]:
    """The accounts that changed sides; ``farms`` gives the community of each account, so that they help each other."""
    if not len(stances.account):
        return []
    grid = _grid(stances)
    curves = {account: curve for account, curve in _curves(stances, grid)}
    shared = _shared(curves, farms) if farms is not None else {}
    found = []
    for account, (rows, curve) in curves.items():
        if curve.max() < SWITCH_GAIN:
            continue
        belief = curve
        if farms is not None and farms[account] in shared:
            belief = curve + shared[farms[account]]
        switch = _read(stances, rows, grid, curve, belief, account)
        if switch is not None:
            found.append(switch)
    return found


def _grid(stances: Stances) -> Ints:
    first, last = int(stances.at.min()), int(stances.at.max())
    step = max(_STEP, (last - first) // _MOST_STEPS + 1)
    return np.arange(first, last + step, step)


_Curve = tuple[Ints, Floats]


def _curves(stances: Stances, grid: Ints) -> list[tuple[int, _Curve]]:
    """Per account with enough observations: its rows by time, and the gain of a change at each moment of the grid."""
    order = np.lexsort((stances.at, stances.account))
    accounts = stances.account[order]
    starts = np.flatnonzero(np.concatenate([[True], accounts[1:] != accounts[:-1]]))
    found = []
    for start, end in zip(starts, np.append(starts[1:], len(order)), strict=True):
        rows = order[start:end]
        if len(rows) >= 4:
            found.append((int(accounts[start]), (rows, _gain(stances, rows, grid))))
    return found


def _gain(stances: Stances, rows: Ints, grid: Ints) -> Floats:
    """Log-likelihood of a change at each moment over that of none; one in the middle of its gap is as likely as any."""
    said = stances.subject[rows] * 2 + (stances.polarity[rows] > 0)
    kinds, place = np.unique(said, return_inverse=True)
    counts = np.zeros((len(rows) + 1, len(kinds)))
    counts[np.arange(1, len(rows) + 1), place] = 1.0
    before = counts.cumsum(axis=0)
    after = before[-1] - before
    alone = _evidence(before[-1:], len(kinds))[0]
    gains = _evidence(before, len(kinds)) + _evidence(after, len(kinds)) - alone
    return np.asarray(gains[np.searchsorted(stances.at[rows], grid, side="left")])


def _evidence(counts: Floats, kinds: int) -> Floats:
    """Log marginal likelihood of counts under a symmetric Dirichlet prior."""
    total = counts.sum(axis=1)
    held = (gammaln(counts + _PRIOR) - gammaln(_PRIOR)).sum(axis=1)
    return np.asarray(held + gammaln(_PRIOR * kinds) - gammaln(total + _PRIOR * kinds))


def _shared(curves: dict[int, _Curve], farms: Sequence[int]) -> dict[int, Floats]:
    """Per farm, the log of how likely a change is at each moment, from all its accounts that changed."""
    members: dict[int, list[Floats]] = {}
    for account, (_, curve) in curves.items():
        if curve.max() >= SWITCH_GAIN and farms[account] >= 0:
            members.setdefault(farms[account], []).append(curve)
    found = {}
    for farm, beliefs in members.items():
        if len(beliefs) < 3:
            continue
        odds = np.zeros(len(beliefs[0]))
        for curve in beliefs:
            likely = np.exp(curve - curve.max())
            odds += likely / likely.sum()
        odds = np.convolve(odds / len(beliefs), _KERNEL, mode="same")
        found[farm] = np.log(0.05 / len(odds) + 0.95 * odds)
    return found


# Accounts of a farm change within a day or two of each other.
_KERNEL: NDArray[np.float64] = np.exp(-0.5 * (np.arange(-24, 25) / 6.0) ** 2)
_KERNEL /= _KERNEL.sum()


def _read(
    stances: Stances, rows: Ints, grid: Ints, curve: Floats, belief: Floats, account: int
) -> Switch | None:
    likely = np.exp(belief - belief.max())
    likely /= likely.sum()
    at = int(grid[np.searchsorted(likely.cumsum(), 0.5)])
    times = stances.at[rows]
    split = int(np.searchsorted(times, at))
    if not 0 < split < len(rows):
        return None
    turned = _turned(stances, rows[:split], rows[split:])
    if turned is None:
        return None
    return Switch(
        account=account,
        at=at,
        earliest=int(times[split - 1]),
        latest=int(times[split]),
        gain=float(curve.max()),
        turned_on=turned[0],
        turned_to=turned[1],
    )


def _turned(stances: Stances, before: Ints, after: Ints) -> tuple[int, int] | None:
    """The subject that lost most, and the one that won most, between before and after; None when nothing turned."""
    subjects = np.unique(stances.subject[np.concatenate([before, after])])
    changes = []
    for subject in subjects:
        held = [stances.polarity[part][stances.subject[part] == subject] for part in (before, after)]
        means = [float(each.sum()) / (len(each) + 1.0) for each in held]
        changes.append(means[1] - means[0])
    lost, won = int(np.argmin(changes)), int(np.argmax(changes))
    if changes[won] - changes[lost] < 0.6:
        return None
    return int(subjects[lost]), int(subjects[won])
