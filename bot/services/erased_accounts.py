"""Knows accounts again that were erased, by a hash keyed with the newsroom's secret: no list brings them back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountEntry
from bot.services.keys import Keys
from bot.storage import account_erasing
from bot.storage.comments import NewComment
from detection.accounts.names import handle_key
from detection.accounts.platforms import Platform

#: Of the hash that an erased account is known by, so much tells its comments from another's.
_WRITER_DIGITS: Final = 24


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

    async def unnamed(
        self, conn: AsyncConnection, newsroom_id: int, comments: Sequence[NewComment]
    ) -> list[NewComment]:
        """These comments; of those by accounts that were erased nothing says who wrote them.

        What one of them wrote still counts as one person's.
        """
        keys = [self._writer(newsroom_id, c.author_key) if c.author_key else "" for c in comments]
        gone = await account_erasing.erased_among(conn, newsroom_id, set(keys))
        return [_unnamed(c, key) if key in gone else c for c, key in zip(comments, keys, strict=True)]

    def _writer(self, newsroom_id: int, author_key: str) -> str:
        platform, _, known_by = author_key.partition(":")
        return self.key(newsroom_id, platform, known_by)

    def _of(self, newsroom_id: int, entry: AccountEntry) -> set[str]:
        handle = handle_key(cast(Platform, entry.platform), entry.handle) if entry.handle else None
        return {self.key(newsroom_id, entry.platform, each) for each in (handle, entry.numeric_id) if each}


def _unnamed(comment: NewComment, key: str) -> NewComment:
    nobody = f"erased:{key[:_WRITER_DIGITS]}"
    return replace(comment, handle=None, author=None, author_key=nobody)
