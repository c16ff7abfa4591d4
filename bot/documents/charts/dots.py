"""Dots on a line: ratios and shares, with the interval as a whisker, for one series or for two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.documents.charts.card import (
    MARGIN,
    SMALL,
    TEXT,
    WIDTH,
    Card,
    Key,
    leading,
    mark,
    rgb,
    width_of,
    wrapped,
    write,
)
from bot.documents.charts.chart_words import ChartWords
from bot.documents.charts.figures import estimate, figure
from bot.documents.charts.palette import COLOURS, FAINT, LINE
from bot.i18n import Formats
from bot.model.chart import DotRow, Dots, Estimate

_LANE: Final = 44
_GAP: Final = 18
_AXIS: Final = 52
#: A label is never cut short of this: 200 letters and more.
_MOST_LABEL_LINES: Final = 6
_INNER: Final = WIDTH - 2 * MARGIN
_EMPTY: Final = 220


def dots(chart: Dots, words: ChartWords) -> Figure:
    """A row for each thing: its label, then a lane for each series with the figure written at the right."""
    formats = Formats(words.language)
    rows = chart.rows[: chart.most]
    known = [value for row in rows for value in row.values if value.value is not None]
    labels = [wrapped(row.label, TEXT, _INNER, _MOST_LABEL_LINES) for row in rows]
    body = sum(len(lines) * leading(TEXT) + len(chart.series) * _LANE + _GAP for lines in labels) + _AXIS
    body += leading(SMALL) if words.left_out else 0
    keys = [Key(label=name, place=place, form="dot") for place, name in enumerate(chart.series)]
    card = Card(chart, words, body if known else _EMPTY, keys if known and len(keys) > 1 else ())
    if not known:
        return card.nothing()
    axes = card.pixels()
    told = [_said(value, chart, words, formats) for row in rows for value in row.values]
    room = _INNER - 40 - max(width_of(said, SMALL) for said in told)
    scale = room / _greatest(chart, known)
    _draw_axis(axes, chart, scale, body - _AXIS - (leading(SMALL) if words.left_out else 0), formats)
    top = 0.0
    for row, lines in zip(rows, labels, strict=True):
        top = _draw_row(axes, chart, row, lines, top, scale, card)
    if words.left_out:
        write(axes, (MARGIN, body - leading(SMALL) / 2), words.left_out, size=SMALL, colour=FAINT)
    return card.figure


def _greatest(chart: Dots, known: Sequence[Estimate]) -> float:
    ends = [max(each.value or 0.0, each.high or 0.0) for each in known]
    return max(*ends, chart.reference or 0.0, 1e-9)


def _said(value: Estimate, chart: Dots, words: ChartWords, formats: Formats) -> str:
    return words.absent if value.value is None else estimate(value, chart.form, formats)


def _draw_axis(axes: Axes, chart: Dots, scale: float, height: float, formats: Formats) -> None:
    """A line at zero, and one at the reference, with what they are."""
    axes.plot([MARGIN + 12] * 2, [0, height], color=rgb(LINE), linewidth=3, zorder=1)
    write(axes, (MARGIN + 12, height + 24), "0", size=SMALL, colour=FAINT, align="center")
    if chart.reference is not None:
        x = MARGIN + 12 + chart.reference * scale
        axes.plot([x, x], [0, height], color=rgb(FAINT), linewidth=2.5, linestyle=(0, (4, 3)), zorder=1)
        said = f"{chart.reference_label} {figure(chart.reference, chart.form, formats)}".strip()
        half = width_of(said, SMALL) / 2
        at = min(max(x, MARGIN + 40 + half), WIDTH - MARGIN - half)
        write(axes, (at, height + 24), said, size=SMALL, colour=FAINT, align="center")


def _draw_row(
    axes: Axes, chart: Dots, row: DotRow, lines: Sequence[str], top: float, scale: float, card: Card
) -> float:
    for line in lines:
        write(axes, (MARGIN, top + leading(TEXT) / 2), line, ground=True)
        top += leading(TEXT)
    for place, value in enumerate(row.values):
        middle = top + _LANE / 2
        said = _said(value, chart, card.words, card.formats)
        write(axes, (WIDTH - MARGIN, middle), said, size=SMALL, align="right", ground=True)
        if value.value is not None:
            _draw_value(axes, value, place, middle, scale)
        top += _LANE
    return top + _GAP


def _draw_value(axes: Axes, value: Estimate, place: int, middle: float, scale: float) -> None:
    zero, colour = MARGIN + 12, rgb(COLOURS[place])
    if value.low is not None and value.high is not None:
        low, high = zero + value.low * scale, zero + value.high * scale
        axes.plot([low, high], [middle, middle], color=colour, linewidth=6, zorder=3, solid_capstyle="butt")
        for end in (low, high):
            axes.plot([end, end], [middle - 11, middle + 11], color=colour, linewidth=5, zorder=3)
    else:
        axes.plot([zero, zero + (value.value or 0.0) * scale], [middle] * 2, color=colour, linewidth=4, zorder=3)
    mark(axes, (zero + (value.value or 0.0) * scale, middle), "dot", place)
