"""Checks a newsroom's custody log, the files in the vault and the anchors in one pass, and stops at the first break.

Whatever a hostile database, vault or anchor holds becomes a break, never an exception.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from bot.custody.checking import Bodies, Broken, LogCheck, Row
from bot.custody.checkpoints import Checkpoint, NotACheckpoint, opened, origin_of
from bot.custody.entries import EntryKind
from bot.custody.envelopes import NotAnEnvelope, read_key
from bot.custody.keys import CustodyKeys
from bot.custody.reading import loaded
from bot.custody.sealing import Opened
from bot.model.custody import Break, CustodyReport
from bot.services.exchange.countersigning import countersigned
from bot.storage import custody, exchange_countersigns
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing

_PAGE: Final = 1_000
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Named:
    """An object of the vault that an entry names; one that is sealed stands for the original `seals`."""

    sha256: str
    place: int
    seals: str | None = None


@dataclass(kw_only=True, slots=True)
class _Walk:
    """A check while it goes on."""

    check: LogCheck
    total: int
    progress: Progress
    seen: set[str] = field(default_factory=set)
    #: Originals that are not there, with the entry that names them: one that was sealed must have its age file.
    absent: dict[str, int] = field(default_factory=dict)
    erased: int = 0


class Verification:
    """One newsroom's log. Without keys the bodies and the signatures cannot be checked, and the report says so."""

    def __init__(self, store: Store, vault: Vault, keys: CustodyKeys | None, newsroom_id: int) -> None:
        self._store = store
        self._vault = vault
        self._keys = keys
        self._newsroom_id = newsroom_id

    async def run(self, anchors: Sequence[str], progress: Progress = lambda _done, _total: None) -> CustodyReport:
        """Check everything against these signed notes from outside."""
        report = CustodyReport(has_key=self._keys is not None)
        try:
            return await self._run(report, anchors, progress)
        except Broken as broken:
            return replace(report, broken=Break(code=broken.code, place=broken.place))
        except _Found as found:
            return replace(report, broken=found.broken)
        except Exception as error:  # whatever the database gave: it is no log that can be trusted
            return replace(report, broken=Break(code="unreadable", about=type(error).__name__))

    async def _run(self, report: CustodyReport, anchors: Sequence[str], progress: Progress) -> CustodyReport:
        async with self._store.read() as conn:
            end = await custody.state(conn, self._newsroom_id)
            own = [str(note) for note in await custody.notes(conn, self._newsroom_id)]
            seen = await exchange_countersigns.notes(conn, self._newsroom_id)
            erased = await custody.erasures(conn, self._newsroom_id)
            wrapped = await custody.all_keys(conn, self._newsroom_id)
            waiting = len(await custody.oldest_waiting(conn, self._newsroom_id, _PAGE))
        inside = self._opened(own, "checkpoint")
        outside = self._opened(anchors, "anchor_signature")
        witnessed = self._witnessed(seen)
        # They are as good as the partners' keys in this database: a mark inside, and no anchor from outside.
        inside += self._opened([note for note, _, _ in witnessed], "countersign")
        bodies = Bodies(self._keys, wrapped, erased) if self._keys is not None else None
        size = end.size if end is not None else 0
        walk = _Walk(check=LogCheck([*inside, *outside], bodies), total=size, progress=progress)
        await self._walk(walk, None if end is None else size)
        await self._nothing_behind()
        walk.check.end()
        for sha256, place in walk.absent.items():
            raise _Found(Break(code="file_missing", place=place, about=sha256))
        if end is not None and (end.size, end.head) != (walk.check.size, walk.check.head):
            raise Broken("head", walk.check.size)
        return replace(
            report,
            lines=walk.check.size,
            root=walk.check.root,
            erased=walk.erased,
            waiting=waiting,
            files=len(walk.seen),
            checkpoints=len(inside) - len(witnessed),
            anchors=len(outside),
            witnesses=tuple((name, at) for _, name, at in witnessed),
            anchored=max((anchor.size for anchor in outside), default=0),
        )

    async def _walk(self, walk: _Walk, end: int | None) -> None:
        # Up to where it ended when this check began: lines that came since have keys and checkpoints of their own.
        while end is None or walk.check.size < end:
            after, size = walk.check.size - 1, _PAGE if end is None else min(_PAGE, end - walk.check.size)
            async with self._store.read() as conn:
                rows = await custody.page(conn, self._newsroom_id, after, size)
            if not rows:
                return
            found = await asyncio.to_thread(self._take, walk, rows)
            for named in found:
                await self._look(walk, named)
            walk.progress(walk.check.size, walk.total)

    async def _nothing_behind(self) -> None:
        """No line stands behind the end that is noted, as it is noted now."""
        async with self._store.read() as conn:
            end = await custody.state(conn, self._newsroom_id)
            if end is not None and await custody.page(conn, self._newsroom_id, end.size - 1, 1):
                raise Broken("head", end.size)

    def _take(self, walk: _Walk, rows: Sequence[Mapping[str, Any]]) -> list[_Named]:
        named = []
        for row in rows:
            entry, body = walk.check.take(_row(row))
            if body is None:
                walk.erased += self._keys is not None
                continue
            told = _told(entry.kind, body)
            if (sha256 := _hash_in(told, "sha256")) is not None and sha256 not in walk.seen:
                walk.seen.add(sha256)
                named.append(_Named(sha256=sha256, place=entry.seq, seals=_hash_in(told, "of")))
        return named

    async def _look(self, walk: _Walk, named: _Named) -> None:
        sha256, place = named.sha256, named.place
        try:
            await self._vault.get(sha256)
            if named.seals is not None:
                walk.absent.pop(named.seals, None)
        except VaultMissing:
            if named.seals is not None:
                raise _Found(Break(code="file_missing", place=place, about=sha256)) from None
            walk.absent[sha256] = place
        except VaultCorrupt:
            raise _Found(Break(code="file_changed", place=place, about=sha256)) from None
        except OSError as error:
            raise _Found(Break(code="file_unreadable", place=place, about=type(error).__name__)) from None

    def _witnessed(self, seen: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, datetime]]:
        """What partners countersigned: a note that was changed since vouches for nothing, and is a break."""
        if self._keys is None:
            return []
        try:
            notes = [(note, read_key(key), name) for note, key, name in seen]
        except NotAnEnvelope:
            raise _Found(Break(code="countersign")) from None
        good = countersigned(notes, self._keys.checkpoint_public, self._newsroom_id)
        if len(good) < len(seen):
            raise _Found(Break(code="countersign"))
        return good

    def _opened(self, notes: Sequence[str], code: str) -> list[Checkpoint]:
        if self._keys is None:
            return []
        public = self._keys.checkpoint_public
        origin = origin_of(public, self._newsroom_id)
        read = []
        for note in notes:
            try:
                checkpoint = opened(note, public)
                if checkpoint.origin != origin:
                    raise NotACheckpoint("another log's checkpoint")
            except NotACheckpoint as error:
                raise _Found(Break(code=code, about=str(error))) from None
            read.append(checkpoint)
        return read


class _Found(Exception):
    def __init__(self, broken: Break) -> None:
        super().__init__(broken.code)
        self.broken = broken


def _row(row: Mapping[str, Any]) -> Row:
    return Row(
        seq=row["seq"],
        at=row["at"],
        kind=row["kind"],
        subject=row["subject"],
        commitment=row["commitment"],
        prev=row["prev"],
        leaf=row["leaf"],
        sealed=row["sealed"],
    )


def _told(kind: str, body: Opened) -> Mapping[str, Any]:
    """What an entry says of the vault's objects."""
    return loaded(body.body) if kind in (EntryKind.KEPT, EntryKind.LATE, EntryKind.SEALED) else {}


def _hash_in(told: Mapping[str, Any], name: str) -> str | None:
    sha256 = told.get(name)
    return sha256 if isinstance(sha256, str) and _SHA256.match(sha256) else None
