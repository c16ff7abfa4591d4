"""Sends the audit as a file."""

import asyncio

from telegram import Bot

from bot.errors import Refusal
from bot.model.outbox import Outgoing
from handlers.audit import read_asked
from handlers.cards.audit import audit_rows
from handlers.cards.card import Reader
from handlers.desk import FrontDesk


class AuditDelivery:
    """Speaks to Telegram about the audit. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk

    async def send(self, outgoing: Outgoing, reader: Reader) -> str | None:
        """Send the file; the code of what is to be said instead when it cannot be made."""
        form = str(outgoing.body["form"])
        try:
            query = read_asked(str(outgoing.body["audit"]), await self._desk.members.everyone(reader.newsroom.id))
            found = await self._desk.audit.table(reader.member, query)
        except Refusal as refusal:
            return refusal.code
        heads, rows = audit_rows(found, reader)
        make = self._desk.tables.csv_file if form == "csv" else self._desk.tables.xlsx_file
        data = await asyncio.to_thread(make, heads, rows)
        await self._bot.send_document(
            outgoing.chat_id, data, filename=f"audit-{self._desk.now():%Y-%m-%d}.{form}", protect_content=True
        )
        return None
