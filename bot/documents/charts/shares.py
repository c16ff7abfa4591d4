"""Shares of wholes: a bar of full width for each row, its parts told apart by colour, hatch and edge."""

from __future__ import annotations

from collections.abc import Sequence
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
    clean,
    leading,
    width_of,
    wrapped,
    write,
)
from bot.documents.charts.chart_words import ChartWords
from bot.documents.charts.figures import figure
from bot.documents.charts.palette import FAINT
from bot.model.chart import SharesRow, StackedShares

_BAR: Final = 48
_GAP: Final = 26
_INNER: Final = WIDTH - 2 * MARGIN
#: A label is never cut short of this: 200 letters and more.
_MOST_LABEL_LINES: Final = 6
_EMPTY: Final = 220


def shares(chart: StackedShares, words: ChartWords) -> Figure:
    """A row for each whole, with its total at the right; a part's share stands in it where it has room."""
    rows = chart.rows[: chart.most]
    counted = any(sum(row.counts) for row in rows)
    totals = max((width_of(clean(_total(row)), SMALL) for row in rows), default=0.0)
    labels = [wrapped(row.label, TEXT, _INNER - totals - 24, _MOST_LABEL_LINES) for row in rows]
    heights = [len(lines) * leading(TEXT) + UNDER_LABEL + _BAR + _GAP for lines in labels]
    body = sum(heights) + (leading(SMALL) if words.left_out else 0) if counted else _EMPTY
    places = chart.places or range(len(chart.parts))
    legend = [Key(label=name, place=place) for place, name in zip(places, chart.parts, strict=True)] if counted else []
    card = Card(chart, words, body, legend)
    if not counted:
        return card.nothing()
    axes, top = card.pixels(), 0.0
    for row, lines, height in zip(rows, labels, heights, strict=True):
        said = f"n = {card.formats.number(sum(row.counts))}"
        write(axes, (WIDTH - MARGIN, top + leading(TEXT) / 2), said, size=SMALL, colour=FAINT, align="right")
        for number, line in enumerate(lines):
            write(axes, (MARGIN, top + leading(TEXT) * (number + 0.5)), line)
        _draw_whole(axes, row, top + len(lines) * leading(TEXT) + UNDER_LABEL, card, places)
        top += height
    if words.left_out:
        write(axes, (MARGIN, top + leading(SMALL) / 2), words.left_out, size=SMALL, colour=FAINT)
    return card.figure


def _total(row: SharesRow) -> str:
    return f"n = {sum(row.counts):,}"


def _draw_whole(axes: Axes, row: SharesRow, top: float, card: Card, places: Sequence[int]) -> None:
    whole, left = sum(row.counts), float(MARGIN)
    if not whole:
        write(axes, (MARGIN, top + _BAR / 2), card.words.nothing, size=SMALL, colour=FAINT)
        return
    for place, count in zip(places, row.counts, strict=True):
        width = _INNER * count / whole
        if not count:
            continue
        bar(axes, (left, top, width, _BAR), place)
        said = figure(count / whole, "share", card.formats)
        if width_of(said, SMALL) + 14 <= width:
            write(axes, (left + width / 2, top + _BAR / 2), said, size=SMALL, align="center", ground=True)
        left += width
