"""Making a file: what is said, until when, and what of former files is recalled.

A file says everything that still holds, so that a partner who missed one misses nothing; what was said before, has not
expired and holds no longer is recalled, in this file and in all until its time is over.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.custody.envelopes import public_of
from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.exchange import (
    ENDING,
    LONGEST_DAYS,
    MOST_ITEMS,
    MOST_REVOKED,
    USUAL_DAYS,
    ExchangeFile,
    ExportPreview,
    Issuer,
    ItemKind,
    MadeExport,
    Recalled,
    SharedItem,
)
from bot.model.newsroom import Member
from bot.services.exchange.files import written
from bot.services.exchange.gathering import Gathered, Gathering
from bot.services.exchange.keys import clean_name
from bot.storage import exchange_shares, history, newsrooms, texts
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing

OWN_FORM: Final = "kalkan"
#: Writes a file; beside it what it recalls, as far as it is still known.
Spell = Callable[[ExchangeFile, Mapping[str, Recalled]], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Difference:
    """What of everything that could be said goes into a file, and what it recalls."""

    items: tuple[SharedItem, ...]
    revoked: tuple[str, ...]
    fresh: int
    left_out: int


class Exporting:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, vault: Vault, keys: CustodyKeys, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._keys = keys
        self._newsroom_id = newsroom_id
        self._gathering = Gathering(store, clock, keys, newsroom_id)

    async def issuer(self) -> Issuer:
        """How we sign: the newsroom's name and its public key."""
        async with self._store.read() as conn:
            newsroom = await newsrooms.get(conn, self._newsroom_id)
        key = public_of(self._keys.exchange_key(self._newsroom_id))
        return Issuer(name=clean_name(newsroom.name) or "?", key=key)

    async def preview(self, days: int = USUAL_DAYS) -> ExportPreview:
        """What a file made now would say. Raises Refusal("exchange_days")."""
        gathered = await self._gathered(days)
        async with self._store.read() as conn:
            said = await exchange_shares.said(conn, self._newsroom_id, self._today)
        return _preview(await self.issuer(), _difference(gathered, said))

    async def make(self, member: Member | None, days: int = USUAL_DAYS) -> MadeExport:
        """A signed file, kept in the vault; who made it and what it says is noted before it leaves.

        Raises Refusal("exchange_days"), and Refusal("exchange_empty") when there is nothing to say and to recall.
        """
        issuer, gathered = await self.issuer(), await self._gathered(days)
        key = self._keys.exchange_key(self._newsroom_id)

        return await self.make_as(OWN_FORM, member, issuer, gathered, lambda file, _: written(file, key))

    async def gathered(self, days: int) -> tuple[Issuer, Gathered]:
        """All that could be said, for another format. Raises Refusal("exchange_days")."""
        return await self.issuer(), await self._gathered(days)

    async def make_as(
        self,
        form: str,
        member: Member | None,
        issuer: Issuer,
        gathered: Gathered,
        spell: Spell,
    ) -> MadeExport:
        """The same in any format that `spell` writes. Raises Refusal("exchange_empty")."""
        async with self._store.write() as conn:
            now = self._clock()
            # Two files that are made at once must not have the same number.
            await texts.lock(conn, self._newsroom_id)
            said = await exchange_shares.said(conn, self._newsroom_id, self._today)
            told = _difference(gathered, said)
            if not told.items and not told.revoked:
                raise Refusal("exchange_empty")
            last = await exchange_shares.last_sequence(conn, self._newsroom_id)
            # The second of the day at the least: put back from a backup, a newsroom would else begin again where its
            # partners take nothing any more.
            sequence = max(last + 1, int(now.timestamp()))
            file = ExchangeFile(issuer=issuer, sequence=sequence, made_at=now, items=told.items, revoked=told.revoked)
            data = spell(file, said)
            if form == OWN_FORM:
                await self._vault.put(data)
            export_id = await self._noted(conn, member, form, file, data, now)
        return MadeExport(
            id=export_id,
            sequence=sequence,
            name=f"{now:%Y-%m-%d}-{sequence}{ENDING}",
            data=data,
            preview=_preview(issuer, told),
        )

    async def made(self, member: Member, export_id: int) -> tuple[str, bytes]:
        """A file that this member ordered, with its name. Raises Refusal when it is not theirs, or not there."""
        async with self._store.read() as conn:
            kept = await exchange_shares.export_of(conn, self._newsroom_id, export_id)
        if kept is None or kept.member_id != member.id:
            raise Refusal("button_not_yours")
        try:
            data = await self._vault.get(kept.sha256)
        except (VaultMissing, VaultCorrupt):
            raise Refusal("exchange_gone") from None
        return f"{kept.sequence}{ENDING}", data

    @property
    def _today(self) -> date:
        return self._clock().date()

    async def _gathered(self, days: int) -> Gathered:
        if not 1 <= days <= LONGEST_DAYS:
            raise Refusal("exchange_days", most=LONGEST_DAYS)
        return await self._gathering.gather(days)

    async def _noted(
        self, conn: AsyncConnection, member: Member | None, form: str, file: ExchangeFile, data: bytes, now: datetime
    ) -> int:
        here, by = (conn, self._newsroom_id), member.id if member is not None else None
        made: dict[str, Any] = {"sequence": file.sequence, "form": form, "sha256": hashlib.sha256(data).hexdigest()}
        made |= {"items": len(file.items), "revoked": len(file.revoked)}
        await exchange_shares.note_said(*here, file.items, file.sequence)
        await exchange_shares.note_revoked(*here, file.revoked, file.sequence)
        export_id = await exchange_shares.add_export(*here, by, made, now)
        await history.note_export(*here, by, ("newsroom", self._newsroom_id), "exchange_out", now, **made)
        return export_id


def _difference(gathered: Gathered, said: Mapping[str, Recalled]) -> _Difference:
    items = tuple(gathered.items[:MOST_ITEMS])
    # What no file recalled yet comes first, should there ever be too many.
    gone = sorted((said[each].revoked_in is not None, each) for each in said if each not in gathered.holds)
    return _Difference(
        items=items,
        revoked=tuple(each for _, each in gone[:MOST_REVOKED]),
        # Never said, or recalled before.
        fresh=sum(1 for each in items if each.id not in said or said[each.id].revoked_in is not None),
        left_out=len(gathered.items) - len(items),
    )


def _preview(issuer: Issuer, told: _Difference) -> ExportPreview:
    counted = {kind: sum(1 for each in told.items if each.kind is kind) for kind in ItemKind}
    return ExportPreview(
        name=issuer.name,
        key=issuer.key,
        photos=counted[ItemKind.PHOTO],
        texts=counted[ItemKind.TEXT],
        farms=counted[ItemKind.FARM],
        fresh=told.fresh,
        recalled=len(told.revoked),
        left_out=told.left_out,
    )
