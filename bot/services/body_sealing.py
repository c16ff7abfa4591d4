"""The words of recorded threats are sealed to the leads' age keys once their hot time is over.

First the age file and its line in the custody log, with the hashes of both forms; it is read back; only then the
readable words are overwritten, and the keys of the log's own lines about them go. Killed in between, the next sweep
goes on: at any moment either the words or their age file are there, and mostly both.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pyrage
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import Analysis, TextPrints
from bot.clock import Clock
from bot.custody.checking import Bodies, Broken
from bot.custody.entries import SAID, Entry, EntryKind
from bot.model.ids import new_id
from bot.model.newsroom import Newsroom
from bot.model.sealed_body import CaseBody, SaidLine, SealedBody, WrittenBody
from bot.services.campaign_sweep import refresh
from bot.services.custody import Custody
from bot.services.erasing import Erasure
from bot.services.seals.recipients import public_key
from bot.storage import body_keys, body_sealing, erasing, evidence, newsrooms, sealed_bodies, sealed_originals, texts
from bot.storage import custody as custody_archive
from bot.storage.body_sealing import CaseWords
from bot.storage.case_rows import CaseRows, rows_of_case
from bot.storage.custody import NewEntry
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing

log = logging.getLogger(__name__)

_AT_ONCE: Final = 20
#: Writes what goes into the age files: bot.documents.sealed_body with the catalogues, which the roof hands in.
WriteBody = Callable[[CaseBody, Newsroom], WrittenBody]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """A case as it can be read now: what goes into the age file, and which keys of the log open its words."""

    words: CaseWords
    body: WrittenBody
    key_names: frozenset[str]


class BodySealing:
    """Of one newsroom; `hot` is how long leads read a threat where it stands."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        vault: Vault,
        analysis: Analysis,
        custody: Custody,
        erasure: Erasure,
        newsroom_id: int,
        write: WriteBody,
        hot: timedelta,
    ) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._analysis = analysis
        self._custody = custody
        self._erasure = erasure
        self._newsroom_id = newsroom_id
        self._write = write
        self._hot = hot

    async def sweep(self) -> int:
        """Seal what is due and overwrite what is sealed; returns how many cases were overwritten."""
        done = 0
        while True:
            sealed = await self._seal_due()
            overwritten = await self._overwrite_due()
            done += overwritten
            if not overwritten or not sealed:
                break
        if done:
            self._erasure.soil()
        return done

    async def _seal_due(self) -> int:
        async with self._store.read() as conn:
            to = await sealed_originals.recipients(conn, self._newsroom_id)
            before = self._clock() - self._hot
            due = await sealed_bodies.due(conn, self._newsroom_id, before, _AT_ONCE) if to else []
        keys = [key for key in (public_key(each.recipient) for each in to) if key is not None]
        if not due or not keys:
            return 0
        await self._custody.sequence()
        for case in due:
            await self._seal(case, keys)
        return len(due)

    async def _seal(self, case: int, keys: list[Any]) -> None:
        async with self._store.read() as conn:
            read = await self._read(conn, case)
        made = SealedBody(
            id=new_id(),
            submission_id=case,
            body_sha256=_sha256(read.body.words),
            age_sha256=await self._kept(read.body.words, keys),
            inside_sha256=_sha256(read.body.inside),
            inside_age_sha256=await self._kept(read.body.inside, keys),
            sealed_at=self._clock(),
            removed_id=None,
        )
        async with self._store.write() as conn:
            await sealed_bodies.add(conn, self._newsroom_id, made)
            # Under a noun of its own: these lines stay readable when those about the case do not.
            await custody_archive.put(conn, self._told(made))

    async def _kept(self, body: bytes, keys: list[Any]) -> str:
        return (await self._vault.put(await asyncio.to_thread(pyrage.encrypt, body, keys))).sha256

    def _told(self, made: SealedBody) -> list[NewEntry]:
        told = ({"sha256": age, "of": body} for age, body in made.hashes)
        return [self._line("sealed_body", made.submission_id, EntryKind.KEPT, each) for each in told]

    async def _overwrite_due(self) -> int:
        async with self._store.read() as conn:
            due = await sealed_bodies.to_remove(conn, self._newsroom_id, _AT_ONCE)
        if due:
            await self._custody.sequence()
        return sum([await self._overwrite(made) for made in due])

    async def _overwrite(self, made: SealedBody) -> bool:
        try:
            # The words go only once their age file was read back from the disk.
            for age, _ in made.hashes:
                await self._vault.get(age)
        except (VaultMissing, VaultCorrupt):
            log.warning("a sealed threat cannot be read back; its words stay")
            await self._drop(made)
            return False
        async with self._store.read() as conn:
            prints = await self._prints((await self._read(conn, made.submission_id)).words)
        async with self._store.write() as conn:
            await texts.lock(conn, self._newsroom_id)
            await self._custody.settle_with(conn, self._newsroom_id)
            read = await self._read(conn, made.submission_id)
            if _sha256(read.body.inside) == made.inside_sha256:
                await self._overwrite_in(conn, made, read, prints)
                return True
        await self._drop(made)
        return False

    async def _overwrite_in(self, conn: AsyncConnection, made: SealedBody, read: _Read, prints: list[bytes]) -> None:
        newsroom_id, now, rows = self._newsroom_id, self._clock(), read.words.rows
        key = await body_keys.ensure(conn, newsroom_id, now)
        campaigns = await body_sealing.overwrite(conn, read.words, prints, key, now)
        await refresh(conn, newsroom_id, campaigns)
        await custody_archive.destroy_keys(conn, newsroom_id, read.key_names)
        lines = [self._line(noun, row_id, EntryKind.SEALED, _last(made)) for noun, row_id in rows.subjects]
        await custody_archive.put(conn, [*lines, *await self._files_again(conn, made, rows)])
        await sealed_bodies.removed(conn, newsroom_id, made.id, new_id())
        await self._custody.settle_with(conn, newsroom_id)

    async def _files_again(self, conn: AsyncConnection, made: SealedBody, rows: CaseRows) -> list[NewEntry]:
        """Which bytes of the case the vault must hold: what was said of them went with the words."""
        known = await sealed_originals.get(conn, self._newsroom_id, sorted(rows.shas))
        told: list[dict[str, Any]] = []
        for part in await evidence.part_rows(conn, self._newsroom_id, [made.submission_id]):
            sha256 = part["sha256"]
            if sha256 in known:
                told.append({"sha256": known[sha256].age_sha256, "of": sha256})
            elif sha256 is not None:
                told.append({"sha256": sha256})
        return [self._line("submission", made.submission_id, EntryKind.KEPT, body) for body in told]

    async def _drop(self, made: SealedBody) -> None:
        """Something came to the case meanwhile, or the disk lost the file: the next sweep makes another."""
        async with self._store.write() as conn:
            await sealed_bodies.drop(conn, self._newsroom_id, made.id)
            await erasing.note_removals(conn, self._newsroom_id, [age for age, _ in made.hashes], self._clock())
            # The log no longer asks for that file.
            subject = [("sealed_body", made.submission_id)]
            await self._custody.erase_with(conn, self._newsroom_id, subject, None, "a later age file stands for it")
            left = await sealed_bodies.of_cases(conn, self._newsroom_id, [made.submission_id])
            await custody_archive.put(conn, [line for each in left for line in self._told(each)])

    async def _read(self, conn: AsyncConnection, case: int) -> _Read:
        newsroom = await newsrooms.get(conn, self._newsroom_id)
        rows = await rows_of_case(conn, self._newsroom_id, case)
        words = await body_sealing.words_of(conn, rows)
        lines, key_names = await self._said(conn, rows)
        numbers = await evidence.threat_rows(conn, self._newsroom_id, sorted(rows.threats))
        (found,) = await evidence.case_rows(conn, self._newsroom_id, [case])
        body = CaseBody(
            case=f"K-{found['number']}",
            threats=[f"T-{row['number']}" for row in numbers],
            newsroom=newsroom.name,
            tables=await body_sealing.collected(conn, words),
            lines=lines,
        )
        return _Read(words=words, body=await asyncio.to_thread(self._write, body, newsroom), key_names=key_names)

    async def _said(self, conn: AsyncConnection, rows: CaseRows) -> tuple[list[SaidLine], frozenset[str]]:
        """The log's lines that hold words of the case, and the names of the keys that open these."""
        keys, newsroom_id = self._custody.keys, self._newsroom_id
        names = [keys.pseudonym(newsroom_id, noun, row_id) for noun, row_id in rows.subjects]
        found = await custody_archive.of_subjects(conn, newsroom_id, names)
        wrapped = await custody_archive.keys_of(conn, newsroom_id, keys.with_words(names))
        bodies = Bodies(keys, wrapped, await custody_archive.erasures(conn, newsroom_id))
        return await asyncio.to_thread(_opened, found, bodies)

    async def _prints(self, words: CaseWords) -> list[bytes]:
        spoken = words.spoken
        found = await self._analysis.prints(spoken) if spoken else []
        return [made.prints for made in found if isinstance(made, TextPrints) and made.prints]

    def _line(self, noun: str, row_id: int, kind: EntryKind, body: dict[str, Any]) -> NewEntry:
        now = self._clock()
        return NewEntry(newsroom_id=self._newsroom_id, kind=kind.value, noun=noun, row_id=row_id, body=body, at=now)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _last(made: SealedBody) -> dict[str, Any]:
    return {"sha256": made.inside_age_sha256, "of": made.inside_sha256}


def _opened(rows: list[Mapping[str, Any]], bodies: Bodies) -> tuple[list[SaidLine], frozenset[str]]:
    lines, names = [], set()
    for row in rows:
        entry = Entry(**{name: row[name] for name in ("seq", "at", "kind", "subject", "commitment", "prev")})
        if entry.kind not in SAID and entry.kind != EntryKind.CHANGED:
            continue
        try:
            told = bodies.told(entry, row["sealed"])
        except Broken:
            # `kalkan verify` says what is wrong with it; nothing of it can be read here.
            continue
        if told is not None:
            opened, name = told
            names.add(name)
            lines.append(SaidLine(seq=entry.seq, at=entry.at, kind=entry.kind, salt=opened.salt, body=opened.body))
    return lines, frozenset(names)
