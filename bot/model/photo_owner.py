"""The real person from whom a photo was stolen: never an account, never merged with one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerEntry:
    """What somebody says of an owner: the name, a link to the real profile, how the person was identified, a note."""

    name: str
    profile: str | None = None
    how: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoOwner:
    """The owner of a stored picture, as a member recorded it; without an entry it was taken back."""

    sha256: str
    entry: OwnerEntry | None
    member_id: int
    member_name: str
    at: datetime
