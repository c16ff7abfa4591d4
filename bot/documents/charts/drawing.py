"""Draws a chart of any kind. Runs in a worker process: matplotlib is loaded here, when the first chart is drawn."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from bot.documents.charts.chart_words import ChartWords
from bot.model.chart import (
    Chart,
    Dots,
    GroupedBars,
    HeatMap,
    RankedBars,
    Sides,
    Sparkline,
    StackedShares,
    TimeSeries,
    TopPosts,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Who draws what: module and function.
_KINDS: Final = {
    TimeSeries: ("series", "series"),
    Sparkline: ("series", "sparkline"),
    RankedBars: ("bars", "ranked"),
    GroupedBars: ("bars", "grouped"),
    StackedShares: ("shares", "shares"),
    HeatMap: ("heat", "heat"),
    Dots: ("dots", "dots"),
    Sides: ("sides", "sides"),
    TopPosts: ("posts", "posts"),
}


def figure(chart: Chart, words: ChartWords) -> Figure:
    """The chart as matplotlib's figure. Raises KeyError for a kind that nobody draws."""
    module, name = _KINDS[type(chart)]
    return cast("Figure", getattr(import_module(f"bot.documents.charts.{module}"), name)(chart, words))


def draw(chart: Chart, words: ChartWords) -> bytes:
    """The chart as a PNG, 1080 pixels wide."""
    return cast("bytes", import_module("bot.documents.charts.card").png(figure(chart, words)))


def warm_up() -> None:
    """Load everything and set the style, so that no chart pays for it."""
    for module, _ in _KINDS.values():
        import_module(f"bot.documents.charts.{module}")
    import_module("bot.documents.charts.card").prepare()
