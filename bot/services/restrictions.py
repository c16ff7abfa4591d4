"""Need to know: a security lead restricts a case to named members, and for everybody else it is as if it were not.

What others do not see is the archive's matter (`bot.storage.need_to_know`); here it is said for whom is read, and here
people decide who is named. Each decision is a line of the history, and with it of the custody log.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Outgoing
from bot.model.restriction import CaseRef, RefNoun, Restriction, RestrictionView
from bot.model.rights import Role
from bot.model.viewer import Viewer
from bot.services import notices
from bot.services.restricted_incidents import set_apart
from bot.services.stage import Stage
from bot.storage import (
    cases,
    history,
    incidents,
    members,
    need_to_know,
    outbox,
    restricted_letters,
    restrictions,
    texts,
    threat_search,
)
from bot.storage.store import Store

_LABEL: Final = re.compile(r"([KTI])-(\d{1,15})")
_MOST_OF_INCIDENT: Final = 1000


def viewer_of(member: Member) -> Viewer:
    """As whom a member looks."""
    leads = Role.SECURITY in member.roles and member.status is MemberStatus.ACTIVE
    return Viewer(newsroom_id=member.newsroom_id, member_id=member.id, leads=leads)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Meant:
    """The cases that a person named, with their labels, and the restrictions that there are."""

    ref: CaseRef
    labels: dict[int, str]
    there: dict[int, Restriction]


class Restrictions:
    """Restricts cases, changes and lifts that. Raises Refusal for what there is not, or not for this member."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @contextmanager
    def looking_as(self, member: Member) -> Iterator[None]:
        """All that is read within this is read for a member."""
        with need_to_know.looking_as(viewer_of(member)):
            yield

    def look_as(self, member: Member) -> None:
        """The same for the rest of this task."""
        need_to_know.look_as(viewer_of(member))

    @contextmanager
    def looking_as_nobody(self, newsroom_id: int) -> Iterator[None]:
        """All that is read within this may be read by anybody: a group, the receiver of a digest."""
        with need_to_know.looking_as(Viewer(newsroom_id=newsroom_id)):
            yield

    async def may_hear(self, member: Member, outgoing: Outgoing) -> bool:
        """Whether every case, record and incident that a message names by its label is there for its reader."""
        named = {found.groups() for found in map(_LABEL.fullmatch, _strings(outgoing.body)) if found}
        if not named:
            return True
        async with self._store.read() as conn:
            if not need_to_know.is_up(conn):
                return True
            refs = [CaseRef(noun=RefNoun(noun), number=int(number)) for noun, number in named]
            return all([await _is_there(conn, member.newsroom_id, ref) for ref in refs])

    async def view(self, member: Member, ref: CaseRef) -> RestrictionView:
        """Who may know of a case, and who else could."""
        async with self._store.read() as conn:
            meant = await self._meant(conn, member, ref)
            people = {each.id: each for each in await members.all_of(conn, member.newsroom_id, *MemberStatus)}
        named = list(dict.fromkeys(i for each in meant.there.values() for i in each.members))
        active = [each for each in people.values() if each.status is MemberStatus.ACTIVE]
        return RestrictionView(
            ref=ref,
            cases=tuple(meant.labels.values()),
            named=tuple(people[i] for i in named if i in people),
            others=tuple(each for each in active if each.id not in named),
            is_open=bool(meant.there) and not any(_leads(people[i]) for i in named if i in people),
        )

    async def named(self, member: Member, words: Collection[str]) -> set[int]:
        """The members whom words name: @Ainura, a part of a name, or the number in /members. Raises Refusal."""
        async with self._store.read() as conn:
            everybody = await members.all_of(conn, member.newsroom_id, *MemberStatus)
        listed = [each for each in everybody if each.status is not MemberStatus.REMOVED]
        return {_person(listed, word).id for word in words}

    async def restrict(
        self, stage: Stage, member: Member, ref: CaseRef, people: Collection[int], message_id: int | None = None
    ) -> None:
        """Only these, and whoever says so, may know of it; of what is restricted already these may know as well."""
        async with self._store.read() as conn:
            ids = await self._cases_of(conn, member, ref)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            await texts.lock(conn, newsroom_id)
            meant = await self._still_theirs(conn, member, ref, ids)
            who = await self._active(conn, newsroom_id, {*people, member.id})
            for submission_id, label in meant.labels.items():
                is_new = await restrictions.put(conn, newsroom_id, submission_id, member.id, now)
                before = meant.there[submission_id].members if submission_id in meant.there else ()
                fresh = {i: name for i, name in who.items() if i not in before}
                await restrictions.name(conn, newsroom_id, submission_id, fresh, member.id, now)
                event = "restricted" if is_new else "restriction_named"
                if fresh:
                    await _note(conn, member, submission_id, event, now, label, fresh.values())
                if is_new:
                    await restricted_letters.call_back(conn, newsroom_id, submission_id, who, now)
            await set_apart(conn, newsroom_id, list(meant.labels), now)
            await outbox.put(conn, [_shown(member, ref, message_id)], now)

        stage.stage_once(act)

    async def unname(
        self, stage: Stage, member: Member, ref: CaseRef, person_id: int, message_id: int | None = None
    ) -> None:
        """Somebody is not to know of it any longer. Raises Refusal for the last who leads security."""
        _needs_lead(await self.view(member, ref), person_id)
        async with self._store.read() as conn:
            ids = await self._cases_of(conn, member, ref)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            await texts.lock(conn, newsroom_id)
            meant = await self._still_theirs(conn, member, ref, ids)
            for submission_id, restriction in meant.there.items():
                left = [i for i in restriction.members if i != person_id]
                if person_id not in restriction.members or not await self._any_leads(conn, left):
                    continue
                (gone,) = await members.by_ids(conn, [person_id])
                await restrictions.unname(conn, newsroom_id, submission_id, person_id)
                label = meant.labels[submission_id]
                await _note(conn, member, submission_id, "restriction_unnamed", now, label, [gone.name])
                await restricted_letters.call_back(conn, newsroom_id, submission_id, left, now)
            # To whoever took themselves off it says that there is no such case.
            await outbox.put(conn, [_shown(member, ref, message_id)], now)

        stage.stage_once(act)

    async def lift(self, stage: Stage, member: Member, ref: CaseRef, message_id: int | None = None) -> None:
        """Everybody may know of it again, as their role has it. Raises Refusal when it is not restricted."""
        async with self._store.read() as conn:
            found = await self._meant(conn, member, ref)
        if not found.there:
            raise Refusal("not_restricted")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            meant = await self._still_theirs(conn, member, ref, found.labels)
            for submission_id in meant.there:
                if await restrictions.lift(conn, member.newsroom_id, submission_id):
                    label = meant.labels[submission_id]
                    await _note(conn, member, submission_id, "restriction_lifted", now, label, ())
            await outbox.put(conn, [_shown(member, ref, message_id)], now)

        stage.stage_once(act)

    async def sweep(self, newsroom_id: int) -> int:
        """Note which restrictions opened to all security leads because nobody who is named leads any more, and which
        closed again; returns how many."""
        async with self._store.read() as conn:
            if not await restrictions.to_settle(conn, newsroom_id):
                return 0
        async with self._store.write() as conn:
            now = self._clock()
            found = await restrictions.to_settle(conn, newsroom_id)
            labels = await restrictions.labels(conn, newsroom_id, [i for i, _ in found])
            for submission_id, opens in found:
                await restrictions.set_opened(conn, newsroom_id, submission_id, now if opens else None)
                event = "restriction_opened" if opens else "restriction_closed"
                told = {"case": labels[submission_id], "who": ""}
                await history.note(conn, newsroom_id, None, ("submission", submission_id), event, now, **told)
        return len(found)

    async def _still_theirs(self, conn: AsyncConnection, member: Member, ref: CaseRef, ids: Collection[int]) -> _Meant:
        """The same within a transaction, which reads as the house: of these cases those that still are the member's."""
        meant = await self._with_restrictions(conn, member, ref, ids)
        gone = [
            submission_id
            for submission_id, each in meant.there.items()
            if member.id not in each.members and await self._any_leads(conn, each.members)
        ]
        return _Meant(
            ref=ref,
            labels={i: label for i, label in meant.labels.items() if i not in gone},
            there={i: each for i, each in meant.there.items() if i not in gone},
        )

    async def _meant(self, conn: AsyncConnection, member: Member, ref: CaseRef) -> _Meant:
        return await self._with_restrictions(conn, member, ref, await self._cases_of(conn, member, ref))

    async def _with_restrictions(
        self, conn: AsyncConnection, member: Member, ref: CaseRef, ids: Collection[int]
    ) -> _Meant:
        labels = await restrictions.labels(conn, member.newsroom_id, ids)
        return _Meant(ref=ref, labels=labels, there=await restrictions.of_cases(conn, member.newsroom_id, ids))

    async def _cases_of(self, conn: AsyncConnection, member: Member, ref: CaseRef) -> list[int]:
        newsroom_id = member.newsroom_id
        match ref.noun:
            case RefNoun.CASE:
                case = await cases.by_number(conn, newsroom_id, ref.number)
                if case is None:
                    raise Refusal("case_unknown", number=ref.number)
                return [case.submission_id]
            case RefNoun.THREAT:
                found = await threat_search.by_number(conn, newsroom_id, ref.number)
                ids = await restrictions.cases_of_threats(conn, newsroom_id, [found] if found else [])
                if not ids:
                    raise Refusal("threat_unknown")
                return list(ids.values())
        incident = await incidents.by_number(conn, newsroom_id, ref.number)
        if incident is not None and incident.merged_into is not None:
            incident = await incidents.by_id(conn, newsroom_id, incident.merged_into)
        if incident is None:
            raise Refusal("incident_unknown")
        records = await incidents.ids_of(conn, newsroom_id, incident.id, _MOST_OF_INCIDENT)
        return sorted(set((await restrictions.cases_of_threats(conn, newsroom_id, records)).values()))

    async def _active(self, conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, str]:
        people = await members.all_of(conn, newsroom_id, MemberStatus.ACTIVE)
        return {each.id: each.name for each in people if each.id in ids}

    async def _any_leads(self, conn: AsyncConnection, ids: Collection[int]) -> bool:
        return any(_leads(each) for each in await members.by_ids(conn, ids))


