"""The threat log for whoever may read it: lists, records, incidents, counts. Steps are taken in threat_steps."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.ids import new_id
from bot.model.newsroom import Member, MemberStatus
from bot.model.paging import first_of
from bot.model.rights import Right
from bot.model.threat import (
    Event,
    IncidentView,
    SavedQuery,
    Threat,
    ThreatLine,
    ThreatPage,
    ThreatQuery,
    ThreatStats,
)
from bot.services.stage import Stage
from bot.storage import (
    alarms,
    history,
    impersonations,
    incidents,
    members,
    staff,
    threat_queries,
    threat_search,
    threats,
)
from bot.storage.store import Store
from bot.storage.threat_search import Meant, Scope
from detection.text.normalise import fold, latinise

#: Records on a page of the chat; in a picture; in a file.
PAGE = 8
PICTURED = 30
IN_FILE = 10_000
_SIGHTINGS = 10
_MOST_WORDS = 500


class Threats:
    """Reads the log."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def page(self, member: Member, asked: ThreatQuery, page: int = 0, size: int = PAGE) -> ThreatPage:
        """What answers a query, a page of it: all records for editors and security leads, for others their own."""
        async with self._store.read() as conn:
            meant, scope = await self._meant(conn, member.newsroom_id, member, asked)
            total = await threat_search.count(conn, member.newsroom_id, asked, meant, scope)
            page = min(page, max(0, (total - 1) // size))
            found = await threat_search.ids(conn, member.newsroom_id, asked, meant, scope, size, first_of(page, size))
            lines = await threat_search.lines(conn, member.newsroom_id, found)
            unsearched = await threat_search.count_unsearched(conn, member.newsroom_id, asked, meant, scope)
        return ThreatPage(lines=tuple(lines), total=total, page=page, size=size, unsearched=unsearched)

    async def numbers(self, newsroom_id: int, member: Member | None, asked: ThreatQuery) -> list[int]:
        """The numbers of all records that answer a query; without a member, asked on the server, nobody is "me"."""
        async with self._store.read() as conn:
            meant, scope = await self._meant(conn, newsroom_id, member, asked)
            found = await threat_search.ids(conn, newsroom_id, asked, meant, scope, IN_FILE)
            return [line.number for line in await threat_search.lines(conn, newsroom_id, found)]

    async def _meant(
        self, conn: AsyncConnection, newsroom_id: int, member: Member | None, asked: ThreatQuery
    ) -> tuple[Meant, Scope | None]:
        without = [value for field, value in asked.without if field == "target"]
        not_theirs = [value for field, value in asked.without if field == "assignee"]
        may_see_all = member is None or member.may(Right.SEE_THREATS)
        people: Iterable[Any] = ()
        if asked.targets or without or not may_see_all:
            people = await staff.all_of(conn, newsroom_id)
        own = frozenset(person.id for person in people if member is not None and person.member_id == member.id)
        named: Mapping[int, str] = {}
        if asked.assignees or asked.reporters or not_theirs:
            named = {each.id: each.name for each in await members.all_of(conn, newsroom_id, *MemberStatus)}
        meant = Meant(
            staff_ids=_of_staff(people, asked.targets, own) if asked.targets else None,
            assignee_ids=_of_members(named, asked.assignees, member) if asked.assignees else None,
            reporter_ids=_of_members(named, asked.reporters, member) if asked.reporters else None,
            not_staff_ids=_of_staff(people, without, own),
            not_assignee_ids=_of_members(named, not_theirs, member),
        )
        return meant, None if may_see_all or member is None else Scope(member_id=member.id, staff_ids=own)

    async def by_number(self, member: Member, number: int) -> int:
        """The id of T-number. Raises Refusal when there is none that this member may see."""
        async with self._store.read() as conn:
            found = await threat_search.by_number(conn, member.newsroom_id, number)
            if found is None:
                raise Refusal("threat_unknown")
            await self._visible(conn, member, found)
            return found

    async def view(self, member: Member, threat_id: int) -> Threat:
        """A record with all that is known. Raises Refusal when there is none that this member may see."""
        async with self._store.read() as conn:
            line = await self._visible(conn, member, threat_id)
            row = await threat_search.row(conn, member.newsroom_id, threat_id) or {}
            seen, count = await threat_search.sightings(conn, member.newsroom_id, threat_id, _SIGHTINGS)
            told = await history.told(conn, member.newsroom_id, ("threat", threat_id))
            events = tuple(_event(*each) for each in told)
            alarm = await alarms.of_threat(conn, member.newsroom_id, row["incident_id"])
            names = await members.by_ids(conn, {alarm.answered_by}) if alarm and alarm.answered_by else []
            return Threat(
                line=line,
                finding=await threats.finding_of(conn, member.newsroom_id, threat_id),
                submission_id=row["submission_id"],
                measures=tuple(row["measures"] or ()),
                triage=dict(row["triage"] or {}),
                sightings=seen,
                sighting_count=count,
                notes=tuple(event for event in events if event.event == "note"),
                history=tuple(event for event in events if event.event != "note"),
                alarm=(alarm.state.value, names[0].name if names else None, alarm.answered_at) if alarm else None,
            )

    async def _visible(self, conn: AsyncConnection, member: Member, threat_id: int) -> ThreatLine:
        found = await threat_search.lines(conn, member.newsroom_id, [threat_id])
        if not found:
            raise Refusal("threat_unknown")
        (line,) = found
        is_own = member.may(Right.OWN_THREATS) and (line.reporter_id == member.id or line.lets_read(member.id))
        if not is_own and not member.may(Right.SEE_THREATS):
            raise Refusal("threat_unknown")
        return line

    async def outline(self, member: Member, threat_id: int) -> ThreatLine:
        """A record for the short questions after "this is a threat", which anybody may have said of a case they see.

        Raises Refusal when it is gone.
        """
        async with self._store.read() as conn:
            found = await threat_search.lines(conn, member.newsroom_id, [threat_id])
        if not found:
            raise Refusal("threat_unknown")
        return found[0]

    async def incident(self, member: Member, number: int) -> IncidentView:
        """Incident I-number with its records; a merged one is shown as what it was merged into. Raises Refusal."""
        async with self._store.read() as conn:
            incident = await incidents.by_number(conn, member.newsroom_id, number)
            if incident is not None and incident.merged_into is not None:
                incident = await incidents.by_id(conn, member.newsroom_id, incident.merged_into)
            if incident is None or not member.may(Right.SEE_THREATS):
                raise Refusal("incident_unknown")
            ids = await incidents.ids_of(conn, member.newsroom_id, incident.id, PAGE)
            counts = await incidents.counts(conn, member.newsroom_id, incident.id)
            used = await impersonations.of_incident(conn, member.newsroom_id, incident.id)
            others = [each for each in await incidents.recent(conn, member.newsroom_id, 4) if each.id != incident.id]
            return IncidentView(
                incident=incident,
                lines=tuple(await threat_search.lines(conn, member.newsroom_id, ids)),
                threats=counts[0],
                times=counts[1],
                submissions=counts[2],
                accounts=counts[3],
                others=tuple(others[:3]),
                impersonations=tuple((each.account, each.name) for each in used),
            )

    async def stats(self, member: Member, since: datetime) -> ThreatStats:
        """Counts of what was seen since a moment."""
        async with self._store.read() as conn:
            rows, targets = await threat_search.figures(conn, member.newsroom_id, since)
            raised = await alarms.answered_since(conn, member.newsroom_id, since)
        waited = [(a.answered_at - a.raised_at).total_seconds() for a in raised if a.answered_at is not None]
        kinds = Counter(kind for row in rows for kind in row["kinds"] or ())
        return ThreatStats(
            since=since,
            total=len(rows),
            times=sum(row["times"] for row in rows),
            by_status=dict(Counter(row["status"] for row in rows).most_common()),
            by_kind=dict(kinds.most_common()),
            by_severity=dict(sorted(Counter(row["severity"] for row in rows).items(), reverse=True)),
            by_platform=dict(Counter(row["platform"] for row in rows if row["platform"]).most_common()),
            by_target=tuple(targets),
            alarms=len(raised),
            answered_in=median(waited) if waited else None,
        )

    def remember(self, stage: Stage, member: Member, words: str) -> int:
        """Remember a query, so that pages and files lead back to it; returns its id."""
        query_id = new_id()

        async def act(conn: AsyncConnection) -> None:
            await threat_queries.remember(
                conn, member.newsroom_id, query_id, member.id, words[:_MOST_WORDS], self._clock()
            )

        stage.stage_once(act)
        return query_id

    async def query(self, member: Member, query_id: int) -> SavedQuery:
        """A query that this member asked. Raises Refusal when it is forgotten."""
        async with self._store.read() as conn:
            found = await threat_queries.get(conn, member.newsroom_id, query_id)
        if found is None or found.member_id != member.id:
            raise Refusal("query_forgotten")
        return found

    async def saved(self, member: Member) -> list[SavedQuery]:
        """The queries that a member keeps."""
        async with self._store.read() as conn:
            return await threat_queries.named(conn, member.newsroom_id, member.id)


def _of_staff(people: Iterable[Any], parts: Collection[str], own: frozenset[int]) -> frozenset[int]:
    wanted = [_plain(part) for part in parts if part != "me"]
    found = {p.id for p in people if any(part in _plain(name) for name in p.names for part in wanted)}
    return frozenset(found | (own if "me" in parts else frozenset()))


def _of_members(named: Mapping[int, str], parts: Collection[str], member: Member | None) -> frozenset[int]:
    wanted = [_plain(part) for part in parts if part not in ("me", "nobody")]
    found = {i for i, name in named.items() if any(part in _plain(name) for part in wanted)}
    return frozenset(found | ({member.id} if "me" in parts and member is not None else set()))


def _plain(name: str) -> str:
    """A name in small Latin letters: "Азаттык" is found by "azattyk"."""
    return latinise(fold(name))


def _event(event: str, name: str | None, at: datetime, details: Mapping[str, Any]) -> Event:
    return Event(event=event, member=name, at=at, details={key: str(value) for key, value in details.items()})
