"""A report over a period: two equal windows side by side, as election monitors write them; numbers and codes only.

Codes of categories, tones, topics and venues are those of `bot.model.codebook`, which has their names in three
languages; platforms are those of accounts. The window asked for is `now`, the one it is compared with is `before`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

#: What a post can get, in the order in which it is told. Views are counted apart: they are no interaction.
INTERACTIONS = ("reactions", "comments", "shares")


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Whole days in the newsroom's zone, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def end(self) -> date:
        """The day after it."""
        return self.last + timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """One figure in both windows."""

    now: float = 0
    before: float = 0

    @property
    def ratio(self) -> float | None:
        """How many times the earlier figure this one is; None where the earlier one is nothing."""
        return self.now / self.before if self.before else None

    @property
    def change(self) -> float:
        """What came to it."""
        return self.now - self.before


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A part of a whole, with the interval in which 95 % of such samples leave it; nothing of nothing has neither.

    `effective` is how many independent observations the whole is worth (comments by one account are not independent).
    """

    count: int
    total: int
    effective: float
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SharePair:
    """A share in both windows."""

    now: Share
    before: Share


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """An actor, a category, a platform, a venue or a topic: its posts and what they got.

    `key` is a code, or the actor's name; "" stands for posts of which it is not known. The shares (0..1) are of all
    posts and of all interactions of the same table and window.
    """

    key: str
    posts: Pair
    interactions: Pair
    views: Pair = Pair()
    posts_share: Pair = Pair()
    interactions_share: Pair = Pair()
    #: Only of an actor: its category.
    category: str = ""

    @property
    def per_post(self) -> Pair:
        """Interactions of a post, on average."""
        now = self.interactions.now / self.posts.now if self.posts.now else 0.0
        before = self.interactions.before / self.posts.before if self.posts.before else 0.0
        return Pair(now=now, before=before)


@dataclass(frozen=True, kw_only=True, slots=True)
class ToneLine:
    """Coded posts by tone: of everybody ("" as key), of a category, of an actor, of a platform, of a venue."""

    key: str
    positive: Pair
    neutral: Pair
    negative: Pair

    @property
    def coded(self) -> Pair:
        """Posts that have a tone."""
        parts = (self.positive, self.neutral, self.negative)
        return Pair(now=sum(part.now for part in parts), before=sum(part.before for part in parts))


@dataclass(frozen=True, kw_only=True, slots=True)
class DayLine:
    """The nth day of both windows, from 0: posts and their interactions; `comments` are those that Kalkan was sent."""

    number: int
    posts: Pair
    interactions: Pair
    comments: Pair


