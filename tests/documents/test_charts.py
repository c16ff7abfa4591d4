"""Charts read on a phone, in both themes, to every eye; whatever the figures, whoever wrote the labels."""

from __future__ import annotations

import gc
import io
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from PIL import Image

from benchmarks.charts.samples import NAMES, ZONE, days, hard, usual
from bot.documents.charts import drawing
from bot.documents.charts.alt import alt
from bot.documents.charts.chart_words import chart_words
from bot.documents.charts.palette import ALERT, COLOURS, EDGE, FAINT, HATCHES, INK, PAGE, STEPS, USUAL, contrast
from bot.documents.charts.ticks import ticks
from bot.i18n import LANGUAGES, Catalogs, PlainTranslator
from bot.model.chart import Bar, Chart, HeatMap, Mark, Point, RankedBars, TimeSeries

CHARTS: Mapping[str, Chart] = {**usual(), **hard()}
#: As Telegram's apps draw their pages, light and dark.
PAGES = ((255, 255, 255), (223, 231, 238), (14, 22, 33), (0, 0, 0))
# A phone shows the 1080 pixels of a picture about 390 points wide.
POINT = 1080 / 390


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    """Every language, failing at a message that cannot be filled in."""
    return Catalogs.load(strict=True)


@pytest.fixture(scope="module")
def ky(catalogs: Catalogs) -> PlainTranslator:
    return catalogs["ky"].plain


@pytest.mark.parametrize("name", CHARTS)
def test_text_fits_and_never_overlaps(name: str, ky: PlainTranslator) -> None:
    """Every line lies within the card, is at least 10 points high on a phone, and covers no other line."""
    figure = drawing.figure(CHARTS[name], chart_words(CHARTS[name], ky))
    canvas = figure.canvas
    canvas.draw()
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text().strip()]
    boxes = [(text.get_window_extent(canvas.get_renderer()), text) for text in texts]
    width, height = canvas.get_width_height()
    assert texts
    for box, text in boxes:
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height, text
        assert text.get_fontsize() / POINT >= 10, text
    for n, (one, first) in enumerate(boxes):
        for other, second in boxes[n + 1 :]:
            covered = _depth(one, other)
            assert covered <= 2, (first, second)


def _depth(one: object, other: object) -> float:
    """Pixels by which two boxes lie in each other."""
    a, b = one, other
    across = min(a.x1, b.x1) - max(a.x0, b.x0)  # type: ignore[attr-defined]
    down = min(a.y1, b.y1) - max(a.y0, b.y0)  # type: ignore[attr-defined]
    return max(0.0, min(across, down))


@pytest.mark.parametrize("name", CHARTS)
def test_a_png_of_pixels_alone(name: str, ky: PlainTranslator) -> None:
    """1080 pixels wide, no taller than two phones, in no more than 600 KB, with no metadata."""
    data = drawing.draw(CHARTS[name], chart_words(CHARTS[name], ky))
    with Image.open(io.BytesIO(data)) as image:
        assert image.width == 1080
        assert 250 <= image.height <= 1900
        assert image.info == {}
    assert _chunks(data) == {b"IHDR", b"IDAT", b"IEND"}
    assert len(data) < 600_000


