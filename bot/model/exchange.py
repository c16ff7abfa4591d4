"""What newsrooms tell each other by choice: photo hashes, text fingerprints, ids of farms. Never people."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

#: The largest file that is written or read, in bytes.
MOST_BYTES = 10_000_000
#: Items of one file, and ids that it recalls; with so many the largest items stay below MOST_BYTES.
MOST_ITEMS = 10_000
MOST_REVOKED = 30_000
#: Hashes of one picture: itself, its middle square, the square in its circle, and those within a frame.
MOST_HASHES = 4
#: Days for which an item is said to hold, at the most, and unless something else is asked for.
LONGEST_DAYS = 730
USUAL_DAYS = 180
#: The first day of which an item may speak.
EARLIEST = date(2000, 1, 1)
#: Signs of a newsroom's name.
LONGEST_NAME = 80
#: How a file's name ends.
ENDING = ".kalkan-exchange.json"


class ItemKind(StrEnum):
    """What is shared."""

    PHOTO = "photo"
    TEXT = "text"
    FARM = "farm"


class Standing(StrEnum):
    """How the reader of a file stands to the key that signed it."""

    OWN = "own"
    TRUSTED = "trusted"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedHash:
    """A perceptual hash of a picture (32 bytes in hex) and of its mirror image; `disc`: of the square in its circle."""

    disc: bool
    phash: str
    mirrored: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedItem:
    """One thing that a newsroom says. `id` is its name for whoever recalls it, `farm` the id of a farm item.

    A photo has `hashes`; a text has `text_key`, the fingerprint of its skeleton (63 bits), and the version of the
    `normaliser` that made it. `confidence` is in percent; it counts up to and including the day `expires`, in UTC.
    """

    id: str
    kind: ItemKind
    confidence: int
    since: date
    expires: date
    farm: str | None = None
    hashes: tuple[SharedHash, ...] = ()
    text_key: int | None = None
    normaliser: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """Who says it: what the newsroom calls itself, and the 32 bytes of its key."""

    name: str
    key: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class ExchangeFile:
    """What a file says. A later file of an issuer has a greater `sequence`; `revoked` are ids of items it recalls."""

    issuer: Issuer
    sequence: int
    made_at: datetime
    items: tuple[SharedItem, ...] = ()
    revoked: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Partner:
    """A newsroom whose key was accepted. `name` is what we call it, whatever its files say."""

    id: int
    name: str
    key: bytes
    sequence: int
    trusted_at: datetime
    read_at: datetime | None = None
    withdrawn_at: datetime | None = None
    #: Items of it that count today.
    items: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPreview:
    """What a file would change: items that come, that say something else than before, that are recalled, that stay.

    `expired` and `foreign` are not taken: their time is over, or another normaliser made them.
    """

    issuer: Issuer
    standing: Standing
    #: What we call the issuer, where its key is known.
    known_as: str | None
    sequence: int
    made_at: datetime
    is_old: bool
    added: int = 0
    changed: int = 0
    recalled: int = 0
    same: int = 0
    expired: int = 0
    foreign: int = 0

    @property
    def may_apply(self) -> bool:
        """Whether it can be taken in."""
        return self.standing is Standing.TRUSTED and not self.is_old


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportPreview:
    """What a file made now would say; `left_out` are the oldest that would be too many for one file."""

    name: str
    key: bytes
    photos: int = 0
    texts: int = 0
    farms: int = 0
    fresh: int = 0
    recalled: int = 0
    left_out: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeExport:
    """A file that was made."""

    id: int
    sequence: int
    name: str
    data: bytes
    preview: ExportPreview


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerWord:
    """What a partner says of something in a case: a word of its own, never a ruling of ours."""

    partner: str
    kind: ItemKind
    confidence: int
    since: date
    farm: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedPicture:
    """A picture for formats that know another hash: the item, and its bytes' PDQ hash with its quality (0 to 100)."""

    item: SharedItem
    pdq: str
    quality: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Recalled:
    """What is left of an item that was said and is recalled; `revoked_in`: since which file, none before it is."""

    kind: ItemKind
    since: date
    revoked_in: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CountersignedCheckpoint:
    """A partner saw our custody log when it had so many entries."""

    partner: str
    size: int
    at: datetime
