"""Is a community a farm? Signs of the whole group, which no pair shows: honest fans make communities, too.

- closeness: under the posts that they share, its accounts stand within minutes of each other more often than the
  posts' density lets expect, by how much more than they so stand beside everybody else;
- inwardness: which share of its members' links stays within it, beyond its share of all links;
- photos: how much rare photos are shared within it, per account, beyond what its size alone would bring;
- office: which share of its comments falls on Monday to Friday, 9 to 19, beside everybody else's.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse

from detection.coordination import waves
from detection.coordination.activity import UNKNOWN, Activity, Ints
from detection.coordination.evidence import Evidence
from detection.coordination.pairs import Floats, ends_of
from detection.coordination.suggestion import KINDS, Signs
from detection.coordination.thresholds import PAIR_CAP

_HOUR: Final = 3600
_PHOTO: Final = KINDS.index("photo")


def read_signs(activity: Activity, evidence: Evidence, found: Ints, offset: int) -> dict[int, Signs]:
    """The signs of every community; ``offset`` is the newsroom's distance from UTC in seconds."""
    size = int(found.max()) + 1 if len(found) else 0
    one, other = ends_of(evidence.keys)
    weight = np.minimum(evidence.total, PAIR_CAP)
    same = found[one] == found[other]
    everything = np.bincount(found[one], weight, size) + np.bincount(found[other], weight, size)
    inside = 2 * np.bincount(found[one][same], weight[same], size)
    photos = 2 * np.bincount(found[one][same], evidence.weights[same, _PHOTO], size)
    closeness = _closeness(activity, evidence, found, size)
    office = _office(activity, found, size, offset)
    members = np.bincount(found, minlength=size)
    # Half of the world keeps half of all links to itself without any order.
    volume = everything / max(everything.sum(), 1e-9)
    inward = (inside / np.maximum(everything, 1e-9) - volume) / np.maximum(1 - volume, 1e-9)
    photo = evidence.weights[:, _PHOTO]
    shared = np.bincount(found[one], photo, size) + np.bincount(found[other], photo, size)
    beyond = (photos - shared * members / max(1, activity.listed)) / np.maximum(members, 1)
    return {
        n: Signs(
            accounts=int(members[n]),
            closeness=float(closeness[n]),
            inwardness=float(inward[n].clip(0.0, 1.0)),
            photos=float(beyond[n].clip(0.0, None)),
            office=float(office[n]),
        )
        for n in range(size)
        if members[n] > 1
    }


def _closeness(activity: Activity, evidence: Evidence, found: Ints, size: int) -> Floats:
    """Meetings within minutes over those to expect, within a community, relative to the same with everybody else."""
    post, at, account = waves.timed(activity)
    ours = account < activity.listed
    if not ours.any():
        return np.ones(size)
    _, place = np.unique(post, return_inverse=True)
    chance = waves.density(place, at)
    rows = np.unique(np.stack([account[ours], place[ours]], axis=1), axis=0)
    shape = (size, len(chance))
    present = sparse.csr_matrix((np.ones(len(rows)), (found[rows[:, 0]], rows[:, 1])), shape=shape)
    everybody = np.asarray(present.sum(axis=0)).ravel()
    apart = present.multiply(everybody[np.newaxis, :]) - present.multiply(present)
    expected_out = np.asarray(apart.multiply(chance[np.newaxis, :]).sum(axis=1)).ravel()
    pairs = present.multiply(present) - present
    expected_in = np.asarray(pairs.multiply(chance[np.newaxis, :]).sum(axis=1)).ravel() / 2
    one, other = ends_of(evidence.keys)
    same = found[one] == found[other]
    met = evidence.met
    met_in = np.bincount(found[one][same], met[same], size)
    met_out = np.bincount(found[one][~same], met[~same], size) + np.bincount(found[other][~same], met[~same], size)
    # Two meetings more on each side: a handful says little.
    return np.asarray(((met_in + 2) / (expected_in + 2)) / ((met_out + 2) / (expected_out + 2)))


def _office(activity: Activity, found: Ints, size: int, offset: int) -> Floats:
    comments = activity.comments
    known = (comments.at != UNKNOWN) & (comments.account < activity.listed)
    local = comments.at[known] + offset
    hour, day = local // _HOUR % 24, (local // (24 * _HOUR) + 3) % 7
    at_work = ((day < 5) & (hour >= 9) & (hour < 19)).astype(float)
    group = found[comments.account[known]]
    total, worked = np.bincount(group, minlength=size), np.bincount(group, at_work, size)
    usual = worked.sum() / max(1, total.sum())
    return np.asarray((worked + 20 * usual) / (total + 20) - usual)
