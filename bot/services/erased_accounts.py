"""Knows accounts again that were erased, by a hash keyed with the newsroom's secret: no list brings them back."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountEntry
from bot.services.keys import Keys
from bot.storage import account_erasing
from detection.accounts.names import handle_key
from detection.accounts.platforms import Platform


class ErasedAccounts:
    """Of every newsroom in the store."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def key(self, newsroom_id: int, platform: str, known_by: str) -> str:
        """The hash of a handle's key, or of a number, on a platform."""
        return self._keys.erased(newsroom_id, platform, known_by)

    async def among(self, conn: AsyncConnection, newsroom_id: int, entries: Sequence[AccountEntry]) -> set[int]:
        """Which of these entries, by their place, are of accounts that were erased."""
        keys = [self._of(newsroom_id, entry) for entry in entries]
        gone = await account_erasing.erased_among(conn, newsroom_id, {key for each in keys for key in each})
        return {place for place, each in enumerate(keys) if not gone.isdisjoint(each)}

    def _of(self, newsroom_id: int, entry: AccountEntry) -> set[str]:
        handle = handle_key(cast(Platform, entry.platform), entry.handle) if entry.handle else None
        return {self.key(newsroom_id, entry.platform, each) for each in (handle, entry.numeric_id) if each}
