"""Sends the takedown ledger and batch lists as files. They are made to be handed on: nothing keeps them in the chat."""

import asyncio
from dataclasses import replace
from zoneinfo import ZoneInfo

from telegram import Bot

from bot.errors import Refusal
from bot.model.outbox import Outgoing
from bot.model.takedown import Batch
from bot.services.takedown_ledger import IN_FILE
from handlers import takedown_tables as tables
from handlers.cards.card import Reader
from handlers.desk import FrontDesk
from handlers.takedown_query import read_takedown_query

# Trust teams read English; those of Russian platforms Russian.
_LANGUAGES = {"vk": "ru", "ok": "ru"}


class TakedownDelivery:
    """Speaks to Telegram about the ledger. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk

    async def send(self, outgoing: Outgoing, reader: Reader) -> str | None:
        """Send the file; the code of what is to be said instead when there is nothing to send."""
        try:
            data, name = await (
                self._batch(outgoing, reader) if "batch" in outgoing.body else self._ledger(outgoing, reader)
            )
        except Refusal as refusal:
            return refusal.code
        await self._bot.send_document(outgoing.chat_id, data, filename=name)
        return None

    async def _ledger(self, outgoing: Outgoing, reader: Reader) -> tuple[bytes, str]:
        query = await self._desk.takedown_ledger.query(reader.member, int(outgoing.body["takedowns"]))
        asked = read_takedown_query(query.words, self._desk.now(), ZoneInfo(reader.newsroom.zone))
        found = await self._desk.takedown_ledger.page(reader.member, asked, 0, IN_FILE)
        form = str(outgoing.body["form"])
        rows = [tables.ledger_row(line, reader) for line in found.lines]
        day = self._desk.now().astimezone(reader.zone)
        return await self._made(tables.ledger_heads(reader), rows, form), f"takedowns-{day:%Y-%m-%d}.{form}"

    async def _batch(self, outgoing: Outgoing, reader: Reader) -> tuple[bytes, str]:
        batch = await self._desk.takedown_batches.view(reader.member, int(outgoing.body["batch"]))
        form = str(outgoing.body["form"])
        language = _LANGUAGES.get(batch.platform, "en")
        told = replace(reader, t=self._desk.catalogs[language])
        return await self._batch_file(batch, form, told), f"{batch.label}-{batch.platform}.{form}"

    async def _batch_file(self, batch: Batch, form: str, reader: Reader) -> bytes:
        if form == "txt":
            return await asyncio.to_thread(tables.batch_text, batch, reader)
        rows = [tables.batch_row(number, item, reader) for number, item in enumerate(batch.items, start=1)]
        return await self._made(tables.batch_heads(reader), rows, form)

    async def _made(self, heads: list[str], rows: list[list[str | int]], form: str) -> bytes:
        make = self._desk.tables.csv_file if form == "csv" else self._desk.tables.xlsx_file
        return await asyncio.to_thread(make, heads, rows)
