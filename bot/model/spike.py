"""Spikes: an unusual count for a target, a platform, a campaign or a farm; watch windows and own stories beside it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SeriesKind(StrEnum):
    """What hours are counted of."""

    TARGET = "target"
    PLATFORM = "platform"
    CAMPAIGN = "campaign"
    FARM = "farm"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Series:
    """One thing of which hours are counted.

    `ref` is the id of the staff entry, the campaign or the farm as text, or the platform's code.
    """

    kind: SeriesKind
    ref: str

    @property
    def key(self) -> str:
        """One word for it: "target:4711"."""
        return f"{self.kind.value}:{self.ref}"


def series_of(key: str) -> Series:
    """The series that `Series.key` was made of. Raises ValueError."""
    kind, _, ref = key.partition(":")
    return Series(kind=SeriesKind(kind), ref=ref)


@dataclass(frozen=True, kw_only=True, slots=True)
class HourCount:
    """What came within one hour: distinct comments, how many of them were copies of others."""

    hour: datetime
    comments: int
    copies: int


class SpikeStatus(StrEnum):
    """Where a spike stands: `false` is what people said, `over` what the counts say; a seen or muted one goes on."""

    OPEN = "open"
    SEEN = "seen"
    MUTED = "muted"
    FALSE = "false"
    OVER = "over"


class TriggerKind(StrEnum):
    """What a spike can be bound to."""

    WATCH = "watch"
    STORY = "story"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """A watch window (number W-n) or an own story (number P-n) that fits a spike."""

    kind: TriggerKind
    number: int
    title: str
    link: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Makeup:
    """What a wave is made of, in distinct comments: every comment is in one of the three."""

    #: By accounts that two people confirmed, or that belong to a farm.
    known: int = 0
    #: By others, with a text that several accounts repeat.
    repeated: int = 0
    unfamiliar: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.known + self.repeated + self.unfamiliar

    def share(self, count: int) -> float:
        """A part of them, 0-1."""
        return count / self.total if self.total else 0.0


class Nature(StrEnum):
    """What a wave looks like by who writes it; said as a hint, beside the shares."""

    ORGANISED = "organised"
    PEOPLE = "people"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spike:
    """Spike S-n: `count` comments within `window` hours where `usual` are expected; the strongest of what it joins."""

    id: int
    newsroom_id: int
    number: int
    series: Series
    #: What people call it: the staff entry's name, the platform's code, "C-7", "F-3".
    name: str
    #: Series that rose with the same comments, itself not among them, with their names.
    joined: tuple[tuple[Series, str], ...]
    started: datetime
    #: When it was last above what is usual.
    seen: datetime
    window: int
    count: int
    usual: float
    makeup: Makeup
    #: The commonest campaigns in it: label, name, how many of its comments.
    campaigns: tuple[tuple[str, str, int], ...]
    #: "F-3", where a farm's accounts wrote a good part of it.
    farm: str | None
    trigger: Trigger | None
    status: SpikeStatus
    muted_until: datetime | None
    #: How often editors were told of it, and when last.
    alerts: int
    alerted_at: datetime

    @property
    def label(self) -> str:
        """What people type."""
        return f"S-{self.number}"

    @property
    def times(self) -> float:
        """How many times what is usual; of next to nothing, against one comment in the window."""
        return self.count / max(self.usual, 1.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchWindow:
    """W-n: for some hours a smaller rise is enough; of one target, or of everything."""

    id: int
    newsroom_id: int
    number: int
    starts: datetime
    ends: datetime
    title: str
    staff_id: int | None
    staff_name: str | None
    cancelled: bool = False

    @property
    def label(self) -> str:
        """What people type."""
        return f"W-{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """P-n: a story that the newsroom published; waves are bound to it."""

    id: int
    newsroom_id: int
    number: int
    link: str
    title: str
    published: datetime

    @property
    def label(self) -> str:
        """What people type."""
        return f"P-{self.number}"
