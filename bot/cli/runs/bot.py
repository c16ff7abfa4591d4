"""Runs the bot, in earnest or as a demo."""

import asyncio

from bot import wiring
from bot.config import Settings


def serve() -> None:
    """Run the bot until it is stopped. Raises SettingsError."""
    asyncio.run(wiring.serve(Settings.read()))


def demo(port: int) -> None:
    """Run the bot against the simulator, with its page on a port of 127.0.0.1."""
    asyncio.run(wiring.demo(port))
