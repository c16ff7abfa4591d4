"""The one door to charts: each is drawn in a worker process, which the roof hands in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date

from bot.documents.charts import drawing, network, sides, week
from bot.documents.charts.alt import alt
from bot.documents.charts.chart_words import chart_words
from bot.i18n import PlainTranslator
from bot.model.chart import Chart, Picture
from bot.model.farm import Network, RhythmFacts, SideWeek

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
        self, rhythm: RhythmFacts, *, title: str, zone: str, days: Sequence[str], said: Sequence[str]
    ) -> bytes:
        """A PNG of hours by weekday."""
        words = week.WeekWords(title=title, zone=zone, days=tuple(days), said=tuple(said))
        return await self._drawn(week.draw, rhythm, words)

    async def sides(
        self,
        weeks: Sequence[SideWeek],
        *,
        title: str,
        praised: str,
        attacked: str,
        switches: Sequence[tuple[date, str]],
    ) -> bytes:
        """A PNG of praise and attack by week."""
        words = sides.SidesWords(title=title, praised=praised, attacked=attacked, switches=tuple(switches))
        return await self._drawn(sides.draw, tuple(weeks), words)

    async def graph(self, shown: Network, form: str) -> bytes:
        """GraphML or GEXF."""
        return await asyncio.to_thread(_written, shown, form)


def _written(shown: Network, form: str) -> bytes:
    from bot.documents.charts import graphs  # noqa: PLC0415 - loads a large library that is hardly ever asked for

    return graphs.graphml(shown) if form == "graphml" else graphs.gexf(shown)
