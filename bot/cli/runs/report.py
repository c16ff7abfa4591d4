"""Makes a report over two periods and writes its files into a folder."""

from pathlib import Path

from bot.cli.runs.desks import at_desk
from bot.documents.charts.studio import Charts
from bot.i18n import Catalogs
from bot.services.period_reports import PeriodReports
from bot.services.reports.windows import read_before, read_day, window
from bot.wiring import Desk
from handlers.cards.reports import report_text
from handlers.report_delivery import file_name


def run_report(days: tuple[str, str], versus: str, out: Path, language: str) -> None:
    """Write summary, charts, PDF and workbook. Raises Refusal for periods that do not fit, OSError for the folder."""
    now = window(read_day(days[0]), read_day(days[1]))
    before = read_before(now, versus)

    out.mkdir(parents=True, exist_ok=True)

    async def act(desk: Desk) -> None:
        t = Catalogs.load()[language]
        report = await PeriodReports(desk.store, desk.clock).make(desk.newsroom.id, now, before)
        summary = out / file_name(now.first, now.last, "txt")
        summary.write_text(f"{report_text(report, t).text()}\n", encoding="utf-8")
        print(summary)
        if report.is_empty:
            return
        charts = Charts(desk.analysis.drawn)
        pictures = await charts.report(report, t.plain)
        for number, picture in enumerate(pictures, start=1):
            name = out / f"{number:02d}.png"
            name.write_bytes(picture.png)
            name.with_suffix(".txt").write_text(f"{picture.alt}\n", encoding="utf-8")
        print(f"{out}: {len(pictures)} charts, each with its words beside it")
        for form, make in (("pdf", charts.report_paper), ("xlsx", charts.report_workbook)):
            name = out / file_name(now.first, now.last, form)
            name.write_bytes(await make(report, t.plain))
            print(name)

    at_desk(act)
