"""Sends an exchange file to who ordered it."""

from telegram import Bot

from bot.errors import Refusal
from bot.model.outbox import Outgoing
from handlers.cards.card import Reader
from handlers.desk import FrontDesk


class ExchangeDelivery:
    """Speaks to Telegram about exchange files. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk

    async def send(self, outgoing: Outgoing, reader: Reader) -> str | None:
        """Send the file; the code of what is to be said instead when it is not there. It may be forwarded: that is
        what it is for."""
        try:
            name, data = await self._desk.exchange.out.made(reader.member, int(outgoing.body["exchange"]))
        except Refusal as refusal:
            return refusal.code
        await self._bot.send_document(outgoing.chat_id, data, filename=name)
        return None
