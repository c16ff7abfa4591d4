"""The ledger of reports to platforms: what is to be removed, who records it, and that it was reported before."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import Account, AccountEntry, AccountStatus
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.model.takedown import (
    OUTCOMES,
    Aim,
    Takedown,
    TakedownChannel,
    TakedownEntry,
    TakedownStatus,
    TakedownView,
    Why,
)
from bot.model.threat import Event
from bot.services import notices
from bot.services.account_facts import facts_of
from bot.services.accounts import Accounts, keys_of
from bot.services.stage import Stage
from bot.storage import accounts, history, outbox, takedowns
from bot.storage.store import Store
from detection.accounts.links import Link, parse_links
from detection.accounts.names import handle_key
from detection.accounts.platforms import Platform, profile_url

#: When a report is looked at again, unless somebody says otherwise.
RECHECK: Final = timedelta(days=7)

_MOST_EVIDENCE = 20


def key_of(link: Link) -> str:
    """By what the thing behind a link is known again, however the link is written."""
    if link.post:
        # Telegram and a few others number posts within a channel; elsewhere the number is the platform's own.
        owner = f"{(link.handle or link.numeric_id or '').lower()}/" if link.platform in ("telegram", "other") else ""
        return f"post:{link.platform}:{owner}{link.post}"[:600]
    named = handle_key(link.platform, link.handle) if link.handle else link.numeric_id
    return f"account:{link.platform}:{named}"[:600] if named else f"link:{link.url}"[:600]


class Takedowns:
    """Writes the ledger. Raises Refusal for what there is not."""

    def __init__(self, store: Store, clock: Clock, listed: Accounts) -> None:
        self._store = store
        self._clock = clock
        self._listed = listed

    async def aim(self, member: Member, words: str) -> Aim:
        """What these words name: a link to an account or a post, or a listed account's handle."""
        links = parse_links(words)
        if not links:
            return aim_at(await self._listed.named(member, words))
        link = links[0]
        account = await self._account_of(member, link)
        if account is not None and link.post is None:
            return aim_at(account)
        return Aim(
            kind="post" if link.post else "account",
            platform=link.platform,
            target=link.url[:500],
            key=key_of(link),
            account_id=account.id if account is not None else None,
            account=account.label if account is not None else _label(link),
        )

    async def _account_of(self, member: Member, link: Link) -> Account | None:
        entry = AccountEntry(platform=link.platform, handle=link.handle, numeric_id=link.numeric_id)
        async with self._store.read() as conn:
            account_id = await accounts.find(conn, member.newsroom_id, entry, keys_of(entry))
            return await accounts.get(conn, member.newsroom_id, account_id) if account_id is not None else None

    async def file(self, stage: Stage, member: Member, entry: TakedownEntry) -> None:
        """Record a report. When there was one of the same thing, that is shown instead, with the choice to go on.

        Raises Refusal("takedown_cleared") for an account that was cleared.
        """
        await self._not_cleared(member, entry.aim)

        async def act(conn: AsyncConnection) -> None:
            last = await takedowns.lock(conn, member.newsroom_id)
            known = await takedowns.of_target(conn, member.newsroom_id, entry.aim.key)
            if known:
                said = notices.reply(member, "takedown", takedown=known[-1].id, shown="known")
                await outbox.put(conn, [said], self._clock())
            else:
                await self._add(conn, member, last + 1, entry, known)

        stage.stage_once(act)

    async def again(self, stage: Stage, member: Member, takedown_id: int) -> None:
        """Report the same thing once more; a second press finds the new report, and shows it."""
        old = (await self.view(member, takedown_id)).takedown

        async def act(conn: AsyncConnection) -> None:
            last = await takedowns.lock(conn, member.newsroom_id)
            key = await takedowns.key_of(conn, member.newsroom_id, takedown_id)
            known = await takedowns.of_target(conn, member.newsroom_id, key)
            if known and known[-1].id != takedown_id:
                said = notices.reply(member, "takedown", takedown=known[-1].id, shown="known")
                await outbox.put(conn, [said], self._clock())
                return
            await self._add(conn, member, last + 1, _entry_again(old, key), known)

        await self._not_cleared(member, _aim_again(old, ""))
        stage.stage_once(act)

    async def _not_cleared(self, member: Member, aim: Aim) -> None:
        if aim.account_id is None:
            return
        async with self._store.read() as conn:
            account = await accounts.get(conn, member.newsroom_id, aim.account_id)
        if account is not None and account.status is AccountStatus.CLEARED:
            raise Refusal("takedown_cleared")

    async def _add(
        self, conn: AsyncConnection, member: Member, number: int, entry: TakedownEntry, known: list[Takedown]
    ) -> None:
        now = self._clock()
        entry = await self._completed(conn, member, entry, now)
        given: dict[str, Any] = {"member_id": member.id, "attempt": len(known) + 1}
        if known:
            given["previous_id"] = known[-1].id
        takedown_id = await takedowns.add(conn, member.newsroom_id, number, entry, now, **given)
        subject, told = ("takedown", takedown_id), {"target": entry.aim.target, "status": entry.status.value}
        await history.note(conn, member.newsroom_id, member.id, subject, "takedown_filed", now, **told)
        said = notices.reply(member, "takedown", takedown=takedown_id, shown="filed")
        await outbox.put(conn, [said], now)

    async def _completed(
        self, conn: AsyncConnection, member: Member, entry: TakedownEntry, now: datetime
    ) -> TakedownEntry:
        """The entry with its times, and with what the archive itself knows against the account."""
        if entry.aim.account_id is not None:
            found = await accounts.by_ids(conn, member.newsroom_id, [entry.aim.account_id])
            facts = (await facts_of(conn, member.newsroom_id, found)).get(entry.aim.account_id)
            if facts is not None:
                entry = replace(
                    entry,
                    why=tuple(dict.fromkeys((*entry.why, *facts.why))),
                    evidence=tuple(dict.fromkeys((*entry.evidence, *facts.cases)))[:_MOST_EVIDENCE],
                )
        if entry.status is TakedownStatus.DRAFT:
            return entry
        sent = min(entry.sent_at or now, now)
        recheck = entry.recheck_at or (None if entry.status in OUTCOMES else max(now, sent) + RECHECK)
        return replace(entry, sent_at=sent, recheck_at=recheck)

    async def by_number(self, member: Member, number: int) -> int:
        """The id of TD-number. Raises Refusal."""
        async with self._store.read() as conn:
            found = await takedowns.by_number(conn, member.newsroom_id, number)
        if found is None:
            raise Refusal("takedown_unknown")
        return found

    async def view(self, member: Member, takedown_id: int) -> TakedownView:
        """A report with all that is known. Raises Refusal."""
        async with self._store.read() as conn:
            found = await takedowns.get(conn, member.newsroom_id, takedown_id)
            if found is None:
                raise Refusal("takedown_unknown")
            account = await accounts.get(conn, member.newsroom_id, found.account_id) if found.account_id else None
            before = await takedowns.get(conn, member.newsroom_id, found.previous_id) if found.previous_id else None
            told = await history.told(conn, member.newsroom_id, ("takedown", takedown_id))
            if found.batch_id is not None:
                told += await history.told(conn, member.newsroom_id, ("takedown_batch", found.batch_id))
        return TakedownView(
            takedown=found,
            account=account,
            previous=before.label if before is not None else None,
            history=events(sorted(told, key=lambda each: each[2])),
        )

    async def of_account(self, member: Member, account_id: int) -> list[Takedown]:
        """The reports of an account and of its posts, oldest first, for whoever may see the ledger."""
        if not member.may(Right.TAKEDOWNS):
            return []
        async with self._store.read() as conn:
            return await takedowns.of_account(conn, member.newsroom_id, account_id)


