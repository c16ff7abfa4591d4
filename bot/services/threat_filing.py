"""Every threat enters the log here, in the transaction that files what it was found in.

A text that was seen before, against the same people, is a further sighting of its record; anything else is a record of
its own. Records of one wave go into one incident, and what cannot wait raises the incident's alarm at once.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import Member
from bot.model.staff import StaffKind
from bot.model.threat import WAVE, Incident, is_alarming
from bot.services.alarm_raising import Growth, ring
from bot.storage import history, incidents, restrictions, staff, texts, threats
from bot.storage.threats import NewThreat, Recorded, Seen
from detection.text.shelf import Shelf

#: Reworded copies are looked for among the records of these days, as many as can be compared within milliseconds;
#: the same words are known for ever.
_LATELY: Final = timedelta(days=3)
_MOST_COMPARED: Final = 100
#: A call of so few words says too little to be known again inside another text; what is added to one that is passed on
#: is an appeal, not a text of its own.
_FEWEST_WORDS: Final = 3
_MOST_ADDED: Final = 8


async def file_threats(
    conn: AsyncConnection, found: Sequence[NewThreat], now: datetime, *, calls: bool = True
) -> list[Recorded]:
    """Record threats and their copies, put them into incidents, raise alarms; a place is recorded once.

    Without `calls` no alarm is raised. Returns the records that these belong to, in order, those known before left out.
    """
    by_newsroom: defaultdict[int, list[NewThreat]] = defaultdict(list)
    for threat in found:
        by_newsroom[threat.newsroom_id].append(threat)
    recorded: list[Recorded] = []
    for newsroom_id, mine in by_newsroom.items():
        # Two writers at once would make two incidents of one wave, and two alarms.
        await texts.lock(conn, newsroom_id)
        known = await threats.places_known(conn, mine)
        fresh = {(t.part_id, t.place): t for t in mine if (t.part_id, t.place) not in known}
        if fresh:
            recorded += await _Wave(newsroom_id, now, calls=calls).file(conn, list(fresh.values()))
    return recorded


async def regrade(conn: AsyncConnection, member: Member, threat: NewThreat, now: datetime) -> None:
    """The words of a place were edited: what is graver now than its record says rings as if it had just come.

    A record that was seen there alone takes the new words; another keeps its own, and the place gets one for itself.
    """
    await texts.lock(conn, threat.newsroom_id)
    there = await threats.at_place(conn, threat.newsroom_id, threat.part_id, threat.place)
    record = await threats.recorded(conn, threat.newsroom_id, there[0]) if there is not None else None
    if there is None or record is None:
        await file_threats(conn, [threat], now)
    elif _is_graver(threat, record) and there[1]:
        await threats.regrade(conn, record.id, threat)
        told = {"before": record.severity, "severity": threat.finding.severity}
        await history.note(conn, threat.newsroom_id, member.id, ("threat", record.id), "severity", now, **told)
        await _ring_for(conn, threat, record, now)
    elif _is_graver(threat, record):
        await threats.let_go(conn, threat.newsroom_id, threat.part_id, threat.place)
        await file_threats(conn, [threat], now)


async def _ring_for(conn: AsyncConnection, threat: NewThreat, record: Recorded, now: datetime) -> None:
    incident = await incidents.by_id(conn, threat.newsroom_id, record.incident_id) if record.incident_id else None
    if incident is None or not is_alarming(threat.finding):
        return
    grown = replace(incident, staff_ids=incident.staff_ids | threat.staff_ids, last_seen=max(incident.last_seen, now))
    await incidents.grow(conn, threat.newsroom_id, grown)
    grave = replace(record, severity=threat.finding.severity, imminent=threat.finding.imminent)
    await ring(conn, threat.newsroom_id, Growth(incident=grown, records=0, times=0, gravest=grave, is_news=True), now)


@dataclass(slots=True)
class _Wave:
    """What is being filed, with what it is compared with."""

    newsroom_id: int
    now: datetime
    calls: bool
    seen: list[Seen] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)
    shelved: list[Seen] = field(default_factory=list)
    open: list[Incident] = field(default_factory=list)
    outlets: frozenset[int] = frozenset()
    #: Cases that are restricted: their records stay by themselves.
    restricted: frozenset[int] = frozenset()
    growth: dict[int, Growth] = field(default_factory=dict)

    async def file(self, conn: AsyncConnection, fresh: Sequence[NewThreat]) -> list[Recorded]:
        self.seen = await threats.seen_with_keys(conn, self.newsroom_id, {t.text_key for t in fresh if t.text_key})
        for seen in await threats.seen_lately(conn, self.newsroom_id, self.now - _LATELY, _MOST_COMPARED):
            self._shelve(seen)
        there = await restrictions.of_cases(conn, self.newsroom_id, {t.submission_id for t in fresh})
        self.restricted = frozenset(there)
        self.open = await incidents.open_since(conn, self.newsroom_id, self.now - WAVE)
        people = await staff.all_of(conn, self.newsroom_id)
        self.outlets = frozenset(person.id for person in people if person.kind is StaffKind.OUTLET)
        recorded = [await self._file(conn, threat) for threat in fresh]
        for growth in self.growth.values():
            await incidents.grow(conn, self.newsroom_id, growth.incident)
            await ring(conn, self.newsroom_id, growth, self.now)
        return recorded

    async def _file(self, conn: AsyncConnection, threat: NewThreat) -> Recorded:
        original = self._original(threat) if threat.submission_id not in self.restricted else None
        record = await threats.recorded(conn, self.newsroom_id, original) if original is not None else None
        # What is graver than the record must not stand in its shadow.
        if record is None or _is_graver(threat, record):
            incident = await self._incident(conn, threat)
            record = await threats.add(conn, threat, incident.id, self.now)
            self._remember(threat, record)
            self._grow(incident, record, threat, records=1, times=1)
            return record
        times = 0 if self._is_same_posting(threat, record.id) else 1
        await threats.add_sighting(conn, threat, record.id, self.now)
        await threats.grow(conn, self.newsroom_id, record.id, times, threat.posted_at or self.now)
        incident = await self._incident_of(conn, record, threat)
        if record.incident_id != incident.id:
            await threats.change(conn, self.newsroom_id, record.id, incident_id=incident.id)
        self._remember(threat, record)
        self._grow(incident, record, threat, records=0, times=times)
        return record

    def _original(self, threat: NewThreat) -> int | None:
        """The record of which this is a copy: the same words, or nearly so, against the same people."""
        same = (s for s in self.seen if threat.text_key and s.text_key == threat.text_key and s.aim == threat.aim)
        exact = min((seen.threat_id for seen in same), default=None)
        if exact is not None or not threat.words:
            return exact
        close = [self.shelved[d.number] for d in self.shelf.search(threat.words) if d.tier == "copy" and not d.partial]
        holding = [seen for seen in self.shelved if _holds(seen.words, threat.words)]
        return next((seen.threat_id for seen in (*close, *holding) if seen.aim == threat.aim), None)

    def _is_same_posting(self, threat: NewThreat, threat_id: int) -> bool:
        # Several colleagues forward the same comment: it was still posted once.
        place = (threat.author_key, threat.posted_at)
        return None not in place and any(
            s.threat_id == threat_id and (s.author_key, s.posted_at) == place for s in self.seen
        )

    def _remember(self, threat: NewThreat, record: Recorded) -> None:
        if threat.submission_id in self.restricted:
            return
        seen = Seen(
            threat_id=record.id,
            words=threat.words,
            text_key=threat.text_key,
            aim=threat.aim,
            author_key=threat.author_key,
            posted_at=threat.posted_at,
        )
        self.seen.append(seen)
        self._shelve(seen)

    def _shelve(self, seen: Seen) -> None:
        if seen.words and len(self.shelved) < 2 * _MOST_COMPARED:
            self.shelf.add(seen.words)
            self.shelved.append(seen)

    async def _incident_of(self, conn: AsyncConnection, record: Recorded, threat: NewThreat) -> Incident:
        """Where a copy goes: to its record, until that wave is over; then a new wave takes the record along."""
        for incident in self.open:
            if incident.id == record.incident_id:
                return incident
        kept = (
            await incidents.by_id(conn, self.newsroom_id, record.incident_id)
            if record.incident_id is not None
            else None
        )
        # One that people split off grows by its own copies alone.
        if kept is not None and kept.last_seen >= self.now - WAVE:
            self.open.append(kept)
            return kept
        return await self._incident(conn, threat)

    async def _incident(self, conn: AsyncConnection, threat: NewThreat) -> Incident:
        if threat.submission_id in self.restricted:
            return await incidents.add(conn, self.newsroom_id, threat.staff_ids, (), self.now, is_closed=True)
        for incident in self.open:
            if self._belongs(threat, incident):
                return incident
        campaigns = {threat.campaign} - {None}
        made = await incidents.add(
            conn, self.newsroom_id, threat.staff_ids, [number for number in campaigns if number is not None], self.now
        )
        self.open.insert(0, made)
        return made

    def _belongs(self, threat: NewThreat, incident: Incident) -> bool:
        """Of one campaign, or against the same people. Outlets of the newsroom and whoever is addressed are one."""
        if threat.campaign is not None and threat.campaign in incident.campaign_numbers:
            return True
        if threat.staff_ids & incident.staff_ids:
            return True
        is_general = not threat.staff_ids or bool(threat.staff_ids & self.outlets)
        return is_general and (not incident.staff_ids or bool(incident.staff_ids & self.outlets))

    def _grow(self, incident: Incident, record: Recorded, threat: NewThreat, *, records: int, times: int) -> None:
        numbers = {*incident.campaign_numbers, *({threat.campaign} if threat.campaign is not None else ())}
        grown = replace(
            incident,
            staff_ids=incident.staff_ids | threat.staff_ids,
            campaign_numbers=frozenset(numbers),
            last_seen=max(incident.last_seen, self.now),
        )
        self.open = [grown if each.id == incident.id else each for each in self.open]
        before = self.growth.get(incident.id)
        alarming = self.calls and is_alarming(threat.finding)
        gravest = record if alarming and (before is None or _weight(record) > _weight(before.gravest)) else None
        self.growth[incident.id] = Growth(
            incident=grown,
            records=records + (before.records if before else 0),
            times=times + (before.times if before else 0),
            gravest=gravest or (before.gravest if before else None),
            is_news=(alarming and records > 0) or (before is not None and before.is_news),
        )


def _is_graver(threat: NewThreat, record: Recorded) -> bool:
    found = threat.finding
    return found.severity > record.severity or (found.imminent and not record.imminent)


def _holds(one: str, other: str) -> bool:
    """Whether one text is the other with words before or behind it: "everybody here: …", "… today"."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    if len(shorter) < _FEWEST_WORDS or len(longer) - len(shorter) > _MOST_ADDED:
        return False
    return f" {' '.join(shorter)} " in f" {' '.join(longer)} "


def _weight(record: Recorded | None) -> tuple[bool, int]:
    return (record.imminent, record.severity) if record is not None else (False, -1)
