"""A report over a period as a handout: its facts, chapters of charts, and every table in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.documents.charts.chart_words import platform
from bot.documents.charts.figures import NONE, estimate
from bot.documents.charts.report_notes import agreement_note, notes, own_notes, pair, window_names
from bot.documents.charts.report_set import report_chapters
from bot.i18n import PlainTranslator
from bot.model.chart import Estimate
from bot.model.codebook import codebook
from bot.model.handout import Cell, Handout, Table
from bot.model.report import Line, Pair, Presence, Report, SharePair, ToneLine


def report_handout(report: Report, t: PlainTranslator) -> Handout:
    """The document, in the reader's language."""
    first, second = window_names(report, t)
    said = t.pgettext("chart", "{first} against {second}", first=first, second=second)
    here = ZoneInfo(report.zone)
    return Handout(
        title=t.pgettext("chart", "Report over a period"),
        under=f"{said} · {report.zone}",
        made_at=report.made_at,
        facts=_facts(report, t),
        chapters=report_chapters(report, t),
        tables=[table for table in _Tables(report, t).all() if table.rows],
        notes=(*notes(report, t), *own_notes(t)),
        footer=f"{report.newsroom} · {t.datetime(report.made_at, here)}",
    )


def _facts(report: Report, t: PlainTranslator) -> list[tuple[str, str]]:
    told = [
        (t.pgettext("chart", "Posts"), pair(report.posts, t)),
        (t.pgettext("chart", "Interactions"), pair(report.interactions, t)),
        (t.pgettext("chart", "The same without public groups"), pair(report.interactions_without_groups, t)),
        (t.pgettext("chart", "Comments that the newsroom was sent"), pair(report.own.comments, t)),
    ]
    if report.fakes is not None:
        told.append((t.pgettext("chart", "Of them by confirmed fakes"), _share(report.fakes.confirmed, t)))
        told.append((t.pgettext("chart", "Of them by suspected accounts"), _share(report.fakes.suspected, t)))
    told += [(t.pgettext("chart", "Agreement of coders"), agreement_note(each, t)) for each in report.agreement]
    return told


def _share(shares: SharePair, t: PlainTranslator) -> str:
    both = (Estimate(value=each.value, low=each.low, high=each.high) for each in (shares.now, shares.before))
    return " / ".join(estimate(each, "share", t) for each in both)


