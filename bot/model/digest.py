"""Digests: where they may go, when they are due, what they say. What was said is kept as it was told."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class ChatKind(StrEnum):
    """What a digest may be sent to: somebody's own chat with the bot, a group, one topic of a forum."""

    PRIVATE = "private"
    GROUP = "group"
    TOPIC = "topic"


class ChatState(StrEnum):
    """`asked` waits for an administrator; `stopped` was removed, or is not what it was when it was allowed."""

    ASKED = "asked"
    ALLOWED = "allowed"
    STOPPED = "stopped"


class Section(StrEnum):
    """The parts of a digest that can be switched, in their order. Corrections are none of them: they always come."""

    EVENTS = "events"
    SPIKES = "spikes"
    THREATS = "threats"
    CAMPAIGNS = "campaigns"
    FAKES = "fakes"
    WORK = "work"


#: Monday to Sunday, as Python counts them.
EVERY_DAY = frozenset(range(7))
ALL_SECTIONS = frozenset(Section)
MORNING = time(9, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A chat as Telegram names it: what stood in the update by which it was added."""

    chat_id: int
    kind: ChatKind
    title: str = ""
    topic_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestChat:
    """A chat that digests may be sent to."""

    id: int
    newsroom_id: int
    place: Place
    #: Whose own chat it is.
    member_id: int | None
    state: ChatState
    #: Why it was stopped: a code.
    reason: str | None
    added_by: int | None
    added_at: datetime
    #: How many in a group were no members of the newsroom when it was allowed.
    strangers: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """On which weekdays a digest is due, and at which time of the newsroom's day."""

    days: frozenset[int] = EVERY_DAY
    at: time = MORNING

    @property
    def is_weekly(self) -> bool:
        """Whether it comes once a week."""
        return len(self.days) == 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """What one chat is to be told: when, in which language, which sections.

    `told_until` is where the last window ended and the next one begins. No day that was due at or before `begun_at`
    (when the rhythm was set, or a pause ended) is owed. `heard_again` is where the next window begins instead, after a
    clock that had run ahead was set back.
    """

    id: int
    newsroom_id: int
    chat: DigestChat
    rhythm: Rhythm
    language: str
    sections: frozenset[Section]
    told_until: datetime
    begun_at: datetime
    paused_at: datetime | None = None
    heard_again: datetime | None = None
    made_by: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """A digest that is due: the local days that it is of, and its window [since, until)."""

    days: tuple[date, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """Something named, how often now, and how often in the window before."""

    name: str
    count: int
    before: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedCase:
    """A case that a digest names."""

    submission_id: int
    number: int
    level: str
    opened_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedThreat:
    """A record of the threat log that a digest names: never its words, never its targets."""

    threat_id: int
    number: int
    kinds: tuple[str, ...]
    severity: int
    imminent: bool
    status: str
    times: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedCampaign:
    """A campaign that a digest names: how often it was seen in the window, by how many accounts, known fakes."""

    campaign_id: int
    number: int
    name: str
    times: int
    accounts: int
    fakes: int
    is_new: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedAccount:
    """An account that a digest names, and what it said of it: "confirmed", "gone" or "cleared"."""

    account_id: int
    label: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedSpike:
    """A spike that a digest names."""

    spike_id: int
    number: int
    kind: str
    name: str
    started_at: datetime
    count: int
    usual: float
    #: Of 1: how much came from known fakes, from repeated texts, from nobody known.
    known: float = 0.0
    repeated: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """Something that an earlier digest said and that is so no longer. `now` is a code of what it is instead."""

    noun: str
    label: str
    said: str
    now: str
    told_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Something that a digest says and that may prove wrong: looked at again before each later one."""

    noun: str
    row_id: int
    label: str
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Counts of comments by the hour, the oldest first; `start` is the first hour's beginning."""

    start: datetime
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What happened in a window, in numbers."""

    cases: int = 0
    comments: int = 0
    #: Comments whose text had been seen before.
    repeated: int = 0
    #: Comments by accounts that are on the list as confirmed or suspected.
    by_fakes: int = 0
    listed: int = 0
    confirmed: int = 0
    cleared: int = 0
    gone: int = 0
    sent: int = 0
    removed: int = 0
    threats: int = 0
    imminent: int = 0
    farm_members: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What waits for somebody now."""

    threats: int = 0
    unassigned: int = 0
    alarms: int = 0
    second_word: int = 0
    takedowns: int = 0
    rechecks: int = 0
    links: int = 0

    @property
    def total(self) -> int:
        """How much it is in all; the unassigned are among the threats."""
        return self.threats + self.alarms + self.second_word + self.takedowns + self.rechecks + self.links


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestContent:
    """All that a digest says, as numbers and codes: words are found for it when it is shown."""

    since: datetime
    until: datetime
    corrections: tuple[Correction, ...] = ()
    now: Figures = field(default_factory=Figures)
    before: Figures = field(default_factory=Figures)
    cases: tuple[NamedCase, ...] = ()
    targets: tuple[Counted, ...] = ()
    platforms: tuple[Counted, ...] = ()
    spikes: tuple[NamedSpike, ...] = ()
    threats: tuple[NamedThreat, ...] = ()
    kinds: tuple[Counted, ...] = ()
    campaigns: tuple[NamedCampaign, ...] = ()
    accounts: tuple[NamedAccount, ...] = ()
    farms: tuple[Counted, ...] = ()
    #: Of all reports to platforms: how many were removed, how many were sent.
    takedowns: tuple[int, int] = (0, 0)
    work: Work = field(default_factory=Work)
    #: The last two weeks by the hour, for the time series.
    series: Hours | None = None
    #: Counts of the last four weeks by weekday (Monday first) and hour of the newsroom's day.
    week: tuple[tuple[int, ...], ...] = ()
    #: The custody log's latest checkpoint: how many lines, the first digits of its root.
    checkpoint: tuple[int, str] | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened that is worth more than a line."""
        said = (self.corrections, self.spikes, self.cases, self.threats, self.campaigns, self.accounts, self.farms)
        return not any(said) and self.now == Figures()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What of it may prove wrong."""
        found = [Claim(noun="account", row_id=a.account_id, label=a.label, said=a.said) for a in self.accounts]
        found += [
            Claim(noun="threat", row_id=t.threat_id, label=f"T-{t.number}", said="threat")
            for t in self.threats
            if t.status not in ("dismissed", "withdrawn")
        ]
        found += [Claim(noun="case", row_id=c.submission_id, label=f"K-{c.number}", said=c.level) for c in self.cases]
        found += [Claim(noun="spike", row_id=s.spike_id, label=f"S-{s.number}", said="spike") for s in self.spikes]
        return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """A digest that was made. A preview is one that nobody was owed."""

    id: int
    newsroom_id: int
    schedule: Schedule
    days: tuple[date, ...]
    content: DigestContent
    is_preview: bool
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatFacts:
    """What Telegram says of a chat just now."""

    is_public: bool
    can_write: bool
    people: int
    #: How many of the newsroom's members are in it.
    known: int
    #: Who is in it although their access has ended, by name.
    former: str = ""
