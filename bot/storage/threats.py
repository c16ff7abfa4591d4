"""The threat log's rows: a record for each threat, a sighting for each time it was seen, and who is meant."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import dump, load
from bot.model.ids import new_id
from bot.model.threat import Category, Status, named_targets
from bot.model.verdict import TargetFound, ThreatFound
from bot.storage import body_keys, custody
from bot.storage.custody import NewEntry
from bot.storage.filing import take_numbers
from bot.storage.restrictions import restricted
from bot.storage.tables import comments, staff, threat_sightings, threat_targets
from bot.storage.tables import threats as t
from bot.storage.upsert import insert_ignoring

_s = threat_sightings.c
_LONGEST = 4000
_LINK = 500
_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class NewThreat:
    """A threat found in one part of a submission, or in comment `place` of its screenshot.

    `words` and `text_key` are the normaliser's forms; `account` is `platform:handle` or a name.
    """

    newsroom_id: int
    submission_id: int
    part_id: int
    finding: ThreatFound
    place: int = 0
    text: str = ""
    words: str = ""
    text_key: int = 0
    category: Category = Category.THREAT
    channel: str | None = None
    platform: str | None = None
    account: str | None = None
    author_key: str | None = None
    link: str | None = None
    reporter_id: int | None = None
    posted_at: datetime | None = None
    #: Number of the campaign that its text belongs to.
    campaign: int | None = None

    @property
    def staff_ids(self) -> frozenset[int]:
        """Who of the staff list is meant."""
        return frozenset(target.staff for target in self.finding.targets if target.staff is not None)

    @property
    def aim(self) -> str:
        """At whom it is aimed, as one word: the staff ids, or nothing for whoever the words address."""
        return ",".join(f"{staff_id:x}" for staff_id in sorted(self.staff_ids))[:_NAME]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """A record as it was just made, or is there."""

    id: int
    number: int
    incident_id: int | None
    severity: int
    imminent: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a further sighting is compared with."""

    threat_id: int
    words: str
    text_key: int
    aim: str
    author_key: str | None
    posted_at: datetime | None


async def record(conn: AsyncConnection, threats: Sequence[NewThreat], now: datetime) -> None:
    """Give each threat a record T-n of its own; a place is recorded once."""
    known = await places_known(conn, threats)
    for threat in threats:
        if (threat.part_id, threat.place) not in known:
            await add(conn, threat, None, now)


async def places_known(conn: AsyncConnection, threats: Collection[NewThreat]) -> set[tuple[int, int]]:
    """Those of the places (part, comment) that are in the log already."""
    if not threats:
        return set()
    query = sa.select(_s.part_id, _s.place).where(_s.part_id.in_({threat.part_id for threat in threats}))
    return {(row.part_id, row.place) for row in (await conn.execute(query)).all()}


async def add(conn: AsyncConnection, threat: NewThreat, incident_id: int | None, now: datetime) -> Recorded:
    """Make a record with its first sighting and its targets."""
    found, seen = threat.finding, threat.posted_at or now
    row = {
        "id": new_id(),
        "newsroom_id": threat.newsroom_id,
        "number": await take_numbers(conn, threat.newsroom_id, "threat_counter", 1),
        "submission_id": threat.submission_id,
        "part_id": threat.part_id,
        "place": threat.place,
        **_of_finding(found),
        "status": Status.NEW.value,
        "category": threat.category.value,
        "channel": threat.channel,
        "platform": threat.platform,
        "account": _cut(threat.account, 220),
        "link": _cut(threat.link, _LINK),
        "text": threat.text[:_LONGEST],
        "searched": searched(threat.text[:_LONGEST], threat.account, threat.link),
        "times": 1,
        "measures": [],
        "triage": {},
        "reporter_id": threat.reporter_id,
        "incident_id": incident_id,
        "first_seen": seen,
        "last_seen": seen,
        "recorded_at": now,
    }
    await conn.execute(sa.insert(t), [row])
    recorded = Recorded(
        id=int(str(row["id"])),
        number=int(str(row["number"])),
        incident_id=incident_id,
        severity=found.severity,
        imminent=found.imminent,
    )
    await add_sighting(conn, threat, recorded.id, now)
    named = named_targets(found)
    await add_targets(conn, threat.newsroom_id, recorded.id, [(each.staff, each.text) for each in named])
    await custody.put(conn, [_entry(threat.newsroom_id, row, now)])
    return recorded


