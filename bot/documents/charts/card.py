"""The card that every chart is drawn on: title, legend, room for the chart, footnotes; one style for all.

A picture is 1080 pixels wide and read on a phone about 390 points wide, so that 36 pixels are 13 points there; no text
is smaller than 28. The card has a ground and an edge of its own: it reads on a light page and on a dark one. This
module and those that use it load matplotlib; only `drawing` imports them, in a worker.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

from bot.documents.charts.chart_words import ChartWords
from bot.documents.charts.palette import COLOURS, EDGE, FAINT, HATCHES, INK, LINE, PAGE, Colour, contrast
from bot.documents.fonts import font
from bot.fonts import font_file
from bot.i18n import Formats
from bot.model.chart import Chart
from bot.model.plain import one_line

#: Pixels. Telegram keeps a photo of up to 1280 on its longer side as it is.
WIDTH: Final = 1080
MARGIN: Final = 48
TITLE: Final = 44
TEXT: Final = 34
SMALL: Final = 28
#: A line's height by its letters' size.
_LEADING: Final = 1.28
_MOST_TITLE_LINES: Final = 3
_MOST_NOTE_LINES: Final = 6
DASHES: Final = (0, (2.2, 1.2))
_MARKERS: Final = ("o", "D")
#: WCAG's least contrast of what is no text.
_SEEN: Final = 3.0
#: What stands for a sign that the font does not have.
_UNKNOWN: Final = "▫"

#: Everything that a user's own matplotlibrc could change is set back first.
_STYLE: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.stretch": "condensed",
    "text.parse_math": False,
    "hatch.linewidth": 2.0,
    "axes.unicode_minus": True,
    "path.simplify": True,
    "agg.path.chunksize": 0,
    "savefig.facecolor": "white",
}


@cache
def prepare() -> None:
    """Set style and font, once a process; a worker calls it before its first task."""
    mpl.use("agg")
    mpl.rcdefaults()
    mpl.rcParams.update(_STYLE)
    path = str(ExitStack().enter_context(font_file()))
    manager = font_manager.fontManager
    manager.addfont(path)
    # In front of what the system has, which may be another version of the same font.
    manager.ttflist.insert(0, manager.ttflist.pop())


def rgb(colour: Colour) -> tuple[float, float, float]:
    """A colour as matplotlib wants it."""
    return colour[0] / 255, colour[1] / 255, colour[2] / 255


@cache
def _signs() -> frozenset[int]:
    prepare()
    return frozenset(font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap())


def clean(text: str) -> str:
    """Anybody's text in one line, with a small square for each sign that the font lacks."""
    known = _signs()
    return "".join(char if ord(char) in known else _UNKNOWN for char in one_line(text))


def width_of(text: str, size: int) -> float:
    """Pixels that a text takes, and a little more: matplotlib rounds each letter."""
    return float(font(size).getlength(text)) * 1.02 + 2


