"""When an account changed sides: a change-point in what it praised and attacked.

Per account, stance observations are draws from a few kinds (praises A, attacks B, …) with one set of odds before the
change and another after it; the change-point is where two sets explain them best (a categorical change-point with
Dirichlet-smoothed odds: Chen & Gupta, Parametric Statistical Change Point Analysis, 2012). An account is seen every few
days only, so that its own change lies somewhere in a gap; accounts of one farm change within days of each other, and
what they say together narrows the gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import gammaln

from detection.coordination.activity import Ints, Stances
from detection.coordination.pairs import Floats
from detection.coordination.suggestion import Switch
from detection.coordination.thresholds import (
    FARM_STANCES,
    FARM_SWITCH_GAIN,
    FARM_SWITCH_TURN,
    MEMBER_SWITCHES,
    SWITCH_GAIN,
    SWITCH_TURN,
)

_DAY = 86_400
#: Steps of a sixth of a day: finer than anybody asks, and a year is 2,200 of them.
_STEP = _DAY // 6
_MOST_STEPS = 6_000
_PRIOR = 0.4


def find_switches(stances: Stances, farms: Sequence[int] | None = None) -> list[Switch]:
    """The accounts that changed sides; ``farms`` gives the community of each account (negative: none).

    Accounts of one farm help each other: what the farm said as a whole shows when it changed and how it talked before
    and after; an account of which little is known is then held against that.
    """
    if not len(stances.account):
        return []
    found = {switch.account: switch for switch in _alone(stances)}
    if farms is not None:
        found |= _with_their_farms(stances, np.asarray(farms, dtype=np.int64))
    return [found[account] for account in sorted(found)]


def _alone(stances: Stances) -> list[Switch]:
    grid = _grid(stances)
    found = []
    for account, (rows, curve) in _curves(stances, grid):
        if curve.max() >= SWITCH_GAIN:
            switch = _read(stances, rows, grid, curve, account, SWITCH_TURN)
            if switch is not None:
                found.append(switch)
    return found


def _with_their_farms(stances: Stances, farms: Ints) -> dict[int, Switch]:
    group = farms[stances.account]
    found: dict[int, Switch] = {}
    for farm in np.unique(group[group >= 0]).tolist():
        rows = np.flatnonzero(group == farm)
        rows = rows[np.argsort(stances.at[rows], kind="stable")]
        whole = _whole(stances, rows)
        if whole is not None:
            found |= _of_members(stances, rows, whole)
    return found


def _whole(stances: Stances, rows: Ints) -> Switch | None:
    """The change of a farm as a whole; None when all that it said together shows none."""
    if len(rows) < 2 * FARM_STANCES:
        return None
    grid = _grid(stances, rows)
    curve = _gain(stances, rows, grid)
    # Not at an end: there a handful of words outweighs the rest.
    edge = np.searchsorted(stances.at[rows], grid)
    curve = np.where((edge >= FARM_STANCES) & (edge <= len(rows) - FARM_STANCES), curve, 0.0)
    if curve.max() < FARM_SWITCH_GAIN:
        return None
    rough = _read(stances, rows, grid, curve, -1, FARM_SWITCH_TURN)
    if rough is None:
        return None
    # What it talks about drifts from week to week; dated is the turn itself, by the two that it turned on and to.
    ours, sides = _sided(stances, rows, rough)
    curve = _gain_of(stances.at[ours], sides, grid)
    if curve.max() < FARM_SWITCH_GAIN:
        return None
    return replace(rough, at=int(grid[int(curve.argmax())]))


def _sided(stances: Stances, rows: Ints, whole: Switch) -> tuple[Ints, Ints]:
    """Of these rows those on the two subjects of a change, and whether each holds with the old side (1) or the new."""
    subject = stances.subject[rows]
    ours = rows[(subject == whole.turned_on) | (subject == whole.turned_to)]
    old = (stances.subject[ours] == whole.turned_on) == (stances.polarity[ours] > 0)
    return ours, old.astype(np.int64)


def _of_members(stances: Stances, rows: Ints, whole: Switch) -> dict[int, Switch]:
    """Each member held against how its farm talked before and after."""
    ours, sides = _sided(stances, rows, whole)
    clear = np.abs(stances.at[ours] - whole.at) > 2 * _DAY
    late = stances.at[ours] >= whole.at
    before, after = (np.log(_smoothed(sides[clear & part], 2)) for part in (~late, late))
    accounts = stances.account[ours]
    order = np.argsort(accounts, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(accounts[order]) != 0]))
    members = [order[start:end] for start, end in zip(starts, np.append(starts[1:], len(order)), strict=True)]
    grid = whole.at + np.arange(-_REACH, _REACH + 1) * _STEP
    curves = np.array([_curve(stances.at[ours[m]], before[sides[m]], after[sides[m]], grid) for m in members])
    prior = _common(curves)
    heard = {int(accounts[m[0]]): stances.at[rows[stances.account[rows] == accounts[m[0]]]] for m in members}
    read = (
        _of_member(account, times, grid, curve + prior, whole)
        for (account, times), curve in zip(heard.items(), curves, strict=True)
    )
    return {switch.account: switch for switch in read if switch is not None}


def _curve(times: Ints, before: Floats, after: Floats, grid: Ints) -> Floats:
    """Log-likelihood of a change at each moment over that of none at all, of what one account said."""
    gains = np.concatenate([[0.0], (before - after).cumsum()]) + after.sum() - before.sum()
    return np.asarray(gains[np.searchsorted(times, grid)])


def _common(curves: Floats) -> Floats:
    """When accounts of a farm go over, in logarithms, as all of them together say (expectation-maximisation)."""
    prior = np.exp(-0.5 * (np.arange(-_REACH, _REACH + 1) / _WIDE) ** 2)
    prior /= prior.sum()
    peaks = curves - curves.max(axis=1, keepdims=True)
    # Who shows no change at all says nothing of when.
    shown = np.exp(peaks[curves.max(axis=1) > 0])
    for _ in range(_ROUNDS if len(shown) >= _ENOUGH else 0):
        beliefs = shown * prior
        beliefs /= beliefs.sum(axis=1, keepdims=True)
        prior = np.convolve(beliefs.mean(axis=0), _BLUR, mode="same")
        prior = 0.97 * prior / prior.sum() + 0.03 / len(prior)
    return np.asarray(np.log(prior))


def _smoothed(place: Ints, kinds: int) -> Floats:
    counts = np.bincount(place, minlength=kinds) + 0.5
    return np.asarray(counts / counts.sum())


def _of_member(account: int, times: Ints, grid: Ints, curve: Floats, whole: Switch) -> Switch | None:
    """When this account went over, if what it said is likelier so than if it had never gone; ``times``: when heard."""
    best = float(curve.max())
    likely = np.exp(curve - best)
    odds = best + float(np.log(likely.sum())) + MEMBER_SWITCHES
    if odds < 0:
        return None
    at = int(grid[np.searchsorted(likely.cumsum() / likely.sum(), 0.5)])
    split = int(np.searchsorted(times, at))
    if not 0 < split < len(times):
        return None
    return Switch(
        account=account,
        at=at,
        earliest=int(times[split - 1]),
        latest=int(times[split]),
        gain=odds,
        turned_on=whole.turned_on,
        turned_to=whole.turned_to,
    )


def _grid(stances: Stances, rows: Ints | None = None) -> Ints:
    times = stances.at if rows is None else stances.at[rows]
    first, last = int(times.min()), int(times.max())
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
    return _gain_of(stances.at[rows], said, grid)


def _gain_of(times: Ints, said: Ints, grid: Ints) -> Floats:
    """The same of anything said, by time."""
    kinds, place = np.unique(said, return_inverse=True)
    counts = np.zeros((len(said) + 1, len(kinds)))
    counts[np.arange(1, len(said) + 1), place] = 1.0
    before = counts.cumsum(axis=0)
    after = before[-1] - before
    alone = _evidence(before[-1:], len(kinds))[0]
    gains = _evidence(before, len(kinds)) + _evidence(after, len(kinds)) - alone
    return np.asarray(gains[np.searchsorted(times, grid, side="left")])


def _evidence(counts: Floats, kinds: int) -> Floats:
    """Log marginal likelihood of counts under a symmetric Dirichlet prior."""
    total = counts.sum(axis=1)
    held = (gammaln(counts + _PRIOR) - gammaln(_PRIOR)).sum(axis=1)
    return np.asarray(held + gammaln(_PRIOR * kinds) - gammaln(total + _PRIOR * kinds))


#: How far from their farm's change accounts go over, in steps: ten days; how wide one begins to look: four.
_REACH: Final = 60
_WIDE: Final = 24.0
_ROUNDS: Final = 12
_ENOUGH: Final = 5
_BLUR: Floats = np.exp(-0.5 * (np.arange(-6, 7) / 2.0) ** 2)
_BLUR /= _BLUR.sum()


def _read(stances: Stances, rows: Ints, grid: Ints, curve: Floats, account: int, turn: float) -> Switch | None:
    likely = np.exp(curve - curve.max())
    likely /= likely.sum()
    at = int(grid[np.searchsorted(likely.cumsum(), 0.5)])
    times = stances.at[rows]
    split = int(np.searchsorted(times, at))
    if not 0 < split < len(rows):
        return None
    turned = _turned(stances, rows[:split], rows[split:], turn)
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


def _turned(stances: Stances, before: Ints, after: Ints, least: float) -> tuple[int, int] | None:
    """The subject that lost most, and the one that won most, between before and after; None when nothing turned."""
    heard = [np.unique(stances.subject[part], return_counts=True) for part in (before, after)]
    # Half a dozen words of a farm, one of an account: who is not spoken of on one side shows no turn.
    often = [
        set(subjects[counts >= min(6, len(part) / 6)].tolist())
        for (subjects, counts), part in zip(heard, (before, after), strict=True)
    ]
    subjects = (
        sorted(often[0] | often[1]) if len(before) + len(after) < 2 * FARM_STANCES else sorted(often[0] & often[1])
    )
    changes = []
    for subject in subjects:
        held = [stances.polarity[part][stances.subject[part] == subject] for part in (before, after)]
        means = [float(each.sum()) / (len(each) + 1.0) for each in held]
        changes.append(means[1] - means[0])
    if not changes:
        return None
    lost, won = int(np.argmin(changes)), int(np.argmax(changes))
    if lost == won or changes[won] - changes[lost] < least:
        return None
    return int(subjects[lost]), int(subjects[won])