def _entry(newsroom_id: int, row: Mapping[str, Any], now: datetime) -> NewEntry:
    """What the custody log keeps of a new record."""
    told = ("number", "submission_id", "part_id", "place", "category", "channel", "level", "kinds", "severity")
    body = {"event": "threat_recorded"} | {name: row[name] for name in (*told, "imminent", "targets", "status")}
    return NewEntry(newsroom_id=newsroom_id, kind="changed", noun="threat", row_id=row["id"], body=body, at=now)


def _of_finding(found: ThreatFound) -> dict[str, Any]:
    return {
        "level": found.level,
        "kinds": list(found.kinds),
        "severity": found.severity,
        "imminent": found.imminent,
        "targets": dump(found.targets),
        "spans": dump(found.spans),
        "demotions": list(found.demotions),
    }


def searched(*words: str | None) -> str:
    """What free words are looked for in."""
    return "\n".join(word for word in words if word).lower()


def _cut(text: str | None, most: int) -> str | None:
    return text[:most] if text is not None else None


async def add_sighting(conn: AsyncConnection, threat: NewThreat, threat_id: int, now: datetime) -> None:
    """Once more it was seen."""
    row = {
        "id": new_id(),
        "newsroom_id": threat.newsroom_id,
        "threat_id": threat_id,
        "submission_id": threat.submission_id,
        "part_id": threat.part_id,
        "place": threat.place,
        "text": threat.text[:_LONGEST],
        "words": threat.words[:_LONGEST],
        "text_key": threat.text_key,
        "aim": threat.aim,
        "account": _cut(threat.account, 220),
        "author_key": _cut(threat.author_key, 220),
        "link": _cut(threat.link, _LINK),
        "posted_at": threat.posted_at,
        "seen_at": now,
    }
    await insert_ignoring(conn, threat_sightings, [row], ["part_id", "place"])


async def add_targets(
    conn: AsyncConnection,
    newsroom_id: int,
    threat_id: int,
    people: Iterable[tuple[int | None, str]],
    said_by: int | None = None,
) -> None:
    """Say who is meant; somebody under protection by the name on the list.

    With `said_by` it is that member's word alone: it takes no other's place, and a surer one takes its place.
    """
    told = list(people)
    ids = {staff_id for staff_id, _ in told if staff_id is not None}
    query = sa.select(staff.c.id, staff.c.name).where(staff.c.newsroom_id == newsroom_id, staff.c.id.in_(ids))
    names = {row.id: row.name for row in (await conn.execute(query)).all()} if ids else {}
    rows = {}
    for staff_id, text in told:
        name = names.get(staff_id, text)[:_NAME] if staff_id is not None else text[:_NAME]
        rows[name] = {"id": new_id(), "newsroom_id": newsroom_id, "threat_id": threat_id} | {
            "staff_id": staff_id if staff_id in names else None,
            "name": name,
            "searched": name.lower(),
            "said_by": said_by,
        }
    if rows and said_by is None:
        mine = sa.and_(threat_targets.c.newsroom_id == newsroom_id, threat_targets.c.threat_id == threat_id)
        surer = sa.update(threat_targets).where(mine, threat_targets.c.name.in_(list(rows)))
        await conn.execute(surer.values(said_by=None))
    if rows:
        await insert_ignoring(conn, threat_targets, list(rows.values()), ["threat_id", "name"])


