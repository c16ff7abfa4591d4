"""The machine's finding: codes, numbers and spans, recomputable. Sentences are born only on cards.

A Finding is about one part of a submission (one text, one picture); a Verdict is what the parts of a case say together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LEVELS = ("none", "curse", "violent_call", "review", "threat")


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyFound:
    """A stored comment that is the same text, or much alike; score 0-1, tier "copy" or "similar"."""

    comment: int
    source: str
    account: str | None
    score: float
    tier: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoFound:
    """A stored photo that matches ("match") or may match ("possible"); region is x, y, w, h in the query's pixels.

    `frame` are the corners of what matches, in the query's pixels, `known_frame` in those of the stored picture; either
    may be absent. `reasons` are codes: how the copy was changed ("cropped", "rotated"), or that the region is too small
    to be sure of ("small"). `owner` is the real person from whom the photo was stolen, as known when it was found.
    """

    photo: int
    source: str
    account: str | None
    account_id: int | None
    score: float
    tier: str
    mirrored: bool
    region: tuple[int, int, int, int]
    frame: tuple[tuple[float, float], ...] = ()
    known_frame: tuple[tuple[float, float], ...] = ()
    reasons: tuple[str, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountFound:
    """A listed account that this one is, or may be; strength "certain", "near_certain" or "possible"."""

    account_id: int
    account: str
    source: str
    status: str
    score: float
    why: str
    strength: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetFound:
    """Whom the words aim at: kind as detection names it, a staff id where one is known."""

    kind: str
    staff: int | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SpanFound:
    """Code points start..end (exclusive) of the text, and the code that says why they count."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatFound:
    """What the threat detector says of one text; severity 0-4."""

    level: str = "none"
    kinds: tuple[str, ...] = ()
    severity: int = 0
    imminent: bool = False
    targets: tuple[TargetFound, ...] = ()
    spans: tuple[SpanFound, ...] = ()
    demotions: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, int, bool]:
        """Orders findings by how much they ask for attention."""
        return (LEVELS.index(self.level), self.severity, self.imminent)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkFound:
    """A link to an account or a post in the text."""

    platform: str
    handle: str | None
    numeric_id: str | None
    post: str | None
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What is known of one part; `failure` is a code when it could not be read, `remark` one when a part was.

    Of the copies: how often and by how many accounts the text was posted, how many of those are confirmed fakes, who
    posted it first (`platform:handle`, or a name) and under which post, and the campaign that it belongs to ("C-7").
    """

    copies: tuple[CopyFound, ...] = ()
    copy_count: int = 0
    copy_accounts: int = 0
    copies_since: datetime | None = None
    copy_fakes: int = 0
    copy_first_account: str | None = None
    copy_first_post: str | None = None
    campaign: str | None = None
    photos: tuple[PhotoFound, ...] = ()
    accounts: tuple[AccountFound, ...] = ()
    threat: ThreatFound = ThreatFound()
    links: tuple[LinkFound, ...] = ()
    failure: str | None = None
    remark: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the parts of a case say together, strongest first."""

    accounts: tuple[AccountFound, ...]
    photos: tuple[PhotoFound, ...]
    copies: tuple[CopyFound, ...]
    copy_count: int
    copy_accounts: int
    copies_since: datetime | None
    threat: ThreatFound
    failures: tuple[str, ...]
    copy_fakes: int = 0
    copy_first_account: str | None = None
    copy_first_post: str | None = None
    campaign: str | None = None

    @property
    def nothing_known(self) -> bool:
        """True when no detector has anything to say, not even a possibility."""
        return not (self.accounts or self.photos or self.copies or self.threat.level != "none")


def combine(findings: Iterable[Finding]) -> Verdict:
    """One verdict of many findings: the most repeated text, the worst threat, every account and photo once."""
    found = list(findings)
    most_copied = max(found, key=lambda f: (f.copy_count, len(f.copies)), default=Finding())
    return Verdict(
        accounts=_best((a for f in found for a in f.accounts), "account_id"),
        photos=_best((p for f in found for p in f.photos), "photo"),
        copies=most_copied.copies,
        copy_count=most_copied.copy_count,
        copy_accounts=most_copied.copy_accounts,
        copies_since=most_copied.copies_since,
        threat=max((f.threat for f in found), key=lambda t: t.rank, default=ThreatFound()),
        failures=tuple(f.failure for f in found if f.failure),
        copy_fakes=most_copied.copy_fakes,
        copy_first_account=most_copied.copy_first_account,
        copy_first_post=most_copied.copy_first_post,
        campaign=most_copied.campaign,
    )


def _best(items: Iterable[Any], key: str) -> tuple[Any, ...]:
    ranked: Sequence[Any] = sorted(items, key=lambda item: -item.score)
    seen: dict[int, Any] = {}
    for item in ranked:
        seen.setdefault(getattr(item, key), item)
    return tuple(seen.values())
