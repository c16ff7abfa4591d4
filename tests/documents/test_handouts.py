"""Digests and reports as charts, on paper and as workbooks: enough of them, and their footnotes everywhere."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import typst
from PIL import Image

from benchmarks.charts.report_sample import digest, report
from benchmarks.charts.samples import ZONE
from bot.documents.charts import drawing
from bot.documents.charts.alt import alt
from bot.documents.charts.chart_words import chart_words
from bot.documents.charts.digest_set import digest_charts
from bot.documents.charts.report_handout import report_handout
from bot.documents.charts.report_notes import notes, own_notes
from bot.documents.charts.report_set import MOST, report_charts
from bot.documents.charts.studio import Charts
from bot.documents.handouts.paper import paper
from bot.documents.handouts.workbook import workbook
from bot.i18n import LANGUAGES, Catalogs
from bot.model.chart import HeatMap, Picture, StackedShares, TimeSeries
from bot.model.digest import DigestContent, Section
from bot.model.handout import Chapter, Handout, Table
from bot.model.report import Pair, Report, Sampling


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    """Every language, failing at a message that cannot be filled in."""
    return Catalogs.load(strict=True)


async def _at_once(draw: Callable[..., bytes], *args: object) -> bytes:
    return draw(*args)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_has_ten_to_twenty_four_charts(language: str, catalogs: Catalogs) -> None:
    """With everything known and with posts alone; each says its figures, and stands under its own title."""
    t = catalogs[language].plain
    for made, most in ((report(), MOST), (report(coded=False, own=False), 20)):
        charts = report_charts(made, t)
        assert 10 <= len(charts) <= most
        titles = [f"{chart.title} {chart.under}" for chart in charts]
        assert len(set(titles)) == len(titles)
        for chart in charts:
            assert alt(chart, t)
            assert "{" not in alt(chart, t)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sampling_rule_and_delay_stand_in_every_footnote(language: str, catalogs: Catalogs) -> None:
    """Under each chart of posts; under charts of what was sent in, what was counted."""
    t = catalogs[language].plain
    made = report()
    rule, delay = notes(made, t)
    for figure in ("200", "633", "640", "591", "600"):
        assert figure in rule
    for value in (3.5, 2.5, 9, 7):
        assert t.number(value) in delay
    charts = report_charts(made, t)
    for chart in charts:
        assert chart.notes[:2] == (rule, delay) or chart.notes[:1] == own_notes(t), chart.title
    assert sum(chart.notes[:2] == (rule, delay) for chart in charts) >= 15


def test_what_is_not_known_is_said(catalogs: Catalogs) -> None:
    """No day of capture, no sampled category: the footnotes say so, with no gap."""
    t = catalogs["en"].plain
    bare = replace(report(), sampling=Sampling(top=200, sampled=(), settled=3))
    rule, delay = notes(bare, t)
    assert rule.startswith("Sampling: every post is coded.")
    assert delay == "Delay from posting to capture: not known."


def test_an_empty_report_has_no_charts(catalogs: Catalogs) -> None:
    """Nothing in either window: no empty pictures, and a document that still says its windows."""
    t = catalogs["ru"].plain
    full = report()
    empty = Report(
        now=full.now, before=full.before, zone=ZONE, made_at=full.made_at, newsroom="x", sampling=full.sampling
    )
    assert report_charts(empty, t) == []
    handout = report_handout(empty, t)
    assert "26" in handout.under
    assert paper(handout, [], "ru").startswith(b"%PDF")


def test_more_ads_than_charts(catalogs: Catalogs) -> None:
    """However much is known, no more charts than somebody reads, the ads among them."""
    t = catalogs["en"].plain
    charts = report_charts(report(), t)
    assert {"Ads that were sighted", "Ads without a disclaimer"} <= {chart.title for chart in charts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_digest_charts(language: str, catalogs: Catalogs) -> None:
    """The time series with spikes marked, targets, platforms, campaigns, the week's hours; each in its section."""
    t = catalogs[language].plain
    sets = digest_charts(digest(), ZONE, t)
    assert set(sets) == {Section.EVENTS, Section.SPIKES, Section.CAMPAIGNS}
    series, makeup = sets[Section.SPIKES]
    assert isinstance(series, TimeSeries)
    assert [mark.label for mark in series.spikes] == ["S-7"]
    assert len(series.points) == 336
    assert isinstance(makeup, StackedShares)
    assert list(makeup.rows[0].counts) == [90, 79, 56]
    assert sum(isinstance(chart, HeatMap) for chart in sets[Section.EVENTS]) == 1
    assert len(sets[Section.EVENTS]) == 3
    for charts in sets.values():
        for chart in charts:
            assert drawing.draw(chart, chart_words(chart, t)).startswith(b"\x89PNG")


def test_a_quiet_digest_has_no_charts(catalogs: Catalogs) -> None:
    """Nothing to show is no picture."""
    full = digest()
    assert digest_charts(DigestContent(since=full.since, until=full.until), ZONE, catalogs["ky"].plain) == {}


