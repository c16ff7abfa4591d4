"""Farms: accounts that are run together, as far as people said so and as far as evidence suggests it."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.model.account import AccountStatus

#: The kinds of evidence that two accounts are run together, in the order in which they are told.
EVIDENCE = ("photo", "text", "minutes", "replies", "hours", "switch", "rhythm")


@dataclass(frozen=True, kw_only=True, slots=True)
class Farm:
    """Farm F-n. `name` is what people call it: the label that imports and /fake use."""

    id: int
    number: int
    name: str | None
    found_at: datetime

    @property
    def label(self) -> str:
        """What people call it."""
        return f"F-{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """That an account belongs to a farm: why, how sure (percent), who says so and when.

    `source` is "person", "label" (an import or /fake named the farm) or "links" (a person accepted a suggestion).
    """

    account_id: int
    account: str
    status: AccountStatus
    reason: str
    confidence: int
    source: str
    author: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkLine:
    """A suggested link: two accounts, the weight of each kind of evidence, and where the decision stands.

    `state` is "offered", "same" or "apart"; `is_renewed` says that it was told apart once and other kinds came since.
    """

    id: int
    account_id: int
    account: str
    other_id: int
    other: str
    weights: dict[str, float]
    weight: float
    state: str
    is_renewed: bool
    farm: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FarmLine:
    """A farm in a list: accounts by people's word, how many of them are gone, accounts that are only suggested."""

    farm: Farm
    members: int
    gone: int
    suggested: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """What an account wrote, and when."""

    account: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SwitchFacts:
    """A farm's change of allegiance: the middle date, how many accounts, on and to whom, words before and after."""

    at: datetime
    earliest: datetime
    latest: datetime
    accounts: int
    turned_on: str
    turned_to: str
    before: tuple[Quote, ...] = ()
    after: tuple[Quote, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RhythmFacts:
    """A farm's week: comments by weekday (Monday first) and hour in the newsroom's zone, and what that says.

    `begins`, `ends`: the hours between which most of it falls on working days; `lunch`: the hour that dips; `weekend`:
    a weekend day's comments as a share of a working day's; `nights`: the share between 22 and 6; `overtime`: for a
    vote, how many times its usual the last week had. None where there is too little to say.
    """

    grid: tuple[tuple[int, ...], ...]
    total: int
    begins: int | None = None
    ends: int | None = None
    lunch: int | None = None
    weekend: float | None = None
    nights: float | None = None
    overtime: tuple[tuple[date, float], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FarmView:
    """A farm with all that its card shows."""

    line: FarmLine
    members: tuple[Membership, ...]
    page: int
    suggested: tuple[tuple[int, str, int], ...]
    campaigns: tuple[tuple[int, str, int], ...]
    targets: tuple[tuple[str, int], ...]
    rhythm: RhythmFacts
    switches: tuple[SwitchFacts, ...]
    last_run: datetime | None
    running: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkNode:
    """An account in the picture: `is_member` by a person's word, else suggested."""

    id: int
    label: str
    group: str
    is_member: bool
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkTie:
    """A link in the picture, by places in the list of nodes."""

    one: int
    other: int
    weight: float
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """Accounts and their links."""

    nodes: tuple[NetworkNode, ...]
    ties: tuple[NetworkTie, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FarmRun:
    """One computation of the farms."""

    id: int
    state: str
    accounts: int
    comments: int
    links: int
    farms: int
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StanceSeen:
    """Once an account praised (+1) or attacked (-1) somebody."""

    account_id: int
    at: datetime
    subject: str
    polarity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SideWeek:
    """How often a farm's accounts praised and attacked somebody in a week; `week` is its Monday."""

    week: date
    subject: str
    praised: int
    attacked: int