async def seen_with_keys(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> list[Seen]:
    """Sightings with one of these texts, of records that still count; those whose words are sealed too."""
    if not keys:
        return []
    sealed = await body_keys.originals(conn, newsroom_id, keys)
    seen = await _seen(conn, newsroom_id, _s.text_key.in_(sorted({*keys, *sealed})), 1000)
    return [replace(each, text_key=sealed.get(each.text_key, each.text_key)) for each in seen]


async def seen_lately(conn: AsyncConnection, newsroom_id: int, since: datetime, limit: int) -> list[Seen]:
    """The first sighting of each record made since a moment, newest first."""
    first = sa.and_(_s.part_id == t.c.part_id, _s.place == t.c.place, _s.seen_at >= since)
    return await _seen(conn, newsroom_id, first, limit)


async def _seen(conn: AsyncConnection, newsroom_id: int, which: sa.ColumnElement[bool], limit: int) -> list[Seen]:
    query = (
        sa.select(_s.threat_id, _s.words, _s.text_key, _s.aim, _s.author_key, _s.posted_at)
        .join(t, t.c.id == _s.threat_id)
        .where(_s.newsroom_id == newsroom_id, which, t.c.status != Status.WITHDRAWN.value)
        # Of what is restricted nothing becomes a further sighting: whoever sent it would be led there.
        .where(t.c.submission_id.not_in(restricted(newsroom_id)))
        .order_by(_s.id.desc())
        .limit(limit)
    )
    return [Seen(**row) for row in (await conn.execute(query)).mappings().all()]


async def recorded(conn: AsyncConnection, newsroom_id: int, threat_id: int) -> Recorded | None:
    """A record by its id."""
    query = sa.select(t.c.id, t.c.number, t.c.incident_id, t.c.severity, t.c.imminent).where(
        t.c.newsroom_id == newsroom_id, t.c.id == threat_id
    )
    row = (await conn.execute(query)).mappings().first()
    return Recorded(**row) if row else None


async def grow(conn: AsyncConnection, newsroom_id: int, threat_id: int, times: int, seen: datetime) -> None:
    """A record was seen again: posted so many more times, last at a moment."""
    values = {
        "times": t.c.times + times,
        "last_seen": sa.case((sa.or_(t.c.last_seen.is_(None), t.c.last_seen < seen), seen), else_=t.c.last_seen),
        "first_seen": sa.case((sa.or_(t.c.first_seen.is_(None), t.c.first_seen > seen), seen), else_=t.c.first_seen),
    }
    await conn.execute(sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == threat_id).values(values))


async def numbers(conn: AsyncConnection, newsroom_id: int) -> dict[int, int]:
    """The T-numbers of all threats."""
    query = sa.select(t.c.id, t.c.number).where(t.c.newsroom_id == newsroom_id)
    return {row.id: row.number for row in (await conn.execute(query)).all()}


async def ids_of_submission(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> list[int]:
    """The records that a case holds, or copies of which it holds."""
    query = sa.select(_s.threat_id).where(_s.newsroom_id == newsroom_id, _s.submission_id == submission_id)
    return sorted(set((await conn.execute(query)).scalars()))


async def set_ruled(
    conn: AsyncConnection, newsroom_id: int, submission_id: int, *, is_threat: bool, alone: bool = False
) -> None:
    """What a person ruled of a case opens or dismisses its records, as long as nobody has moved them on.

    With `alone` only those that were seen in no other case.
    """
    before, after = (Status.DISMISSED, Status.NEW) if is_threat else (Status.NEW, Status.DISMISSED)
    ids = await ids_of_submission(conn, newsroom_id, submission_id)
    if alone:
        elsewhere = sa.select(_s.threat_id).where(_s.newsroom_id == newsroom_id, _s.submission_id != submission_id)
        shared = set((await conn.execute(elsewhere.where(_s.threat_id.in_(ids)))).scalars())
        ids = [each for each in ids if each not in shared]
    change = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id.in_(ids), t.c.status == before.value)
    await conn.execute(change.values(status=after.value))


