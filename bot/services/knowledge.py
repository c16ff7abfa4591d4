"""What the newsroom knows, held close to the detectors: photos, listed accounts, staff.

The store is the truth; these indexes follow it, also when another process (an import on the command line) writes.
Everything that computes runs in one thread of its own, so that the event loop never waits for a comparison.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.account import Account
from bot.services.photo_index import PhotoIndex
from bot.storage import accounts, staff, threat_models, threat_words
from bot.storage.need_to_know import looking_as
from bot.storage.store import Store
from detection.accounts.links import Platform
from detection.accounts.matching import AccountMatch, AccountQuery, KnownAccount, match_accounts
from detection.accounts.name_index import NameHit, NameIndex
from detection.threats import Kind, OwnWord, StaffName

T = TypeVar("T")

_FRESH_FOR = timedelta(seconds=1)
# Rows of another process carry the time at which they were made, which lies before their commit.
_OVERLAP = timedelta(seconds=20)


class Knowledge:
    """The indexes of one newsroom. `refresh` brings them up to date; searches see what was added before them."""

    def __init__(self, store: Store, clock: Clock, newsroom_id: int, photos: PhotoIndex) -> None:
        self.photos = photos
        self._store = store
        self._clock = clock
        self._newsroom_id = newsroom_id
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="knowledge")
        self._accounts: dict[int, KnownAccount] = {}
        self._names = NameIndex()
        self._synced: datetime | None = None
        self._refreshing = asyncio.Lock()
        self.staff: tuple[StaffName, ...] = ()
        self.threat_words: tuple[OwnWord, ...] = ()
        #: The model taught on the newsroom's rulings; empty while the shipped one is used.
        self.threat_model = b""
        self._model_stamp: str | None = None

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

    async def accounts(self, queries: Sequence[AccountQuery]) -> list[list[AccountMatch]]:
        """For each query the listed accounts that it is or may be, best first."""
        known = list(self._accounts.values())
        return await self._run(lambda: [_each_once(match_accounts(query, known)) for query in queries])

    async def named(self, words: str, limit: int) -> list[NameHit]:
        """The listed accounts whose name or handle is nearest to these words, best first."""
        return await self._run(lambda: self._names.search(words, limit))

    def close(self) -> None:
        """Close the index of photos, and end the thread."""
        self.photos.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)

    async def _pull(self, since: datetime | None) -> None:
        # What is kept here is everybody's: whoever asks first must not take anything out of it.
        with looking_as(None):
            async with self._store.read() as conn:
                listed = await accounts.changed_since(conn, self._newsroom_id, since)
                people = await staff.all_of(conn, self._newsroom_id)
                words = await threat_words.all_of(conn, self._newsroom_id)
                await self._pull_model(conn)
        await self._run(lambda: self._take_in(listed))
        self.staff = tuple(StaffName(ref=s.id, kind=s.kind.value, names=s.names) for s in people)
        self.threat_words = tuple(OwnWord(w.word, cast(Kind, w.kind)) for w in words)

    def _take_in(self, listed: Sequence[Account]) -> None:
        """In the thread of this index: nobody searches it meanwhile."""
        for account in listed:
            if account.is_withdrawn:
                self._accounts.pop(account.id, None)
            else:
                self._accounts[account.id] = _known_account(account)
            if account.is_shown:
                others = [label.partition(":")[2] for _, label in account.others]
                self._names.put(account.id, account.names, [h for h in (account.handle, *others) if h])
            else:
                self._names.drop(account.id)

    async def _pull_model(self, conn: AsyncConnection) -> None:
        """64 KB, fetched only when there is another one."""
        stamp = await threat_models.stamp(conn, self._newsroom_id)
        if stamp != self._model_stamp:
            self.threat_model = await threat_models.data(conn, self._newsroom_id) or b""
            self._model_stamp = stamp


def _each_once(matches: Sequence[AccountMatch]) -> list[AccountMatch]:
    """An account that takes in others is met once, by the best of what is known of them."""
    return list({match.ref: match for match in reversed(matches)}.values())[::-1]


def _known_account(account: Account) -> KnownAccount:
    """What the laboratory compares; a merged account is found as the one that it is."""
    return KnownAccount(
        ref=account.id if account.merged_into is None else account.merged_into,
        platform=cast(Platform, account.platform),
        handle=account.handle,
        numeric_id=account.numeric_id,
        names=account.names,
    )
