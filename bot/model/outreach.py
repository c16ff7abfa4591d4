"""The thread with the real person whose photo was stolen: who was asked, by whom, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.account import Account
from bot.model.threat import Event

#: The languages in which an owner can be written to.
LETTER_LANGUAGES = ("ru", "ky", "kk", "uz", "mn", "en", "tr", "ko")


class OutreachState(StrEnum):
    """How far it came; a thread about the `wrong_person` lets another one about the photo begin."""

    STARTED = "started"
    WRITTEN = "written"
    REPLIED = "replied"
    COMPLAINED = "complained"
    GONE = "gone"
    SILENT = "silent"
    DECLINED = "declined"
    WRONG_PERSON = "wrong_person"


#: What a press may set; a reply is written down instead.
STEPS = (
    OutreachState.COMPLAINED,
    OutreachState.GONE,
    OutreachState.SILENT,
    OutreachState.DECLINED,
    OutreachState.WRONG_PERSON,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outreach:
    """Thread O-n with one owner of a photo."""

    id: int
    number: int
    sha256: str | None
    owner: str
    profile: str | None
    how: str | None
    state: OutreachState
    language: str | None
    consent: bool | None
    reply: str | None
    starter_id: int
    starter: str
    writer: str | None
    started_at: datetime
    written_at: datetime | None
    replied_at: datetime | None
    complained_at: datetime | None
    gone_at: datetime | None

    @property
    def label(self) -> str:
        """O-3."""
        return f"O-{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class OutreachView:
    """A thread with the listed accounts that use the photo, and its history."""

    outreach: Outreach
    accounts: tuple[Account, ...] = ()
    history: tuple[Event, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OutreachPage:
    """A page of threads, the newest first."""

    lines: tuple[Outreach, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An owner who is recorded and could be asked, or was."""

    sha256: str
    owner: str
    thread: Outreach | None = None
