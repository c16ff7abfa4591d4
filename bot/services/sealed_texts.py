"""Hands a lead the age files in which the words of a threat are sealed; who took them out stands in the log."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.custody.entries import EntryKind
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.services import notices
from bot.services.stage import Stage
from bot.services.threats import Threats
from bot.storage import custody, outbox, sealed_bodies
from bot.storage.custody import NewEntry
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedFile:
    """An age file; `body_sha256` is the hash of what comes out of it."""

    name: str
    data: bytes
    body_sha256: str


class SealedTexts:
    """Of records whose words are sealed."""

    def __init__(self, store: Store, clock: Clock, vault: Vault, log: Threats) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._log = log

    async def order(self, stage: Stage, member: Member, threat_id: int) -> None:
        """Have the files of a record sent, and log that. Raises Refusal when nothing of it is sealed."""
        view = await self._log.view(member, threat_id)
        if not view.line.sealed:
            raise Refusal("threat_not_sealed")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            body = {"by": member.id, "what": "sealed_text", "row": threat_id}
            entry = NewEntry(
                newsroom_id=member.newsroom_id,
                kind=EntryKind.EXPORTED.value,
                noun="threat",
                row_id=threat_id,
                body=body,
                at=now,
            )
            await custody.put(conn, [entry])
            await outbox.put(conn, [notices.sealed_text(member, threat_id)], now)

        stage.stage_once(act)

    async def files(self, member: Member, threat_id: int) -> list[SealedFile]:
        """The age files of a record and of its copies, the oldest first. Raises Refusal."""
        if not member.may(Right.EXPORT_EVIDENCE):
            raise Refusal("not_allowed")
        view = await self._log.view(member, threat_id)
        async with self._store.read() as conn:
            made = await sealed_bodies.of_threat(conn, member.newsroom_id, threat_id)
        found = []
        for number, each in enumerate(made, start=1):
            for what, (age, body_sha256) in zip(("words", "inside"), each.hashes, strict=True):
                with suppress(VaultMissing, VaultCorrupt):
                    data = await self._vault.get(age)
                    name = f"{view.line.label}-{number}-{what}.txt.age"
                    found.append(SealedFile(name=name, data=data, body_sha256=body_sha256))
        if not found:
            raise Refusal("threat_not_sealed")
        return found
