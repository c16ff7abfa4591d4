"""Sends what answers a query of the threat log as a file: a picture of a table, CSV, or a workbook."""

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Bot

from bot.errors import Refusal
from bot.model.outbox import Outgoing
from bot.model.rights import Right
from bot.model.threat import ThreatPage
from bot.services.account_objects import ACCOUNT_COLUMNS, account_cells
from bot.services.batchfiles.writing import json_line
from bot.services.threats import IN_FILE, PICTURED
from handlers import threat_tables
from handlers.cards.card import Reader
from handlers.desk import FrontDesk
from handlers.threat_query import read_query


class TableDelivery:
    """Speaks to Telegram about tables. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk

    async def send(self, outgoing: Outgoing, reader: Reader) -> str | None:
        """Send the file; the code of what is to be said instead when the query is forgotten."""
        form = str(outgoing.body["form"])
        if "share" in outgoing.body:
            return await self._send_accounts(outgoing, reader, form)
        try:
            query = await self._desk.threats.query(reader.member, int(outgoing.body["query"]))
            asked = read_query(query.words, self._desk.now(), ZoneInfo(reader.newsroom.zone))
            most = PICTURED if form == "picture" else IN_FILE
            found = await self._desk.threats.page(reader.member, asked, 0, most)
        except Refusal as refusal:
            return refusal.code
        data = await asyncio.to_thread(self._made, found, form, reader)
        name = f"threats-{self._desk.now().astimezone(reader.zone):%Y-%m-%d}.{'png' if form == 'picture' else form}"
        if form == "picture":
            await self._bot.send_photo(outgoing.chat_id, data, filename=name, has_spoiler=True, protect_content=True)
        else:
            await self._bot.send_document(outgoing.chat_id, data, filename=name, protect_content=True)
        return None

    async def _send_accounts(self, outgoing: Outgoing, reader: Reader, form: str) -> str | None:
        """An export of accounts, as it was noted. What may be taken out is asked again: the order may have waited."""
        if not reader.member.may(Right.EXPORT_EVIDENCE):
            return "not_allowed"
        try:
            name, rows = await self._desk.account_exports.rows(reader.member, int(outgoing.body["share"]))
        except Refusal as refusal:
            return refusal.code
        data = await asyncio.to_thread(self._file_of_accounts, rows, form)
        await self._bot.send_document(outgoing.chat_id, data, filename=name, protect_content=True)
        return None

    def _file_of_accounts(self, rows: list[dict[str, Any]], form: str) -> bytes:
        if form == "jsonl":
            return b"".join(json_line(row) for row in rows)
        cells = [account_cells(row) for row in rows]
        make = self._desk.tables.csv_file if form == "csv" else self._desk.tables.xlsx_file
        return make(ACCOUNT_COLUMNS, cells)

    def _made(self, found: ThreatPage, form: str, reader: Reader) -> bytes:
        tables = self._desk.tables
        if form == "picture":
            columns = threat_tables.PICTURED
            rows = [threat_tables.row(line, reader, columns) for line in found.lines]
            return tables.picture(threat_tables.heads(reader, columns), rows)
        rows = [threat_tables.row(line, reader) for line in found.lines]
        heads = threat_tables.heads(reader)
        return tables.csv_file(heads, rows) if form == "csv" else tables.xlsx_file(heads, rows)
