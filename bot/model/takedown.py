"""The ledger of what platforms were asked to remove: a report TD-n, where it stands, and how long that took."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.account import Account, AccountStatus
from bot.model.threat import Event


class TakedownStatus(StrEnum):
    """Where a report stands. A `draft` waits on a batch list; what was `withdrawn` counts nowhere."""

    DRAFT = "draft"
    SENT = "sent"
    ANSWERED = "answered"
    REMOVED = "removed"
    PARTLY = "partly"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    WITHDRAWN = "withdrawn"


#: How it ended.
OUTCOMES = frozenset({TakedownStatus.REMOVED, TakedownStatus.PARTLY, TakedownStatus.REFUSED, TakedownStatus.NO_ANSWER})
#: It was sent, and has not ended.
OPEN = frozenset({TakedownStatus.SENT, TakedownStatus.ANSWERED})


def may_become(before: TakedownStatus, after: TakedownStatus) -> bool:
    """Whether a person may set a report to `after`: people err, so what was sent may go back, but never to a draft.

    A draft is sent, or withdrawn; what was withdrawn comes back as sent only.
    """
    if before is after or after is TakedownStatus.DRAFT:
        return False
    if before is TakedownStatus.DRAFT:
        return after in (TakedownStatus.SENT, TakedownStatus.WITHDRAWN)
    return before is not TakedownStatus.WITHDRAWN or after is TakedownStatus.SENT


class TakedownChannel(StrEnum):
    """By which way a platform, or somebody else, was asked."""

    FORM = "form"
    TRUST_TEAM = "trust_team"
    PARTNER = "partner"
    EMAIL = "email"
    POLICE = "police"
    OTHER = "other"


class Why(StrEnum):
    """What is fake or forbidden about it: said to the platform, so it is a code and never free text."""

    STOLEN_PHOTO = "stolen_photo"
    SHARED_PHOTO = "shared_photo"
    IMPERSONATION = "impersonation"
    COPIED_TEXTS = "copied_texts"
    THREATS = "threats"
    SPAM = "spam"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """What is to be removed: an account or a post, by what it is found again."""

    kind: str
    platform: str
    target: str
    key: str
    account_id: int | None = None
    account: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownEntry:
    """What somebody records: what is to be removed, and what is known of the report."""

    aim: Aim
    status: TakedownStatus = TakedownStatus.SENT
    channel: TakedownChannel = TakedownChannel.FORM
    ticket: str | None = None
    why: tuple[Why, ...] = ()
    evidence: tuple[str, ...] = ()
    note: str = ""
    answer: str | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    recheck_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Takedown:
    """One report; `attempt` counts reports of the same thing from 1."""

    id: int
    number: int
    kind: str
    platform: str
    target: str
    account_id: int | None
    account: str | None
    status: TakedownStatus
    channel: str
    ticket: str | None
    why: tuple[str, ...]
    evidence: tuple[str, ...]
    note: str
    answer: str | None
    attempt: int
    previous_id: int | None
    batch_id: int | None
    member_id: int | None
    reporter: str | None
    recorded_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    recheck_at: datetime | None

    @property
    def label(self) -> str:
        """TD-12."""
        return f"TD-{self.number}"

    def days(self, now: datetime) -> float | None:
        """Days from sending to the end, or until now while it is open; None for what was not sent."""
        if self.sent_at is None:
            return None
        end = self.closed_at or (now if self.status in OPEN else None)
        return max(0.0, (end - self.sent_at).total_seconds() / 86_400) if end is not None else None


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownView:
    """A report with what its card shows besides: its account as it is now, the report before it, its history."""

    takedown: Takedown
    account: Account | None = None
    previous: str | None = None
    history: tuple[Event, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownQuery:
    """What is asked of the ledger; of several values any may hold, of several fields all must.

    `accounts` and `reporters` are parts of names, or "me"; `words` are looked for in link, ticket, answer and note.
    """

    numbers: tuple[int, ...] = ()
    platforms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    reporters: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """N of M removed, and the median of the days that took; `sent` leaves out drafts and what was withdrawn."""

    sent: int = 0
    removed: int = 0
    partly: int = 0
    waiting: int = 0
    median_days: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownFigures:
    """The tallies of a query: of all, by platform and by channel, the most reported first."""

    whole: Tally
    by_platform: dict[str, Tally] = field(default_factory=dict)
    by_channel: dict[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownPage:
    """A page of what answers a query, with the tally of all that answers it."""

    lines: tuple[Takedown, ...]
    whole: Tally
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the archive itself knows against an account: numbers and codes, nothing that a person wrote."""

    #: A picture of it is recorded as another person's.
    stolen_photo: bool = False
    #: The owner of it agreed to be named.
    owner: str | None = None
    #: Other listed accounts that use the same picture, byte for byte.
    photo_accounts: int = 0
    #: Its campaign's copies, and how many accounts posted them.
    copies: int = 0
    copy_accounts: int = 0
    threats: int = 0
    cases: tuple[str, ...] = ()

    @property
    def why(self) -> tuple[Why, ...]:
        """What of it can be said to a platform."""
        said = {
            Why.STOLEN_PHOTO: self.stolen_photo,
            Why.SHARED_PHOTO: self.photo_accounts > 0,
            Why.COPIED_TEXTS: self.copies > 1 and self.copy_accounts > 1,
            Why.THREATS: self.threats > 0,
        }
        return tuple(code for code, holds in said.items() if holds)


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchItem:
    """One line of a batch list, with what its account is now."""

    takedown: Takedown
    account: Account | None
    facts: Facts = Facts()

    @property
    def may_be_sent(self) -> bool:
        """Whether its account, if it is a listed one, is confirmed by two people."""
        return self.account is None or self.account.status is AccountStatus.CONFIRMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """A list for one platform's trust team; `items` are those that may still be sent, or were sent with it."""

    id: int
    number: int
    platform: str
    channel: str
    made_at: datetime
    maker: str | None
    sent_at: datetime | None
    items: tuple[BatchItem, ...] = ()

    @property
    def label(self) -> str:
        """B-3."""
        return f"B-{self.number}"
