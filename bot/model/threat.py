"""The threat log's nouns: what a record T-n holds, who is meant by it, and the incident that keeps a wave together."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.verdict import TargetFound, ThreatFound


class Status(StrEnum):
    """Where a record stands; people move it on, in any order. `withdrawn` follows from an undone submission."""

    NEW = "new"
    CONFIRMED = "confirmed"
    PLATFORM = "platform"
    POLICE = "police"
    LAWYER = "lawyer"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


#: What asks for no further work.
CLOSED = frozenset({Status.RESOLVED, Status.DISMISSED, Status.WITHDRAWN})
#: What a person can choose.
STEPS = tuple(status for status in Status if status is not Status.WITHDRAWN)


class Category(StrEnum):
    """What happened: a threat in words, or what an archive of attacks on a newsroom holds besides."""

    THREAT = "threat"
    HACKING = "hacking"
    ASSAULT = "assault"
    SUMMONS = "summons"
    LAWSUIT = "lawsuit"
    DETENTION = "detention"
    RAID = "raid"
    IMPERSONATION = "impersonation"


class Channel(StrEnum):
    """By which way it reached the newsroom."""

    COMMENT = "comment"
    MESSAGE = "message"
    CALL = "call"
    SMS = "sms"
    LETTER = "letter"
    EMAIL = "email"
    IN_PERSON = "in_person"
    OTHER = "other"


class Measure(StrEnum):
    """What the newsroom offers to those who are meant."""

    LEGAL = "legal"
    PSYCHOSOCIAL = "support"
    RELOCATION = "relocation"
    VOLUNTEERS = "volunteers"


#: The questions of the guided form, in their order: what is known of the danger to life and limb. Answers are kept as
#: they were given; nothing is added up, since no score has been shown to foretell violence.
QUESTIONS = (
    "moment",
    "impunity",
    "campaign",
    "known_face",
    "knows_place",
    "knows_family",
    "knows_guard",
    "state_actor",
    "cites_case",
    "platforms",
    "to_family",
    "doxxed",
)
ANSWERS = ("yes", "no", "unknown")

#: Threats against the same people within this are one wave: that of 6 October came within hours; a day leaves room for
#: the night between, a week would join what has nothing to do with each other.
WAVE = timedelta(hours=24)
GRAVEST = 4


def is_alarming(finding: ThreatFound) -> bool:
    """Whether somebody is called at once: a time, place, gathering or guards are named, or it is of the gravest."""
    return finding.level == "threat" and (finding.imminent or finding.severity >= GRAVEST)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Who is meant: somebody under protection, or a name in the words."""

    staff_id: int | None
    name: str
    #: The member that this person is, if they are one.
    member_id: int | None = None
    #: Whose word alone it is: somebody's who may not decide it.
    said_by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """Once that a threat was seen: the original or a copy."""

    submission_id: int
    case: int | None
    text: str
    account: str | None
    link: str | None
    posted_at: datetime | None
    seen_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatLine:
    """A record in a list."""

    id: int
    number: int
    category: Category
    kinds: tuple[str, ...]
    severity: int
    imminent: bool
    status: Status
    channel: str | None
    platform: str | None
    account: str | None
    link: str | None
    place: str | None
    text: str
    times: int
    first_seen: datetime
    last_seen: datetime
    recorded_at: datetime
    reporter_id: int | None
    reporter: str | None
    assignee_id: int | None
    assignee: str | None
    incident: int | None
    targets: tuple[Target, ...] = ()
    #: Its words are sealed to the leads.
    sealed: bool = False

    @property
    def label(self) -> str:
        """What people call it."""
        return f"T-{self.number}"

    def aims_at(self, member_id: int) -> bool:
        """Whether a member is among those who are meant, as anybody says: its words are shown to them with care."""
        return any(target.member_id == member_id for target in self.targets)

    def lets_read(self, member_id: int) -> bool:
        """Whether a member is meant as the machine, or somebody who may decide it, says: the record is theirs to read.

        Nobody can name themselves for that.
        """
        return any(target.member_id == member_id and target.said_by is None for target in self.targets)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One line of a record's history."""

    event: str
    member: str | None
    at: datetime
    details: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Threat:
    """A record with all that its card shows."""

    line: ThreatLine
    finding: ThreatFound
    submission_id: int
    measures: tuple[str, ...]
    triage: dict[str, str]
    sightings: tuple[Sighting, ...]
    #: How often it was seen; `sightings` has the first and the latest ones.
    sighting_count: int
    notes: tuple[Event, ...]
    history: tuple[Event, ...]
    #: Number and state of its latest alarm, who answered it, when.
    alarm: tuple[str, str | None, datetime | None] | None = None

    @property
    def questions_left(self) -> tuple[str, ...]:
        """What the guided form has not asked yet."""
        return tuple(question for question in QUESTIONS if question not in self.triage)


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """Incident I-n: the threats of one wave, with whom they are aimed at."""

    id: int
    number: int
    first_seen: datetime
    last_seen: datetime
    merged_into: int | None
    staff_ids: frozenset[int] = frozenset()
    campaign_numbers: frozenset[int] = frozenset()

    @property
    def label(self) -> str:
        """What people call it."""
        return f"I-{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class IncidentView:
    """An incident with its records, the gravest first."""

    incident: Incident
    lines: tuple[ThreatLine, ...]
    threats: int
    times: int
    submissions: int
    accounts: int
    #: Other incidents of these days that it may be merged with.
    others: tuple[Incident, ...] = ()
    #: Accounts that pretend to be somebody of ours: account, name.
    impersonations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """A span of numbers, both ends included."""

    least: int = 0
    most: int = GRAVEST


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatQuery:
    """What is asked of the log. Empty tuples and None ask for nothing; several values of one field mean any of them.

    `without` holds fields with values that must not be there. `targets`, `assignees` and `reporters` are parts of names
    or "me"; `words` must all be found in the text, the account, the place, the link or the notes.
    """

    numbers: tuple[int, ...] = ()
    incidents: tuple[int, ...] = ()
    targets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    severity: Range | None = None
    imminent: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    sort: str = "newest"
    #: What could not be understood, as it was typed.
    unknown: tuple[str, ...] = ()


SORTS = ("newest", "oldest", "severity", "copies", "seen")


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatPage:
    """One page of an answer."""

    lines: tuple[ThreatLine, ...]
    total: int
    page: int
    size: int
    #: Records in which the words of the query were not looked for: theirs are sealed.
    unsearched: int = 0

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedQuery:
    """A query that was asked; a named one is kept."""

    id: int
    member_id: int
    name: str | None
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatStats:
    """Counts of a period."""

    since: datetime
    total: int
    times: int
    by_status: dict[str, int] = field(default_factory=dict)
    by_kind: dict[str, int] = field(default_factory=dict)
    by_severity: dict[int, int] = field(default_factory=dict)
    by_platform: dict[str, int] = field(default_factory=dict)
    by_target: tuple[tuple[str, int], ...] = ()
    alarms: int = 0
    #: Median seconds from an alarm to its answer.
    answered_in: float | None = None


def named_targets(finding: ThreatFound) -> tuple[TargetFound, ...]:
    """The targets with a name: people and outlets, not the reader whom the words address."""
    return tuple(target for target in finding.targets if target.kind in ("staff", "outlet_named"))
