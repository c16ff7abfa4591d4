"""Accounts with the same photo or the same text: the rarer, the more it says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detection.coordination.activity import UNKNOWN, Activity, Ints
from detection.coordination.pairs import Floats, joined, keys_of, neighbours, within_blocks
from detection.coordination.thresholds import (
    COMMON_ACCOUNTS,
    LATER_TEXT,
    PASSING_ON,
    PHOTO_CAP,
    TEXT_CAP,
    TEXT_DAY,
)

Table = tuple[Ints, Floats]


def same_photo(activity: Activity) -> Table:
    """For each pair the surprise, in natural logarithms, of the photos it shares."""
    photos = activity.photos
    rows = np.unique(np.stack([photos.photo, photos.account], axis=1), axis=0)
    # A thief's photo serves a handful of accounts; flags, flowers and leaders serve many who never met: the weight
    # falls with the pairs that a photo makes, not only with its users.
    weight, useful = _surprise(rows[:, 0], rows[:, 1], activity, PHOTO_CAP, by_pairs=True)
    return within_blocks(rows[useful, 0], rows[useful, 1], weight[useful])


def same_text(activity: Activity) -> Table:
    """For each pair the surprise, in natural logarithms, of the texts it shares.

    A text that both wrote within a day counts in full; one that they wrote weeks apart may have gone round.
    """
    comments = activity.comments
    known = comments.text != UNKNOWN
    # One row per account and text: the first time it was written, unknown moments last.
    at = np.where(comments.at == UNKNOWN, np.iinfo(np.int64).max // 2, comments.at)[known]
    text, account = comments.text[known], comments.account[known]
    order = np.lexsort((at, account, text))
    text, account, at = text[order], account[order], at[order]
    first = np.ones(len(text), dtype=bool)
    first[1:] = (text[1:] != text[:-1]) | (account[1:] != account[:-1])
    text, account, at = text[first], account[first], at[first]
    weight, useful = _surprise(text, account, activity, TEXT_CAP)
    text, account, at, weight = text[useful], account[useful], at[useful], weight[useful]
    found: list[Table] = []
    for one, other in neighbours(text):
        apart = np.abs(at[one] - at[other]) > TEXT_DAY
        factor = np.where(apart, LATER_TEXT, 1.0)
        found.append((keys_of(account[one], account[other]), weight[one] * factor))
    return joined(found)


def _surprise(
    things: Ints, accounts: Ints, activity: Activity, cap: float, *, by_pairs: bool = False
) -> tuple[Floats, NDArray[np.bool_]]:
    """Per row how much the thing says, and whether it links: things are sorted, each account once for each."""
    _, place, users = np.unique(things, return_inverse=True, return_counts=True)
    common = users * users / 2 if by_pairs else users
    weight = np.log(activity.accounts / (PASSING_ON * np.maximum(common, 1))).clip(0.0, cap)[place]
    # The crowd counts as users, and is linked to nobody.
    links = (users[place] > 1) & (users[place] <= COMMON_ACCOUNTS) & (accounts < activity.listed)
    return weight, (weight > 0) & links
