"""What a chart shows: figures with their labels in the reader's language, and nothing of how they are drawn.

Services and handlers fill these in; `bot.documents.charts` draws them and puts them into a sentence. Every label may be
a stranger's text: whoever draws it makes it harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.model.farm import SideWeek

#: How a figure is written: 1,234 · 12 % · ×3.4.
Form = Literal["number", "share", "times"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """What every chart has: a title, a line under it (period, zone) and footnotes (sampling rule, capture delay)."""

    title: str
    under: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A count at a day, or at the aware beginning of an hour. ``low`` to ``high`` is what would be usual there."""

    at: date
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A spike: the day, or the aware moment, at which it began; ``label`` is written at it where there is room."""

    at: date
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeSeries(Chart):
    """Counts over days or hours, the usual band behind them, spikes marked. Points stand in order, without gaps.

    ``counted`` names what is counted ("comments"); ``zone`` is the IANA name in which hours and spikes are told.
    """

    counted: str
    zone: str
    points: Sequence[Point]
    spikes: Sequence[Mark] = ()
    #: The same days or hours of an earlier window, in the order of the points, and what that window is called.
    earlier: Sequence[float] = ()
    earlier_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sparkline(TimeSeries):
    """The same, small, for a message about one spike."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One bar. Raises nothing: what is below zero is drawn as zero."""

    label: str
    value: float


@dataclass(frozen=True, kw_only=True, slots=True)
class RankedBars(Chart):
    """Who or what most: targets, platforms, campaigns. Sorted by the drawing; what is beyond ``most`` is summed up."""

    bars: Sequence[Bar]
    form: Form = "number"
    most: int = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class PairOfBars:
    """One thing in two windows; None is a window in which it was not present."""

    label: str
    first: float | None
    second: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupedBars(Chart):
    """Two equal windows side by side; ``windows`` names them. In the order given; beyond ``most`` is only counted."""

    windows: tuple[str, str]
    pairs: Sequence[PairOfBars]
    form: Form = "number"
    most: int = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class SharesRow:
    """Counts of the parts of one whole, in the order of the chart's ``parts``."""

    label: str
    counts: Sequence[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class StackedShares(Chart):
    """How wholes are made up: tone; known, repeated, unfamiliar; venue. At most eight parts.

    ``places`` are the parts' places in the style, where order alone would give them a misleading colour.
    """

    parts: Sequence[str]
    places: Sequence[int] = ()
    rows: Sequence[SharesRow] = ()
    most: int = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class HeatMap(Chart):
    """Counts by hour and weekday: seven rows from Monday, each with 24 hours.

    ``shift`` is a frame around hours of the working days, from (inclusive) to (exclusive).
    """

    grid: Sequence[Sequence[int]]
    shift: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A figure, with its interval where there is one; None where there is nothing to compute it from."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DotRow:
    """One thing and its figure in each series."""

    label: str
    values: Sequence[Estimate]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dots(Chart):
    """Ratios and shares with their intervals, as dots on a line; one or two series. ``reference`` is a line through."""

    series: Sequence[str]
    rows: Sequence[DotRow]
    form: Form = "number"
    reference: float | None = None
    reference_label: str = ""
    most: int = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Sides(Chart):
    """Whom accounts praised and attacked by week; ``switches`` are days on which they changed sides, with words."""

    weeks: Sequence[SideWeek]
    praised: str
    attacked: str
    switches: Sequence[Mark] = ()
    most: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A post's text (or its beginning), who and where, and its figures as (name, value)."""

    text: str
    source: str
    figures: Sequence[tuple[str, float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class TopPosts(Chart):
    """The posts with most interactions, in the order given."""

    posts: Sequence[Post]
    most: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A drawn chart: a PNG, and what it says in a sentence or more with its figures, in the same language."""

    png: bytes
    alt: str
