"""What a check of the custody log found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trust(StrEnum):
    """What can be said after a check."""

    GOOD = "good"  # nothing was changed since the anchors were made
    UNANCHORED = "unanchored"  # nothing inside contradicts itself, but nothing outside vouches for it
    PARTLY = "partly"  # the lines are good; the bodies and files could not be checked without the key
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """The first thing that is wrong: its code, the line or the size where it is, and what it is about."""

    code: str
    place: int | None = None
    about: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CustodyReport:
    """A checked log. `anchors` came from outside; `anchored` is the size that the newest of them vouches for.

    `witnesses` are the partners who countersigned checkpoints of it, each with the moment.
    """

    lines: int = 0
    root: bytes = b""
    erased: int = 0
    waiting: int = 0
    files: int = 0
    checkpoints: int = 0
    anchors: int = 0
    anchored: int = 0
    witnesses: tuple[tuple[str, datetime], ...] = ()
    has_key: bool = True
    broken: Break | None = None

    @property
    def trust(self) -> Trust:
        """What can be said of the whole."""
        if self.broken is not None:
            return Trust.BROKEN
        if not self.has_key:
            return Trust.PARTLY
        return Trust.GOOD if self.anchored or not self.lines else Trust.UNANCHORED
