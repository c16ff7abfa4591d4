"""Hands evidence over: finds the cases, collects their originals and the log's lines, has the bag made, logs it."""

import asyncio
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.custody.bag_signatures import BagSigner
from bot.custody.entries import EntryKind
from bot.custody.timestamps import NotAToken, checked
from bot.documents.evidence.export import Signing
from bot.errors import Outage, Refusal
from bot.model.codec import load
from bot.model.evidence import Evidence, EvidenceOrder, ExportedCase, HandedOver, SealedWords
from bot.model.newsroom import Member, Newsroom
from bot.sealing.boxes import Box
from bot.services.anchors import Stamp
from bot.services.custody import Custody, Subject
from bot.services.custody_events import ARRIVAL
from bot.services.evidence_cases import exported_cases, pictures_of
from bot.services.evidence_choice import Choice, choice_of
from bot.services.evidence_log import excerpt
from bot.services.evidence_shelf import EvidenceShelf
from bot.services.pictures import Pictures
from bot.storage import custody, evidence, newsrooms, sealed_bodies, sealed_originals
from bot.storage.custody import NewEntry
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing

#: Makes the bag: bot.documents.evidence.export with the catalogues, which the roof hands in.
MakeBag = Callable[[Evidence, Path, Signing], HandedOver]


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceRoom:
    """What exports are made with: where originals lie, what copies them clean, where bags are put together."""

    vault: Vault
    pictures: Pictures
    workshop: Path
    make: MakeBag
    stamp: Stamp | None = None
    #: Where finished exports wait, and what seals them there; None: in the workshop, as they are.
    finished: Path | None = None
    box: Box | None = None