def wrapped(text: str, size: int, room: float, most: int = 99) -> list[str]:
    """The text in lines no wider than the room; what is beyond the last line ends in an ellipsis."""
    lines = [""]
    for word in _breakable(clean(text), size, room):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last}…", size) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _breakable(text: str, size: int, room: float) -> list[str]:
    """Words, with those cut in pieces that are wider than the room (links, names without a blank)."""
    words = []
    for word in text[:2000].split():
        while width_of(word, size) > room and len(word) > 1:
            end = max(1, int(len(word) * room / width_of(word, size)))
            while end > 1 and width_of(word[:end], size) > room:
                end -= 1
            # After a sign at which people break words too, if there is one not too far back.
            end = max([word.rfind(sign, end // 2, end) + 1 for sign in "-/_.?&="] + [0]) or end
            words.append(word[:end])
            word = word[end:]
        words.append(word)
    return words


#: Between a label's last line and what it names: room for the tails of letters.
UNDER_LABEL: Final = 6


def leading(size: int) -> float:
    """The height of a line."""
    return size * _LEADING


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """An entry of the legend: a filled box of the style at ``place``, or a line or a marker of that colour."""

    label: str
    place: int = 0
    form: str = "box"
    colour: Colour | None = None


class Card:
    """A figure with the head and the foot drawn, and room of ``body`` pixels in height between them."""

    def __init__(self, chart: Chart, words: ChartWords, body: float, legend: Sequence[Key] = ()) -> None:
        prepare()
        self.words = words
        self.formats = Formats(words.language)
        self.body = body
        inner = WIDTH - 2 * MARGIN
        title = wrapped(chart.title, TITLE, inner, _MOST_TITLE_LINES)
        under = wrapped(chart.under, SMALL, inner, 2) if chart.under else []
        notes = [line for note in chart.notes for line in wrapped(note, SMALL, inner, _MOST_NOTE_LINES)]
        rows = _legend_rows(legend)
        self.top = MARGIN * 0.8 + len(title) * leading(TITLE) + len(under) * leading(SMALL) + len(rows) * 48 + 14
        foot = len(notes) * leading(SMALL) + (22 if notes else 0)
        self.height = round(self.top + body + foot + MARGIN * 0.8)
        self.figure = Figure(figsize=(WIDTH / 72, self.height / 72), dpi=72, facecolor=rgb(PAGE))
        FigureCanvasAgg(self.figure)
        self._ground = self._pixels(0, 0, WIDTH, self.height)
        self._frame()
        self._head(title, under, rows)
        self._foot(notes, self.top + body + 22)

    def pixels(self) -> Axes:
        """The room as axes whose units are pixels: x from the card's left edge, y downwards from the room's top."""
        return self._pixels(0, self.top, WIDTH, self.body)

    def nothing(self) -> Figure:
        """The card saying that there is nothing to draw."""
        write(self.pixels(), (WIDTH / 2, self.body / 2), self.words.nothing, colour=FAINT, align="center")
        return self.figure

    def _pixels(self, left: float, top: float, width: float, height: float) -> Axes:
        box = (left / WIDTH, 1 - (top + height) / self.height, width / WIDTH, height / self.height)
        axes = self.figure.add_axes(box)
        axes.set_xlim(left, left + width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        return axes

    def _frame(self) -> None:
        edge = Rectangle((1.5, 1.5), WIDTH - 3, self.height - 3, fill=False, edgecolor=rgb(EDGE), linewidth=3)
        self._ground.add_patch(edge)

    def _head(self, title: Sequence[str], under: Sequence[str], rows: Sequence[Sequence[Key]]) -> None:
        top = MARGIN * 0.8
        for line in title:
            write(self._ground, (MARGIN, top + leading(TITLE) / 2), line, size=TITLE)
            top += leading(TITLE)
        for line in under:
            write(self._ground, (MARGIN, top + leading(SMALL) / 2), line, size=SMALL, colour=FAINT)
            top += leading(SMALL)
        for row in rows:
            left = float(MARGIN)
            for key in row:
                _draw_key(self._ground, left, top + 26, key)
                write(self._ground, (left + 54, top + 26), clean(key.label), size=SMALL)
                left += _key_width(key)
            top += 48

    def _foot(self, notes: Sequence[str], top: float) -> None:
        for line in notes:
            write(self._ground, (MARGIN, top + leading(SMALL) / 2), line, size=SMALL, colour=FAINT)
            top += leading(SMALL)


def write(
    axes: Axes,
    at: tuple[float, float],
    text: str,
    *,
    size: int = TEXT,
    colour: Colour = INK,
    align: str = "left",
    ground: bool = False,
) -> Text:
    """A line of text, its middle at ``at``; on a ``ground`` of the page's colour where it lies on something."""
    box = {"facecolor": rgb(PAGE), "edgecolor": "none", "pad": 3} if ground else None
    return axes.text(
        *at, text, fontsize=size, color=rgb(colour), ha=align, va="center_baseline", bbox=box, zorder=6 if ground else 5
    )


def bar(axes: Axes, box: tuple[float, float, float, float], place: int) -> None:
    """A bar (left, top, width, height) in the style at ``place``, with an edge that shows where a light one ends.

    A place below zero is grey and plain: what takes no side.
    """
    left, top, width, height = box
    colour = COLOURS[place % len(COLOURS)] if place >= 0 else LINE
    axes.add_patch(
        Rectangle(
            (left, top),
            width,
            height,
            facecolor=rgb(colour),
            edgecolor=rgb(INK),
            linewidth=1.5,
            hatch=(HATCHES[place % len(HATCHES)] or None) if place >= 0 else None,
            hatchcolor=rgb(PAGE if contrast(PAGE, colour) >= _SEEN else INK),
            zorder=2,
        )
    )


def png(figure: Figure) -> bytes:
    """The picture: pixels alone, no metadata; the same bytes for the same chart."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)  # noqa: S101 - Card makes it so
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    with Image.frombuffer("RGBA", canvas.get_width_height(), pixels) as image:
        out = io.BytesIO()
        image.convert("RGB").save(out, "PNG", compress_level=6)
    return out.getvalue()


def _legend_rows(legend: Sequence[Key]) -> list[list[Key]]:
    rows: list[list[Key]] = []
    room = 0.0
    for key in legend:
        if not rows or _key_width(key) - 36 > room:
            rows.append([])
            room = WIDTH - 2 * MARGIN
        rows[-1].append(key)
        room -= _key_width(key)
    return rows


def _key_width(key: Key) -> float:
    return 54 + width_of(clean(key.label), SMALL) + 36


def _draw_key(axes: Axes, left: float, middle: float, key: Key) -> None:
    colour = rgb(key.colour or COLOURS[key.place % len(COLOURS)])
    if key.form == "box" and key.colour is None:
        bar(axes, (left, middle - 14, 40, 28), key.place)
    elif key.form == "box":
        axes.add_patch(Rectangle((left, middle - 14), 40, 28, facecolor=colour, edgecolor=rgb(EDGE), linewidth=1.5))
    elif key.form in ("line", "dashes"):
        line = Line2D((left, left + 40), (middle, middle), color=colour, linewidth=5)
        line.set_linestyle(DASHES if key.form == "dashes" else "solid")
        axes.add_line(line)
    else:
        mark(axes, (left + 20, middle), key.form, key.place if key.colour is None else -1)


def mark(axes: Axes, at: tuple[float, float], form: str, place: int) -> None:
    """A marker: ``form`` is "spike", or "dot" whose shape goes by its place."""
    shape = "v" if form == "spike" else _MARKERS[place % len(_MARKERS)]
    fill = rgb(COLOURS[1] if form == "spike" else COLOURS[0]) if form == "spike" or place == 0 else rgb(PAGE)
    edge = rgb(INK) if form == "spike" or place == 0 else rgb(COLOURS[1])
    axes.plot(
        [at[0]], [at[1]], marker=shape, markersize=24, markerfacecolor=fill, markeredgecolor=edge,
        markeredgewidth=2 if place == 0 or form == "spike" else 5, linestyle="none", zorder=5, clip_on=False,
    )  # fmt: skip
