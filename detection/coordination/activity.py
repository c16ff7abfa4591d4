"""What accounts did, as columns: everything that links, rhythms and switches are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

#: "Not known" in every integer column.
UNKNOWN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """Comments as columns of one length.

    ``account``: index of who wrote it. ``at``: seconds since 1970, UNKNOWN when no time is known. ``text``: a number
    that near-duplicates share. ``post``: what it stands under. ``target``: whom it is about. ``reply_to``: the account
    it answers.
    """

    account: Ints
    at: Ints
    text: Ints
    post: Ints
    target: Ints
    reply_to: Ints

    def __post_init__(self) -> None:
        sizes = {len(getattr(self, name)) for name in self.__slots__}
        if len(sizes) != 1:
            raise ValueError("columns of comments must have one length")


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos:
    """Which account uses which photo; near-identical pictures share a number."""

    account: Ints
    photo: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Stances:
    """What an account praised (+1) or attacked (-1): whom (``subject``), and when (seconds since 1970)."""

    account: Ints
    at: Ints
    subject: Ints
    polarity: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Everything known of ``accounts`` accounts.

    The first ``listed`` of them stand on the newsroom's list: links are looked for among those only. The others are
    the crowd that says how common a text, a photo or an hour is. Raises ValueError for an index out of range.
    """

    accounts: int
    listed: int
    comments: Comments
    photos: Photos
    stances: Stances

    def __post_init__(self) -> None:
        if not 0 <= self.listed <= self.accounts:
            raise ValueError("more listed accounts than accounts")
        for column in (self.comments.account, self.comments.reply_to, self.photos.account, self.stances.account):
            if len(column) and (column.min() < UNKNOWN or column.max() >= self.accounts):
                raise ValueError("an account index out of range")