def events(told: Iterable[tuple[str, str | None, datetime, Mapping[str, Any]]]) -> tuple[Event, ...]:
    """Lines of the history as a card takes them."""
    return tuple(
        Event(event=event, member=name, at=at, details={key: str(value) for key, value in details.items()})
        for event, name, at, details in told
    )


def aim_at(account: Account) -> Aim:
    """A listed account as what is to be removed."""
    platform = cast(Platform, account.platform)
    url = profile_url(platform, account.handle, account.numeric_id) or account.label
    named = handle_key(platform, account.handle) if account.handle else account.numeric_id
    return Aim(
        kind="account",
        platform=account.platform,
        target=url[:500],
        key=f"account:{account.platform}:{named or account.id}"[:600],
        account_id=account.id,
        account=account.label[:220],
    )


def _label(link: Link) -> str | None:
    named = link.handle or link.numeric_id
    return f"{link.platform}:{named}"[:220] if named else None


def _aim_again(old: Takedown, key: str) -> Aim:
    return Aim(
        kind=old.kind,
        platform=old.platform,
        target=old.target,
        key=key,
        account_id=old.account_id,
        account=old.account,
    )


def _entry_again(old: Takedown, key: str) -> TakedownEntry:
    return TakedownEntry(
        aim=_aim_again(old, key),
        channel=TakedownChannel(old.channel),
        why=tuple(Why(code) for code in old.why if code in set(Why)),
        evidence=old.evidence,
    )