def _chunks(data: bytes) -> set[bytes]:
    found, at = set(), 8
    while at < len(data):
        found.add(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return found


def test_the_same_chart_is_the_same_bytes(ky: PlainTranslator) -> None:
    """Drawn twice, with others drawn between, the files are equal: tests and the outbox may compare them."""
    chart, other = CHARTS["time series"], CHARTS["heat map"]
    first = drawing.draw(chart, chart_words(chart, ky))
    drawing.draw(other, chart_words(other, ky))
    assert drawing.draw(chart, chart_words(chart, ky)) == first


def test_no_chart_takes_long(ky: PlainTranslator) -> None:
    """Half the seconds of CPU that the newsroom is promised are enough for each kind."""
    drawing.warm_up()
    # What earlier tests left behind is not looked through on the charts' account, nor other threads' work counted.
    gc.freeze()
    for name, chart in {**usual(), "400 days": days(400, spikes=6)}.items():
        began = time.thread_time()
        drawing.draw(chart, chart_words(chart, ky))
        assert time.thread_time() - began < 0.75, name


def test_contrast_of_text_and_marks() -> None:
    """Text is at least 4.5 to 1 on whatever it stands on, marks and edges 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11)."""
    for ground in (PAGE, USUAL, ALERT):
        assert contrast(INK, ground) >= 7
    assert contrast(FAINT, PAGE) >= 4.5
    for step in STEPS:
        assert max(contrast(INK, step), contrast(PAGE, step)) >= 4.5
    for line in COLOURS[:3]:
        assert contrast(line, PAGE) >= 3
    # Lighter fills end at an edge of ink.
    assert contrast(INK, PAGE) >= 7
    for page in PAGES:
        assert contrast(EDGE, page) >= 3


def test_neighbours_differ_without_colours() -> None:
    """In a bar no two parts share a hatch, and the steps of the heat map grow darker evenly."""
    assert len(set(HATCHES)) == len(HATCHES) == len(COLOURS)
    light = [contrast(step, (0, 0, 0)) for step in STEPS]
    assert light == sorted(light, reverse=True)
    assert all(one / other > 1.1 for one, other in pairwise(light))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_alt_text_is_whole(name: str, language: str, catalogs: Catalogs) -> None:
    """In each language the sentence begins with the title, ends as one, and leaves no gap."""
    said = alt(CHARTS[name], catalogs[language].plain)
    assert said.endswith((".", "…", "!", "?"))
    assert ".." not in said.replace("...", "")
    assert "{" not in said.replace("{1}{0}", "")
    assert "\n" not in said
    assert "\u202e" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_alt_text_says_the_figures(language: str, catalogs: Catalogs) -> None:
    """Whoever does not see a chart is told every name and figure on it."""
    t = catalogs[language].plain
    charts = usual()
    ranked = alt(charts["ranked bars"], t)
    for n, name in enumerate(NAMES[:8]):
        assert f"{name} – {t.number(260 // (n + 1))}" in ranked
    assert t.number(sum(260 // (n + 1) for n in range(8, len(NAMES)))) in ranked
    series = charts["time series"]
    assert isinstance(series, TimeSeries)
    told = alt(series, t)
    for value in (sum(point.value for point in series.points), max(point.value for point in series.points), 2, 9):
        assert t.number(value) in told
    for spike in series.spikes:
        assert t.short_day(spike.at) in told
    dots = alt(charts["dots"], t)
    assert t.percent(0.3) in dots
    assert t.percent(0.5) in dots
    assert t.pgettext("chart", "not present") in dots
    shares = alt(charts["stacked shares"], t)
    assert t.percent(12 / 44) in shares
    assert "n = 44" in shares
    week = charts["heat map"]
    assert isinstance(week, HeatMap)
    assert t.number(sum(map(sum, week.grid))) in alt(week, t)
    assert "12" in alt(charts["top posts"], t)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_as_nothing(language: str, catalogs: Catalogs) -> None:
    """An empty chart says that there was nothing, in the picture and in its sentence."""
    t = catalogs[language].plain
    nothing = t.pgettext("chart", "Nothing in this period.")
    for name in ("no points", "no bars", "no pairs", "no shares", "an empty week", "no dots", "no posts", "no sides"):
        figure = drawing.figure(CHARTS[name], chart_words(CHARTS[name], t))
        assert any(text.get_text() == nothing for axes in figure.axes for text in axes.texts)
        assert alt(CHARTS[name], t).endswith(nothing)


def test_long_labels_are_wrapped_not_cut(ky: PlainTranslator) -> None:
    """Every word of the longest names stands on the picture."""
    for kind in ("ranked bars", "grouped bars", "stacked shares", "dots"):
        figure = drawing.figure(CHARTS[kind], chart_words(CHARTS[kind], ky))
        written = "".join(text.get_text().replace(" ", "") for axes in figure.axes for text in axes.texts)
        for name in NAMES[:6]:
            assert name.replace(" ", "") in written


def test_strangers_words_stay_words(ky: PlainTranslator) -> None:
    """No formula is set, no direction turned, no sign lost silently: what the font lacks is a small square."""
    figure = drawing.figure(CHARTS["strangers"], chart_words(CHARTS["strangers"], ky))
    written = "".join(text.get_text() for axes in figure.axes for text in axes.texts)
    assert "$\\frac{1}{0}$" in written
    assert "▫" in written
    assert not {"\u202e", "\x00", "🔥", "漢"} & set(written)


def test_every_spike_is_marked_at_its_day(ky: PlainTranslator) -> None:
    """A spike told as a moment is marked at the newsroom's day, and one outside the chart is left out."""
    chart = CHARTS["72 hours over a change of clocks"]
    assert isinstance(chart, TimeSeries)
    figure = drawing.figure(chart, chart_words(chart, ky))
    markers = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "v"]
    assert len(markers) == 2  # the legend's and the spike's
    outside = CHARTS["a spike outside"]
    figure = drawing.figure(outside, chart_words(outside, ky))
    assert len([line for axes in figure.axes for line in axes.lines if line.get_marker() == "v"]) == 1


def test_ticks_are_few_and_at_round_times(ky: PlainTranslator) -> None:
    """Whatever the span, at most as many labels as fit; hours stay full hours when clocks change."""
    for count in (1, 2, 9, 30, 45, 60, 99, 400, 4000):
        points = days(count).points
        found = ticks(points[0].at, points[-1].at, ZONE, ky, 5)
        assert 1 <= len(found) <= 5, count
        assert [place for place, _ in found] == sorted({place for place, _ in found})
    chart = CHARTS["72 hours over a change of clocks"]
    assert isinstance(chart, TimeSeries)
    for place, _ in ticks(chart.points[0].at, chart.points[-1].at, "Europe/Berlin", ky, 6):
        assert round(place * 24, 6).is_integer()


def test_what_is_left_out_is_counted(ky: PlainTranslator) -> None:
    """Rows beyond those shown are summed up, in the picture and in its sentence."""
    chart = RankedBars(title="t", most=3, bars=[Bar(label=f"b{n}", value=n) for n in range(1, 11)])
    figure = drawing.figure(chart, chart_words(chart, ky))
    written = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "28" in written
    assert "дагы 7" in written
    assert alt(chart, ky).endswith("дагы 7 – 28.")


def test_an_unknown_kind_is_refused(ky: PlainTranslator) -> None:
    """A kind that nobody draws is a KeyError, not an empty picture."""
    with pytest.raises(KeyError):
        drawing.draw(Chart(title="t"), chart_words(Chart(title="t"), ky))
    with pytest.raises(KeyError):
        alt(Chart(title="t"), ky)


def test_a_day_told_as_a_moment(ky: PlainTranslator) -> None:
    """What began at night is told on the newsroom's day, not on that of Greenwich."""
    began = datetime(2026, 10, 6, 20, tzinfo=UTC)
    chart = TimeSeries(
        title="t", counted="c", zone=ZONE, points=[Point(at=days(2).points[1].at, value=3)], spikes=[Mark(at=began)]
    )
    figure = drawing.figure(chart, chart_words(chart, ky))
    assert any("7-окт" in text.get_text() for axes in figure.axes for text in axes.texts)
