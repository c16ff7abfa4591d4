"""The same targets in the same hours, and a working day in common: weak signs that only lean on stronger ones."""

from __future__ import annotations

import numpy as np

from detection.coordination.activity import UNKNOWN, Activity, Ints
from detection.coordination.pairs import Floats, ends_of, within_blocks
from detection.coordination.thresholds import HOUR_ACCOUNTS, PASSING_ON

_HOUR = 3600
_WEEK = 168
_CHUNK = 100_000


def same_targets(activity: Activity) -> tuple[Ints, Floats]:
    """Each pair with the surprise of the hours in which both were at one target; crowded hours count for nothing."""
    comments = activity.comments
    known = (comments.at != UNKNOWN) & (comments.target != UNKNOWN)
    slots = comments.target[known] * (1 << 32) + comments.at[known] // _HOUR
    rows = np.unique(np.stack([slots, comments.account[known]], axis=1), axis=0)
    if not len(rows):
        return np.empty(0, dtype=np.int64), np.empty(0)
    _, place, users = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    weight = np.log(activity.accounts / (PASSING_ON * users)).clip(0.0, None)[place]
    useful = (users[place] > 1) & (users[place] <= HOUR_ACCOUNTS) & (rows[:, 1] < activity.listed)
    return within_blocks(rows[useful, 0], rows[useful, 1], weight[useful])


def rhythm_likeness(activity: Activity, keys: Ints) -> Floats:
    """How alike the weeks of two accounts are beyond what everybody's week explains: -1..1."""
    comments = activity.comments
    known = comments.at != UNKNOWN
    # Three-hour pieces of the week: an account has some tens of comments, not thousands.
    piece = comments.at[known] // (3 * _HOUR) % (_WEEK // 3)
    weeks = np.zeros((activity.accounts, _WEEK // 3))
    np.add.at(weeks, (comments.account[known], piece), 1.0)
    usual = (weeks.sum(axis=0) + 1) / (weeks.sum() + weeks.shape[1])
    counts = weeks.sum(axis=1, keepdims=True)
    excess = (weeks - counts * usual) / np.sqrt(usual)
    excess /= np.maximum(np.linalg.norm(excess, axis=1, keepdims=True), 1e-9)
    one, other = ends_of(keys)
    likeness = np.zeros(len(keys))
    for start in range(0, len(keys), _CHUNK):
        part = slice(start, start + _CHUNK)
        likeness[part] = np.einsum("ij,ij->i", excess[one[part]], excess[other[part]])
    return likeness