class EvidenceDesk:
    """Exports of one house."""

    def __init__(self, store: Store, clock: Clock, log: Custody, room: EvidenceRoom) -> None:
        self._store = store
        self._clock = clock
        self._custody = log
        self._room = room
        self._signer = BagSigner(log.keys.bag_seed)
        self._shelf = EvidenceShelf(room.workshop, room.finished, room.box)

    @property
    def signing_key(self) -> str:
        """The public key that people compare: one line."""
        return self._signer.public_line

    async def ordered(self, member: Member, body: Mapping[str, Any]) -> HandedOver:
        """What an outbox row asks for: made once, and the same bytes again when sending has to be repeated.

        Raises Refusal, and BagFailed or OSError when it cannot be made.
        """
        bag = str(body["bag"])
        kept = await asyncio.to_thread(self._shelf.get, bag)
        if kept is not None:
            return kept
        order = load(EvidenceOrder, body["order"])
        return await self.hand_over(member.newsroom_id, order, member.id, member.language, keep_as=bag)

    async def settled(self, body: Mapping[str, Any]) -> None:
        """An order was sent, or never will be: what was kept of it goes. Raises OSError."""
        await asyncio.to_thread(self._shelf.remove, str(body["bag"]))

    async def purge(self) -> None:
        """Remove finished exports that nobody was sent for a day. Raises OSError."""
        await asyncio.to_thread(self._shelf.purge, self._clock())

    async def hand_over(
        self,
        newsroom_id: int,
        order: EvidenceOrder,
        by: int | None = None,
        language: str | None = None,
        keep_as: str | None = None,
    ) -> HandedOver:
        """Make the bag and log that it was made. Raises Refusal, BagFailed, OSError.

        What waits is numbered first, and the bag belongs to a checkpoint that is signed for it.
        """
        async with self._store.read() as conn:
            chosen = await choice_of(conn, newsroom_id, order)
        await self._custody.sequence()
        made = await self._made(await self._collected(newsroom_id, order, chosen, language))
        if keep_as is not None:
            await asyncio.to_thread(self._shelf.put, keep_as, made)
        await self._log(newsroom_id, chosen.cases, order, made, by)
        if keep_as is not None:
            await asyncio.to_thread(self._shelf.seal, keep_as, made)
        return made

    async def note_bulk(self, newsroom_id: int, what: str, rows: int) -> None:
        """Log that a whole noun of the store was written out by a command."""
        body = {"by": None, "export": what, "rows": rows}
        entry = NewEntry(
            newsroom_id=newsroom_id,
            kind=EntryKind.EXPORTED.value,
            noun="newsroom",
            row_id=newsroom_id,
            body=body,
            at=self._clock(),
        )
        async with self._store.write() as conn:
            await custody.put(conn, [entry])

    async def _collected(
        self, newsroom_id: int, order: EvidenceOrder, chosen: Choice, language: str | None
    ) -> Evidence:
        checkpoint = await self._custody.checkpoint(newsroom_id)
        if checkpoint is None:
            raise Refusal("export_empty")
        async with self._store.read() as conn:
            newsroom = await newsrooms.get(conn, newsroom_id)
            subjects = await self._subjects(conn, newsroom_id, chosen)
            cases = await exported_cases(conn, newsroom_id, chosen, order)
            log = await excerpt(conn, self._custody, checkpoint, subjects, with_names=order.with_names)
        originals = await self._originals(cases)
        sealed = await self._sealed(newsroom.id, [each for each in pictures_of(cases) if each not in originals])
        bodies = await self._bodies(newsroom.id, chosen, with_names=order.with_names)
        return Evidence(
            label=f"E-{self._clock():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
            made_at=self._clock(),
            newsroom=newsroom.name,
            zone=newsroom.zone,
            language=_language(order, language, newsroom),
            profile=order.profile,
            with_names=order.with_names,
            cases=cases,
            log=log,
            signing_key=self.signing_key,
            originals=originals,
            sealed=sealed,
            bodies=bodies,
            pictures=await self._pictures([*originals, *sealed]),
            missing=[sha256 for sha256 in pictures_of(cases) if sha256 not in originals and sha256 not in sealed],
        )

    async def _subjects(self, conn: Any, newsroom_id: int, chosen: Choice) -> list[Subject]:
        threats = await evidence.threat_rows(conn, newsroom_id, chosen.threats)
        parts = await evidence.part_rows(conn, newsroom_id, chosen.cases)
        repeated = {part for parts in chosen.copies.values() for part in parts}
        waves = {row["incident_id"] for row in threats if row["incident_id"] is not None}
        return [
            *((noun, each) for each in chosen.cases for noun in ("submission", ARRIVAL)),
            *(("threat", row["id"]) for row in threats),
            *(("part", row["id"]) for row in parts if row["submission_id"] in chosen.whole or row["id"] in repeated),
            *(("incident", each) for each in sorted(waves)),
            *(("sealed_body", each) for each in chosen.cases),
        ]

    async def _originals(self, cases: Sequence[ExportedCase]) -> dict[str, bytes]:
        found = {}
        for sha256 in pictures_of(cases):
            try:
                found[sha256] = await self._room.vault.get(sha256)
            except (VaultMissing, VaultCorrupt):
                continue
        return found

    async def _sealed(self, newsroom_id: int, hashes: Sequence[str]) -> dict[str, bytes]:
        async with self._store.read() as conn:
            known = await sealed_originals.get(conn, newsroom_id, hashes)
        found = {}
        for sha256, each in known.items():
            with suppress(VaultMissing, VaultCorrupt):
                found[sha256] = await self._room.vault.get(each.age_sha256)
        return found

    async def _bodies(self, newsroom_id: int, chosen: Choice, *, with_names: bool) -> list[SealedWords]:
        """What stands for words that this server can no longer read: of whole cases, and of those that hold copies."""
        async with self._store.read() as conn:
            made = await sealed_bodies.of_cases(conn, newsroom_id, chosen.cases)
            numbers = {row["id"]: row["number"] for row in await evidence.case_rows(conn, newsroom_id, chosen.cases)}
        found = []
        for each in made:
            with suppress(VaultMissing, VaultCorrupt):
                # Who reported it, and what colleagues wrote, stands in the second file alone.
                for age, body_sha256 in each.hashes if with_names else each.hashes[:1]:
                    data = await self._room.vault.get(age)
                    label = f"K-{numbers[each.submission_id]}"
                    found.append(SealedWords(case=label, body_sha256=body_sha256, age=data))
        return found

    async def _pictures(self, originals: Sequence[str]) -> dict[str, bytes]:
        copies = {sha256: await self._room.pictures.clean(sha256) for sha256 in originals}
        return {sha256: copy for sha256, copy in copies.items() if copy is not None}

    async def _made(self, collected: Evidence) -> HandedOver:
        loop = asyncio.get_running_loop()

        def stamp(data: bytes) -> bytes | None:
            return asyncio.run_coroutine_threadsafe(self._stamped(data), loop).result()

        signing = Signing(public_key=self._signer.public_key, sign=self._signer.sign, stamp=stamp)
        self._room.workshop.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._room.workshop, prefix="export-") as folder:
            return await asyncio.to_thread(self._room.make, collected, Path(folder), signing)

    async def _stamped(self, data: bytes) -> bytes | None:
        if self._room.stamp is None:
            return None
        try:
            return checked(await self._room.stamp(data), data)
        except (Outage, NotAToken):
            # Evidence is handed over without a time stamp rather than not at all.
            return None

    async def _log(
        self, newsroom_id: int, ids: Sequence[int], order: EvidenceOrder, made: HandedOver, by: int | None
    ) -> None:
        body = {
            "by": by,
            "export": made.label,
            "profile": order.profile.value,
            "with_names": order.with_names,
            "cases": list(made.cases),
            "tagmanifest_sha256": made.tagmanifest_sha256,
        }
        now, kind = self._clock(), EntryKind.EXPORTED.value
        rows = [
            NewEntry(newsroom_id=newsroom_id, kind=kind, noun="submission", row_id=each, body=body, at=now)
            for each in ids
        ]
        async with self._store.write() as conn:
            await custody.put(conn, rows)


def _language(order: EvidenceOrder, reader: str | None, newsroom: Newsroom) -> str:
    return order.language or reader or newsroom.language
