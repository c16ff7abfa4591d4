"""Replies of listed accounts to each other, weighed against how much each of them replies and is replied to."""

from __future__ import annotations

import numpy as np

from detection.coordination.activity import UNKNOWN, Activity, Ints
from detection.coordination.pairs import Floats, ends_of, keys_of, summed


def answering(activity: Activity) -> tuple[Ints, Floats, Floats]:
    """Each pair with its replies to each other, and how many chance lets expect."""
    comments = activity.comments
    known = comments.reply_to != UNKNOWN
    one, other = comments.account[known], comments.reply_to[known]
    apart = one != other
    one, other = one[apart], other[apart]
    given = np.bincount(one, minlength=activity.accounts).astype(float)
    taken = np.bincount(other, minlength=activity.accounts).astype(float)
    ours = (one < activity.listed) & (other < activity.listed)
    keys, counts = summed(keys_of(one[ours], other[ours]), np.ones(int(ours.sum())))
    first, second = ends_of(keys)
    mean = (given[first] * taken[second] + given[second] * taken[first]) / max(1, len(one))
    return keys, counts, mean
