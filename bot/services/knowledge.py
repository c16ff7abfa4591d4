"""What the newsroom knows, held close to the detectors: recent texts, photos, listed accounts, staff.

The store is the truth; these indexes follow it, also when another process (an import on the command line) writes.
Everything that computes runs in one thread of its own, so that the event loop never waits for a comparison.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.account import Account
from bot.model.ids import first_id_at
from bot.model.photo import PhotoFacts
from bot.storage import accounts, comments, photos, staff
from bot.storage.comments import KnownComment
from bot.storage.store import Store
from detection.accounts.links import Platform
from detection.accounts.matching import AccountMatch, AccountQuery, KnownAccount, match_accounts
from detection.image.fingerprint import HASH_BYTES, PhotoPrint
from detection.image.matching import KnownPhoto, PhotoIndex, PhotoMatch
from detection.text.duplicates import CopyMatch, Known
from detection.text.normalise import Normalised
from detection.text.window import Window
from detection.threats import StaffName

T = TypeVar("T")

_FRESH_FOR = timedelta(seconds=1)
# Rows of another process carry the time at which they were made, which lies before their commit.
_OVERLAP = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnowledgeSize:
    """How much is held: texts compared with, at the most."""

    recent_comments: int


class Knowledge:
    """The indexes of one newsroom. `refresh` brings them up to date; searches see what was added before them."""

    def __init__(self, store: Store, clock: Clock, newsroom_id: int, size: KnowledgeSize) -> None:
        self._store = store
        self._clock = clock
        self._newsroom_id = newsroom_id
        self._size = size
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="knowledge")
        self._texts = Window()
        self._text_ids: OrderedDict[int, None] = OrderedDict()
        self._photos = PhotoIndex()
        self._photo_ids: set[int] = set()
        self._accounts: dict[int, KnownAccount] = {}
        self._synced: datetime | None = None
        self._refreshing = asyncio.Lock()
        self.staff: tuple[StaffName, ...] = ()

    async def refresh(self) -> None:
        """Take in what the store has that the indexes have not; at most once a second."""
        async with self._refreshing:
            now = self._clock()
            if self._synced is not None and now - self._synced < _FRESH_FOR:
                return
            since = None if self._synced is None else self._synced - _OVERLAP
            await self._pull(since)
            self._synced = now

    def outdate(self) -> None:
        """Look again at the store before the next search: something was changed here."""
        self._synced = None if self._synced is None else self._synced - _FRESH_FOR

    def add_texts(self, known: Sequence[KnownComment]) -> None:
        """Texts that were committed just now; the next search knows them."""
        fresh = [c for c in known if c.id not in self._text_ids]
        self._text_ids.update(dict.fromkeys(c.id for c in fresh))
        surplus = [
            self._text_ids.popitem(last=False)[0] for _ in range(len(self._text_ids) - self._size.recent_comments)
        ]
        if fresh:
            self._thread.submit(self._texts.extend, [Known(ref=c.id, words=c.words) for c in fresh])
        if surplus:
            self._thread.submit(self._texts.discard, surplus)

    def add_photos(self, found: Iterable[PhotoFacts]) -> None:
        """Photos that were committed just now; the next search knows them."""
        fresh = [p for p in found if p.id not in self._photo_ids and p.hashes]
        self._photo_ids.update(p.id for p in fresh)
        if fresh:
            self._thread.submit(self._photos.extend, [k for p in fresh for k in _known_photos(p)])

    async def copies(self, texts: Sequence[Normalised]) -> list[list[CopyMatch]]:
        """For each text the recent ones that it copies or resembles."""
        return await self._run(lambda: self._texts.search(texts))

    async def matches(self, photo: PhotoPrint) -> list[PhotoMatch]:
        """The known photos that are in a picture, best first."""
        return [] if photo.flat else await self._run(lambda: self._photos.search(photo))

    async def accounts(self, queries: Sequence[AccountQuery]) -> list[list[AccountMatch]]:
        """For each query the listed accounts that it is or may be, best first."""
        known = list(self._accounts.values())
        return await self._run(lambda: [match_accounts(query, known) for query in queries])

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)

    async def _pull(self, since: datetime | None) -> None:
        after = 0 if since is None else first_id_at(since)
        async with self._store.read() as conn:
            texts = await self._new_texts(conn, after)
            pictures = await photos.known(conn, self._newsroom_id, after)
            listed = await accounts.changed_since(conn, self._newsroom_id, since)
            people = await staff.all_of(conn, self._newsroom_id)
            if since is not None:
                self._forget(
                    await comments.withdrawn_since(conn, self._newsroom_id, since),
                    await photos.withdrawn_since(conn, self._newsroom_id, since),
                )
        self.add_texts(texts)
        self.add_photos(pictures)
        self._accounts.update({account.id: _known_account(account) for account in listed})
        self.staff = tuple(StaffName(ref=s.id, kind=s.kind.value, names=s.names) for s in people)

    async def _new_texts(self, conn: AsyncConnection, after: int) -> list[KnownComment]:
        # What this process filed itself is known: nothing is read while the numbers agree.
        known = sum(1 for _ in takewhile(lambda comment_id: comment_id > after, reversed(self._text_ids)))
        if await comments.count_after(conn, self._newsroom_id, after) == known:
            return []
        return await comments.recent(conn, self._newsroom_id, after, self._size.recent_comments)

    def _forget(self, comment_ids: Sequence[int], photo_ids: Sequence[int]) -> None:
        for comment_id in comment_ids:
            self._text_ids.pop(comment_id, None)
        self._photo_ids.difference_update(photo_ids)
        if comment_ids:
            self._thread.submit(self._texts.discard, list(comment_ids))
        if photo_ids:
            self._thread.submit(self._photos.discard, list(photo_ids))


def _known_photos(photo: PhotoFacts) -> list[KnownPhoto]:
    hashes = photo.hashes or b""
    return [
        KnownPhoto(ref=photo.id, phash=hashes[start : start + HASH_BYTES])
        for start in range(0, len(hashes), HASH_BYTES)
    ]


def _known_account(account: Account) -> KnownAccount:
    return KnownAccount(
        ref=account.id,
        platform=cast(Platform, account.platform),
        handle=account.handle,
        numeric_id=account.numeric_id,
        names=account.names,
    )
