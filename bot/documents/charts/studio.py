"""The one door to charts: each is drawn in a worker process, which the roof hands in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.documents.charts import drawing, network
from bot.documents.charts.alt import alt
from bot.documents.charts.chart_words import chart_words
from bot.documents.charts.digest_set import digest_charts
from bot.documents.charts.report_handout import report_handout
from bot.documents.charts.report_set import report_charts
from bot.documents.handouts.paper import paper
from bot.documents.handouts.workbook import workbook
from bot.i18n import PlainTranslator
from bot.model.chart import Chart, HeatMap, Mark, Picture, Sides
from bot.model.digest import DigestContent, Section
from bot.model.farm import Network, RhythmFacts, SideWeek
from bot.model.handout import Handout
from bot.model.report import Report

#: Has a function run elsewhere and gives what it returned.
Drawn = Callable[..., Awaitable[bytes]]


class Charts:
    """Draws what services give, in words that handlers give."""

    def __init__(self, drawn: Drawn) -> None:
        self._drawn = drawn

    async def draw(self, chart: Chart, t: PlainTranslator) -> Picture:
        """A chart of any kind with its sentence, in a language. Raises AnalysisFailed."""
        png = await self._drawn(drawing.draw, chart, chart_words(chart, t))
        return Picture(png=png, alt=alt(chart, t))

    async def digest(self, content: DigestContent, zone: str, t: PlainTranslator) -> dict[Section, tuple[Picture, ...]]:
        """The pictures of each section that has something to show. Raises AnalysisFailed."""
        sets = digest_charts(content, zone, t)
        return {section: tuple(await self.draw_all(charts, t)) for section, charts in sets.items()}

    def digest_sets(self, content: DigestContent, zone: str, t: PlainTranslator) -> dict[Section, tuple[Chart, ...]]:
        """The same before they are drawn, for a document."""
        return digest_charts(content, zone, t)

    async def report(self, report: Report, t: PlainTranslator) -> list[Picture]:
        """Ten to twenty-four pictures, fewer where there is less to show. Raises AnalysisFailed."""
        return await self.draw_all(report_charts(report, t), t)

    async def report_paper(self, report: Report, t: PlainTranslator) -> bytes:
        """The report as PDF. Raises AnalysisFailed."""
        return await self.paper(report_handout(report, t), t)

    async def report_workbook(self, report: Report, t: PlainTranslator) -> bytes:
        """The report as XLSX."""
        return await self.workbook(report_handout(report, t))

    async def paper(self, handout: Handout, t: PlainTranslator) -> bytes:
        """A digest or a report as PDF; what stands on each page is not repeated under charts. Raises AnalysisFailed."""
        common = set(handout.notes)
        pictures = []
        for chapter in handout.chapters:
            charts = [replace(c, notes=[note for note in c.notes if note not in common]) for c in chapter.charts]
            pictures.append(await self.draw_all(charts, t))
        return await self._drawn(paper, handout, pictures, t.language)

    async def workbook(self, handout: Handout) -> bytes:
        """A digest or a report as XLSX."""
        return await asyncio.to_thread(workbook, handout)

    async def draw_all(self, charts: Sequence[Chart], t: PlainTranslator) -> list[Picture]:
        """Several, one after the other. Raises AnalysisFailed."""
        return [await self.draw(chart, t) for chart in charts]

    async def network(
        self, shown: Network, *, title: str, groups: Mapping[str, str], filled: str, hollow: str, left_out: str
    ) -> bytes:
        """A PNG of accounts and links."""
        words = network.NetworkWords(title=title, groups=dict(groups), filled=filled, hollow=hollow, left_out=left_out)
        return await self._drawn(network.draw, shown, words)

    async def week(
        self, rhythm: RhythmFacts, t: PlainTranslator, *, title: str, zone: str, said: Sequence[str]
    ) -> bytes:
        """A PNG of hours by weekday."""
        begins, ends = rhythm.begins, rhythm.ends
        shift = (begins, ends) if begins is not None and ends is not None and begins < ends else None
        chart = HeatMap(title=title, under=zone, grid=rhythm.grid, shift=shift, notes=said)
        return (await self.draw(chart, t)).png

    async def sides(
        self,
        weeks: Sequence[SideWeek],
        t: PlainTranslator,
        *,
        title: str,
        praised: str,
        attacked: str,
        switches: Sequence[tuple[date, str]],
    ) -> bytes:
        """A PNG of praise and attack by week."""
        marks = [Mark(at=at, label=label) for at, label in switches]
        chart = Sides(title=title, weeks=tuple(weeks), praised=praised, attacked=attacked, switches=marks)
        return (await self.draw(chart, t)).png

    async def graph(self, shown: Network, form: str) -> bytes:
        """GraphML or GEXF."""
        return await asyncio.to_thread(_written, shown, form)


def _written(shown: Network, form: str) -> bytes:
    from bot.documents.charts import graphs  # noqa: PLC0415 - loads a large library that is hardly ever asked for

    return graphs.graphml(shown) if form == "graphml" else graphs.gexf(shown)
