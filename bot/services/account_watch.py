"""Looks at accounts that are new or changed: does one continue an old fake, or pretend to be somebody of ours?

It offers and calls; it decides nothing. What it saw stands in the store, so that nothing is offered or called twice.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import AnalysisFailed
from bot.clock import Clock
from bot.model.account import Account, AccountStatus
from bot.model.newsroom import MemberStatus
from bot.model.rights import Right
from bot.model.staff import Staff, StaffKind
from bot.model.threat import WAVE, Incident
from bot.services import notices
from bot.services.knowledge import Knowledge
from bot.storage import (
    account_links,
    account_records,
    accounts,
    history,
    impersonations,
    incidents,
    members,
    outbox,
    photo_descriptions,
    photos,
    staff,
    texts,
)
from bot.storage.store import Store
from detection.accounts.name_index import likeness
from detection.image.packing import NotADescription, unpack
from detection.thresholds import IMPERSONATION_LIKENESS

_AT_ONCE = 50
_MOST_PHOTOS = 5
_MOST_OFFERS = 3
_OVERLAP = timedelta(minutes=1)


class AccountWatch:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, knowledge: Knowledge, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._knowledge = knowledge
        self._newsroom_id = newsroom_id
        self._since: datetime | None = None

    async def sweep(self) -> int:
        """Look at some accounts; returns how many there were."""
        now = self._clock()
        async with self._store.read() as conn:
            ids = await account_links.to_compare(conn, self._newsroom_id, self._since, _AT_ONCE)
            watched = await self._watched(conn) if ids else {}
        for account_id in ids:
            await self._look(account_id, watched)
        if len(ids) < _AT_ONCE:
            # What another process writes carries a moment that lies before its commit.
            self._since = now - _OVERLAP
        return len(ids)

    async def _look(self, account_id: int, watched: Mapping[int, Staff]) -> None:
        seen_at = self._clock()
        async with self._store.read() as conn:
            account = await accounts.get(conn, self._newsroom_id, account_id)
            by_text = await account_links.same_texts(conn, self._newsroom_id, account_id, _MOST_OFFERS)
        if account is None:
            return
        same = await self._same_pictures(account)
        async with self._store.read() as conn:
            used_by = await photos.of_pictures(conn, self._newsroom_id, same)
            others = {facts.account_id for facts in used_by if facts.account_id is not None} - {account_id}
            by_photo = await account_links.old_fakes(conn, self._newsroom_id, others)
            shown = set((await impersonations.photo_owners(conn, self._newsroom_id, same)).values())
        why: dict[int, list[str]] = {}
        for code, found in (("photo", by_photo), ("text", by_text)):
            for other in found:
                why.setdefault(other, []).append(code)
        pretends = {i: codes for i, person in watched.items() if (codes := _pretence(account, person, shown))}
        async with self._store.write() as conn:
            await self._keep(conn, account, why, {watched[i]: codes for i, codes in pretends.items()})
            # What changed since it was read is looked at again.
            await account_records.set_details(conn, self._newsroom_id, account_id, {"compared_at": seen_at})

    async def _keep(
        self, conn: AsyncConnection, account: Account, why: dict[int, list[str]], pretends: dict[Staff, list[str]]
    ) -> None:
        now = self._clock()
        await texts.lock(conn, self._newsroom_id)
        for older in sorted(why, key=lambda i: -len(why[i]))[:_MOST_OFFERS]:
            # What is known for long is not the successor of what came after it.
            if older < account.id and account.status is not AccountStatus.CLEARED:
                offered = await account_links.offer(conn, self._newsroom_id, (older, account.id), why[older], now)
                if offered and account.batch is None:
                    await self._tell(conn, "successor_offered", now, account=account.id)
        for person, codes in pretends.items():
            if account.status is not AccountStatus.CLEARED:
                await self._call(conn, account, person, codes)

    async def _call(self, conn: AsyncConnection, account: Account, person: Staff, codes: list[str]) -> None:
        """An incident of its own, or the one of these hours around the same person."""
        now = self._clock()
        known = {each.staff_id for each in await impersonations.of_account(conn, self._newsroom_id, account.id)}
        if person.id in known:
            return
        incident = await self._incident(conn, person)
        await impersonations.add(conn, self._newsroom_id, (account.id, person.id), codes, incident.id, now)
        told = {"staff": person.id, "incident": incident.label, "why": codes}
        await history.note(conn, self._newsroom_id, None, ("account", account.id), "impersonates", now, **told)
        told = {"kind": "impersonation", "account": account.label}
        await history.note(conn, self._newsroom_id, None, ("incident", incident.id), "impersonation", now, **told)
        await self._tell(conn, "impersonation", now, account=account.id, staff=person.id, incident=incident.number)

    async def _incident(self, conn: AsyncConnection, person: Staff) -> Incident:
        now = self._clock()
        for incident in await incidents.open_since(conn, self._newsroom_id, now - WAVE):
            if person.id in incident.staff_ids and await impersonations.of_incident(
                conn, self._newsroom_id, incident.id
            ):
                return incident
        return await incidents.add(conn, self._newsroom_id, {person.id}, (), now)

    async def _tell(self, conn: AsyncConnection, code: str, now: datetime, **values: int) -> None:
        people = await members.all_of(conn, self._newsroom_id, MemberStatus.ACTIVE)
        said = [notices.reply(each, code, **values) for each in people if each.may(Right.DECIDE_ACCOUNT)]
        if said:
            await outbox.put(conn, said, now)

    async def _watched(self, conn: AsyncConnection) -> dict[int, Staff]:
        agreed = set(await impersonations.watched(conn, self._newsroom_id))
        return {each.id: each for each in await staff.all_of(conn, self._newsroom_id) if each.id in agreed}

    async def _same_pictures(self, account: Account) -> set[str]:
        """The pictures that an account uses, and those that show the same photo."""
        same = set(account.photos)
        if account.photos:
            await self._knowledge.photos.refresh()
        for sha256 in account.photos[:_MOST_PHOTOS]:
            async with self._store.read() as conn:
                packed = await photo_descriptions.of_picture(conn, self._newsroom_id, sha256)
            if packed is None:
                continue
            try:
                found = await self._knowledge.photos.search(unpack(packed))
            except (AnalysisFailed, NotADescription):
                continue
            refs = [match.ref for match in found if match.tier == "match"]
            async with self._store.read() as conn:
                same |= set((await photo_descriptions.pictures_of(conn, self._newsroom_id, refs)).values())
        return same


def _pretence(account: Account, person: Staff, shown: set[int]) -> list[str]:
    """By what an account pretends to be somebody: a name, and an outlet's also as its handle; a photo or logo."""
    called = [*account.names]
    if account.handle and person.kind is StaffKind.OUTLET:
        called.append(account.handle)
    named = any(likeness(name, own) >= IMPERSONATION_LIKENESS for name in called for own in _full_names(person))
    return [*(("name",) if named else ()), *(("photo",) if person.id in shown else ())]


def _full_names(person: Staff) -> list[str]:
    """Names by which only one person is called: a first name alone fits thousands."""
    if person.kind is StaffKind.OUTLET:
        return list(person.names)
    return [name for name in person.names if len(name.split()) > 1]
