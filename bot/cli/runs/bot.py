"""Runs the bot."""

import asyncio

from bot.config import Settings
from bot.redaction import configure_logging
from bot.wiring.serving import serve as run


def serve() -> None:
    """Run the bot until it is stopped. Raises SettingsError."""
    settings = Settings.read()
    configure_logging(settings.log_level, (settings.token(),))
    asyncio.run(run(settings))
