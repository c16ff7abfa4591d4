"""Comments under one post within minutes, weighed against how dense that post was anyway.

Two people who read the same page meet under many posts. What chance does not explain is that, of the posts they share,
they stand within minutes of each other under so many: a Poisson count with the mean that the posts' own density gives.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from detection.coordination.activity import UNKNOWN, Activity, Ints
from detection.coordination.pairs import Floats, ends_of, joined, keys_of
from detection.coordination.thresholds import CANDIDATES, WAVE_PAIRS, WAVE_SECONDS

_CHUNK = 100_000


def together(activity: Activity) -> tuple[Ints, Floats]:
    """Each pair with the number of posts under which it commented within minutes."""
    post, at, account = timed(activity)
    listed = account < activity.listed
    post, at, account = post[listed], at[listed], account[listed]
    found: list[tuple[Ints, Floats]] = []
    for distance in range(1, min(WAVE_PAIRS, len(post) - 1) + 1):
        near = np.flatnonzero((post[distance:] == post[:-distance]) & (at[distance:] - at[:-distance] <= WAVE_SECONDS))
        if not len(near):
            break
        one, other = account[near], account[near + distance]
        apart = one != other
        keys, where = keys_of(one[apart], other[apart]), post[near][apart]
        # Several comments of the same two under one post are one meeting.
        once = np.unique(np.stack([keys, where], axis=1), axis=0)[:, 0] if len(keys) else keys
        found.append((once, np.ones(len(once))))
        if len(found) == 8:
            found = [joined(found)]
    keys, counts = joined(found)
    if len(keys) > CANDIDATES:
        strongest = np.sort(np.argpartition(-counts, CANDIDATES)[:CANDIDATES])
        keys, counts = keys[strongest], counts[strongest]
    return keys, counts


def expected(activity: Activity, keys: Ints) -> Floats:
    """How many meetings within minutes the posts' density lets expect of each pair, from the posts both were under."""
    post, at, account = timed(activity)
    if not len(post):
        return np.zeros(len(keys))
    _, place = np.unique(post, return_inverse=True)
    chance = density(place, at)
    matrix = sparse.csr_matrix((np.ones(len(place)), (account, place)), shape=(activity.accounts, len(chance)))
    matrix.data[:] = 1.0
    weighted = matrix.multiply(chance[np.newaxis, :]).tocsr()
    one, other = ends_of(keys)
    sums = np.zeros(len(keys))
    for start in range(0, len(keys), _CHUNK):
        piece = slice(start, start + _CHUNK)
        sums[piece] = np.asarray(weighted[one[piece]].multiply(matrix[other[piece]]).sum(axis=1)).ravel()
    return sums


def timed(activity: Activity) -> tuple[Ints, Ints, Ints]:
    """Post, moment and account of the comments that have both, by post and time."""
    comments = activity.comments
    known = (comments.at != UNKNOWN) & (comments.post != UNKNOWN)
    post, at, account = comments.post[known], comments.at[known], comments.account[known]
    order = np.lexsort((at, post))
    return post[order], at[order], account[order]


def density(place: Ints, at: Ints) -> Floats:
    """Per post the share of its pairs of comments that are within minutes, drawn towards what is usual."""
    # Posts lie far apart on one line of time, so that one search finds the end of each comment's window.
    line = place.astype(np.int64) * (1 << 40) + (at - at.min())
    following = np.searchsorted(line, line + WAVE_SECONDS, side="right") - np.arange(len(line)) - 1
    near = np.bincount(place, weights=following.astype(float))
    size = np.bincount(place).astype(float)
    pairs = size * (size - 1) / 2
    usual = near.sum() / max(1.0, pairs.sum())
    return np.asarray((near + 4 * usual) / (pairs + 4))