@dataclass(frozen=True, kw_only=True, slots=True)
class TopPost:
    """A post that many reacted to; `tone` and `topic` are empty while it is not coded."""

    is_now: bool
    rank: int
    actor: str
    category: str
    platform: str
    venue: str
    at: datetime
    text: str
    link: str
    reactions: int
    comments: int
    shares: int
    views: int
    tone: str = ""
    topic: str = ""

    @property
    def interactions(self) -> int:
        """Reactions, comments and shares."""
        return self.reactions + self.comments + self.shares


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """On which platforms an actor is: `present` and `absent` are platforms, of the others nothing is known."""

    actor: str
    category: str
    present: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FakeFigures:
    """Whose comments they are that Kalkan was sent: known fakes by their status at the end, apart.

    The shares are of all comments of the window; `accounts_*` are of the accounts that wrote them, as far as known.
    """

    confirmed: SharePair
    suspected: SharePair
    accounts_confirmed: SharePair
    accounts_suspected: SharePair
    by_platform: tuple["FakeLine", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FakeLine:
    """The same on one platform."""

    platform: str
    confirmed: SharePair
    suspected: SharePair


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignLine:
    """A campaign with its comments in both windows."""

    label: str
    name: str
    comments: Pair
    accounts: Pair


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnFigures:
    """What Kalkan itself stores: each comment once, by when it was posted, else sent in."""

    cases: Pair = Pair()
    comments: Pair = Pair()
    accounts: Pair = Pair()
    threats: Pair = Pair()
    campaigns_active: Pair = Pair()
    spikes: Pair = Pair()
    #: Accounts that platforms removed in the window.
    removed: Pair = Pair()
    campaigns: tuple[CampaignLine, ...] = ()
    targets: tuple[tuple[str, Pair], ...] = ()
    platforms: tuple[tuple[str, Pair], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AdLine:
    """Ads of an advertiser on a platform that were sighted; money is in `currency`, an unknown one is 0 and "".

    Libraries give spending as a range: `spend` is its lower end, `spend_most` the upper one.
    """

    advertiser: str
    platform: str
    currency: str
    count: Pair
    spend: Pair
    spend_most: Pair
    #: Ads without the disclaimer that the law or the platform asks for.
    undisclosed: Pair


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """An agreement coefficient with the 95 % interval of a bootstrap over posts; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """How far two coders agreed before a third decided; `what` is "tone" or "topic", `units` posts coded twice."""

    what: str
    units: int
    agreed: int
    alpha: Figure
    kappa: Figure

    @property
    def percent(self) -> float | None:
        """The share (0..1) of posts on which they said the same."""
        return self.agreed / self.units if self.units else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampling:
    """How the posts came about: for every footnote.

    For the categories in `sampled` the first `top` posts of a window by interactions are coded, of the others all.
    Delays are days from posting to capture; `early` were captured sooner than `settled` days after, `undated` have no
    day of capture.
    """

    top: int
    sampled: tuple[str, ...]
    settled: int
    posts: Pair = Pair()
    to_code: Pair = Pair()
    coded: Pair = Pair()
    #: Posts that two coders coded differently and no third has decided yet; they are not among `coded`.
    open: Pair = Pair()
    early: Pair = Pair()
    undated: Pair = Pair()
    delay_median: Pair | None = None
    delay_shortest: Pair | None = None
    delay_longest: Pair | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All of it. Tables are sorted by what counts most in either window; every table may be empty."""

    now: Window
    before: Window
    zone: str
    made_at: datetime
    newsroom: str
    sampling: Sampling
    posts: Pair = Pair()
    reactions: Pair = Pair()
    comments: Pair = Pair()
    shares: Pair = Pair()
    views: Pair = Pair()
    #: The same posts without those of public groups, which monitors show beside the whole.
    posts_without_groups: Pair = Pair()
    interactions_without_groups: Pair = Pair()
    days: tuple[DayLine, ...] = ()
    categories: tuple[Line, ...] = ()
    actors: tuple[Line, ...] = ()
    platforms: tuple[Line, ...] = ()
    venues: tuple[Line, ...] = ()
    topics: tuple[Line, ...] = ()
    tone: ToneLine = field(default_factory=lambda: ToneLine(key="", positive=Pair(), neutral=Pair(), negative=Pair()))
    tone_without_groups: ToneLine = field(
        default_factory=lambda: ToneLine(key="", positive=Pair(), neutral=Pair(), negative=Pair())
    )
    tone_by_category: tuple[ToneLine, ...] = ()
    tone_by_actor: tuple[ToneLine, ...] = ()
    tone_by_platform: tuple[ToneLine, ...] = ()
    tone_by_venue: tuple[ToneLine, ...] = ()
    tone_by_topic: tuple[ToneLine, ...] = ()
    presence: tuple[Presence, ...] = ()
    top_posts: tuple[TopPost, ...] = ()
    fakes: FakeFigures | None = None
    own: OwnFigures = OwnFigures()
    ads: tuple[AdLine, ...] = ()
    agreement: tuple[Agreement, ...] = ()

    @property
    def interactions(self) -> Pair:
        """Reactions, comments and shares of all posts."""
        parts = (self.reactions, self.comments, self.shares)
        return Pair(now=sum(part.now for part in parts), before=sum(part.before for part in parts))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of either window."""
        counted = (self.posts, self.own.comments, self.own.cases)
        return not self.ads and not any(pair.now or pair.before for pair in counted)
