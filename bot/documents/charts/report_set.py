"""The charts of a report: two windows side by side, ten to twenty-four of them, the most telling first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.documents.charts.chart_words import platform
from bot.documents.charts.report_notes import agreement_note, notes, own_notes, window_names
from bot.i18n import PlainTranslator
from bot.model.chart import (
    Chart,
    DotRow,
    Dots,
    Estimate,
    GroupedBars,
    PairOfBars,
    Point,
    Post,
    SharesRow,
    StackedShares,
    TimeSeries,
    TopPosts,
)
from bot.model.codebook import codebook
from bot.model.handout import Chapter
from bot.model.report import FakeFigures, FakeLine, Line, Pair, Report, Share, SharePair, ToneLine, TopPost

#: More would be read by nobody.
MOST: Final = 24
#: Tone's places in the style: blue praises, hatched vermilion criticises, grey between them takes no side.
_TONE_PLACES: Final = (0, -1, 1)
_KINDS: Final = ("reactions", "comments", "shares")


def report_chapters(report: Report, t: PlainTranslator) -> list[Chapter]:
    """The charts that have something to show, in chapters; `MOST` of them at the most."""
    found, room = [], MOST
    for chapter in _Set(report, t).chapters():
        charts = chapter.charts[:room]
        room -= len(charts)
        found += [replace(chapter, charts=charts)] if charts else []
    return found


def report_charts(report: Report, t: PlainTranslator) -> list[Chart]:
    """The same in one list, in the order of a report."""
    return [chart for chapter in report_chapters(report, t) for chart in chapter.charts]


class _Set:
    """Makes the charts of one report in one language."""

    def __init__(self, report: Report, t: PlainTranslator) -> None:
        self._report = report
        self._t = t
        self._windows = window_names(report, t)
        self._under = " · ".join((f"{self._windows[0]} / {self._windows[1]}", report.zone))
        self._notes = notes(report, t)
        self._own_notes = own_notes(t)

    def chapters(self) -> list[Chapter]:
        t = self._t
        made = [
            (t.pgettext("chart", "Posts and interactions"), self._of_posts()),
            (t.pgettext("chart", "Tone"), self._of_tone()),
            (t.pgettext("chart", "What the newsroom was sent"), self._of_own()),
            (t.pgettext("chart", "Ads"), self._of_ads()),
            (t.pgettext("chart", "More figures"), self._details()),
        ]
        return [Chapter(title=title, charts=[each for each in charts if each is not None]) for title, charts in made]

    def _of_posts(self) -> Iterable[Chart | None]:
        t, report = self._t, self._report
        yield self._days(t.pgettext("chart", "Posts by day"), t.pgettext("chart", "posts"), lambda day: day.posts)
        yield self._pairs(
            t.pgettext("chart", "Kinds of interaction"),
            [(self._kind(kind), getattr(report, kind)) for kind in _KINDS],
        )
        yield self._lines(
            t.pgettext("chart", "Posts by category of actor"), report.categories, self._category, posts=True
        )
        yield self._lines(
            t.pgettext("chart", "Interactions by category of actor"), report.categories, self._category, posts=False
        )
        yield self._lines(t.pgettext("chart", "Who posted most"), report.actors, self._plain, posts=True)
        yield self._lines(
            t.pgettext("chart", "Whose posts got most interactions"), report.actors, self._plain, posts=False
        )
        yield self._per_post()
        yield self._lines(t.pgettext("chart", "Posts by platform"), report.platforms, self._platform, posts=True)
        yield self._venues(t.pgettext("chart", "Where posts stood"), lambda line: line.posts)
        for is_now, name in ((True, self._windows[0]), (False, self._windows[1])):
            yield self._top([post for post in report.top_posts if post.is_now == is_now], name)
        yield self._lines(t.pgettext("chart", "Topics"), report.topics, self._topic, posts=True, most=10)

    def _of_tone(self) -> Iterable[Chart | None]:
        t, report = self._t, self._report
        yield self._whole_tone()
        yield self._tone(t.pgettext("chart", "Tone by category of actor"), report.tone_by_category, self._category)
        yield self._tone(t.pgettext("chart", "Tone by actor"), report.tone_by_actor, self._plain)
        yield self._tone(t.pgettext("chart", "Tone by topic"), report.tone_by_topic, self._topic)

    def _details(self) -> Iterable[Chart | None]:
        """What is left out first when there is too much."""
        t, report = self._t, self._report
        yield self._tone(t.pgettext("chart", "Tone by platform"), report.tone_by_platform, self._platform)
        yield self._fakes_by_platform()
        yield self._venues(t.pgettext("chart", "Where interactions happened"), lambda line: line.interactions)
        campaigns = [
            (f"{each.label} · {each.name}".removesuffix(" · "), each.comments) for each in report.own.campaigns
        ]
        yield self._pairs(t.pgettext("chart", "Campaigns: comments"), campaigns, own=True)

    def _of_own(self) -> Iterable[Chart | None]:
        t, own = self._t, self._report.own
        comments = t.pgettext("chart", "comments")
        yield self._days(
            t.pgettext("chart", "Comments that the newsroom was sent"), comments, lambda day: day.comments, own=True
        )
        totals = [
            (t.pgettext("chart", "Cases"), own.cases),
            (t.pgettext("chart", "Comments"), own.comments),
            (t.pgettext("chart", "Accounts"), own.accounts),
            (t.pgettext("chart", "Threats"), own.threats),
            (t.pgettext("chart", "Campaigns"), own.campaigns_active),
            (t.pgettext("chart", "Spikes"), own.spikes),
            (t.pgettext("chart", "Accounts removed by platforms"), own.removed),
        ]
        yield self._pairs(t.pgettext("chart", "What the newsroom was sent"), totals, own=True)
        yield self._pairs(t.pgettext("chart", "Who was attacked"), own.targets, own=True)
        yield self._fakes()

    def _of_ads(self) -> Iterable[Chart | None]:
        t, ads = self._t, self._report.ads
        yield self._pairs(
            t.pgettext("chart", "Ads that were sighted"),
            [(f"{each.advertiser} · {platform(each.platform)}", each.count) for each in ads],
        )
        for currency in sorted({each.currency for each in ads if each.currency}):
            yield self._spent(currency)
        yield self._pairs(
            t.pgettext("chart", "Ads without a disclaimer"),
            [(f"{each.advertiser} · {platform(each.platform)}", each.undisclosed) for each in ads],
        )

    def _spent(self, currency: str) -> Chart:
        """From the least to the most that was spent: libraries of ads give a range."""
        rows = [
            DotRow(
                label=f"{each.advertiser} · {platform(each.platform)}",
                values=[
                    Estimate(value=each.spend.now, low=each.spend.now, high=each.spend_most.now),
                    Estimate(value=each.spend.before, low=each.spend.before, high=each.spend_most.before),
                ],
            )
            for each in self._report.ads
            if each.currency == currency
        ]
        title = self._t.pgettext("chart", "Spent on ads, {currency}: at least (to at most)", currency=currency)
        return Dots(title=title, notes=self._notes, series=self._windows, rows=rows)

    def _days(self, title: str, counted: str, of: Callable[..., Pair], *, own: bool = False) -> Chart | None:
        report = self._report
        values = [(day.number, of(day)) for day in report.days]
        if not any(value.now or value.before for _, value in values):
            return None
        return TimeSeries(
            title=title,
            under=self._under,
            notes=self._own_notes if own else self._notes,
            counted=f"{counted}, {self._windows[0]}",
            zone=report.zone,
            points=[Point(at=report.now.first + timedelta(days=n), value=value.now) for n, value in values],
            earlier=[value.before for _, value in values],
            earlier_name=self._windows[1],
        )

    def _pairs(
        self, title: str, pairs: Iterable[tuple[str, Pair]], *, own: bool = False, most: int = 8
    ) -> Chart | None:
        rows = [PairOfBars(label=name, first=pair.now, second=pair.before) for name, pair in pairs]
        rows = [row for row in rows if row.first or row.second]
        if not rows:
            return None
        footnotes = self._own_notes if own else self._notes
        return GroupedBars(title=title, notes=footnotes, windows=self._windows, pairs=rows, most=most)

    def _lines(
        self, title: str, lines: Sequence[Line], name: Callable[[str], str], *, posts: bool, most: int = 8
    ) -> Chart | None:
        ordered = sorted(((name(line.key), line.posts if posts else line.interactions) for line in lines), key=_most)
        return self._pairs(title, ordered, most=most)

    def _per_post(self) -> Chart | None:
        lines = [line for line in self._report.actors if line.posts.now or line.posts.before]
        lines = sorted(lines, key=lambda line: -max(line.per_post.now, line.per_post.before))
        rows = [
            DotRow(
                label=self._plain(line.key),
                values=[
                    Estimate(value=line.per_post.now if line.posts.now else None),
                    Estimate(value=line.per_post.before if line.posts.before else None),
                ],
            )
            for line in lines
        ]
        title = self._t.pgettext("chart", "Interactions per post")
        return Dots(title=title, notes=self._notes, series=self._windows, rows=rows) if rows else None

    def _whole_tone(self) -> Chart | None:
        t, report = self._t, self._report
        without = t.pgettext("chart", "without public groups")
        rows = []
        for line, added in ((report.tone, ""), (report.tone_without_groups, f", {without}")):
            now, before = ([round(part.now) for part in _parts(line)], [round(part.before) for part in _parts(line)])
            rows += [SharesRow(label=f"{self._windows[0]}{added}", counts=now)]
            rows += [SharesRow(label=f"{self._windows[1]}{added}", counts=before)]
        return self._stacked(t.pgettext("chart", "Tone"), self._tones(), rows, _TONE_PLACES, self._agreed("tone"))

    def _tone(self, title: str, lines: Sequence[ToneLine], name: Callable[[str], str]) -> Chart | None:
        rows = [
            SharesRow(
                label=name(line.key),
                counts=tuple(round(part.now) for part in (line.positive, line.neutral, line.negative)),
            )
            for line in lines
            if line.coded.now
        ]
        rows.sort(key=lambda row: -sum(row.counts))
        return self._stacked(f"{title}, {self._windows[0]}", self._tones(), rows, _TONE_PLACES, self._agreed("tone"))

    def _venues(self, title: str, of: Callable[[Line], Pair]) -> Chart | None:
        lines = self._report.venues[:8]
        rows = [
            SharesRow(label=self._windows[0], counts=[round(of(line).now) for line in lines]),
            SharesRow(label=self._windows[1], counts=[round(of(line).before) for line in lines]),
        ]
        return self._stacked(title, [self._venue(line.key) for line in lines], rows, (), ())

    def _stacked(
        self, title: str, parts: Sequence[str], rows: Sequence[SharesRow], places: Sequence[int], more: Sequence[str]
    ) -> Chart | None:
        if not any(sum(row.counts) for row in rows):
            return None
        return StackedShares(title=title, notes=(*self._notes, *more), parts=parts, places=places, rows=rows)

    def _fakes(self) -> Chart | None:
        t, fakes = self._t, self._report.fakes
        if fakes is None:
            return None
        rows = [
            self._share(t.pgettext("chart", "Comments by confirmed fakes"), fakes.confirmed),
            self._share(t.pgettext("chart", "Comments by suspected accounts"), fakes.suspected),
            self._share(t.pgettext("chart", "Accounts: confirmed fakes"), fakes.accounts_confirmed),
            self._share(t.pgettext("chart", "Accounts under suspicion"), fakes.accounts_suspected),
        ]
        return self._dots(t.pgettext("chart", "Share of known fakes"), rows)

    def _fakes_by_platform(self) -> Chart | None:
        t, fakes = self._t, self._report.fakes
        rows = [self._share(platform(line.platform), line.confirmed) for line in _by_platform(fakes)]
        return self._dots(t.pgettext("chart", "Comments by confirmed fakes, by platform"), rows)

    def _dots(self, title: str, rows: Sequence[DotRow]) -> Chart | None:
        if not any(value.value is not None for row in rows for value in row.values):
            return None
        note = self._t.pgettext("chart", "Whiskers: in 95 of 100 such samples the share lies within.")
        return Dots(title=title, notes=(*self._own_notes, note), series=self._windows, rows=rows, form="share")

    def _share(self, label: str, shares: SharePair) -> DotRow:
        return DotRow(label=label, values=[_estimate(shares.now), _estimate(shares.before)])

    def _top(self, posts: Sequence[TopPost], window: str) -> Chart | None:
        shown = [self._post(post) for post in sorted(posts, key=lambda post: post.rank)]
        title = self._t.pgettext("chart", "Posts with most interactions")
        return TopPosts(title=title, under=window, notes=self._notes, posts=shown) if shown else None

    def _post(self, post: TopPost) -> Post:
        said = [
            self._plain(post.actor),
            platform(post.platform),
            self._t.short_day(post.at.astimezone(ZoneInfo(self._report.zone)).date()),
        ]
        said += [codebook().name("tones", post.tone, self._t.language)] if post.tone else []
        figures = [(self._kind(kind), float(getattr(post, kind))) for kind in (*_KINDS, "views") if getattr(post, kind)]
        return Post(text=post.text, source=" · ".join(said), figures=figures)

    def _agreed(self, what: str) -> tuple[str, ...]:
        return tuple(agreement_note(found, self._t) for found in self._report.agreement if found.what == what)

    def _tones(self) -> list[str]:
        book = codebook()
        return [book.name("tones", code, self._t.language) for code in ("positive", "neutral", "negative")]

    def _kind(self, code: str) -> str:
        return codebook().name("kinds", code, self._t.language)

    def _category(self, code: str) -> str:
        return codebook().name("categories", code, self._t.language) if code else self._plain(code)

    def _topic(self, code: str) -> str:
        return codebook().name("topics", code, self._t.language) if code else self._plain(code)

    def _venue(self, code: str) -> str:
        return codebook().name("venues", code, self._t.language) if code else self._plain(code)

    def _platform(self, code: str) -> str:
        return platform(code) if code else self._plain(code)

    def _plain(self, name: str) -> str:
        return name or self._t.pgettext("chart", "not known")


def _parts(line: ToneLine) -> tuple[Pair, Pair, Pair]:
    return line.positive, line.neutral, line.negative


def _most(named: tuple[str, Pair]) -> float:
    return -max(named[1].now, named[1].before)


def _estimate(share: Share) -> Estimate:
    return Estimate(value=share.value, low=share.low, high=share.high)


def _by_platform(fakes: FakeFigures | None) -> Sequence[FakeLine]:
    return fakes.by_platform if fakes is not None else ()
