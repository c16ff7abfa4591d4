"""Known fakes: who lists an account, who confirms it, who clears it. Confirmed takes two people."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import Account, AccountEntry, AccountPage, AccountStatus
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.model.submission import Case
from bot.services import notices
from bot.services.account_bursts import brought, hold_burst
from bot.services.account_confirming import CONFIRMATIONS, announce_unseen, settle_status
from bot.services.account_protected import ProtectedNames, keep_back, kept_back
from bot.services.account_recall import recall
from bot.services.case_authors import told_author
from bot.services.cases import Cases
from bot.services.erased_accounts import ErasedAccounts
from bot.services.knowledge import Knowledge
from bot.services.pictures import KeptPicture, Pictures
from bot.services.profiles import first_profile, profile_link
from bot.services.stage import Stage
from bot.storage import account_reports, accounts, cases, history, outbox, photos
from bot.storage.accounts import Keys, Listing
from bot.storage.photos import NewPhoto
from bot.storage.store import Store
from detection.accounts.links import Link, Platform
from detection.accounts.names import handle_key, name_key
from detection.accounts.platforms import profile_url

_FOUND = 20
#: Accounts on a page; found in all; the likeness of a name from which it is this one; names as near as the nearest.
PAGE = 8
_MOST_FOUND = 200
SURE_NAME = 0.85
_CLOSE = 0.02
_PLATFORM_AND_HANDLE = re.compile(r"\s*([^\W\d_]{1,12})[ :]+@?([\w.\-]{2,100})")
_PLATFORM_WORDS: dict[str, Platform] = {
    **dict.fromkeys(("facebook", "fb", "фейсбук"), "facebook"),
    **dict.fromkeys(("instagram", "insta", "ig", "инстаграм", "инстаграмм", "инста"), "instagram"),
    **dict.fromkeys(("vk", "вк", "вконтакте"), "vk"),
    **dict.fromkeys(("ok", "ок", "одноклассники"), "ok"),
    **dict.fromkeys(("tiktok", "тикток"), "tiktok"),
    **dict.fromkeys(("youtube", "ютуб", "ютюб"), "youtube"),
    **dict.fromkeys(("x", "twitter", "твиттер"), "x"),
    **dict.fromkeys(("threads", "тредс"), "threads"),
    **dict.fromkeys(("telegram", "tg", "телеграм", "телеграмм", "тг"), "telegram"),
}
_LONGEST_SOURCE = 200
_SUSPECTABLE = (AccountStatus.SUSPECTED, AccountStatus.CLEARED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspicion:
    """What /fake says: a link, then names, `farm:LABEL` and a reason in any order of lines."""

    link: Link
    names: tuple[str, ...]
    farm: str | None
    reason: str | None

    @property
    def entry(self) -> AccountEntry:
        """The list's entry for it."""
        return AccountEntry(
            platform=self.link.platform,
            handle=self.link.handle,
            numeric_id=self.link.numeric_id,
            names=self.names,
            farm=self.farm,
            reason=self.reason,
            source=self.link.url[:_LONGEST_SOURCE],
        )


def read_suspicion(text: str) -> Suspicion:
    """Read the words of /fake: LINK or `platform handle`, `name:…`, `farm:…`, and the rest is the reason.

    Raises Refusal when they name no account.
    """
    link = profile_link(text) or _named_handle(text)
    if link is None:
        raise Refusal("fake_link_missing")
    rest = (text[: link.start] + "\n" + text[link.end :]).splitlines()
    names, farm, reason = [], None, []
    for line in (line.strip() for line in rest):
        label, _, value = line.partition(":")
        if label.strip().lower() in ("name", "имя", "аты") and value.strip():
            names.append(value.strip()[:200])
        elif label.strip().lower() in ("farm", "ферма") and value.strip():
            farm = value.strip()[:100]
        elif line:
            reason.append(line)
    return Suspicion(link=link, names=tuple(names), farm=farm, reason="\n".join(reason)[:2000] or None)


def _named_handle(text: str) -> Link | None:
    found = _PLATFORM_AND_HANDLE.match(text)
    platform = _PLATFORM_WORDS.get(found.group(1).lower()) if found else None
    if found is None or platform is None:
        return None
    handle, end = found.group(2), found.end()
    return Link(platform=platform, handle=handle, url=profile_url(platform, handle) or handle, start=0, end=end)


def keys_of(entry: AccountEntry) -> Keys:
    """The forms by which an account is found again."""
    handle = handle_key(cast(Platform, entry.platform), entry.handle) if entry.handle else None
    return Keys(handle=handle, names={name[:200]: name_key(name)[:200] for name in entry.names})


