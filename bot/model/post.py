"""Posts of actors who are watched over a period, what coders said of them, and ads that were sighted."""

from dataclasses import dataclass
from datetime import date, datetime

#: Where a post stands; names in `bot.model.codebook`.
VENUES = ("page", "group", "profile", "site")
#: Who decides where two coders differ; the two hold places 1 and 2.
DECIDER = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ActorEntry:
    """An actor as a file has it: `category` may be unknown; {platform: is it there} as far as somebody looked."""

    name: str
    category: str | None = None
    presences: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PostEntry:
    """A post as a file has it. `source` is by what the same post is known again."""

    source: str
    actor: str
    category: str | None
    platform: str
    venue: str
    posted_at: datetime
    text: str = ""
    link: str = ""
    reactions: int = 0
    comments: int = 0
    shares: int = 0
    views: int = 0
    captured_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PostFigures:
    """A post without its words, as tables are made of it; `category` is empty while its actor has none."""

    id: int
    actor: str
    category: str
    platform: str
    venue: str
    posted_at: datetime
    captured_at: datetime | None
    reactions: int
    comments: int
    shares: int
    views: int

    @property
    def interactions(self) -> int:
        """Reactions, comments and shares."""
        return self.reactions + self.comments + self.shares


@dataclass(frozen=True, kw_only=True, slots=True)
class Coding:
    """What one member said of a post; empty while they have not said it, `place` None when they passed it over."""

    post_id: int
    member_id: int
    place: int | None
    tone: str | None
    topic: str | None
    coded_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CodingView:
    """A post as a coder sees it: nothing of what others said, but where they differ and this one decides.

    `said` holds the codes between which a decider chooses: (tones, topics); empty for the first two. `done` of
    `drawn` posts are coded by all who have to; `mine` are this member's.
    """

    figures: PostFigures
    text: str
    link: str
    place: int
    tone: str | None
    topic: str | None
    said: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    mine: int = 0
    done: int = 0
    drawn: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class AdEntry:
    """Ads as they were sighted: how many, on which days, for how much (hundredths), and whether they say who pays."""

    source: str
    advertiser: str
    platform: str
    first_day: date
    last_day: date
    count: int = 1
    spend_least: int | None = None
    spend_most: int | None = None
    currency: str = ""
    disclaimer: str = ""
    is_disclosed: bool | None = None
    link: str = ""
