"""What a chart says, in words: for those who do not see it, for captions, and for whoever wants the figures at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from bot.documents.charts.figures import estimate, figure, span, when
from bot.i18n import PlainTranslator
from bot.model.chart import (
    Chart,
    Dots,
    Form,
    GroupedBars,
    HeatMap,
    RankedBars,
    Sides,
    Sparkline,
    StackedShares,
    TimeSeries,
    TopPosts,
)
from bot.model.plain import one_line

#: Of a post's text.
_MOST_LETTERS: Final = 90


def alt(chart: Chart, t: PlainTranslator) -> str:
    """Title and figures in full sentences. Raises KeyError for a kind that nobody draws."""
    said = _KINDS[type(chart)](chart, t) or [t.pgettext("chart", "Nothing in this period.")]
    under = [_sentence(one_line(chart.under))] if chart.under else []
    return " ".join([_sentence(one_line(chart.title)), *under, *said])


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _joined(parts: Iterable[str]) -> str:
    return _sentence("; ".join(parts))


def _series(chart: TimeSeries, t: PlainTranslator) -> list[str]:
    points = chart.points
    if not points:
        return []
    top = max(points, key=lambda point: point.value)
    said = [
        t.pgettext(
            "chart",
            "{span}: {total} in all ({counted}); most, {most}: {day}",
            span=span(points[0].at, points[-1].at, chart.zone, t),
            total=figure(sum(point.value for point in points), "number", t),
            counted=one_line(chart.counted),
            most=figure(top.value, "number", t),
            day=when(top.at, chart.zone, t),
        )
    ]
    lows, highs = [p.low for p in points if p.low is not None], [p.high for p in points if p.high is not None]
    if lows and highs:
        ends = figure(min(lows), "number", t), figure(max(highs), "number", t)
        said.append(t.pgettext("chart", "Usual: {low} to {high}.", low=ends[0], high=ends[1]))
    if chart.earlier:
        total = figure(sum(chart.earlier), "number", t)
        said.append(f"{one_line(chart.earlier_name)}: {total}.")
    if chart.spikes:
        days = ", ".join(one_line(mark.label) or when(mark.at, chart.zone, t) for mark in chart.spikes)
        count = len(chart.spikes)
        said.append(t.npgettext("chart", "{n} spike: {days}", "{n} spikes: {days}", count, days=days))
    return list(map(_sentence, said))


def _ranked(chart: RankedBars, t: PlainTranslator) -> list[str]:
    ordered = sorted(chart.bars, key=lambda bar: -bar.value)
    shown, rest = ordered[: chart.most], ordered[chart.most :]
    parts = [f"{one_line(bar.label)} – {figure(bar.value, chart.form, t)}" for bar in shown]
    if rest:
        total = f" – {figure(sum(bar.value for bar in rest), chart.form, t)}" if chart.form == "number" else ""
        parts.append(_more(len(rest), t) + total)
    return [_joined(parts)] if parts else []


def _grouped(chart: GroupedBars, t: PlainTranslator) -> list[str]:
    parts = [
        f"{one_line(pair.label)} – {_present(pair.first, chart.form, t)} / {_present(pair.second, chart.form, t)}"
        for pair in chart.pairs[: chart.most]
    ]
    first, second = (one_line(name) for name in chart.windows)
    return [f"{first} / {second}: {_joined(_and_more(parts, len(chart.pairs) - chart.most, t))}"] if parts else []


def _shares(chart: StackedShares, t: PlainTranslator) -> list[str]:
    parts = []
    for row in chart.rows[: chart.most]:
        whole = sum(row.counts)
        if not whole:
            parts.append(f"{one_line(row.label)} – 0")
            continue
        told = [
            f"{one_line(name)} {figure(count / whole, 'share', t)}"
            for name, count in zip(chart.parts, row.counts, strict=True)
        ]
        parts.append(f"{one_line(row.label)} (n = {t.number(whole)}) – {', '.join(told)}")
    if not any(sum(row.counts) for row in chart.rows):
        return []
    return [_joined(_and_more(parts, len(chart.rows) - chart.most, t))]


def _heat(chart: HeatMap, t: PlainTranslator) -> list[str]:
    cells = [(count, day, hour) for day, row in enumerate(chart.grid) for hour, count in enumerate(row)]
    total = sum(count for count, _, _ in cells)
    if not total:
        return []
    names, days = t.weekdays(), [sum(row) for row in chart.grid]
    top = sorted(cells, key=lambda cell: (-cell[0], cell[1:]))[:3]
    told = ", ".join(f"{names[day]} {hour:02d}:00 – {t.number(count)}" for count, day, hour in top if count)
    by_day = ", ".join(f"{name} – {t.number(count)}" for name, count in zip(names, days, strict=True))
    return [
        t.pgettext("chart", "{total} in all; by day: {days}.", total=t.number(total), days=by_day),
        t.pgettext("chart", "Most: {hours}.", hours=told),
    ]


def _dots(chart: Dots, t: PlainTranslator) -> list[str]:
    if not any(value.value is not None for row in chart.rows for value in row.values):
        return []
    parts = []
    for row in chart.rows[: chart.most]:
        told = [
            t.pgettext("chart", "not present") if value.value is None else estimate(value, chart.form, t)
            for value in row.values
        ]
        parts.append(f"{one_line(row.label)} – {' / '.join(told)}")
    said = [f"{' / '.join(map(one_line, chart.series))}: {_joined(_and_more(parts, len(chart.rows) - chart.most, t))}"]
    if chart.reference is not None:
        said.append(_sentence(f"{one_line(chart.reference_label)} {figure(chart.reference, chart.form, t)}".strip()))
    return said


def _sides(chart: Sides, t: PlainTranslator) -> list[str]:
    praised, attacked = Counter[str](), Counter[str]()
    for week in chart.weeks:
        praised[week.subject] += week.praised
        attacked[week.subject] += week.attacked
    names = [name for name, _ in (praised + attacked).most_common(chart.most)]
    if not names:
        return []
    words = one_line(chart.praised), one_line(chart.attacked)
    parts = [
        f"{one_line(name)} – {words[0]} {t.number(praised[name])}, {words[1]} {t.number(attacked[name])}"
        for name in names
    ]
    said = [_joined(parts)]
    return [*said, _joined(one_line(mark.label) for mark in chart.switches)] if chart.switches else said


def _posts(chart: TopPosts, t: PlainTranslator) -> list[str]:
    parts = []
    for number, post in enumerate(chart.posts[: chart.most], start=1):
        text = one_line(post.text)
        short = text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS].rstrip()}…"
        told = ", ".join(f"{one_line(name)} {figure(value, 'number', t)}" for name, value in post.figures)
        parts.append(f"{number}) «{short}», {one_line(post.source)}: {told}")
    return [_joined(_and_more(parts, len(chart.posts) - chart.most, t))] if parts else []


def _present(value: float | None, form: Form, t: PlainTranslator) -> str:
    return t.pgettext("chart", "not present") if value is None else figure(value, form, t)


def _and_more(parts: list[str], left: int, t: PlainTranslator) -> list[str]:
    return [*parts, _more(left, t)] if left > 0 else parts


def _more(left: int, t: PlainTranslator) -> str:
    return t.npgettext("chart", "{count} more", "{count} more", left, count=t.number(left))


_KINDS: Final[dict[type[Chart], Callable[[Any, PlainTranslator], list[str]]]] = {
    TimeSeries: _series,
    Sparkline: _series,
    RankedBars: _ranked,
    GroupedBars: _grouped,
    StackedShares: _shares,
    HeatMap: _heat,
    Dots: _dots,
    Sides: _sides,
    TopPosts: _posts,
}
