"""What was read on a screenshot: whose profile, or who wrote what, with what is known of each.

Kept as JSON beside the part of the submission that holds the picture. A person's correction replaces what the machine
read of one comment, never the other way round.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.model.verdict import Finding

#: x, y, width, height in pixels of the picture as it was sent: `ReadScreen.size`.
Box = tuple[int, int, int, int]

#: "none" is no screenshot; "unknown" is one, but who wrote what could not be told.
ScreenKind = Literal["none", "unknown", "profile", "thread", "chat", "post"]

_NOTHING = Finding()
#: The number by which a profile is corrected: comments count from 1.
PROFILE_NUMBER = 0


class ReadingState(StrEnum):
    """How far the reading of a picture came; `off` when the engine that reads is not installed."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    OFF = "off"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadComment:
    """One comment, message or post of a screenshot, by its number from 1 in reading order.

    `time` is as written, `earliest` to `latest` the span that it stands for. `level` 0 is a comment, 1 a reply to it.
    `own` is a message of the phone's owner: nobody's comment. `dropped`: a person said that it is none at all.
    """

    number: int
    text: str
    author: str = ""
    handle: str | None = None
    time: str = ""
    level: int = 0
    own: bool = False
    avatar: Box | None = None
    box: Box | None = None
    confidence: float = 1.0
    unsure: bool = False
    earliest: datetime | None = None
    latest: datetime | None = None
    #: What is taken for the moment: of the same comment, seen elsewhere, it may be known better.
    posted_at: datetime | None = None
    corrected: bool = False
    dropped: bool = False
    #: Its words are sealed to the leads.
    sealed: bool = False
    finding: Finding = _NOTHING

    @property
    def moment(self) -> datetime | None:
        """The middle of the span in which it was written."""
        if self.earliest is None or self.latest is None:
            return None
        return self.earliest + (self.latest - self.earliest) / 2

    @property
    def uncertainty(self) -> timedelta:
        """By how much `moment` may be wrong to either side."""
        if self.earliest is None or self.latest is None:
            return timedelta(0)
        return (self.latest - self.earliest) / 2

    @property
    def counts(self) -> bool:
        """Whether it is a comment of the case."""
        return (bool(self.text) or self.sealed) and not (self.own or self.dropped)

    @property
    def writer(self) -> str:
        """By whom it is, for telling people apart."""
        return self.handle or self.author


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadProfile:
    """A profile page; counters are (kind, as shown), such as ("followers", "1,2 тыс.")."""

    name: str = ""
    handle: str | None = None
    about: str = ""
    counters: tuple[tuple[str, str], ...] = ()
    avatar: Box | None = None
    confidence: float = 1.0
    unsure: bool = False
    corrected: bool = False
    finding: Finding = _NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadScreen:
    """One screenshot as it was read; `unsure`: with so little confidence that a person has to look."""

    kind: ScreenKind = "none"
    platform: str | None = None
    language: str | None = None
    size: tuple[int, int] = (0, 0)
    profile: ReadProfile | None = None
    comments: tuple[ReadComment, ...] = ()
    confidence: float = 1.0
    unsure: bool = False
    #: The time was over before all of it was read.
    complete: bool = True

    @property
    def counted(self) -> tuple[ReadComment, ...]:
        """Those that are comments of the case."""
        return tuple(comment for comment in self.comments if comment.counts)

    @property
    def shown(self) -> tuple[ReadComment, ...]:
        """Those that a person may look at and correct."""
        return tuple(comment for comment in self.comments if not comment.dropped)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found of everything on it."""
        profile = (self.profile.finding,) if self.profile is not None else ()
        return (*profile, *(comment.finding for comment in self.counted))

    def comment(self, number: int) -> ReadComment | None:
        """The comment with this number, if a person may correct it."""
        return next((comment for comment in self.shown if comment.number == number), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How the reading of a part's picture stands."""

    state: ReadingState
    screen: ReadScreen | None = None
    corrected_by: int | None = None

    @property
    def has_words(self) -> bool:
        """Whether there is something that a person can look at."""
        return self.screen is not None and (bool(self.screen.shown) or self.screen.profile is not None)
