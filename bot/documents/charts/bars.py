"""Bars: who or what most, and the same in two windows. A label has lines of its own above its bar, however long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.documents.charts.card import (
    MARGIN,
    SMALL,
    TEXT,
    UNDER_LABEL,
    WIDTH,
    Card,
    Key,
    bar,
    leading,
    rgb,
    width_of,
    wrapped,
    write,
)
from bot.documents.charts.chart_words import ChartWords
from bot.documents.charts.figures import figure
from bot.documents.charts.palette import FAINT, INK, LINE
from bot.i18n import Formats
from bot.model.chart import Bar, Form, GroupedBars, RankedBars

_BAR: Final = 30
_THIN: Final = 26
_GAP: Final = 22
#: A label is never cut short of this: 200 letters and more.
_MOST_LABEL_LINES: Final = 6
_INNER: Final = WIDTH - 2 * MARGIN
_EMPTY: Final = 220


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its label in lines, and for each bar its value, what is written at it, and its style's place."""

    label: Sequence[str]
    bars: Sequence[tuple[float, str, int]]

    @property
    def height(self) -> float:
        return len(self.label) * leading(TEXT) + UNDER_LABEL + len(self.bars) * (_thickness(self) + 6) + _GAP


def ranked(chart: RankedBars, words: ChartWords) -> Figure:
    """The greatest first; what is left over is summed up where sums make sense, else only counted."""
    formats = Formats(words.language)
    ordered = sorted(chart.bars, key=lambda each: -each.value)
    shown, rest = ordered[: chart.most], ordered[chart.most :]
    if rest and chart.form == "number":
        shown = [*shown, Bar(label=words.left_out, value=sum(each.value for each in rest))]
    rows = [
        _row(each.label, [(each.value, figure(each.value, chart.form, formats), 0 if n < chart.most else 2)])
        for n, each in enumerate(shown)
    ]
    more = words.left_out if rest and chart.form != "number" else ""
    return _drawn(Card(chart, words, _height(rows, more)), rows, more)


def grouped(chart: GroupedBars, words: ChartWords) -> Figure:
    """A pair of bars for each row: the first window plain, the second hatched."""
    formats = Formats(words.language)
    rows = [
        _row(
            each.label,
            [_said(value, chart.form, n, words, formats) for n, value in enumerate((each.first, each.second))],
        )
        for each in chart.pairs[: chart.most]
    ]
    legend = [Key(label=name, place=place) for place, name in enumerate(chart.windows)] if rows else []
    return _drawn(Card(chart, words, _height(rows, words.left_out), legend), rows, words.left_out)


def _said(value: float | None, form: Form, place: int, words: ChartWords, formats: Formats) -> tuple[float, str, int]:
    return value or 0.0, words.absent if value is None else figure(value, form, formats), place


def _row(label: str, bars: Sequence[tuple[float, str, int]]) -> _Row:
    return _Row(wrapped(label, TEXT, _INNER, _MOST_LABEL_LINES), bars)


def _thickness(row: _Row) -> int:
    return _BAR if len(row.bars) == 1 else _THIN


def _height(rows: Sequence[_Row], more: str) -> float:
    if not rows:
        return _EMPTY
    return sum(row.height for row in rows) + (leading(SMALL) if more else 0)


def _drawn(card: Card, rows: Sequence[_Row], more: str) -> Figure:
    if not rows:
        return card.nothing()
    axes = card.pixels()
    most = max((value for row in rows for value, _, _ in row.bars), default=0.0)
    room = _INNER - 14 - max(width_of(said, TEXT) for row in rows for _, said, _ in row.bars)
    top = 0.0
    for row in rows:
        _draw_row(axes, row, top, room / most if most > 0 else 0.0)
        top += row.height
    if more:
        write(axes, (MARGIN, top + leading(SMALL) / 2), more, size=SMALL, colour=FAINT)
    return card.figure


def _draw_row(axes: Axes, row: _Row, top: float, scale: float) -> None:
    for line in row.label:
        write(axes, (MARGIN, top + leading(TEXT) / 2), line)
        top += leading(TEXT)
    top += UNDER_LABEL
    thick, size = _thickness(row), TEXT if len(row.bars) == 1 else SMALL + 2
    for value, said, place in row.bars:
        length = max(0.0, value) * scale
        axes.plot([MARGIN, MARGIN], [top, top + thick], color=rgb(INK if length else LINE), linewidth=3)
        if length:
            bar(axes, (MARGIN, top, max(3.0, length), thick), place)
        write(axes, (MARGIN + max(3.0, length) + 12, top + thick / 2), said, size=size)
        top += thick + 6
