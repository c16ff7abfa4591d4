"""Originals are sealed to the leads' age keys: what this server holds then, it cannot read back itself.

First the age file and the working copy are kept and written down, with the hashes of both forms in the custody log;
only then the original's own bytes are overwritten. Killed in between, the next sweep goes on: at any moment either the
original or its age file is there, and mostly both.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Final

import pyrage

from bot.analysis import Analysis, AnalysisFailed, ImageRefused
from bot.clock import Clock
from bot.model.sealed_original import SealedOriginal, SealRecipient
from bot.services.seals.recipients import public_key
from bot.storage import custody, sealed_originals
from bot.storage.custody import NewEntry
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing

log = logging.getLogger(__name__)

#: Whoever just sent a picture may still correct what was read on it; and what puts bytes writes down that it did.
SETTLING: Final = timedelta(minutes=10)
_AT_ONCE: Final = 20
#: The longer side of a working copy: enough to tell one picture from another, too little to read a chat on it.
_COPY_SIDE: Final = 640


class SealedCopies:
    """The working copies of one newsroom's sealed originals."""

    def __init__(self, store: Store, newsroom_id: int) -> None:
        self._store = store
        self._newsroom_id = newsroom_id

    async def copy_of(self, sha256: str) -> str | None:
        """The SHA-256 of an original's working copy; None when there is none."""
        async with self._store.read() as conn:
            known = await sealed_originals.get(conn, self._newsroom_id, [sha256])
        return known[sha256].copy_sha256 if sha256 in known else None


class OriginalSealing:
    """Of one newsroom; with `copies` a small copy without metadata stays readable, for cards and comparisons."""

    def __init__(
        self, store: Store, clock: Clock, vault: Vault, analysis: Analysis, newsroom_id: int, *, copies: bool
    ) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._analysis = analysis
        self._newsroom_id = newsroom_id
        self._copies = copies

    async def sweep(self) -> bool:
        """Seal what is due, and remove what is sealed; False when there was nothing to do."""
        sealed = await self._seal_due()
        return await self._remove_due() or sealed

    async def _seal_due(self) -> bool:
        async with self._store.read() as conn:
            to = await sealed_originals.recipients(conn, self._newsroom_id)
            before = self._clock() - SETTLING
            due = await sealed_originals.unsealed(conn, self._newsroom_id, before, _AT_ONCE) if to else []
        done = [await self._seal(sha256, submission_id, to) for sha256, submission_id in due]
        return any(done)

    async def _seal(self, sha256: str, submission_id: int, to: list[SealRecipient]) -> bool:
        try:
            data = await self._vault.get(sha256)
        except (VaultMissing, VaultCorrupt) as error:
            log.warning("an original cannot be sealed: %s", type(error).__name__)
            return False
        keys = [key for key in (public_key(each.recipient) for each in to) if key is not None]
        sealed = await asyncio.to_thread(pyrage.encrypt, data, keys)
        age = await self._vault.put(sealed)
        copy = await self._copy(data) if self._copies else None
        made = SealedOriginal(sha256=sha256, age_sha256=age.sha256, copy_sha256=copy, sealed_at=self._clock())
        async with self._store.write() as conn:
            if await sealed_originals.get(conn, self._newsroom_id, [sha256]):
                return False
            await sealed_originals.add(conn, self._newsroom_id, made)
            # What is kept from now on, and of what: a court is shown both hashes.
            body = {"sha256": age.sha256, "of": sha256}
            entry = NewEntry(
                newsroom_id=self._newsroom_id,
                kind="kept",
                noun="submission",
                row_id=submission_id,
                body=body,
                at=made.sealed_at,
            )
            await custody.put(conn, [entry])
        return True

    async def _copy(self, data: bytes) -> str | None:
        try:
            return (await self._vault.put(await self._analysis.clean_copy(data, _COPY_SIDE))).sha256
        except (ImageRefused, AnalysisFailed):
            return None

    async def _remove_due(self) -> bool:
        async with self._store.read() as conn:
            due = await sealed_originals.to_remove(conn, self._newsroom_id, _AT_ONCE)
        done = [await self._remove(sha256) for sha256 in due]
        return any(done)

    async def _remove(self, sha256: str) -> bool:
        async with self._store.read() as conn:
            if await sealed_originals.is_needed_elsewhere(conn, self._newsroom_id, sha256):
                return False
            sealed = (await sealed_originals.get(conn, self._newsroom_id, [sha256]))[sha256]
        try:
            # The original goes only once its age file was read back from the disk.
            await self._vault.get(sealed.age_sha256)
        except (VaultMissing, VaultCorrupt):
            log.warning("a sealed original cannot be read back; the original stays")
            return False
        if not await self._vault.remove(sha256, unused_for=SETTLING.total_seconds()):
            return False
        async with self._store.write() as conn:
            await sealed_originals.removed(conn, self._newsroom_id, sha256)
        return True
