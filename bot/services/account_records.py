"""The full record of an account: people add dated facts, and take out what was wrong; its history keeps everything."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import Account
from bot.model.account_record import AccountEvent, AccountRecord, Details, FactKind, NewFact
from bot.model.newsroom import Member
from bot.services import notices
from bot.services.account_bursts import brought
from bot.services.account_standing import standings
from bot.services.account_words import fact_of, read_told, tag_of
from bot.services.knowledge import Knowledge
from bot.services.pictures import Pictures
from bot.services.stage import Stage
from bot.storage import (
    account_links,
    account_records,
    account_reports,
    accounts,
    history,
    impersonations,
    outbox,
    photos,
)
from bot.storage.accounts import Keys, Listing
from bot.storage.photos import NewPhoto
from bot.storage.store import Store
from detection.accounts.names import name_key

_MOST_EVENTS = 200


class AccountRecords:
    """Reads records, and takes in what members add. Raises Refusal for an account that there is not."""

    def __init__(self, store: Store, clock: Clock, knowledge: Knowledge, pictures: Pictures) -> None:
        self._store = store
        self._clock = clock
        self._knowledge = knowledge
        self._pictures = pictures

    async def view(self, member: Member, account_id: int) -> AccountRecord:
        """All that is known of an account; of a merged one, of what it was merged into."""
        async with self._store.read() as conn:
            account = await self._account(conn, member, account_id)
            ids = [account.id, *(other for other, _ in account.others)]
            details = await account_records.details_of(conn, member.newsroom_id, ids)
            told = await history.told(conn, member.newsroom_id, ("account", account.id))
            stands = (await standings(conn, member.newsroom_id, self._clock(), [account.id])).get(account.id)
            used = await impersonations.of_account(conn, member.newsroom_id, account.id)
            return AccountRecord(
                account=account,
                details=_joined([details[i] for i in ids if i in details]),
                facts=tuple(await account_records.facts_of(conn, member.newsroom_id, ids)),
                successions=tuple(await account_links.of_account(conn, member.newsroom_id, account.id)),
                history=tuple(_event(*each) for each in told[-_MOST_EVENTS:]),
                impersonates=tuple(each.name for each in used),
                voices=stands.voices if stands is not None else 0,
                counts=stands is None or stands.counts,
                is_held=stands is not None and stands.is_held,
            )

    async def tell(self, stage: Stage, member: Member, account_id: int, text: str) -> None:
        """Take in typed lines. Raises Refusal when nothing in them is understood."""
        await self._known(member, account_id)
        told = read_told(text, member.name)
        if told.is_empty:
            raise Refusal("account_lines_unknown")

        async def act(conn: AsyncConnection) -> None:
            await self._add(conn, member, account_id, told.facts, told.names)
            if told.details:
                await account_records.set_details(conn, member.newsroom_id, account_id, told.details)
                shown = {name: str(value) for name, value in told.details.items()}
                await self._note(conn, member, account_id, "details", **shown)
            await self._done(conn, member, account_id)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def tag(self, stage: Stage, member: Member, account_id: int, tag: str, why: str) -> None:
        """Put a mark of the checklist on an account, with its explanation. Raises Refusal without one."""
        await self._known(member, account_id)
        fact = tag_of(tag, why, member.name)
        await self._stage_facts(stage, member, account_id, [fact])

    async def stance(self, stage: Stage, member: Member, account_id: int, kind: str, text: str) -> None:
        """Keep whom it praised or attacked: name, date, link, quotation. Raises Refusal when nobody is named."""
        await self._known(member, account_id)
        fact = fact_of(FactKind(kind), text, member.name)
        await self._stage_facts(stage, member, account_id, [fact])

    async def remove(self, stage: Stage, member: Member, fact_id: int, account_id: int) -> None:
        """Take out a fact that was wrong; the history keeps it."""

        async def act(conn: AsyncConnection) -> None:
            fact = await account_records.remove_fact(conn, member.newsroom_id, fact_id, self._clock())
            if fact is not None:
                told = {"kind": fact.kind.value, "value": fact.value}
                await self._note(conn, member, fact.account_id, "fact_removed", **told)
            await self._done(conn, member, account_id)

        stage.stage_once(act)

    async def add_photo(self, stage: Stage, member: Member, account_id: int, data: bytes) -> None:
        """Keep a picture that the account uses. Raises Refusal when it cannot be read."""
        account = await self._known(member, account_id)
        kept = await self._pictures.keep(data)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            there = await photos.there(conn, member.newsroom_id, [kept.sha256])
            if (kept.sha256, account_id) not in there:
                new = NewPhoto(
                    newsroom_id=member.newsroom_id,
                    sha256=kept.sha256,
                    description=kept.description,
                    width=kept.width,
                    height=kept.height,
                    source=account.label[:200],
                    account_id=account_id,
                )
                await photos.add(conn, [new], now)
                await accounts.touch(conn, account_id, now)
                await self._note(conn, member, account_id, "photo", sha256=kept.sha256)
            shown = await account_reports.photo_ids(conn, member.newsroom_id, account_id, [kept.sha256])
            await self._report(conn, member, account_id, {"photos": shown})
            await self._done(conn, member, account_id)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def _stage_facts(self, stage: Stage, member: Member, account_id: int, facts: Sequence[NewFact]) -> None:
        async def act(conn: AsyncConnection) -> None:
            await self._add(conn, member, account_id, facts, ())
            await self._done(conn, member, account_id)

        stage.stage_once(act)

    async def _add(
        self, conn: AsyncConnection, member: Member, account_id: int, facts: Sequence[NewFact], names: Sequence[str]
    ) -> None:
        now = self._clock()
        added = await account_records.add_facts(conn, member.newsroom_id, account_id, facts, member.id, now)
        if names:
            keys = Keys(handle=None, names={name: name_key(name)[:200] for name in names})
            await self._report(conn, member, account_id, {"names": keys.names})
            await accounts.add_names(conn, member.newsroom_id, account_id, keys, now)
        if added:
            shown = [f"{fact.kind.value}: {fact.value}" for fact in facts]
            await self._note(conn, member, account_id, "facts", facts=shown, ids=added)

    async def _report(self, conn: AsyncConnection, member: Member, account_id: int, said: Mapping[str, Any]) -> None:
        """Keep whose word it is, so that it can be taken back."""
        listing = Listing(
            newsroom_id=member.newsroom_id, member_id=member.id, lister=member.name, batch=None, at=self._clock()
        )
        await account_reports.add(conn, brought(listing, account_id, member.name, said))

    async def _note(self, conn: AsyncConnection, member: Member, account_id: int, event: str, **told: object) -> None:
        subject = ("account", account_id)
        await history.note(conn, member.newsroom_id, member.id, subject, event, self._clock(), **told)

    async def _done(self, conn: AsyncConnection, member: Member, account_id: int) -> None:
        said = notices.reply(member, "account", account=account_id, outcome="changed")
        await outbox.put(conn, [said], self._clock())

    async def _known(self, member: Member, account_id: int) -> Account:
        async with self._store.read() as conn:
            return await self._account(conn, member, account_id)

    async def _account(self, conn: AsyncConnection, member: Member, account_id: int) -> Account:
        account = await accounts.get(conn, member.newsroom_id, account_id)
        if account is not None and account.merged_into is not None:
            account = await accounts.get(conn, member.newsroom_id, account.merged_into)
        if account is None:
            raise Refusal("account_unknown")
        return account


def _event(event: str, member: str | None, at: datetime, details: Mapping[str, Any]) -> AccountEvent:
    return AccountEvent(event=event, member=member, at=at, details=details)


def _joined(known: Sequence[Details]) -> Details:
    """The details of an account, and where they say nothing those of the accounts that it takes in."""
    values: dict[str, object] = {}
    for details in known:
        values = {**details.given(), **values}
    first = [details.first_seen for details in known if details.first_seen is not None]
    last = [details.last_seen for details in known if details.last_seen is not None]
    values |= {"first_seen": min(first, default=None), "last_seen": max(last, default=None)}
    return Details(**values)  # type: ignore[arg-type]
