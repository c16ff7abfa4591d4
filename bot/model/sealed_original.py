"""Originals that only the leads can open, and the leads' keys."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SealRecipient:
    """A public age key (age1…) to which originals are sealed, and whose it is."""

    id: int
    recipient: str
    name: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedOriginal:
    """The vault's objects that stand for an original: its age file, and a small copy if one is kept."""

    sha256: str
    age_sha256: str
    copy_sha256: str | None
    sealed_at: datetime
