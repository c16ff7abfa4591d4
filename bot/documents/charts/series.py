"""Counts over time: the line, the band of what is usual, spikes marked; and the same, small, for one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from bot.documents.charts.card import DASHES, MARGIN, SMALL, WIDTH, Card, Key, mark, rgb, width_of, wrapped, write
from bot.documents.charts.chart_words import ChartWords
from bot.documents.charts.figures import figure, when
from bot.documents.charts.palette import ALERT, COLOURS, FAINT, INK, LINE, PAGE, USUAL
from bot.documents.charts.ticks import place_of, ticks
from bot.i18n import Formats
from bot.model.chart import Mark, Point, Sparkline, TimeSeries

#: Heights of the room, of what is above the plot (spikes and their words, if there are any) and below it (days).
_BODY: Final = 640
_SMALL_BODY: Final = 330
_ABOVE: Final = 76
_BELOW: Final = 56
_EMPTY: Final = 220
#: Up to so many points each has a mark of its own.
_MOST_DOTS: Final = 45
_LABEL_ROOM: Final = 170


@dataclass(frozen=True, slots=True)
class _Plot:
    """From values to pixels."""

    left: float
    right: float
    top: float
    bottom: float
    first: float
    last: float
    most: float

    def x(self, place: float) -> float:
        if self.last <= self.first:
            return (self.left + self.right) / 2
        return self.left + (place - self.first) / (self.last - self.first) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - max(0.0, value) / self.most * (self.bottom - self.top)


def series(chart: TimeSeries, words: ChartWords) -> Figure:
    """A picture of its own."""
    return _drawn(chart, words, _BODY)


def sparkline(chart: Sparkline, words: ChartWords) -> Figure:
    """Half as high, with fewer figures at its sides."""
    return _drawn(chart, words, _SMALL_BODY)


def _drawn(chart: TimeSeries, words: ChartWords, body: int) -> Figure:
    card = Card(chart, words, body if chart.points else _EMPTY, _legend(chart, words))
    if not chart.points:
        return card.nothing()
    axes = card.pixels()
    rungs = _rungs(chart, 3 if body == _SMALL_BODY else 5)
    plot = _plot(chart, card.formats, rungs, body)
    _draw_rungs(axes, plot, rungs, card.formats)
    _draw_spikes(axes, plot, chart, card.formats)
    _draw_usual(axes, plot, chart.points)
    _draw_earlier(axes, plot, chart)
    _draw_line(axes, plot, chart.points)
    _draw_days(axes, plot, chart, card.formats)
    return card.figure


def _legend(chart: TimeSeries, words: ChartWords) -> list[Key]:
    if not chart.points:
        return []
    keys = [Key(label=chart.counted, form="line", colour=COLOURS[0])]
    if any(_has_usual(point) for point in chart.points):
        keys.append(Key(label=words.usual, colour=USUAL))
    keys += [Key(label=chart.earlier_name, form="dashes", colour=COLOURS[1])] if chart.earlier else []
    return [*keys, Key(label=words.spike, form="spike")] if chart.spikes else keys


def _has_usual(point: Point) -> bool:
    return point.low is not None and point.high is not None


def _rungs(chart: TimeSeries, most: int) -> list[float]:
    """The figures at the left side, from zero to at least the greatest value."""
    greatest = max([max(point.value, point.high or 0.0) for point in chart.points] + list(chart.earlier))
    if greatest <= 0:
        return [0.0, 1.0]
    found = MaxNLocator(nbins=most - 1, integer=greatest >= 1, steps=[1, 2, 5, 10]).tick_values(0, greatest)
    return [float(value) for value in found if value >= 0]


def _plot(chart: TimeSeries, formats: Formats, rungs: Sequence[float], body: int) -> _Plot:
    left = MARGIN + max(width_of(_rung(value, formats), SMALL) for value in rungs) + 16
    return _Plot(
        left=left + 14,
        right=WIDTH - MARGIN - 24,
        top=_ABOVE if chart.spikes else _ABOVE // 3,
        bottom=body - _BELOW,
        first=place_of(chart.points[0].at),
        last=place_of(chart.points[-1].at),
        most=max(rungs),
    )


def _rung(value: float, formats: Formats) -> str:
    return formats.compact(value) if value >= 10_000 else figure(value, "number", formats)


def _draw_rungs(axes: Axes, plot: _Plot, rungs: Sequence[float], formats: Formats) -> None:
    for value in rungs:
        y = plot.y(value)
        colour = FAINT if value == 0 else LINE
        axes.plot([plot.left - 14, WIDTH - MARGIN], [y, y], color=rgb(colour), linewidth=2, zorder=0.5)
        write(axes, (plot.left - 26, y), _rung(value, formats), size=SMALL, colour=FAINT, align="right")


def _draw_usual(axes: Axes, plot: _Plot, points: Sequence[Point]) -> None:
    banded = [point for point in points if _has_usual(point)]
    if not banded:
        return
    xs = [plot.x(place_of(point.at)) for point in banded]
    lows, highs = [plot.y(point.low or 0.0) for point in banded], [plot.y(point.high or 0.0) for point in banded]
    if len(xs) == 1:
        xs, lows, highs = [xs[0] - 40, xs[0] + 40], lows * 2, highs * 2
    axes.fill_between(xs, lows, highs, color=rgb(USUAL), linewidth=0, zorder=1)
    axes.plot(xs, highs, color=rgb(FAINT), linewidth=2, linestyle=(0, (3, 2)), zorder=1.5)


def _draw_earlier(axes: Axes, plot: _Plot, chart: TimeSeries) -> None:
    pairs = list(zip(chart.points, chart.earlier, strict=False))
    if pairs:
        xs, ys = [plot.x(place_of(point.at)) for point, _ in pairs], [plot.y(value) for _, value in pairs]
        axes.plot(xs, ys, color=rgb(COLOURS[1]), linewidth=4, linestyle=DASHES, zorder=2.5)


def _draw_line(axes: Axes, plot: _Plot, points: Sequence[Point]) -> None:
    xs, ys = [plot.x(place_of(point.at)) for point in points], [plot.y(point.value) for point in points]
    dot = len(points) <= _MOST_DOTS
    axes.plot(
        xs, ys, color=rgb(COLOURS[0]), linewidth=4.5 if dot else 3, zorder=3, solid_joinstyle="round",
        marker="o" if dot else None, markersize=11, markeredgecolor=rgb(PAGE), markeredgewidth=1.5,
    )  # fmt: skip


def _draw_days(axes: Axes, plot: _Plot, chart: TimeSeries, formats: Formats) -> None:
    most = int((plot.right - plot.left) // _LABEL_ROOM)
    taken = -1.0
    for place, said in ticks(chart.points[0].at, chart.points[-1].at, chart.zone, formats, most):
        x, half = plot.x(place), width_of(said, SMALL) / 2
        axes.plot([x, x], [plot.bottom, plot.bottom + 10], color=rgb(FAINT), linewidth=2, zorder=1)
        at = min(max(x, plot.left - 14 + half), WIDTH - MARGIN - half)
        if at - half > taken:
            write(axes, (at, plot.bottom + 34), said, size=SMALL, colour=FAINT, align="center")
            taken = at + half + 12


def _draw_spikes(axes: Axes, plot: _Plot, chart: TimeSeries, formats: Formats) -> None:
    """A tinted column and a triangle for each, the day in words for the greatest that have room."""
    found = [(_point_of(spike, chart), spike) for spike in chart.spikes]
    step = (plot.right - plot.left) / max(1, len(chart.points) - 1)
    half = min(40.0, max(5.0, step / 2))
    taken: list[tuple[float, float]] = []
    for point, spike in sorted(((p, s) for p, s in found if p is not None), key=lambda pair: -pair[0].value):
        x = plot.x(place_of(point.at))
        width = plot.right - x + half if isinstance(chart, Sparkline) else 2 * half
        ground = Rectangle((x - half, plot.top - 8), width, plot.bottom - plot.top + 8)
        ground.set(facecolor=rgb(ALERT), edgecolor="none", zorder=0.7)
        axes.add_patch(ground)
        mark(axes, (x, plot.top - 20), "spike", 0)
        said = wrapped(spike.label or when(spike.at, chart.zone, formats), SMALL, 420, 1)[0]
        side = width_of(said, SMALL) / 2
        at = min(max(x, MARGIN + side), WIDTH - MARGIN - side)
        if all(at + side + 16 < low or high + 16 < at - side for low, high in taken):
            taken.append((at - side, at + side))
            write(axes, (at, plot.top - 54), said, size=SMALL, colour=INK, align="center")


def _point_of(spike: Mark, chart: TimeSeries) -> Point | None:
    """The point in which a spike began; None for one outside the chart."""
    points = chart.points
    if isinstance(points[0].at, datetime):
        before = [point for point in points if isinstance(spike.at, datetime) and point.at <= spike.at]
        return before[-1] if before else None
    day = spike.at.astimezone(ZoneInfo(chart.zone)).date() if isinstance(spike.at, datetime) else spike.at
    return next((point for point in points if point.at == day), None)
