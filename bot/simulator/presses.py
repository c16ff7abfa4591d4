"""Presses of inline buttons, and the answers that the bot gives to them."""

import asyncio
from dataclasses import dataclass, field

from bot.simulator.messages import StoredMessage
from bot.simulator.people import User
from bot.simulator.shapes import Json


@dataclass(kw_only=True, slots=True)
class Press:
    """One press: ``answer`` is what the bot said with answerCallbackQuery ({"text", "show_alert", "url"})."""

    id: str
    user: User
    message: StoredMessage
    data: str
    answer: Json | None = None
    _answered: asyncio.Event = field(default_factory=asyncio.Event)

    def settle(self, answer: Json) -> None:
        """Note the bot's answer."""
        self.answer = answer
        self._answered.set()

    async def answered(self, within: float = 10.0) -> Json:
        """Wait for the answer. Raises TimeoutError when none comes in so many seconds."""
        await asyncio.wait_for(self._answered.wait(), within)
        return self.answer or {}

    def as_json(self) -> Json:
        """For the control interface."""
        return {
            "query_id": self.id,
            "user_id": self.user.id,
            "chat_id": self.message.chat_id,
            "message_id": self.message.message_id,
            "data": self.data,
            "answer": self.answer,
        }