def _leads(member: Member) -> bool:
    return Role.SECURITY in member.roles and member.status is MemberStatus.ACTIVE


def _needs_lead(view: RestrictionView, person_id: int) -> None:
    if not any(_leads(each) for each in view.named if each.id != person_id):
        raise Refusal("restriction_needs_lead")


def _person(listed: list[Member], word: str) -> Member:
    part = word.removeprefix("@").casefold()
    if part.isdecimal() and 1 <= int(part) <= len(listed):
        return listed[int(part) - 1]
    active = [each for each in listed if each.status is MemberStatus.ACTIVE]
    exact = [each for each in active if each.name.casefold() == part]
    found = exact or [each for each in active if part and part in each.name.casefold()]
    if len(found) != 1:
        raise Refusal("person_unclear")
    return found[0]


async def _is_there(conn: AsyncConnection, newsroom_id: int, ref: CaseRef) -> bool:
    match ref.noun:
        case RefNoun.CASE:
            return await cases.by_number(conn, newsroom_id, ref.number) is not None
        case RefNoun.THREAT:
            return await threat_search.by_number(conn, newsroom_id, ref.number) is not None
    return await incidents.by_number(conn, newsroom_id, ref.number) is not None


async def _note(
    conn: AsyncConnection,
    member: Member,
    submission_id: int,
    event: str,
    now: datetime,
    label: str,
    names: Collection[str],
) -> None:
    """Who did it, to which case, whom it names."""
    told = {"case": label, "who": ", ".join(names)[:500]}
    await history.note(conn, member.newsroom_id, member.id, ("submission", submission_id), event, now, **told)


def _shown(member: Member, ref: CaseRef, message_id: int | None) -> Outgoing:
    values: dict[str, Any] = {"noun": ref.noun.value, "number": ref.number}
    if message_id is None:
        return notices.reply(member, "restriction", **values)
    return notices.edited_reply(member, message_id, "restriction", **values)


def _strings(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict | list):
        for each in body.values() if isinstance(body, dict) else body:
            yield from _strings(each)
