"""Opens the desk for the length of one command."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot.config import Settings
from bot.wiring import Desk, open_desk
from bot.wiring.heaps import share_heaps

T = TypeVar("T")
#: Each occupies some 120 MB, and at most what the settings allow a picture.
_MOST_WORKERS: Final = 8


def at_desk(act: Callable[[Desk], Awaitable[T]], *, whole_machine: bool = False) -> T:
    """What `act` returns, done at the desk that the settings describe. Raises SettingsError.

    With `whole_machine` pictures are looked at on every core: a person waits for it, and ten thousand may come.
    """
    settings = Settings.read()
    share_heaps()
    if whole_machine:
        workers = max(settings.analysis_workers, min(os.cpu_count() or 1, _MOST_WORKERS))
        settings = settings.model_copy(update={"analysis_workers": workers})

    async def sit() -> T:
        async with open_desk(settings) as desk:
            return await act(desk)

    return asyncio.run(sit())
