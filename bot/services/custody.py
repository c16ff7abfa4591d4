"""The custody log's sequencer: numbers what waits, seals it, signs checkpoints, destroys keys.

Numbering takes place in one transaction that holds the log's end, so that one line follows the other whoever else
runs; what is computed for it runs in a thread.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.custody.checkpoints import Checkpoint, origin_of, signed, verifier_key
from bot.custody.entries import SAID, Entry, EntryKind, spelled
from bot.custody.keys import CustodyKeys
from bot.custody.merkle import grown, root_of
from bot.custody.sealing import new_body, new_subject_key, seal
from bot.model.ids import new_id
from bot.storage import custody
from bot.storage.custody import KeptCheckpoint, LogState, NewEntry, SealedEntry
from bot.storage.store import Store

_AT_A_TIME: Final = 250
#: Changes that hold somebody's words: corrections and notes quote.
_OF_CASES: Final = frozenset({"submission", "threat", "part"})
Subject = tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Numbered:
    """A batch with its numbers: the lines, the log's new end, the keys that were made for new subjects."""

    lines: Sequence[SealedEntry]
    end: LogState
    new_keys: Mapping[str, bytes]


def _is_said(new: NewEntry) -> bool:
    """Whether an entry tells what was said, and not only what was done with it."""
    return new.kind in SAID or (new.kind == EntryKind.CHANGED and new.noun in _OF_CASES)


