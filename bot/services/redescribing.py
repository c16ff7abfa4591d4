"""Describes the pictures that were stored before anything of them could be described: read again from the vault.

Each is kept as soon as it is done, so that an interrupted run goes on. A picture that cannot be read any more is passed
over; it is tried again at the next start.
"""

import asyncio
import logging
from typing import Final

from bot.analysis import Analysis, AnalysisFailed, ImageRefused
from bot.storage import photo_descriptions
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing

log = logging.getLogger(__name__)

_BATCH: Final = 50


class Redescribing:
    """Of one newsroom."""

    def __init__(self, store: Store, vault: Vault, analysis: Analysis, newsroom_id: int) -> None:
        self._store = store
        self._vault = vault
        self._analysis = analysis
        self._newsroom_id = newsroom_id

    async def run(self) -> int:
        """Do what is to be done; how many pictures were described."""
        done, reached = 0, ""
        while shas := await self._next(reached):
            reached = shas[-1]
            read = await asyncio.gather(*(self._described(sha256) for sha256 in shas))
            described = {sha256: data for sha256, data in zip(shas, read, strict=True) if data is not None}
            async with self._store.write() as conn:
                await photo_descriptions.add(conn, self._newsroom_id, described)
            done += len(described)
            log.info("pictures described: %d", done)
        return done

    async def _next(self, after: str) -> list[str]:
        async with self._store.read() as conn:
            return await photo_descriptions.undescribed(conn, self._newsroom_id, after, _BATCH)

    async def _described(self, sha256: str) -> bytes | None:
        try:
            return (await self._analysis.image(await self._vault.get(sha256))).packed
        except (ImageRefused, AnalysisFailed, VaultMissing, VaultCorrupt) as error:
            log.warning("picture %s cannot be described: %s", sha256[:12], type(error).__name__)
            return None