class Accounts:
    """The list of accounts."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        knowledge: Knowledge,
        desk: Cases,
        pictures: Pictures,
        erased: ErasedAccounts | None = None,
    ) -> None:
        self._erased = erased
        self._store = store
        self._clock = clock
        self._knowledge = knowledge
        self._desk = desk
        self._pictures = pictures

    async def see(self, member: Member, account_id: int) -> Account:
        """A listed account. Raises Refusal when there is none."""
        async with self._store.read() as conn:
            account = await accounts.get(conn, member.newsroom_id, account_id)
        if account is None:
            raise Refusal("account_unknown")
        return account

    async def search(self, member: Member, words: str, limit: int = _FOUND) -> list[Account]:
        """Accounts that are called so, however it is written; then those whose handle, id or farm holds the words."""
        await self._knowledge.refresh()
        hits = await self._knowledge.named(words, limit) if words else []
        async with self._store.read() as conn:
            held = await accounts.search(conn, member.newsroom_id, words, name_key(words) if words else "", limit)
            called = await accounts.by_ids(conn, member.newsroom_id, {hit.ref for hit in hits})
        by_id = {account.id: account for account in (*held, *called) if account.is_shown}
        sure = [hit.ref for hit in hits if hit.score >= SURE_NAME]
        order = dict.fromkeys((*sure, *(account.id for account in held), *(hit.ref for hit in hits)))
        return [by_id[i] for i in order if i in by_id][:limit]

    async def page(self, member: Member, words: str, page: int) -> AccountPage:
        """One page of what is called so; for no words of the whole list, the newest first."""
        if not words:
            return await self._page_of_all(member, page)
        found = await self.search(member, words, _MOST_FOUND)
        page = min(max(0, page), max(0, (len(found) - 1) // PAGE))
        return AccountPage(
            accounts=tuple(found[page * PAGE : (page + 1) * PAGE]), total=len(found), page=page, words=words
        )

    async def _page_of_all(self, member: Member, page: int) -> AccountPage:
        async with self._store.read() as conn:
            total = await accounts.count(conn, member.newsroom_id)
            page = min(max(0, page), max(0, (total - 1) // PAGE))
            found = await accounts.search(conn, member.newsroom_id, "", "", PAGE, page * PAGE)
        return AccountPage(accounts=tuple(found), total=total, page=page, words="")

    async def named(self, member: Member, words: str) -> Account:
        """The one account that a link, a handle, an id or a name names. Raises Refusal when none or several do."""
        link = profile_link(words) or (_named_handle(words) if _PLATFORM_AND_HANDLE.fullmatch(words) else None)
        if link is not None:
            entry = AccountEntry(platform=link.platform, handle=link.handle, numeric_id=link.numeric_id)
            async with self._store.read() as conn:
                account_id = await accounts.find(conn, member.newsroom_id, entry, keys_of(entry))
                found = await accounts.by_ids(conn, member.newsroom_id, [account_id]) if account_id else []
        else:
            found = await self._called(member, words.strip().lstrip("@"))
        if len(found) != 1:
            raise Refusal("account_unknown" if not found else "account_ambiguous")
        return found[0]

    async def _called(self, member: Member, words: str) -> list[Account]:
        """By handle or id exactly; else by a name that fits one account alone."""
        there = await self.search(member, words)
        exact = [a for a in there if words.lower() in ((a.handle or "").lower(), a.numeric_id)]
        # A first name, or a part of a handle, names nobody.
        if exact or len(words.split()) < 2:
            return exact
        hits = [hit for hit in await self._knowledge.named(words, _FOUND) if hit.score >= SURE_NAME]
        close = {hit.ref for hit in hits if hit.score >= hits[0].score - _CLOSE}
        return [account for account in there if account.id in close]

    async def suspect(
        self,
        stage: Stage,
        member: Member,
        entry: AccountEntry,
        photo_ids: tuple[int, ...] = (),
        picture: bytes | None = None,
    ) -> None:
        """List an account as suspected, or add to what is known of it: its photos are known ones, or a new picture.

        Raises Refusal when the picture cannot be read.
        """
        kept = await self._pictures.keep(picture) if picture is not None else None
        listing = Listing(
            newsroom_id=member.newsroom_id, member_id=member.id, lister=member.name, batch=None, at=self._clock()
        )

        async def act(conn: AsyncConnection) -> None:
            if self._erased is not None and await self._erased.among(conn, member.newsroom_id, [entry]):
                await outbox.put(conn, [notices.reply(member, "account_was_erased")], listing.at)
                return
            account_id, outcome = await accounts.put(conn, entry, keys_of(entry), listing)
            await photos.link(conn, list(photo_ids), account_id)
            shown = list(photo_ids)
            if kept is not None:
                if (kept.sha256, account_id) not in await photos.there(conn, member.newsroom_id, [kept.sha256]):
                    await photos.add(conn, [_photo_of(kept, member, entry, account_id)], listing.at)
                shown += await account_reports.photo_ids(conn, member.newsroom_id, account_id, [kept.sha256])
            if shown:
                await account_reports.add(conn, brought(listing, account_id, entry.source, {"photos": shown}))
            await hold_burst(conn, member, listing.at)
            account = await accounts.get(conn, member.newsroom_id, account_id)
            if account is not None and account.is_waiting(CONFIRMATIONS):
                await self._reconsider(conn, member, account)
            await history.note(conn, member.newsroom_id, member.id, ("account", account_id), outcome, listing.at)
            name = (await ProtectedNames.read(conn, member.newsroom_id)).of(entry)
            if name is not None and await keep_back(conn, listing, account_id, entry, name):
                said = notices.reply(member, "account_protected", **kept_back(entry, name))
            else:
                said = notices.reply(member, "account", account=account_id, outcome=outcome)
            await outbox.put(conn, [said], listing.at)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def second(self, stage: Stage, member: Member, account_id: int) -> None:
        """Suspect an account that another person reported. Raises Refusal when there is none."""
        account = await self.see(member, account_id)
        entry = AccountEntry(
            platform=account.platform,
            handle=account.handle,
            numeric_id=account.numeric_id,
            names=account.names,
            source=account.source,
        )
        await self.suspect(stage, member, entry)

    async def suspect_from_case(self, stage: Stage, member: Member, submission_id: int) -> None:
        """List the account that a case is about, with the case as reason and its pictures.

        Raises Refusal when the case does not say whose account it is.
        """
        case = await self._desk.see(member, submission_id)
        entry = await self._entry_of(case)
        pictures = tuple(
            p.id for p in await self._desk.photos(member, submission_id) if p.submission_id == submission_id
        )
        await self.suspect(stage, member, entry, pictures)
        self._relate(stage, member, case, entry)

    async def confirm(self, stage: Stage, member: Member, account_id: int) -> None:
        """Say that an account is a fake; the second person's word makes it confirmed."""
        await self.see(member, account_id)

        async def act(conn: AsyncConnection) -> None:
            await outbox.put(conn, [await self._confirm(conn, member, account_id)], self._clock())

        stage.stage_once(act)
        self._knowledge.outdate()

    async def confirm_batch(self, stage: Stage, member: Member, batch: str) -> None:
        """Say the same of every suspected account of an import. Raises Refusal when there is no such import."""
        async with self._store.read() as conn:
            if not await accounts.batch_members(conn, member.newsroom_id, batch):
                raise Refusal("batch_unknown", batch=batch[:64])

        async def act(conn: AsyncConnection) -> None:
            # Looked at here, so that one that was cleared meanwhile stays cleared.
            ids = await accounts.batch_members(conn, member.newsroom_id, batch)
            for account_id in ids:
                await self._confirm(conn, member, account_id)
            left = set(await accounts.batch_members(conn, member.newsroom_id, batch))
            confirmed = len(ids) - len(left)
            said = notices.reply(member, "batch_confirmed", batch=batch, confirmed=confirmed, waiting=len(left))
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)
        self._knowledge.outdate()

    async def clear(self, stage: Stage, member: Member, account_id: int, reason: str | None) -> None:
        """Say that an account is honest: what relied on it is called back, and everybody concerned is told."""
        await self.see(member, account_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            before = [status for status in AccountStatus if status is not AccountStatus.CLEARED]
            account = await accounts.get(conn, member.newsroom_id, account_id)
            if account:
                # Kept also of one that is cleared already: it stands when the first word is taken back.
                await accounts.rule(conn, member.newsroom_id, account_id, member.id, "clear", reason, now)
            if account and await accounts.set_status(conn, account_id, AccountStatus.CLEARED, before, now):
                await accounts.end_rulings(conn, account_id, "confirm")
                await history.note(
                    conn, member.newsroom_id, member.id, ("account", account_id), "cleared", now, reason=reason
                )
                await recall(conn, self._desk, member, account, self._clock)
            await outbox.put(conn, [notices.reply(member, "account", account=account_id, outcome="cleared")], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def gone(self, stage: Stage, member: Member, account_id: int, reason: str) -> None:
        """Say that an account's platform has removed it, and how that is known."""
        await self.see(member, account_id)

        async def act(conn: AsyncConnection) -> None:
            await mark_gone(conn, member, account_id, reason, self._clock())
            said = notices.reply(member, "account", account=account_id, outcome="gone_now")
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)
        self._knowledge.outdate()

    async def _confirm(self, conn: AsyncConnection, member: Member, account_id: int) -> Outgoing:
        now = self._clock()
        await accounts.lock(conn, account_id)
        account = await accounts.get(conn, member.newsroom_id, account_id)
        if account is None:
            return notices.reply(member, "account_unknown")
        await accounts.rule(conn, member.newsroom_id, account_id, member.id, "confirm", None, now)
        status = account.status
        if status in _SUSPECTABLE and (status is AccountStatus.SUSPECTED or account.confirmations == ()):
            status = await self._reconsider(conn, member, account)
        if status is AccountStatus.SUSPECTED:
            few = len({*account.confirmations, member.id}) < CONFIRMATIONS
            return notices.reply(member, "account", account=account_id, outcome="first_word" if few else "third_word")
        return notices.reply(member, "account", account=account_id, outcome=status.value)

    async def _reconsider(self, conn: AsyncConnection, member: Member, account: Account) -> AccountStatus:
        """What the words about an account make of it now; whoever relied on it is told."""
        status = await settle_status(conn, member.newsroom_id, account.id, self._clock())
        if status is AccountStatus.CONFIRMED and account.status is not AccountStatus.CONFIRMED:
            subject = ("account", account.id)
            await history.note(conn, member.newsroom_id, member.id, subject, "confirmed", self._clock())
            await self._desk.tell_reporters(conn, member, account.id, "account_confirmed", account=account.label)
            await announce_unseen(conn, member.newsroom_id, account.id, account.label, self._clock())
        return status

    async def _entry_of(self, case: Case) -> AccountEntry:
        async with self._store.read() as conn:
            told = await told_author(conn, case)
            known = await cases.authors(conn, case.submission_id)
        link = told or first_profile(case.links)
        reason, read = case.label, _read_names(case)
        if link is not None:
            return AccountEntry(
                platform=link.platform,
                handle=link.handle,
                numeric_id=link.numeric_id,
                names=read,
                reason=reason,
                source=link.url[:_LONGEST_SOURCE],
            )
        for platform, handle, name in known:
            if platform and handle:
                names = tuple(dict.fromkeys((*((name,) if name else ()), *read)))
                return AccountEntry(platform=platform, handle=handle, names=names, reason=reason, source=reason)
        raise Refusal("account_not_named")

    def _relate(self, stage: Stage, member: Member, case: Case, entry: AccountEntry) -> None:
        async def act(conn: AsyncConnection) -> None:
            account_id = await accounts.find(conn, member.newsroom_id, entry, keys_of(entry))
            if account_id is not None:
                await cases.rely_on(conn, member.newsroom_id, {(case.submission_id, account_id)})
                await self._desk.refresh_card(conn, case)

        stage.stage_once(act)


async def mark_gone(
    conn: AsyncConnection, member: Member | None, account_id: int, reason: str, now: datetime, newsroom_id: int = 0
) -> bool:
    """Note that an account was removed by its platform; False when it is gone already, or was cleared."""
    newsroom_id = member.newsroom_id if member is not None else newsroom_id
    before = (AccountStatus.SUSPECTED, AccountStatus.CONFIRMED)
    if not await accounts.set_status(conn, account_id, AccountStatus.GONE, before, now):
        return False
    by = member.id if member is not None else None
    await history.note(conn, newsroom_id, by, ("account", account_id), "gone", now, reason=reason[:2000])
    return True


def _read_names(case: Case) -> tuple[str, ...]:
    """The name on the profile page that a case shows, when it shows one only and it was read without doubt."""
    screens = [
        part.reading.screen for part in case.parts if part.reading is not None and part.reading.screen is not None
    ]
    names = {s.profile.name for s in screens if s.profile is not None and s.profile.name and not s.profile.unsure}
    return tuple(name[:200] for name in names) if len(names) == 1 else ()


def _photo_of(kept: KeptPicture, member: Member, entry: AccountEntry, account_id: int) -> NewPhoto:
    return NewPhoto(
        newsroom_id=member.newsroom_id,
        sha256=kept.sha256,
        description=kept.description,
        width=kept.width,
        height=kept.height,
        source=entry.source,
        account_id=account_id,
    )
