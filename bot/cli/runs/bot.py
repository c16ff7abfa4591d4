"""Runs the bot."""

import asyncio

from bot import wiring
from bot.config import Settings


def serve() -> None:
    """Run the bot until it is stopped. Raises SettingsError."""
    asyncio.run(wiring.serve(Settings.read()))
