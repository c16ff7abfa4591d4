"""Reading a partner's file: first what it would change, then, when somebody says so, the change.

Of a key that nobody accepted nothing is ever taken in; neither is a file that is older than one that was.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.custody.envelopes import public_of
from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.exchange import ExchangeFile, ImportPreview, Partner, SharedItem, Standing
from bot.model.newsroom import Member
from bot.model.plain import one_line
from bot.services import notices
from bot.services.exchange.files import read
from bot.services.stage import Stage
from bot.storage import exchange_items, exchange_partners, exchange_shares, history, outbox, texts
from bot.storage.store import Store
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing
from detection.text.normalise import NORMALISER_VERSION

_LONGEST_NAME = 120
#: Items that are kept of one partner, as many as ten full files hold.
MOST_HELD: Final = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Change:
    """What a file changes of what is kept of its partner."""

    put: tuple[SharedItem, ...]
    recall: frozenset[str]
    counts: Counter[str]


class Importing:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, vault: Vault, keys: CustodyKeys, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._own = public_of(keys.exchange_key(newsroom_id))
        self._newsroom_id = newsroom_id

    async def read(self, data: bytes) -> ExchangeFile:
        """What a file says. Raises Refusal as `files.read` does."""
        return await asyncio.to_thread(read, data, self._clock())

    async def preview(self, file: ExchangeFile) -> ImportPreview:
        """What it would change; nothing is changed."""
        async with self._store.read() as conn:
            partner = await exchange_partners.by_key(conn, self._newsroom_id, file.issuer.key)
            return await self._preview(conn, file, partner)

    async def apply(self, file: ExchangeFile, member: Member | None = None) -> ImportPreview:
        """Take it in; returns what it changed. Raises Refusal: "exchange_unknown_key", "exchange_withdrawn" or
        "exchange_old"; "exchange_too_many" when more would be kept of one partner than MOST_HELD."""
        async with self._store.write() as conn:
            return await self._apply(conn, file, member)

    async def receive(self, stage: Stage, member: Member, name: str, data: bytes) -> None:
        """Keep a file that a member sent, and show what it would change. Raises Refusal when it is none."""
        await self.read(data)
        kept = await self._vault.put(data)
        shown = one_line(name)[:_LONGEST_NAME]

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            file_id = await exchange_shares.add_file(conn, member.newsroom_id, member.id, shown, kept.sha256, now)
            told = {"sha256": kept.sha256}
            await history.note(conn, member.newsroom_id, member.id, ("exchange", file_id), "sent", now, **told)
            await outbox.put(conn, [notices.reply(member, "exchange_file", file=file_id)], now)

        stage.stage_once(act)

    async def sent(self, member: Member, file_id: int) -> tuple[str, bool, ImportPreview]:
        """A file that this member sent: its name, whether it was taken in, what it would change. Raises Refusal."""
        async with self._store.read() as conn:
            found = await exchange_shares.file_of(conn, self._newsroom_id, file_id)
        if found is None or found.member_id != member.id:
            raise Refusal("button_not_yours")
        return found.name, found.state == "done", await self.preview(await self._kept(found.sha256))

    async def accept(self, stage: Stage, member: Member, file_id: int, message_id: int) -> None:
        """Take in a file that this member sent. Raises Refusal."""
        async with self._store.read() as conn:
            found = await exchange_shares.file_of(conn, self._newsroom_id, file_id)
        if found is None or found.member_id != member.id:
            raise Refusal("button_not_yours")
        file = await self._kept(found.sha256)

        async def act(conn: AsyncConnection) -> None:
            try:
                done = await self._apply(conn, file, member)
            except Refusal as refusal:
                said = notices.edited_reply(member, message_id, refusal.code)
            else:
                await exchange_shares.finish_file(conn, self._newsroom_id, file_id)
                counts = {"added": done.added, "changed": done.changed, "recalled": done.recalled}
                said = notices.edited_reply(member, message_id, "exchange_taken_in", name=done.known_as, **counts)
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)

    async def _kept(self, sha256: str) -> ExchangeFile:
        try:
            return await self.read(await self._vault.get(sha256))
        except (VaultMissing, VaultCorrupt):
            raise Refusal("exchange_gone") from None

    async def _apply(self, conn: AsyncConnection, file: ExchangeFile, member: Member | None) -> ImportPreview:
        await texts.lock(conn, self._newsroom_id)
        now, newsroom_id = self._clock(), self._newsroom_id
        partner = await exchange_partners.by_key(conn, newsroom_id, file.issuer.key)
        shown = await self._preview(conn, file, partner)
        if partner is None or shown.standing is not Standing.TRUSTED:
            raise Refusal("exchange_withdrawn" if shown.standing is Standing.WITHDRAWN else "exchange_unknown_key")
        if not await exchange_partners.has_read(conn, newsroom_id, partner.id, file.sequence, now):
            raise Refusal("exchange_old")
        await exchange_items.drop_expired(conn, newsroom_id, partner.id, now.date())
        there = await exchange_items.of_partner(conn, newsroom_id, partner.id)
        change = _change(file, there, now.date())
        if len({*there, *(each.id for each in change.put)}) > MOST_HELD:
            raise Refusal("exchange_too_many", most=MOST_HELD)
        await exchange_items.put(conn, newsroom_id, partner.id, change.put, file.sequence)
        await exchange_items.recall(conn, newsroom_id, partner.id, change.recall, now)
        told = {"sequence": file.sequence, **change.counts}
        by = member.id if member is not None else None
        await history.note(conn, newsroom_id, by, ("partner", partner.id), "exchange_in", now, **told)
        return shown

    async def _preview(self, conn: AsyncConnection, file: ExchangeFile, partner: Partner | None) -> ImportPreview:
        there = await exchange_items.of_partner(conn, self._newsroom_id, partner.id) if partner is not None else {}
        today = self._clock().date()
        known = {name: held for name, held in there.items() if held[0].expires >= today}
        shown = ImportPreview(
            issuer=file.issuer,
            standing=self._standing(file, partner),
            known_as=partner.name if partner is not None else None,
            sequence=file.sequence,
            made_at=file.made_at,
            is_old=partner is not None and file.sequence <= partner.sequence,
        )
        counts: dict[str, Any] = dict(_change(file, known, today).counts)
        return replace(shown, **counts)

    def _standing(self, file: ExchangeFile, partner: Partner | None) -> Standing:
        if file.issuer.key == self._own:
            return Standing.OWN
        if partner is None:
            return Standing.UNKNOWN
        return Standing.TRUSTED if partner.withdrawn_at is None else Standing.WITHDRAWN


def _change(file: ExchangeFile, there: Mapping[str, tuple[SharedItem, bool]], today: date) -> _Change:
    """What a file changes: an item that it does not name stays until its time is over, or until it is recalled."""
    counts: Counter[str] = Counter()
    put = []
    for item in file.items:
        verdict = _verdict(item, there.get(item.id), today)
        counts[verdict] += 1
        if verdict in ("added", "changed") or (verdict == "same" and there[item.id][0] != item):
            put.append(item)
    live = {name for name, (_, is_recalled) in there.items() if not is_recalled}
    # An item whose time is over in this file, though an earlier one gave it more, is taken back with it.
    over = {item.id for item in file.items if item.expires < today}
    recall = frozenset(live & ({*file.revoked} | over))
    counts["recalled"] = len(recall)
    return _Change(put=tuple(put), recall=recall, counts=counts)


def _verdict(item: SharedItem, known: tuple[SharedItem, bool] | None, today: date) -> str:
    if item.expires < today:
        return "expired"
    if item.normaliser not in (None, NORMALISER_VERSION):
        return "foreign"
    if known is None:
        return "added"
    held, is_recalled = known
    # That it holds for longer is no news.
    return "same" if not is_recalled and replace(held, expires=item.expires) == item else "changed"
