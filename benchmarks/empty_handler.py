"""`kalkan serve` with one change: its only handler is an empty one. What the same application does, doing nothing.

Poll loop, sieve, inbox, worker and PTB's application stay as they are; no text is read, compared, filed or answered.
"""

import asyncio
from typing import Any

from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bot import wiring
from bot.config import Settings
from bot.redaction import configure_logging
from handlers.context import DeskContext


async def _nothing(_update: Update, _context: DeskContext) -> None:
    """Handle nothing."""


def _register(application: "Application[Any, DeskContext, Any, Any, Any, Any]") -> None:
    application.add_handler(MessageHandler(filters.ALL, _nothing))


if __name__ == "__main__":
    configure_logging("WARNING")
    wiring.register = _register  # type: ignore[attr-defined]
    asyncio.run(wiring.serve(Settings.read()))
