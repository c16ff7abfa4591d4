"""The charts of a digest: comments by the hour with spikes marked, targets, platforms, campaigns, the week's hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.documents.charts.chart_words import platform
from bot.i18n import PlainTranslator
from bot.model.chart import (
    Bar,
    Chart,
    GroupedBars,
    HeatMap,
    Mark,
    PairOfBars,
    Point,
    RankedBars,
    SharesRow,
    StackedShares,
    TimeSeries,
)
from bot.model.digest import Counted, DigestContent, Hours, NamedSpike, Section


def digest_charts(content: DigestContent, zone: str, t: PlainTranslator) -> dict[Section, tuple[Chart, ...]]:
    """The charts of each section that has something to show; the first of a section is the one to send."""
    window = _window(content, zone, t)
    found: dict[Section, tuple[Chart | None, ...]] = {
        Section.EVENTS: (
            _pairs(t.pgettext("chart", "Who was attacked"), content.targets, window),
            _pairs(
                t.pgettext("chart", "Where the comments were"),
                [Counted(name=platform(each.name), count=each.count, before=each.before) for each in content.platforms],
                window,
            ),
            _week(content, zone, t),
        ),
        Section.SPIKES: (_series(content.series, content, zone, t), _makeup(content.spikes, window, t)),
        Section.CAMPAIGNS: (_campaigns(content, window, t),),
        Section.FAKES: (_pairs(t.pgettext("chart", "Farms seen in this window"), content.farms, window),),
    }
    said = {section: tuple(chart for chart in charts if chart is not None) for section, charts in found.items()}
    return {section: charts for section, charts in said.items() if charts}


def _window(content: DigestContent, zone: str, t: PlainTranslator) -> tuple[str, str, str]:
    """The window in words, and the names of it and of the one before."""
    here = ZoneInfo(zone)
    said = f"{t.datetime(content.since, here)} – {t.datetime(content.until, here)} · {zone}"
    return said, t.pgettext("chart", "this window"), t.pgettext("chart", "the one before")


def _pairs(title: str, counted: Sequence[Counted], window: tuple[str, str, str]) -> Chart | None:
    if not counted:
        return None
    if not any(each.before for each in counted):
        return RankedBars(title=title, under=window[0], bars=[Bar(label=c.name, value=c.count) for c in counted])
    pairs = [PairOfBars(label=each.name, first=each.count, second=each.before) for each in counted]
    return GroupedBars(title=title, under=window[0], windows=window[1:], pairs=pairs)


def _week(content: DigestContent, zone: str, t: PlainTranslator) -> Chart | None:
    if not any(map(any, content.week)):
        return None
    under = t.pgettext("chart", "the last four weeks · {zone}", zone=zone)
    return HeatMap(title=t.pgettext("chart", "At which hours comments come"), under=under, grid=content.week)


def _series(hours: Hours | None, content: DigestContent, zone: str, t: PlainTranslator) -> Chart | None:
    if hours is None or not any(hours.counts):
        return None
    points = [Point(at=hours.start + timedelta(hours=n), value=count) for n, count in enumerate(hours.counts)]
    marks = [Mark(at=each.started_at, label=f"S-{each.number}") for each in content.spikes]
    return TimeSeries(
        title=t.pgettext("chart", "Comments by the hour"),
        under=zone,
        counted=t.pgettext("chart", "comments"),
        zone=zone,
        points=points,
        spikes=marks,
    )


def _makeup(spikes: Sequence[NamedSpike], window: tuple[str, str, str], t: PlainTranslator) -> Chart | None:
    """What each spike is made of: a paid wave, or real anger."""
    if not spikes:
        return None
    rows = []
    for each in spikes:
        known, repeated = round(each.known * each.count), round(each.repeated * each.count)
        rest = max(0, each.count - known - repeated)
        rows.append(SharesRow(label=f"S-{each.number} · {each.name}", counts=(known, repeated, rest)))
    return StackedShares(
        title=t.pgettext("chart", "What spikes are made of"),
        under=window[0],
        parts=makeup_parts(t),
        places=(1, 3, -1),
        rows=rows,
    )


def makeup_parts(t: PlainTranslator) -> tuple[str, str, str]:
    """What the comments of a spike are: known fakes', repeated texts, unfamiliar ones."""
    return (
        t.pgettext("chart", "known fakes"),
        t.pgettext("chart", "repeated texts"),
        t.pgettext("chart", "unfamiliar"),
    )


def _campaigns(content: DigestContent, window: tuple[str, str, str], t: PlainTranslator) -> Chart | None:
    if not content.campaigns:
        return None
    bars = [Bar(label=f"C-{c.number} · {c.name}".removesuffix(" · "), value=c.times) for c in content.campaigns]
    return RankedBars(title=t.pgettext("chart", "Campaigns: how often they were seen"), under=window[0], bars=bars)