async def test_footnotes_on_every_page(catalogs: Catalogs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page of the PDF ends with the footnotes; the same report gives the same bytes."""
    t, pages = catalogs["ky"].plain, []
    compiled = typst.compile

    def with_pages(source: str, **options: Any) -> bytes:
        shown = {key: value for key, value in options.items() if key != "timestamp"}
        pages.append(compiled(source, format="png", ppi=72, **shown))
        return compiled(source, **options)

    monkeypatch.setattr(typst, "compile", with_pages)
    charts = Charts(_at_once)
    handout = report_handout(report(), t)
    short = replace(handout, chapters=[replace(each, charts=each.charts[:3]) for each in handout.chapters])
    first = await charts.paper(short, t)
    assert first.startswith(b"%PDF")
    assert await charts.paper(short, t) == first
    assert len(pages[0]) >= 2
    for page in pages[0]:
        assert _ink(page) > 1500
    bare = paper(replace(handout, notes=(), chapters=[]), [], "ky")
    assert bare.startswith(b"%PDF")
    assert _ink(pages[-1] if isinstance(pages[-1], bytes) else pages[-1][0]) < 800


def _ink(page: bytes) -> int:
    """How many pixels of the lowest tenth are not white."""
    with Image.open(io.BytesIO(page)) as image:
        foot = image.convert("L").crop((0, image.height * 9 // 10, image.width, image.height))
        return sum(foot.histogram()[:200])


def test_pictures_have_their_sentence_on_paper(catalogs: Catalogs) -> None:
    """The PDF carries each chart's sentence for those who listen to it."""
    made = report()
    handout = Handout(title="t", under="u", made_at=made.made_at, chapters=[Chapter(title="c")])
    png = io.BytesIO()
    Image.new("RGB", (9, 9)).save(png, "PNG")
    data = paper(handout, [[Picture(png=png.getvalue(), alt="Sentence of the chart.")]], "en")
    assert "Sentence of the chart.".encode("utf-16-be") in data or b"Sentence of the chart." in data


def test_hostile_words_on_paper(catalogs: Catalogs) -> None:
    """No markup, no raw direction mark, no endless word breaks the document."""
    made = report()
    nasty = "#panic() \\ $x$ \u202e `raw` @ref <label> " + "ы" * 900 + "\x00"
    chapter = Chapter(title=nasty, lines=[nasty])
    handout = Handout(
        title=nasty,
        under=nasty,
        made_at=made.made_at,
        facts=[(nasty, nasty)],
        chapters=[chapter],
        notes=[nasty],
        footer=nasty,
    )
    assert paper(handout, [[]], "ru").startswith(b"%PDF")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_ends_with_the_footnotes(language: str, catalogs: Catalogs) -> None:
    """A sheet for each table, named as Excel takes it; no cell is a formula; sampling and delay under each."""
    t = catalogs[language].plain
    made = report()
    with zipfile.ZipFile(io.BytesIO(workbook(report_handout(made, t)))) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        strings = re.findall(r"<si><t[^>]*>(.*?)</t></si>", book.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(1, len(names) + 1)]
    assert len(names) == 12
    assert all(len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    rule, delay = notes(made, t)
    places = [_place(strings, rule), _place(strings, delay)]
    for sheet in sheets:
        assert "<f>" not in sheet
        for place in places:
            assert f'<c r="A{_row_of(sheet, place)}" t="s"><v>{place}</v></c>' in sheet
    assert any(value.startswith("&#39;=HYPERLINK") or value.startswith("'=HYPERLINK") for value in strings)


def _place(strings: list[str], note: str) -> int:
    return next(n for n, value in enumerate(strings) if value[:40] == note[:40])


def _row_of(sheet: str, place: int) -> str:
    found = re.search(rf'<c r="A(\d+)" t="s"><v>{place}</v></c>', sheet)
    assert found is not None
    return found.group(1)


def test_sheets_of_one_name_are_told_apart(catalogs: Catalogs) -> None:
    """Names that Excel refuses, or would take for the same, do not break the workbook."""
    made = report()
    tables = [Table(name=name, heads=["a"], rows=[[1.5], ["x"]]) for name in ("A/B", "a b", "[]", "я" * 50, "Я" * 50)]
    data = workbook(Handout(title="History:?", under="", made_at=made.made_at, tables=tables))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert len({name.casefold() for name in names}) == 6
    assert all(0 < len(name) <= 31 for name in names)


def test_shares_of_both_windows_in_the_facts(catalogs: Catalogs) -> None:
    """The share of known fakes stands with its interval, both windows apart; confirmed and suspected are not summed."""
    t = catalogs["en"].plain
    facts = dict(report_handout(report(), t).facts)
    assert facts["Of them by confirmed fakes"] == "15% (9% – 23%) / 5% (0% – 13%)"
    assert facts["Posts"] == "1,234 / 1,100"
    none = replace(report(), fakes=None, posts=Pair())
    assert "Of them by confirmed fakes" not in dict(report_handout(none, t).facts)