class _Tables:
    """The tables of a report: codes as names, both windows in columns side by side."""

    def __init__(self, report: Report, t: PlainTranslator) -> None:
        self._report = report
        self._t = t
        self._windows = window_names(report, t)

    def all(self) -> Iterable[Table]:
        t, report = self._t, self._report
        yield self._lines(t.pgettext("chart", "Categories"), report.categories, self._named("categories"))
        yield self._lines(t.pgettext("chart", "Actors"), report.actors, self._plain)
        yield self._lines(t.pgettext("chart", "Platforms"), report.platforms, self._platform)
        yield self._lines(t.pgettext("chart", "Venues"), report.venues, self._named("venues"))
        yield self._lines(t.pgettext("chart", "Topics"), report.topics, self._named("topics"))
        yield self._tones()
        yield self._days()
        yield self._top()
        yield self._fakes()
        yield self._ads()
        yield self._presence()

    def _lines(self, name: str, lines: Sequence[Line], named: Callable[[str], str]) -> Table:
        t = self._t
        counted = (
            t.pgettext("chart", "Posts"),
            t.pgettext("chart", "Interactions"),
            t.pgettext("chart", "Interactions per post"),
            t.pgettext("chart", "Views"),
        )
        rows = []
        for line in lines:
            values = (line.posts, line.interactions, line.per_post, line.views)
            rows.append([named(line.key), *_both(values)])
        return Table(name=name, heads=[name, *self._heads(counted)], rows=rows)

    def _tones(self) -> Table:
        t, report, book = self._t, self._report, codebook()
        tones = [book.name("tones", code, t.language) for code in ("positive", "neutral", "negative")]
        everybody, groups = t.pgettext("chart", "Everybody"), t.pgettext("chart", "without public groups")
        rows = [self._tone(report.tone, everybody), self._tone(report.tone_without_groups, f"{everybody}, {groups}")]
        for lines, named in (
            (report.tone_by_category, self._named("categories")),
            (report.tone_by_actor, self._plain),
            (report.tone_by_platform, self._platform),
            (report.tone_by_venue, self._named("venues")),
            (report.tone_by_topic, self._named("topics")),
        ):
            rows += [self._tone(line, named(line.key)) for line in lines]
        name = t.pgettext("chart", "Tone")
        counted = report.tone.coded.now or report.tone.coded.before
        return Table(name=name, heads=[name, *self._heads(tones)], rows=rows if counted else ())

    def _tone(self, line: ToneLine, name: str) -> list[Cell]:
        return [name, *_both((line.positive, line.neutral, line.negative))]

    def _days(self) -> Table:
        t = self._t
        name = t.pgettext("chart", "By day")
        counted = (
            t.pgettext("chart", "Posts"),
            t.pgettext("chart", "Interactions"),
            t.pgettext("chart", "Comments that the newsroom was sent"),
        )
        rows = [[day.number + 1, *_both((day.posts, day.interactions, day.comments))] for day in self._report.days]
        return Table(name=name, heads=[t.pgettext("chart", "Day"), *self._heads(counted)], rows=rows)

    def _top(self) -> Table:
        t, book, here = self._t, codebook(), ZoneInfo(self._report.zone)
        name = t.pgettext("chart", "Posts with most interactions")
        heads = [
            t.pgettext("chart", "Window"),
            "№",
            t.pgettext("chart", "Actor"),
            t.pgettext("chart", "Platform"),
            t.pgettext("chart", "Venue"),
            t.pgettext("chart", "Time"),
            *(book.name("kinds", kind, t.language) for kind in ("reactions", "comments", "shares", "views")),
            t.pgettext("chart", "Tone"),
            t.pgettext("chart", "Topic"),
            t.pgettext("chart", "Text"),
            t.pgettext("chart", "Link"),
        ]
        rows: list[list[Cell]] = [
            [
                self._windows[0 if post.is_now else 1],
                post.rank,
                self._plain(post.actor),
                self._platform(post.platform),
                self._named("venues")(post.venue),
                f"{post.at.astimezone(here):%Y-%m-%d %H:%M}",
                *(post.reactions, post.comments, post.shares, post.views),
                book.name("tones", post.tone, t.language),
                book.name("topics", post.topic, t.language),
                post.text,
                post.link,
            ]
            for post in self._report.top_posts
        ]
        return Table(name=name, heads=heads, rows=rows)

    def _fakes(self) -> Table:
        t, fakes = self._t, self._report.fakes
        name = t.pgettext("chart", "Share of known fakes")
        heads = [
            name,
            t.pgettext("chart", "Window"),
            t.pgettext("chart", "Count"),
            t.pgettext("chart", "Of"),
            t.pgettext("chart", "Share"),
            t.pgettext("chart", "From"),
            t.pgettext("chart", "To"),
        ]
        if fakes is None:
            return Table(name=name, heads=heads, rows=())
        named = [
            (t.pgettext("chart", "Comments by confirmed fakes"), fakes.confirmed),
            (t.pgettext("chart", "Comments by suspected accounts"), fakes.suspected),
            (t.pgettext("chart", "Accounts: confirmed fakes"), fakes.accounts_confirmed),
            (t.pgettext("chart", "Accounts under suspicion"), fakes.accounts_suspected),
            *((platform(line.platform), line.confirmed) for line in fakes.by_platform),
        ]
        rows = [
            [label, window, share.count, share.total, *(_known(each) for each in (share.value, share.low, share.high))]
            for label, shares in named
            for window, share in zip(self._windows, (shares.now, shares.before), strict=True)
        ]
        return Table(name=name, heads=heads, rows=rows)

    def _ads(self) -> Table:
        t = self._t
        name = t.pgettext("chart", "Ads")
        counted = (
            t.pgettext("chart", "Ads"),
            t.pgettext("chart", "Spent at least"),
            t.pgettext("chart", "Spent at most"),
            t.pgettext("chart", "Without a disclaimer"),
        )
        heads = [
            t.pgettext("chart", "Advertiser"),
            t.pgettext("chart", "Platform"),
            t.pgettext("chart", "Currency"),
            *self._heads(counted),
        ]
        rows = [
            [
                each.advertiser,
                self._platform(each.platform),
                each.currency or NONE,
                *_both((each.count, each.spend, each.spend_most, each.undisclosed)),
            ]
            for each in self._report.ads
        ]
        return Table(name=name, heads=heads, rows=rows)

    def _presence(self) -> Table:
        t, report = self._t, self._report
        found = sorted({code for each in report.presence for code in (*each.present, *each.absent)})
        rows = [
            [
                self._plain(each.actor),
                self._named("categories")(each.category),
                *(self._is(each, code) for code in found),
            ]
            for each in report.presence
        ]
        heads = [t.pgettext("chart", "Actor"), t.pgettext("chart", "Category"), *map(platform, found)]
        return Table(name=t.pgettext("chart", "Where actors are"), heads=heads, rows=rows)

    def _is(self, each: Presence, code: str) -> str:
        if code in each.present:
            return self._t.pgettext("chart", "present")
        return self._t.pgettext("chart", "not present") if code in each.absent else NONE

    def _heads(self, counted: Sequence[str]) -> list[str]:
        return [f"{name}, {window}" for name in counted for window in self._windows]

    def _named(self, table: str) -> Callable[[str], str]:
        return lambda code: codebook().name(table, code, self._t.language) if code else self._plain(code)

    def _platform(self, code: str) -> str:
        return platform(code) if code else self._plain(code)

    def _plain(self, name: str) -> str:
        return name or self._t.pgettext("chart", "not known")


def _both(pairs: Iterable[Pair]) -> list[Cell]:
    return [_rounded(value) for each in pairs for value in (each.now, each.before)]


def _rounded(value: float) -> Cell:
    return int(value) if float(value).is_integer() else round(value, 2)


def _known(value: float | None) -> Cell:
    return NONE if value is None else round(value, 4)
