"""Sends a report over a period as files: PDF, workbook, or its charts. They are made to be handed on."""

from datetime import date

from telegram import Bot, InputMediaPhoto

from bot.errors import Refusal
from bot.model.outbox import Outgoing
from bot.model.report import Report
from handlers.cards.card import Reader
from handlers.desk import FrontDesk

#: Telegram's limits: pictures of one album, signs under one.
_ALBUM = 10
_CAPTION = 1024


class ReportDelivery:
    """Speaks to Telegram about reports. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk

    async def send(self, outgoing: Outgoing, reader: Reader) -> str | None:
        """Send the file; the code of what is to be said instead when there is nothing to send."""
        try:
            report = await self._desk.period_reports.ordered(reader.member, int(outgoing.body["report"]))
        except Refusal as refusal:
            return refusal.code
        if report.is_empty:
            return "report_empty"
        form = str(outgoing.body["form"])
        if form == "charts":
            await self._send_charts(outgoing.chat_id, report, reader)
            return None
        charts = self._desk.charts
        data = await (charts.report_paper if form == "pdf" else charts.report_workbook)(report, reader.t.plain)
        name = file_name(report.now.first, report.now.last, form)
        await self._bot.send_document(outgoing.chat_id, data, filename=name)
        return None

    async def _send_charts(self, chat_id: int, report: Report, reader: Reader) -> None:
        pictures = await self._desk.charts.report(report, reader.t.plain)
        for start in range(0, len(pictures), _ALBUM):
            some = pictures[start : start + _ALBUM]
            if len(some) == 1:
                await self._bot.send_photo(chat_id, some[0].png, caption=some[0].alt[:_CAPTION])
            else:
                media = [InputMediaPhoto(picture.png, caption=picture.alt[:_CAPTION]) for picture in some]
                await self._bot.send_media_group(chat_id, media)


def file_name(first: date, last: date, form: str) -> str:
    """report-2026-11-01-2026-11-26.pdf"""
    return f"report-{first.isoformat()}-{last.isoformat()}.{form}"
