"""Opens the desk for the length of one command."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.config import Settings
from bot.wiring import Desk, open_desk

T = TypeVar("T")


def at_desk(act: Callable[[Desk], Awaitable[T]]) -> T:
    """What `act` returns, done at the desk that the settings describe. Raises SettingsError."""
    settings = Settings.read()

    async def sit() -> T:
        async with open_desk(settings) as desk:
            return await act(desk)

    return asyncio.run(sit())
