"""A picture that is asked about beside a stored one, with what is known of it and what people said."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.account import Account
from bot.model.photo import PhotoFacts
from bot.model.photo_owner import PhotoOwner
from bot.model.verdict import PhotoFound


@dataclass(frozen=True, kw_only=True, slots=True)
class PairRuling:
    """A person's word on whether two pictures show the same photo; a verdict never overwrites it."""

    is_same: bool
    member_id: int
    member_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoUse:
    """One place in which the bytes of a picture were seen: an account's, a case's, or another source."""

    photo_id: int
    sha256: str
    source: str
    account_id: int | None
    submission_id: int | None
    case_number: int | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoPair:
    """A picture and a stored one that matches it, or may.

    `place` is that of the picture among the parts of its case; `is_file`: it was sent as a file, not shrunk on the way.
    `accounts` use the stored picture, `cases` are the numbers of other cases that brought it, since `since`.
    """

    place: int
    sha256: str
    is_file: bool
    found: PhotoFound
    known: PhotoFacts
    accounts: tuple[Account, ...] = ()
    #: Ids of those of which one person alone says so, who may not decide accounts.
    doubtful: frozenset[int] = frozenset()
    cases: tuple[int, ...] = ()
    since: datetime | None = None
    owner: PhotoOwner | None = None
    ruling: PairRuling | None = None

    @property
    def is_same_file(self) -> bool:
        """Byte by byte the same: nothing to compare, and nothing to rule on."""
        return self.sha256 == self.known.sha256

    @property
    def is_rejected(self) -> bool:
        """A person said that it is not the same photo."""
        return self.ruling is not None and not self.ruling.is_same

    @property
    def is_confirmed(self) -> bool:
        """A person said that it is the same photo."""
        return self.ruling is not None and self.ruling.is_same

    @property
    def is_match(self) -> bool:
        """The same photo, by the machine or by a person's word; else only a question."""
        return self.is_confirmed or (self.found.tier == "match" and not self.is_rejected)


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoSeen:
    """Where a photo was seen: the stored pictures that match it, and how often they were used, from when to when."""

    pairs: tuple[PhotoPair, ...]
    times: int = 0
    since: datetime | None = None
    last: datetime | None = None
    accounts: tuple[Account, ...] = ()
    cases: tuple[int, ...] = ()
    owners: tuple[PhotoOwner, ...] = ()

    @property
    def possible(self) -> int:
        """Pictures of which only a person can say whether they are the same."""
        return sum(not pair.is_match for pair in self.pairs)
