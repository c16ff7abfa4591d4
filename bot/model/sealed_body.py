"""The words of a threat's case that are sealed to the leads: what was sealed, and what goes into the age file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedBody:
    """One time that a case's words were sealed: the hash of what an age file holds, and of the age file itself.

    The first file holds what strangers said, and can be handed on; `inside` also who reported it, what colleagues
    wrote, the raw updates. `removed_id` is None as long as the readable words are still there.
    """

    id: int
    submission_id: int
    body_sha256: str
    age_sha256: str
    inside_sha256: str
    inside_age_sha256: str
    sealed_at: datetime
    removed_id: int | None

    @property
    def hashes(self) -> tuple[tuple[str, str], ...]:
        """Of each age file and of what it holds."""
        return ((self.age_sha256, self.body_sha256), (self.inside_age_sha256, self.inside_sha256))


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenBody:
    """What goes into the two age files: what strangers said; and all of it."""

    words: bytes
    inside: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidLine:
    """A line of the custody log that holds words, opened: whoever has it can show what the log committed to."""

    seq: int
    at: str
    kind: str
    salt: bytes
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseBody:
    """All that was said in a case: rows of the archive by their table, and the log's lines that hold words.

    `case` is K-n, `threats` are the T-n that it holds.
    """

    case: str
    threats: Sequence[str]
    newsroom: str
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    lines: Sequence[SaidLine]
