"""What a member forwarded at one go, and the case that is opened for it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.screen import Reading
from bot.model.verdict import Finding, LinkFound, ThreatFound, Verdict, combine


class OriginKind(StrEnum):
    """Where a message came from, as Telegram says it.

    `typed` was written by the member, `pasted` was typed and then given to be checked, `batch` came from a file.
    """

    TYPED = "typed"
    USER = "user"
    HIDDEN_USER = "hidden_user"
    CHAT = "chat"
    CHANNEL = "channel"
    PASTED = "pasted"
    BATCH = "batch"


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Who wrote a forwarded message; a hidden user has only a name."""

    kind: OriginKind = OriginKind.TYPED
    name: str | None = None
    handle: str | None = None
    telegram_id: int | None = None
    post: str | None = None
    sent_at: datetime | None = None


class PartKind(StrEnum):
    """What one message of a submission is."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingFile:
    """A file that Telegram holds: how to fetch it, and its size in bytes where Telegram says it."""

    file_id: str
    file_unique_id: str
    size: int | None
    mime_type: str | None
    name: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """One message on its way to the desk, read from Telegram and nothing decided yet."""

    chat_id: int
    message_id: int
    sent_at: datetime
    kind: PartKind
    origin: Origin
    text: str = ""
    urls: tuple[str, ...] = ()
    file: IncomingFile | None = None
    media_group: str | None = None
    what: str | None = None
    #: The update in which it came, as Telegram wrote it.
    raw: str | None = field(default=None, repr=False, compare=False)

    @property
    def is_note(self) -> bool:
        """Typed words are the member's own: a note beside forwards, or a question when alone."""
        return self.kind is PartKind.TEXT and self.origin.kind is OriginKind.TYPED

    @property
    def is_own_caption(self) -> bool:
        """Words under a picture that the member sent: a note as well, not a comment by somebody."""
        return self.kind is not PartKind.TEXT and self.origin.kind is OriginKind.TYPED


class SubmissionState(StrEnum):
    """What became of a submission; `growing` is still within its burst."""

    GROWING = "growing"
    ASKING = "asking"
    CASE = "case"
    NOTE = "note"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One message of a submission as it is kept, with what was found of it (None: not read yet)."""

    id: int
    kind: PartKind
    origin: Origin
    text: str
    message_id: int
    sha256: str | None
    what: str | None
    finding: Finding | None
    edited_at: datetime | None
    #: Of what stands on its picture (None: it has none that could be read).
    reading: Reading | None = None

    @property
    def is_note(self) -> bool:
        """Whether the member typed it."""
        return self.kind is PartKind.TEXT and self.origin.kind is OriginKind.TYPED

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found of its words and its picture, then of everything that stands on the picture."""
        own = (self.finding,) if self.finding is not None else ()
        screen = self.reading.screen if self.reading is not None else None
        return (*own, *screen.findings) if screen is not None else own

    @property
    def threat(self) -> ThreatFound:
        """The worst threat in it."""
        return max((found.threat for found in self.findings), key=lambda threat: threat.rank, default=ThreatFound())


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """A person's decision on a case; a verdict never overwrites it."""

    kind: str
    value: str
    member_id: int
    member_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The folder on the desk, with everything that a card shows."""

    submission_id: int
    newsroom_id: int
    number: int | None
    state: SubmissionState
    settled: bool
    reporter_id: int
    reporter_name: str
    chat_id: int
    first_message_id: int
    opened_at: datetime
    parts: tuple[Part, ...]
    waiting: int
    note: str
    #: In the order in which they were made.
    rulings: tuple[Ruling, ...]
    target: str | None
    #: What was said in it is sealed to the leads.
    sealed: bool = False

    @property
    def label(self) -> str:
        """The case's name on cards and in commands."""
        return f"K-{self.number}"

    @property
    def verdict(self) -> Verdict:
        """What the machine says of all parts together."""
        return combine(found for part in self.parts for found in part.findings)

    @property
    def links(self) -> tuple[LinkFound, ...]:
        """Every distinct link that the parts hold."""
        found = {link.url: link for part in self.parts if part.finding for link in part.finding.links}
        return tuple(found.values())

    def ruled(self, kind: str) -> Ruling | None:
        """The latest ruling of a kind, if any."""
        return next((r for r in reversed(self.rulings) if r.kind == kind), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """One line of a list of cases."""

    number: int
    opened_at: datetime
    state: SubmissionState
    level: str
    excerpt: str
    sealed: bool = False
