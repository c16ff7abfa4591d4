"""Sends what is stored about a member to that member, as a file."""

import json

from telegram import Bot

from bot.model.outbox import Outgoing
from handlers.cards.card import Reader
from handlers.desk import FrontDesk


class OwnDataDelivery:
    """Speaks to Telegram about a member's own data. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk

    async def send(self, outgoing: Outgoing, reader: Reader) -> str | None:
        """Send the file to its subject; nobody else's is made, whoever a row may name."""
        if int(outgoing.body["mydata"]) != reader.member.id:
            return "button_not_yours"
        found = await self._desk.own_data.of(reader.member)
        data = json.dumps(found.as_object(), ensure_ascii=False, indent=1).encode()
        await self._bot.send_document(outgoing.chat_id, data, filename=f"my-data-{self._desk.now():%Y-%m-%d}.json")
        return None
