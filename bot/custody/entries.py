"""One line of the custody log, and the exact bytes of it that are hashed.

`[seq, at, kind, subject, commitment, prev]`: the number from 0 on, the moment, what was done, whose pseudonym it
concerns, the commitment to a sealed body, and the leaf of the line before. `prev` makes a plain chain that can be
followed by eye; the leaves make the tree.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.custody.canonical import canonical
from bot.custody.merkle import HASH_BYTES, leaf_hash

#: What stands in `prev` of the first entry.
NO_ENTRY: Final = bytes(HASH_BYTES)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z", re.ASCII)


class EntryKind(StrEnum):
    """What was done."""

    RECEIVED = "received"  # a message came, as Telegram gave it
    KEPT = "kept"  # what was in it: words, author, the hash of its bytes
    CHANGED = "changed"  # a person, or the house, changed something
    VIEWED = "viewed"  # somebody was shown originals
    EXPORTED = "exported"  # evidence was handed over
    ERASED = "erased"  # a subject's key was destroyed
    LATE = "late"  # stored before the log began
    SEALED = "sealed"  # what was said of a subject is sealed to the leads: its key left with it


#: Entries that hold somebody's words. Changes may too: of cases they do.
SAID: Final = frozenset({EntryKind.RECEIVED, EntryKind.KEPT, EntryKind.LATE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A line of the log; `at` is UTC with microseconds, `subject` a pseudonym of 32 hex digits."""

    seq: int
    at: str
    kind: str
    subject: str
    commitment: bytes
    prev: bytes

    @property
    def values(self) -> list[Any]:
        """The line as it is written in JSON: hashes in hex."""
        return [self.seq, self.at, self.kind, self.subject, self.commitment.hex(), self.prev.hex()]

    @property
    def line(self) -> bytes:
        """The line's canonical bytes."""
        return canonical(self.values)

    @property
    def leaf(self) -> bytes:
        """The line's leaf in the tree."""
        return leaf_hash(self.line)


def entry_of(values: Sequence[Any]) -> Entry:
    """The entry that a line of JSON holds. Raises ValueError for anything else."""
    if len(values) != 6 or not isinstance(values[0], int) or not all(isinstance(each, str) for each in values[1:]):
        raise ValueError("not an entry of a custody log")
    seq, at, kind, subject, commitment, prev = values
    return Entry(
        seq=seq, at=at, kind=kind, subject=subject, commitment=bytes.fromhex(commitment), prev=bytes.fromhex(prev)
    )


def spelled(moment: datetime) -> str:
    """A moment as entries spell it. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime reached the custody log")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    """The moment that an entry spells. Raises ValueError."""
    if not _MOMENT.match(text):
        raise ValueError("not a moment of a custody log")
    return datetime.fromisoformat(text)
