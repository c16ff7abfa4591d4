"""Is a community a farm? Signs of the whole group, which no pair shows: honest fans make communities, too.

- inwardness: which share of its members' links stays within it, beyond its share of all links;
- photos: how much rare photos are shared within it, per account, beyond what its size alone would bring;
- texts: which share of its comments repeats a text of its own: one that several of its accounts wrote and hardly
  anybody else did. A text counts for a few comments only: a petition that hundreds copy is one text, not hundreds.

Each is read twice: as it is, and by how far it is below the middle community of the same archive. How much of anything
can be seen depends on what a newsroom has; beside clear farms a doubtful group is likelier none.

Closeness in time and office hours are no signs: whom one notification calls are close, too, and night shifts exist.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from detection.coordination.activity import UNKNOWN, Activity, Ints
from detection.coordination.evidence import Evidence
from detection.coordination.pairs import Floats, ends_of
from detection.coordination.suggestion import KINDS, Signs
from detection.coordination.thresholds import (
    CLEAR_ACCOUNTS,
    OWN_TEXT_COMMENTS,
    OWN_TEXT_SHARE,
    PAIR_CAP,
    SIGN_WEIGHTS,
)

_PHOTO: Final = KINDS.index("photo")
#: Comments of everybody's that are added to a community's: a handful says little.
_FEW: Final = 20


def read_signs(activity: Activity, evidence: Evidence, found: Ints) -> dict[int, Signs]:
    """The signs of every community of two and more."""
    size = int(found.max()) + 1 if len(found) else 0
    members = np.bincount(found, minlength=size)
    values = np.stack(
        [
            _inwardness(evidence, found, size),
            np.log1p(_photos(evidence, found, members, activity.listed)),
            np.sqrt(_texts(activity, found, size)),
        ],
        axis=1,
    )
    odds = _odds(values, members)
    return {
        n: Signs(
            accounts=int(members[n]),
            inwardness=float(values[n, 0]),
            photos=float(values[n, 1]),
            texts=float(values[n, 2]),
            odds=float(odds[n]),
        )
        for n in np.flatnonzero(members > 1).tolist()
    }


def _odds(values: Floats, members: Ints) -> Floats:
    """Log-odds by a logistic regression (see thresholds) of the signs and of how far each is below the middle."""
    if not len(values):
        return np.empty(0)
    # The signs of a handful swing widely: only a group of some size sets the measure.
    large = members >= min(CLEAR_ACCOUNTS, int(members.max()))
    middle = np.array([_median(column[large], members[large]) for column in values.T])
    below = np.minimum(values - middle, 0.0)
    constant, *weights = SIGN_WEIGHTS
    return np.asarray(constant + np.concatenate([values, below], axis=1) @ np.array(weights))


def _median(values: Floats, weights: Ints) -> float:
    order = np.argsort(values)
    sums = weights[order].cumsum()
    return float(values[order][np.searchsorted(sums, sums[-1] / 2)])


def _inwardness(evidence: Evidence, found: Ints, size: int) -> Floats:
    one, other = ends_of(evidence.keys)
    weight = np.minimum(evidence.total, PAIR_CAP)
    same = found[one] == found[other]
    everything = np.bincount(found[one], weight, size) + np.bincount(found[other], weight, size)
    inside = 2 * np.bincount(found[one][same], weight[same], size)
    # Half of the world keeps half of all links to itself without any order.
    volume = everything / max(everything.sum(), 1e-9)
    inward = (inside / np.maximum(everything, 1e-9) - volume) / np.maximum(1 - volume, 1e-9)
    return np.asarray(inward.clip(0.0, 1.0))


def _photos(evidence: Evidence, found: Ints, members: Ints, listed: int) -> Floats:
    one, other = ends_of(evidence.keys)
    size, photo = len(members), evidence.weights[:, _PHOTO]
    same = found[one] == found[other]
    inside = 2 * np.bincount(found[one][same], photo[same], size)
    shared = np.bincount(found[one], photo, size) + np.bincount(found[other], photo, size)
    beyond = (inside - shared * members / max(1, listed)) / np.maximum(members, 1)
    return np.asarray(beyond.clip(0.0, None))


def _texts(activity: Activity, found: Ints, size: int) -> Floats:
    comments = activity.comments
    known = comments.text != UNKNOWN
    rows = np.unique(np.stack([comments.text[known], comments.account[known]], axis=1), axis=0)
    _, place, users = np.unique(rows[:, 0], return_inverse=True, return_counts=True)
    ours = rows[:, 1] < activity.listed
    pairs, count = np.unique(place[ours] * size + found[rows[ours, 1]], return_counts=True)
    own = (count > 1) & (count >= OWN_TEXT_SHARE * users[pairs // max(1, size)])
    repeated = np.bincount(pairs[own] % size, np.minimum(count[own], OWN_TEXT_COMMENTS), size)
    written = np.bincount(found[comments.account[known & (comments.account < activity.listed)]], minlength=size)
    return np.asarray(repeated / (written + _FEW))
