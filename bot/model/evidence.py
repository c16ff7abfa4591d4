"""What is handed over as evidence: cases with their threats and originals, and the lines of the custody log about them.

One small shape for each thing that is exported, filled from whatever the archive holds: a field that the archive learns
to keep is added here and in the view that shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Profile(StrEnum):
    """For whom an export is made."""

    FULL = "full"
    HRD = "hrd"  # a record of an event concerning human-rights defenders
    NEWSROOM = "newsroom"  # a newsroom's own log of attacks


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceOrder:
    """What somebody asked for: numbers of threats and cases, for whom, in which language, with or without names."""

    threats: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()
    profile: Profile = Profile.FULL
    language: str | None = None
    with_names: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPlan:
    """What an order comes to: its numbers, and how many cases that makes, those that hold only copies included.

    `incidents` are the numbers of incidents that hold further records.
    """

    order: EvidenceOrder
    cases: int
    incidents: tuple[int, ...] = ()

    @property
    def records(self) -> int:
        """How many threats and cases were named or found."""
        return len(self.order.threats) + len(self.order.cases)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedPart:
    """One message of a case; its place in the case counts from 1."""

    place: int
    kind: str
    text: str
    origin: Mapping[str, Any]
    received_at: datetime
    edited_at: datetime | None = None
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedSighting:
    """Once that a threat was seen: in which message of which case. Of what a member typed the words are left out."""

    case: str
    part: int
    text: str
    account: str | None
    link: str | None
    posted_at: datetime | None
    seen_at: datetime
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedStep:
    """What somebody did with a record, or wrote about it; who, only where names were asked for."""

    event: str
    at: datetime
    details: Mapping[str, str]
    by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatDetails:
    """What the threat log holds of a record beyond the machine's finding.

    `times`: how often it was posted; `sightings`: how often it was seen. `record` holds what people filled in of the
    event record (bot.model.event_record), the record's own before that of its incident.
    """

    category: str = "threat"
    channel: str | None = None
    platform: str | None = None
    accounts: Sequence[str] = ()
    link: str | None = None
    place: str | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    times: int = 1
    sightings: Sequence[ExportedSighting] = ()
    incident: str | None = None
    assignee: str | None = None
    measures: Sequence[str] = ()
    triage: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[ExportedStep] = ()
    history: Sequence[ExportedStep] = ()
    record: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedThreat:
    """What is exported of a threat; `part` is the place of the message that holds it."""

    label: str
    case: str
    part: int
    level: str
    kinds: Sequence[str]
    severity: int
    imminent: bool
    targets: Sequence[str]
    status: str
    recorded_at: datetime
    more: ThreatDetails = field(default_factory=ThreatDetails)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedRuling:
    """What a person decided; who, only where names were asked for."""

    kind: str
    value: str
    at: datetime
    by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedCase:
    """A case with everything that is handed over of it; `is_copy`: only those messages that repeat a threat."""

    label: str
    opened_at: datetime
    level: str
    target: str | None
    target_kind: str | None
    parts: Sequence[ExportedPart]
    threats: Sequence[ExportedThreat]
    rulings: Sequence[ExportedRuling]
    reporter: str | None = None
    is_copy: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LogLine:
    """A line of the custody log: its six values, its proof of inclusion, and its body where that is disclosed."""

    values: Sequence[Any]
    proof: Sequence[bytes]
    salt: bytes | None = None
    body: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LogExcerpt:
    """The lines about the exported cases, up to a signed checkpoint."""

    note: str
    size: int
    root: bytes
    verifier_key: str
    lines: Sequence[LogLine]
    token: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedWords:
    """The age file in which words of a case are sealed; `body_sha256` is the hash of what comes out of it."""

    case: str
    body_sha256: str
    age: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One export. `originals` are the bytes by SHA-256, `pictures` harmless copies of them for the report."""

    label: str
    made_at: datetime
    newsroom: str
    zone: str
    language: str
    profile: Profile
    with_names: bool
    cases: Sequence[ExportedCase]
    log: LogExcerpt
    signing_key: str
    originals: Mapping[str, bytes] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    #: Age files that stand for originals which only the leads can open, by the originals' SHA-256.
    sealed: Mapping[str, bytes] = field(default_factory=dict)
    #: Words of cases that only the leads can open.
    bodies: Sequence[SealedWords] = ()
    #: Originals that are in the log but could not be read any more.
    missing: Sequence[str] = ()

    @property
    def threats(self) -> list[ExportedThreat]:
        """Every threat of every case."""
        return [threat for case in self.cases for threat in case.threats]

    def part_of(self, threat: ExportedThreat) -> ExportedPart | None:
        """The message that holds a threat."""
        case = next((each for each in self.cases if each.label == threat.case), None)
        return next((part for part in case.parts if part.place == threat.part), None) if case else None


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOver:
    """A finished export: the file's name and bytes, what it holds, and the hash by which the log remembers it."""

    label: str
    name: str
    data: bytes
    cases: Sequence[str]
    files: int
    tagmanifest_sha256: str
