"""The posts with most interactions, as a table that reads on a phone: text, who and where, figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bot.documents.charts.card import MARGIN, SMALL, TEXT, WIDTH, Card, clean, leading, rgb, wrapped, write
from bot.documents.charts.chart_words import ChartWords
from bot.documents.charts.figures import figure
from bot.documents.charts.palette import FAINT, INK, LINE, Colour
from bot.i18n import Formats
from bot.model.chart import Post, TopPosts

_LEFT: Final = MARGIN + 60
_ROOM: Final = WIDTH - _LEFT - MARGIN
_GAP: Final = 34
_MOST_LINES: Final = 2
#: A line of a post: its text, its size, its colour.
_Line = tuple[str, int, Colour]


def posts(chart: TopPosts, words: ChartWords) -> Figure:
    """A numbered block for each post."""
    formats = Formats(words.language)
    blocks = [_block(post, formats) for post in chart.posts[: chart.most]]
    heights = [sum(leading(size) for _, size, _ in block) + _GAP for block in blocks]
    card = Card(chart, words, sum(heights) + (leading(SMALL) if words.left_out else 0) if blocks else 220)
    if not blocks:
        return card.nothing()
    axes, top = card.pixels(), 0.0
    for number, (block, height) in enumerate(zip(blocks, heights, strict=True)):
        if number:
            axes.add_patch(Rectangle((MARGIN, top - 16), WIDTH - 2 * MARGIN, 2, facecolor=rgb(LINE), edgecolor="none"))
        write(axes, (MARGIN, top + leading(TEXT) / 2), f"{number + 1}", size=TEXT, colour=FAINT)
        line_top = top
        for text, size, colour in block:
            write(axes, (_LEFT, line_top + leading(size) / 2), text, size=size, colour=colour)
            line_top += leading(size)
        top += height
    if words.left_out:
        write(axes, (MARGIN, top + leading(SMALL) / 2), words.left_out, size=SMALL, colour=FAINT)
    return card.figure


def _block(post: Post, formats: Formats) -> Sequence[_Line]:
    told = " · ".join(f"{clean(name)} {figure(value, 'number', formats)}" for name, value in post.figures)
    lines: list[_Line] = [(line, TEXT, INK) for line in wrapped(post.text, TEXT, _ROOM, _MOST_LINES)]
    lines += [(line, SMALL, FAINT) for line in wrapped(post.source, SMALL, _ROOM, 2)]
    return lines + [(line, SMALL, INK) for line in wrapped(told, SMALL, _ROOM, 2)]