class Custody:
    """Keeps the logs of every newsroom in the store."""

    def __init__(self, store: Store, clock: Clock, keys: CustodyKeys) -> None:
        self._store = store
        self._clock = clock
        self._keys = keys

    @property
    def keys(self) -> CustodyKeys:
        """The log's keys, for what verifies and exports it."""
        return self._keys

    def origin(self, newsroom_id: int) -> str:
        """The name of a newsroom's log."""
        return origin_of(self._keys.checkpoint_public, newsroom_id)

    def verifier_key(self, newsroom_id: int) -> str:
        """The public key by which a newsroom's checkpoints are verified, in the form of signed notes."""
        return verifier_key(self.origin(newsroom_id), self._keys.checkpoint_public)

    async def sequence(self) -> int:
        """Number everything that waits; returns how many lines were added."""
        async with self._store.read() as conn:
            newsrooms = await custody.unnumbered(conn)
        added = 0
        for newsroom_id in newsrooms:
            while True:
                async with self._store.write() as conn:
                    batch = await self._number(conn, newsroom_id)
                added += batch
                if batch < _AT_A_TIME:
                    break
        return added

    async def checkpoint(self, newsroom_id: int) -> KeptCheckpoint | None:
        """Sign the log as it is now, everything that waits included; the last checkpoint when nothing came since.

        None while the log is empty.
        """
        async with self._store.write() as conn:
            end = await self._number_all(conn, newsroom_id)
            last = await custody.last_checkpoint(conn, newsroom_id)
            if end.size == 0 or (last is not None and last.size == end.size and last.root == root_of(end.frontier)):
                return last
            made = self._signed(newsroom_id, end, self._clock())
            await custody.add_checkpoint(conn, newsroom_id, made)
        return made

    async def erase(self, newsroom_id: int, subjects: Sequence[Subject], by: int | None, ground: str) -> int:
        """`erase_with` in a transaction of its own. Returns how many keys there were."""
        async with self._store.write() as conn:
            return await self.erase_with(conn, newsroom_id, subjects, by, ground)

    async def erase_with(
        self, conn: AsyncConnection, newsroom_id: int, subjects: Sequence[Subject], by: int | None, ground: str
    ) -> int:
        """Destroy the keys of subjects (noun and row id), and log that: who did it, on what legal ground.

        What the log says of them can never be read again; its lines, its root and every proof stay good. Copies of the
        database made before still hold the keys until they are deleted. Returns how many keys there were.
        """
        names = {self._keys.pseudonym(newsroom_id, noun, row_id) for noun, row_id in subjects}
        now = self._clock()
        # What waits is sealed first: nothing of the subject stays behind in the clear.
        await self._number_all(conn, newsroom_id)
        gone = await custody.destroy_keys(conn, newsroom_id, self._keys.with_words(names))
        rows = [
            NewEntry(
                newsroom_id=newsroom_id,
                kind=EntryKind.ERASED.value,
                noun=noun,
                row_id=row_id,
                body={"by": by, "ground": ground},
                at=now,
            )
            for noun, row_id in subjects
        ]
        await custody.put(conn, rows)
        await self._number_all(conn, newsroom_id)
        return gone

    async def settle_with(self, conn: AsyncConnection, newsroom_id: int) -> None:
        """Number all that waits within somebody's transaction: what follows is decided on the whole log."""
        await self._number_all(conn, newsroom_id)

    async def _number_all(self, conn: AsyncConnection, newsroom_id: int) -> LogState:
        while await self._number(conn, newsroom_id) == _AT_A_TIME:
            pass
        return await custody.lock(conn, newsroom_id)

    async def _number(self, conn: AsyncConnection, newsroom_id: int) -> int:
        end = await custody.lock(conn, newsroom_id)
        new = await custody.oldest_waiting(conn, newsroom_id, _AT_A_TIME)
        if not new:
            return 0
        names = [self._keys.pseudonym(newsroom_id, each.noun, each.row_id) for each in new]
        key_names = [
            self._keys.words_of(name) if _is_said(each) else name for each, name in zip(new, names, strict=True)
        ]
        wrapped = await custody.keys_of(conn, newsroom_id, set(key_names))
        made = await asyncio.to_thread(self._numbered, end, new, list(zip(names, key_names, strict=True)), wrapped)
        await custody.add_keys(conn, newsroom_id, made.new_keys)
        await custody.append(conn, newsroom_id, made.lines, made.end, [each.id for each in new])
        return len(new)

    def _numbered(
        self, end: LogState, new: Sequence[NewEntry], names: Sequence[tuple[str, str]], wrapped: Mapping[str, bytes]
    ) -> _Numbered:
        known = {name: self._keys.unwrap(key, name) for name, key in wrapped.items()}
        fresh = {name: new_subject_key() for _, name in names if name not in known}
        subject_keys = known | fresh
        lines = []
        for each, (name, key_name) in zip(new, names, strict=True):
            line = self._line(each, name, subject_keys[key_name], end)
            lines.append(line)
            end = LogState(size=end.size + 1, head=line.leaf, frontier=grown(end.frontier, end.size, line.leaf))
        return _Numbered(
            lines=lines, end=end, new_keys={name: self._keys.wrap(key, name) for name, key in fresh.items()}
        )

    def _line(self, new: NewEntry, subject: str, key: bytes, end: LogState) -> SealedEntry:
        body = new_body(self._told(new))
        entry = Entry(
            seq=end.size,
            at=spelled(new.at),
            kind=new.kind,
            subject=subject,
            commitment=body.commitment,
            prev=end.head,
        )
        return SealedEntry(
            seq=entry.seq,
            at=entry.at,
            kind=entry.kind,
            subject=subject,
            commitment=entry.commitment,
            prev=entry.prev,
            leaf=entry.leaf,
            sealed=seal(body, key, entry.seq),
        )

    def _told(self, new: NewEntry) -> dict[str, Any]:
        # A member stands in bodies by a pseudonym too: what is disclosed of a body names nobody of the newsroom.
        by = new.body.get("by")
        who = self._keys.pseudonym(new.newsroom_id, "member", int(by)) if by is not None else None
        return {**new.body, "by": who, "about": new.noun}

    def _signed(self, newsroom_id: int, end: LogState, now: datetime) -> KeptCheckpoint:
        root = root_of(end.frontier)
        state = Checkpoint(origin=self.origin(newsroom_id), size=end.size, root=root, at=spelled(now))
        note = signed(state, self._keys.checkpoint_key)
        return KeptCheckpoint(
            id=new_id(), newsroom_id=newsroom_id, size=end.size, root=root, note=note, token=None, at=now
        )
