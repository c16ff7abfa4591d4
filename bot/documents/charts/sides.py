"""Whom a farm praised and attacked, week by week: up is praise, down is attack; a dashed line marks a switch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.documents.charts.card import MARGIN, SMALL, TEXT, WIDTH, Card, Key, bar, leading, rgb, width_of, wrapped, write
from bot.documents.charts.chart_words import ChartWords
from bot.documents.charts.palette import FAINT, INK, LINE
from bot.documents.charts.ticks import place_of, ticks
from bot.i18n import Formats
from bot.model.chart import Sides
from bot.model.farm import SideWeek

#: Bars' greatest length in one direction, the room between subjects, for days, and for the words of a switch.
_HALF: Final = 68
_GAP: Final = 22
_DAYS: Final = 56
_SWITCH: Final = 40
_INNER: Final = WIDTH - 2 * MARGIN
_LABEL_ROOM: Final = 170
_TOTALS: Final = 240
#: So that a label's ground covers no bar.
_UNDER: Final = 14
_PRAISE, _ATTACK = 0, 1


def sides(chart: Sides, words: ChartWords) -> Figure:
    """A band for each subject, the most mentioned first."""
    subjects = list(dict.fromkeys(w.subject for w in sorted(chart.weeks, key=lambda w: -(w.praised + w.attacked))))
    subjects = subjects[: chart.most]
    labels = [wrapped(subject, TEXT, _INNER - _TOTALS, 6) for subject in subjects]
    above = _above(chart)
    body = above + sum(len(lines) * leading(TEXT) + _UNDER + 2 * _HALF + _GAP for lines in labels) + _DAYS
    keys = [Key(label=chart.praised, place=_PRAISE), Key(label=chart.attacked, place=_ATTACK)]
    card = Card(chart, words, body if subjects else 220, keys if subjects else ())
    if not subjects:
        return card.nothing()
    shown = [each for each in chart.weeks if each.subject in subjects]
    axes, scale = card.pixels(), _Weeks(shown)
    _draw_switches(axes, chart, scale, body - _DAYS)
    top = float(above)
    for subject, lines in zip(subjects, labels, strict=True):
        weeks = [each for each in shown if each.subject == subject]
        write(
            axes,
            (WIDTH - MARGIN, top + leading(TEXT) / 2),
            _totals(weeks, card.formats),
            size=SMALL,
            colour=FAINT,
            align="right",
            ground=True,
        )
        for line in lines:
            write(axes, (MARGIN, top + leading(TEXT) / 2), line, ground=True)
            top += leading(TEXT)
        top += _UNDER
        _draw_band(axes, weeks, scale, top + _HALF)
        top += 2 * _HALF + _GAP
    for place, said in ticks(scale.first, scale.last, "UTC", card.formats, int(_INNER // _LABEL_ROOM)):
        half = width_of(said, SMALL) / 2
        at = min(max(scale.x(place), MARGIN + half), WIDTH - MARGIN - half)
        write(axes, (at, body - _DAYS / 2), said, size=SMALL, colour=FAINT, align="center")
    return card.figure


def _totals(weeks: Sequence[SideWeek], formats: Formats) -> str:
    """How often in all: up and down."""
    up, down = sum(each.praised for each in weeks), sum(each.attacked for each in weeks)
    return f"▲ {formats.compact(up)} ▼ {formats.compact(down)}"


class _Weeks:
    """From weeks to pixels."""

    def __init__(self, shown: Sequence[SideWeek]) -> None:
        self.first: date = min(each.week for each in shown)
        self.last: date = max(each.week for each in shown)
        self.step = _INNER / max(1, (self.last - self.first).days // 7 + 1)
        self.most = max(1, *(max(each.praised, each.attacked) for each in shown))

    def x(self, place: float) -> float:
        return MARGIN + (place - place_of(self.first)) / 7 * self.step


def _draw_band(axes: Axes, weeks: Sequence[SideWeek], scale: _Weeks, middle: float) -> None:
    axes.plot([MARGIN, WIDTH - MARGIN], [middle, middle], color=rgb(LINE), linewidth=2, zorder=1)
    wide = min(60.0, max(3.0, scale.step - 4))
    for each in weeks:
        left = scale.x(place_of(each.week))
        up, down = (_HALF * count / scale.most for count in (each.praised, each.attacked))
        if up:
            bar(axes, (left, middle - 1 - max(3.0, up), wide, max(3.0, up)), _PRAISE)
        if down:
            bar(axes, (left, middle + 1, wide, max(3.0, down)), _ATTACK)


def _above(chart: Sides) -> int:
    return 12 + _SWITCH * min(2, len(chart.switches))


def _draw_switches(axes: Axes, chart: Sides, scale: _Weeks, bottom: float) -> None:
    for number, mark in enumerate(chart.switches):
        x = min(max(scale.x(place_of(mark.at)), MARGIN), WIDTH - MARGIN)
        axes.plot([x, x], [_above(chart) - 12, bottom], color=rgb(INK), linewidth=3, linestyle=(0, (3, 2)), zorder=3)
        said = wrapped(mark.label, SMALL, _INNER, 1)[0]
        half = width_of(said, SMALL) / 2
        at = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
        # Two lines, so that switches close to each other are both told; of more the later ones are lines alone.
        if number < 2:
            write(axes, (at, _SWITCH * (number + 0.5)), said, size=SMALL, align="center")