async def withdraw(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> None:
    """A submission was undone: it no longer counts in any record, and a record that it alone held is withdrawn."""
    for threat_id in await ids_of_submission(conn, newsroom_id, submission_id):
        query = sa.select(threat_sightings).where(_s.threat_id == threat_id, _s.submission_id != submission_id)
        left = (await conn.execute(query.order_by(_s.id))).all()
        mine = sa.update(t).where(t.c.id == threat_id)
        if not left:
            await conn.execute(mine.values(status=Status.WITHDRAWN.value))
            continue
        gone = sa.delete(threat_sightings).where(_s.threat_id == threat_id, _s.submission_id == submission_id)
        await conn.execute(gone)
        first = left[0]
        moved = {"submission_id": first.submission_id, "part_id": first.part_id, "place": first.place}
        await conn.execute(mine.values(times=_postings(left), **moved))


def _postings(rows: Sequence[Any]) -> int:
    known = {(row.author_key, row.posted_at) for row in rows if row.author_key and row.posted_at}
    return len(known) + sum(not (row.author_key and row.posted_at) for row in rows)


async def told_by_part(conn: AsyncConnection, newsroom_id: int, part_id: int) -> Mapping[str, Any] | None:
    """The comment that a part holds: its text in the normaliser's forms, and who wrote it where."""
    c = comments.c
    columns = (c.text, c.words, c.text_key, c.platform, c.handle, c.author, c.author_key, c.post, c.posted_at)
    query = sa.select(*columns).where(c.newsroom_id == newsroom_id, c.part_id == part_id, c.withdrawn_at.is_(None))
    found = (await conn.execute(query.order_by(c.id).limit(1))).mappings().first()
    return dict(found) if found is not None else None


async def at_place(conn: AsyncConnection, newsroom_id: int, part_id: int, place: int) -> tuple[int, bool] | None:
    """The record that a place belongs to, and whether it was seen there alone."""
    mine = sa.select(_s.threat_id).where(_s.newsroom_id == newsroom_id, _s.part_id == part_id, _s.place == place)
    threat_id = await conn.scalar(mine)
    if threat_id is None:
        return None
    seen = sa.select(sa.func.count()).where(_s.newsroom_id == newsroom_id, _s.threat_id == threat_id)
    return int(threat_id), int(await conn.scalar(seen) or 0) == 1


async def regrade(conn: AsyncConnection, threat_id: int, threat: NewThreat) -> None:
    """The words of a record that was seen once are others now: what they say takes the place of what they said."""
    text = threat.text[:_LONGEST]
    words = sa.func.coalesce(t.c.searched, "").concat("\n" + searched(text))
    mine = sa.and_(t.c.newsroom_id == threat.newsroom_id, t.c.id == threat_id)
    graded = {**_of_finding(threat.finding), "text": text, "searched": words}
    await conn.execute(sa.update(t).where(mine).values(graded))
    reopened = sa.update(t).where(mine, t.c.status == Status.DISMISSED.value)
    await conn.execute(reopened.values(status=Status.NEW.value))
    seen = sa.update(threat_sightings).where(_s.newsroom_id == threat.newsroom_id, _s.threat_id == threat_id)
    forms = {"text": text, "words": threat.words[:_LONGEST], "text_key": threat.text_key, "aim": threat.aim}
    await conn.execute(seen.values(forms))
    named = named_targets(threat.finding)
    await add_targets(conn, threat.newsroom_id, threat_id, [(each.staff, each.text) for each in named])


async def let_go(conn: AsyncConnection, newsroom_id: int, part_id: int, place: int) -> None:
    """A place does not show what its record shows any longer: the record keeps its other sightings."""
    mine = sa.and_(_s.newsroom_id == newsroom_id, _s.part_id == part_id, _s.place == place)
    threat_id = await conn.scalar(sa.select(_s.threat_id).where(mine))
    await conn.execute(sa.delete(threat_sightings).where(mine))
    left = (await conn.execute(sa.select(threat_sightings).where(_s.threat_id == threat_id).order_by(_s.id))).all()
    if left:
        first = left[0]
        values = {"submission_id": first.submission_id, "part_id": first.part_id, "place": first.place}
        of_ours = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == threat_id)
        await conn.execute(of_ours.values(times=_postings(left), **values))


async def count_of(conn: AsyncConnection, submission_id: int) -> int:
    """How many records a case holds, copies included."""
    query = sa.select(sa.func.count(_s.threat_id.distinct())).where(_s.submission_id == submission_id)
    return int(await conn.scalar(query) or 0)


async def finding_of(conn: AsyncConnection, newsroom_id: int, threat_id: int) -> ThreatFound:
    """What the machine saw in a record's words."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == threat_id)
    row = (await conn.execute(query)).first()
    if row is None:
        return ThreatFound()
    return load(
        ThreatFound,
        {
            "level": row.level,
            "kinds": row.kinds,
            "severity": row.severity,
            "imminent": row.imminent,
            "targets": row.targets if isinstance(row.targets, list) else dump(tuple[TargetFound, ...]()),
            "spans": row.spans or [],
            "demotions": row.demotions or [],
        },
    )


async def change(conn: AsyncConnection, newsroom_id: int, threat_id: int, **values: object) -> None:
    """Set columns of a record: status, assignee_id, measures, triage, channel, category, spot, account, link, …"""
    await conn.execute(sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == threat_id).values(**values))


async def add_searched(conn: AsyncConnection, newsroom_id: int, threat_id: int, words: str) -> None:
    """Let free words find a record by this too."""
    grown = t.c.searched.concat("\n" + words.lower())
    await conn.execute(sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == threat_id).values(searched=grown))
