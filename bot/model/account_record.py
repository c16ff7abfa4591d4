"""The full record of an account: what was seen of it, when, by whom. A checklist with explanations, never a score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from bot.model.account import Account


class AccountKind(StrEnum):
    """In whose service an account is; who runs it is written elsewhere, for security leads only."""

    HIRED = "hired"
    ATTACHED = "attached"


class FactKind(StrEnum):
    """What a dated fact is about."""

    NAME = "name"
    LINK = "link"
    WORK = "work"
    STUDY = "study"
    PLACE = "place"
    GROUP = "group"
    TAG = "tag"
    PRAISED = "praised"
    ATTACKED = "attacked"


#: What an account praised or attacked.
STANCES = (FactKind.PRAISED, FactKind.ATTACKED)
#: Marks of the checklist, in the order in which they are shown.
TAGS = (
    "fresh_and_busy",
    "no_posts",
    "stolen_photo",
    "same_day_photos",
    "odd_photo",
    "office_hours",
    "made_up_work",
    "leader_groups",
    "only_reposts",
    "same_texts",
    "changed_sides",
    "few_friends",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFact:
    """Something seen of an account, before it is kept. `why` explains or quotes, `link` is where it was seen."""

    kind: FactKind
    value: str
    why: str | None = None
    link: str | None = None
    seen_on: date | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Something seen of an account; `member` noted it (None: an import)."""

    id: int
    account_id: int
    kind: FactKind
    value: str
    why: str | None
    link: str | None
    seen_on: date | None
    member: str | None
    source: str
    noted_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What is known of an account once; None is not known."""

    kind: AccountKind | None = None
    attached_to: str | None = None
    first_seen: date | None = None
    last_seen: date | None = None
    photo_on: date | None = None
    cover_on: date | None = None
    posts_a_day: float | None = None

    def given(self) -> dict[str, Any]:
        """The values that are known."""
        return {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name, None)) is not None}


class LinkState(StrEnum):
    """Whether a newer account continues an older one: offered by the machine, decided by people."""

    OFFERED = "offered"
    LINKED = "linked"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True, slots=True)
class Succession:
    """An older account and its possible successor; `why` holds "photo", "text", or a member's word."""

    id: int
    account_id: int
    successor_id: int
    account: str
    successor: str
    why: tuple[str, ...]
    state: LinkState


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountEvent:
    """A line of an account's history."""

    event: str
    member: str | None
    at: datetime
    details: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRecord:
    """All that is known of an account."""

    account: Account
    details: Details
    facts: tuple[Fact, ...]
    successions: tuple[Succession, ...]
    history: tuple[AccountEvent, ...]
    #: Names of protected people and outlets that it uses.
    impersonates: tuple[str, ...] = ()
    #: Independent voices behind the suspicion; whether it counts; whether an admin has yet to look at it.
    voices: int = 0
    counts: bool = True
    is_held: bool = False

    def of(self, *kinds: FactKind) -> tuple[Fact, ...]:
        """Its facts of these kinds, the latest first."""
        found = [fact for fact in self.facts if fact.kind in kinds]
        return tuple(sorted(found, key=lambda fact: (fact.seen_on or fact.noted_at.date(), fact.id), reverse=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """An export or a list that left the house; `cleared` are accounts in it that were cleared since."""

    id: int
    member_id: int | None
    member: str | None
    form: str
    name: str
    rows: int
    made_at: datetime
    cleared: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reliability:
    """What a member reported and what became of it."""

    member_id: int
    member: str
    listed: int
    cleared: tuple[tuple[int, str], ...]
    #: Accounts that nobody but this member said anything of, and that stand on the list; and those taken off it.
    alone: tuple[int, ...]
    withdrawn: tuple[int, ...]
    #: Accounts of which this member ever said something; whether none of it counts; how many of them are held.
    reported: int = 0
    is_left_out: bool = False
    held: int = 0


class ImportedList(NamedTuple):
    """A list that was taken in: its name, whose it was, accounts in it, whether it was withdrawn."""

    name: str
    lister: str
    accounts: int
    at: datetime
    is_withdrawn: bool

    @property
    def key(self) -> str:
        """Its name as a button carries it: 60 bits of its hash."""
        return sha256(self.name.encode()).hexdigest()[:15]
