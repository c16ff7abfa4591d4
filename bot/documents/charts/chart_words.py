"""The few words that a chart says itself, in one language: made where the catalogues are, drawn in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.i18n import PlainTranslator
from bot.model.chart import Chart, Dots, GroupedBars, RankedBars, StackedShares, TopPosts

_PLATFORMS: Final = {"vk": "VK", "ok": "OK", "tiktok": "TikTok", "youtube": "YouTube", "whatsapp": "WhatsApp"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartWords:
    """Words in ``language``; ``left_out`` says how many rows the picture has no room for, and is empty for none."""

    language: str
    nothing: str
    usual: str
    spike: str
    absent: str
    left_out: str


def chart_words(chart: Chart, t: PlainTranslator) -> ChartWords:
    """The words for this chart."""
    left = left_out(chart)
    return ChartWords(
        language=t.language,
        nothing=t.pgettext("chart", "Nothing in this period."),
        usual=t.pgettext("chart", "usual"),
        spike=t.pgettext("chart", "spike"),
        absent=t.pgettext("chart", "not present"),
        left_out=t.npgettext("chart", "{count} more", "{count} more", left, count=t.number(left)) if left else "",
    )


def platform(code: str) -> str:
    """What people call a platform; brands are the same in every language."""
    return _PLATFORMS.get(code, code.capitalize())


def rows_of(chart: Chart) -> Sequence[object]:
    """The rows of a chart that shows no more than so many."""
    match chart:
        case RankedBars():
            return chart.bars
        case GroupedBars():
            return chart.pairs
        case StackedShares() | Dots():
            return chart.rows
        case TopPosts():
            return chart.posts
    return ()


def left_out(chart: Chart) -> int:
    """How many rows there is no room for."""
    most: int = getattr(chart, "most", 0)
    return max(0, len(rows_of(chart)) - most)
