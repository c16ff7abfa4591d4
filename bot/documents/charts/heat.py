"""Hours down, weekdays across: on a phone each cell has room for its count. Dark is many; the count says it too."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bot.documents.charts.card import MARGIN, SMALL, WIDTH, Card, rgb, width_of, write
from bot.documents.charts.chart_words import ChartWords
from bot.documents.charts.palette import EDGE, FAINT, INK, PAGE, STEPS, contrast
from bot.i18n import Formats
from bot.model.chart import HeatMap

_LEFT: Final = MARGIN + 64
_HEAD: Final = 44
_ROW: Final = 38
_CELL: Final = (WIDTH - _LEFT - MARGIN) / 7
_DAYS: Final = 7
_HOURS: Final = 24


def heat(chart: HeatMap, words: ChartWords) -> Figure:
    """The grid; a week without a single count says so."""
    most = max((count for row in chart.grid for count in row), default=0)
    card = Card(chart, words, _HEAD + _HOURS * _ROW if most else 220)
    if not most:
        return card.nothing()
    axes = card.pixels()
    for day, name in enumerate(card.formats.weekdays()):
        write(axes, (_LEFT + (day + 0.5) * _CELL, _HEAD / 2), name, size=SMALL, colour=FAINT, align="center")
    for hour in range(_HOURS):
        middle = _HEAD + (hour + 0.5) * _ROW
        if hour % 2 == 0:
            write(axes, (_LEFT - 14, middle), f"{hour:02d}", size=SMALL, colour=FAINT, align="right")
        for day in range(_DAYS):
            _draw_cell(axes, (_LEFT + day * _CELL, middle - _ROW / 2), chart.grid[day][hour], most, card.formats)
    if chart.shift is not None:
        _draw_shift(axes, chart.shift)
    return card.figure


def level(count: int, most: int) -> int:
    """The step of the scale: zero has its own, and small counts are told apart better than great ones."""
    return 0 if not count else 1 + min(len(STEPS) - 2, int((len(STEPS) - 1) * (count / most) ** 0.7 - 1e-9))


def _draw_cell(axes: Axes, at: tuple[float, float], count: int, most: int, formats: Formats) -> None:
    colour = STEPS[level(count, most)]
    box = Rectangle((at[0] + 1.5, at[1] + 1.5), _CELL - 3, _ROW - 3, facecolor=rgb(colour), edgecolor="none")
    axes.add_patch(box)
    if not count:
        return
    said = formats.number(count)
    if width_of(said, SMALL) > _CELL - 8:
        said = formats.compact(count)
    ink = max((INK, PAGE), key=lambda each: contrast(each, colour))
    write(axes, (at[0] + _CELL / 2, at[1] + _ROW / 2), said, size=SMALL, colour=ink, align="center")


def _draw_shift(axes: Axes, shift: tuple[int, int]) -> None:
    """A frame around the shift on working days."""
    begins, ends = shift
    box = (_LEFT - 1, _HEAD + begins * _ROW - 1)
    high = (ends - begins) * _ROW + 2
    axes.add_patch(Rectangle(box, 5 * _CELL + 2, high, fill=False, edgecolor=rgb(INK), linewidth=5, zorder=4))
    axes.add_patch(Rectangle(box, 5 * _CELL + 2, high, fill=False, edgecolor=rgb(EDGE), linewidth=1, zorder=5))
