"""All evidence that two accounts are run together: one table of pairs, a column a kind.

Each number is a gain in log-likelihood (natural logarithms) of "run together" over "met by chance", capped where kinds
overlap: comments under one post are also at one target in one hour. A count is held against what chance lets expect of
this pair: G = x ln(x / e) - (x - e), the likelihood ratio of a Poisson count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detection.coordination import hours, replies, shared, waves
from detection.coordination.activity import Activity, Ints
from detection.coordination.pairs import Floats, ends_of, looked_up
from detection.coordination.suggestion import Switch
from detection.coordination.thresholds import (
    HOURS_SHARE,
    LEAST_EXPECTED,
    PASSING_ON,
    REPLY_CAP,
    RHYTHM_CAP,
    SWITCH_CAP,
    SWITCH_DAYS,
)

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Evidence:
    """Pairs of accounts (sorted keys) with a row of weights each; ``met`` and ``expected`` meetings within minutes."""

    keys: Ints
    weights: Floats
    met: Floats
    expected: Floats

    @property
    def total(self) -> Floats:
        """The weight of each pair over all kinds."""
        return np.asarray(self.weights.sum(axis=1))


def gather(activity: Activity, switches: Sequence[Switch] = ()) -> Evidence:
    """The evidence on every pair that shares anything; pairs that share nothing are never looked at."""
    photo, text = shared.same_photo(activity), shared.same_text(activity)
    wave, hour = waves.together(activity), hours.same_targets(activity)
    reply_keys, replied, chance = replies.answering(activity)
    # Hours alone make no candidates: they lean on what two accounts have of their own.
    keys = np.unique(np.concatenate([photo[0], text[0], wave[0], reply_keys]))
    met, expected = looked_up(keys, wave), waves.expected(activity, keys)
    at_targets = looked_up(keys, hour)
    columns = [
        looked_up(keys, photo),
        looked_up(keys, text),
        surprise(met, expected),
        surprise(looked_up(keys, (reply_keys, replied)), looked_up(keys, (reply_keys, chance))).clip(0, REPLY_CAP),
        HOURS_SHARE * surprise(at_targets, _by_diligence(keys, hour, activity.accounts)),
        _switched(keys, switches, activity.accounts),
        RHYTHM_CAP * hours.rhythm_likeness(activity, keys).clip(0.0, 1.0),
    ]
    return Evidence(keys=keys, weights=np.stack(columns, axis=1), met=met, expected=expected)


def surprise(count: Floats, expected: Floats) -> Floats:
    """The gain in log-likelihood of a count above its expectation; 0 for one below."""
    mean = np.maximum(expected, LEAST_EXPECTED)
    above = count > mean
    return np.where(above, count * np.log(np.maximum(count, 1e-9) / mean) - (count - mean), 0.0)


def _by_diligence(keys: Ints, table: tuple[Ints, Floats], accounts: int) -> Floats:
    """What two accounts as busy as these would share, if busyness were all."""
    one, other = ends_of(table[0])
    share = np.bincount(one, table[1], accounts) + np.bincount(other, table[1], accounts)
    first, second = ends_of(keys)
    return np.asarray(share[first] * share[second] / max(share.sum(), 1e-9))


def _switched(keys: Ints, switches: Sequence[Switch], accounts: int) -> Floats:
    """Pairs that turned on and to the same within days: the fewer did so just then, the more it says."""
    known = np.zeros(accounts, dtype=bool)
    at, sides = np.zeros(accounts), np.zeros(accounts, dtype=np.int64)
    for switch in switches:
        known[switch.account] = True
        at[switch.account] = switch.at / _DAY
        sides[switch.account] = switch.turned_on << 32 | switch.turned_to
    one, other = ends_of(keys)
    same = known[one] & known[other] & (sides[one] == sides[other]) & (np.abs(at[one] - at[other]) <= SWITCH_DAYS)
    beside = {}
    for switch in switches:
        near = np.abs(at - at[switch.account]) <= SWITCH_DAYS
        beside[switch.account] = int((known & (sides == sides[switch.account]) & near).sum())
    many = np.array([beside.get(n, 1) for n in range(accounts)], dtype=float)
    weight = np.log(accounts / (PASSING_ON * np.maximum(many[one], many[other]))).clip(0.0, SWITCH_CAP)
    return np.where(same, weight, 0.0)
