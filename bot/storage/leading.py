"""Which of several processes leads: the one that has an advisory lock, until it ends, hangs or loses its connection.

The server itself ends the connection of a leader that says nothing for some seconds, so that one that hangs is
replaced; and a new leader waits until an old one that still runs must have noticed.
"""

import asyncio
import logging
from typing import Final

from bot.storage.advisory import LEAD_KEY, AdvisoryLock, key_for

log = logging.getLogger(__name__)

#: Seconds between tries to become the leader, between a leader's looks, and of silence after which it is none.
_TRIES: Final = 1.0
_LOOKS: Final = 2.0
_SILENCE: Final = 10
#: Seconds that a new leader waits: longer than a look and what it may take.
_GRACE: Final = 6.0


class Lead:
    """The lead of a newsroom's processes; `won` and `lost` follow one another for ever."""

    def __init__(self, url: str, newsroom: str = "") -> None:
        """`newsroom`: its key, where several share the database."""
        self._lock = AdvisoryLock(url, key_for(LEAD_KEY, newsroom), ends_after=_SILENCE)

    async def won(self) -> None:
        """Wait until this process leads, however long the database cannot be reached."""
        told = ""
        while True:
            try:
                if await self._lock.take() and await self._kept():
                    return
                told = ""
            except Exception as error:
                if told != (told := type(error).__name__):
                    log.warning("the lead cannot be asked for: %s", told)
            await asyncio.sleep(_TRIES)

    async def _kept(self) -> bool:
        for _ in range(round(_GRACE / _LOOKS)):
            await asyncio.sleep(_LOOKS)
            if not await self._is_ours():
                return False
        return True

    async def lost(self) -> None:
        """Wait until this process leads no longer."""
        while await self._is_ours():  # noqa: ASYNC110 - the server has it, and rings nobody
            await asyncio.sleep(_LOOKS)

    async def _is_ours(self) -> bool:
        try:
            await self._lock.look()
        except Exception as error:
            log.warning("the lead is lost: %s", type(error).__name__)
            await self._lock.drop()
            return False
        return True

    async def release(self) -> None:
        """Leave it to another."""
        await self._lock.release()
