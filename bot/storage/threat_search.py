"""Looks threats up: whatever is asked becomes bound values of one statement, never a part of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.threat import Category, Sighting, Status, Target, ThreatLine, ThreatQuery
from bot.storage import sealed_bodies
from bot.storage.tables import incidents, members, staff, submissions, threat_sightings, threat_targets
from bot.storage.tables import threats as t

_reporter, _assignee = members.alias("reporter"), members.alias("assignee")
_SORTS: Mapping[str, tuple[sa.UnaryExpression[Any], ...]] = {
    "newest": (t.c.number.desc(),),
    "oldest": (t.c.number.asc(),),
    "severity": (t.c.severity.desc(), t.c.imminent.desc(), t.c.number.desc()),
    "copies": (t.c.times.desc(), t.c.number.desc()),
    "seen": (t.c.last_seen.desc(), t.c.number.desc()),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """Names of a query as the rows that they stand for; None: nothing was asked of that field."""

    staff_ids: frozenset[int] | None = None
    assignee_ids: frozenset[int] | None = None
    reporter_ids: frozenset[int] | None = None
    #: "Without" of the same three.
    not_staff_ids: frozenset[int] = frozenset()
    not_assignee_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Whose records a member may see: those that they reported or that are aimed at them; None at a query: all."""

    member_id: int
    staff_ids: frozenset[int]


async def ids(
    conn: AsyncConnection,
    newsroom_id: int,
    asked: ThreatQuery,
    meant: Meant,
    scope: Scope | None,
    limit: int,
    offset: int = 0,
) -> list[int]:
    """The records that answer a query, in its order."""
    query = sa.select(t.c.id).where(*_conditions(newsroom_id, asked, meant, scope))
    query = query.order_by(*_SORTS.get(asked.sort, _SORTS["newest"])).limit(limit).offset(offset)
    return list((await conn.execute(query)).scalars())


async def count(conn: AsyncConnection, newsroom_id: int, asked: ThreatQuery, meant: Meant, scope: Scope | None) -> int:
    """How many answer it."""
    query = sa.select(sa.func.count()).select_from(t).where(*_conditions(newsroom_id, asked, meant, scope))
    return int(await conn.scalar(query) or 0)


async def count_unsearched(
    conn: AsyncConnection, newsroom_id: int, asked: ThreatQuery, meant: Meant, scope: Scope | None
) -> int:
    """In how many records, that would answer it but for its words, these were not looked for: theirs are sealed."""
    without = tuple(pair for pair in asked.without if pair[0] != "words")
    if not asked.words and without == asked.without:
        return 0
    said = _conditions(newsroom_id, replace(asked, words=(), without=without), meant, scope)
    query = sa.select(sa.func.count()).select_from(t)
    return int(await conn.scalar(query.where(*said, sealed_bodies.sealed_case(t.c.submission_id))) or 0)


def _conditions(
    newsroom_id: int, asked: ThreatQuery, meant: Meant, scope: Scope | None
) -> list[sa.ColumnElement[bool]]:
    said: list[sa.ColumnElement[bool]] = [t.c.newsroom_id == newsroom_id, *_of_values(asked), *_of_people(asked, meant)]
    if asked.severity is not None:
        said.append(t.c.severity.between(asked.severity.least, asked.severity.most))
    if asked.imminent is not None:
        said.append(t.c.imminent.is_(asked.imminent))
    if asked.since is not None:
        said.append(t.c.last_seen >= asked.since)
    if asked.until is not None:
        said.append(t.c.first_seen < asked.until)
    said += [t.c.searched.contains(word.lower(), autoescape=True) for word in asked.words]
    said += [_without(field, value) for field, value in asked.without if field in _WITHOUT]
    if scope is not None:
        said.append(sa.or_(t.c.reporter_id == scope.member_id, _aimed_at(scope.staff_ids, surely=True)))
    return said


def _of_values(asked: ThreatQuery) -> list[sa.ColumnElement[bool]]:
    chosen = (
        (t.c.number, asked.numbers),
        (t.c.category, asked.categories),
        (t.c.channel, asked.channels),
        (t.c.platform, asked.platforms),
    )
    said: list[sa.ColumnElement[bool]] = [column.in_(values) for column, values in chosen if values]
    if asked.statuses:
        said.append(t.c.status.in_(asked.statuses))
    elif not asked.numbers:
        said.append(t.c.status != Status.WITHDRAWN.value)
    if asked.kinds:
        said.append(sa.or_(*(_has_kind(kind) for kind in asked.kinds)))
    if asked.accounts:
        account = sa.func.lower(t.c.account)
        said.append(sa.or_(*(account.contains(name.lower(), autoescape=True) for name in asked.accounts)))
    if asked.incidents:
        mine = sa.select(incidents.c.id).where(incidents.c.number.in_(asked.incidents))
        said.append(t.c.incident_id.in_(mine.where(incidents.c.newsroom_id == t.c.newsroom_id)))
    return said


def _of_people(asked: ThreatQuery, meant: Meant) -> list[sa.ColumnElement[bool]]:
    said: list[sa.ColumnElement[bool]] = []
    if asked.targets:
        names = [name.lower() for name in asked.targets if name != "me"]
        said.append(sa.or_(_aimed_at(meant.staff_ids or frozenset()), *(_names(name) for name in names)))
    if meant.assignee_ids is not None:
        nobody = t.c.assignee_id.is_(None) if "nobody" in asked.assignees else sa.false()
        said.append(sa.or_(t.c.assignee_id.in_(meant.assignee_ids), nobody))
    if meant.reporter_ids is not None:
        said.append(t.c.reporter_id.in_(meant.reporter_ids))
    if meant.not_staff_ids:
        said.append(~_aimed_at(meant.not_staff_ids))
    if meant.not_assignee_ids:
        said.append(sa.or_(t.c.assignee_id.is_(None), t.c.assignee_id.not_in(meant.not_assignee_ids)))
    return said


def _aimed_at(staff_ids: Collection[int], *, surely: bool = False) -> sa.ColumnElement[bool]:
    # Ids of the newsroom's own staff alone reach this; they are looked up first, by their index.
    aimed = sa.select(threat_targets.c.threat_id).where(threat_targets.c.staff_id.in_(staff_ids))
    return t.c.id.in_(aimed.where(threat_targets.c.said_by.is_(None)) if surely else aimed)


def _names(part: str) -> sa.ColumnElement[bool]:
    named = threat_targets.c.searched.contains(part, autoescape=True)
    of_ours = sa.select(threat_targets.c.threat_id).where(threat_targets.c.newsroom_id == t.c.newsroom_id, named)
    return t.c.id.in_(of_ours)


def _has_kind(kind: str) -> sa.ColumnElement[bool]:
    return sa.cast(t.c.kinds, sa.Text).contains(f'"{kind}"', autoescape=True)


_WITHOUT = {
    "status": t.c.status,
    "platform": t.c.platform,
    "channel": t.c.channel,
    "category": t.c.category,
    "kind": t.c.kinds,
    "words": t.c.searched,
    "account": t.c.account,
}


def _without(field: str, value: str) -> sa.ColumnElement[bool]:
    column = _WITHOUT[field]
    if field == "kind":
        return ~_has_kind(value)
    if field == "words":
        return ~t.c.searched.contains(value.lower(), autoescape=True)
    if field == "account":
        return sa.or_(column.is_(None), ~sa.func.lower(column).contains(value.lower(), autoescape=True))
    return sa.or_(column.is_(None), column != value)


async def lines(conn: AsyncConnection, newsroom_id: int, wanted: Sequence[int]) -> list[ThreatLine]:
    """These records as lines, in this order."""
    if not wanted:
        return []
    names = [name for name in ThreatLine.__dataclass_fields__ if name in t.c]
    query = (
        sa.select(
            *(t.c[name] for name in names),
            t.c.spot.label("place_named"),
            _reporter.c.name.label("reporter"),
            _assignee.c.name.label("assignee"),
            incidents.c.number.label("incident"),
            sealed_bodies.sealed_case(t.c.submission_id).label("sealed"),
        )
        .outerjoin(_reporter, _reporter.c.id == t.c.reporter_id)
        .outerjoin(_assignee, _assignee.c.id == t.c.assignee_id)
        .outerjoin(incidents, incidents.c.id == t.c.incident_id)
        .where(t.c.newsroom_id == newsroom_id, t.c.id.in_(wanted))
    )
    people = await targets(conn, newsroom_id, wanted)
    found = {row["id"]: _line(row, people[row["id"]]) for row in (await conn.execute(query)).mappings().all()}
    return [found[threat_id] for threat_id in wanted if threat_id in found]


def _line(row: Any, people: Sequence[Target]) -> ThreatLine:
    values = {name: row[name] for name in ThreatLine.__dataclass_fields__ if name in row}
    seen = {name: row[name] or row["recorded_at"] for name in ("first_seen", "last_seen")}
    kinds = tuple(row["kinds"]) if isinstance(row["kinds"], list) else ()
    exact: dict[str, Any] = {"status": Status(row["status"]), "category": Category(row["category"]), "kinds": kinds}
    exact |= {"sealed": bool(row["sealed"])}
    return ThreatLine(**(values | seen | exact | {"place": row["place_named"], "targets": tuple(people)}))


async def targets(
    conn: AsyncConnection, newsroom_id: int, threat_ids: Collection[int]
) -> defaultdict[int, list[Target]]:
    """Who is meant by each."""
    g = threat_targets.c
    query = (
        sa.select(g.threat_id, g.staff_id, g.name, staff.c.member_id, members.c.name.label("said_by"))
        .outerjoin(staff, staff.c.id == g.staff_id)
        .outerjoin(members, members.c.id == g.said_by)
        .where(g.newsroom_id == newsroom_id, g.threat_id.in_(list(threat_ids)))
        .order_by(g.id)
    )
    found: defaultdict[int, list[Target]] = defaultdict(list)
    for row in (await conn.execute(query)).all():
        target = Target(staff_id=row.staff_id, name=row.name, member_id=row.member_id, said_by=row.said_by)
        found[row.threat_id].append(target)
    return found


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> int | None:
    """The id of T-number."""
    found: int | None = await conn.scalar(sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.number == number))
    return found


async def row(conn: AsyncConnection, newsroom_id: int, threat_id: int) -> Mapping[str, Any] | None:
    """All columns of a record."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == threat_id)
    found = (await conn.execute(query)).mappings().first()
    return dict(found) if found is not None else None


async def sightings(
    conn: AsyncConnection, newsroom_id: int, threat_id: int, limit: int
) -> tuple[tuple[Sighting, ...], int]:
    """The latest times that a record was seen, newest first; and how many there are."""
    s = threat_sightings.c
    mine = sa.and_(s.newsroom_id == newsroom_id, s.threat_id == threat_id)
    query = (
        sa.select(s.submission_id, submissions.c.number, s.text, s.account, s.link, s.posted_at, s.seen_at)
        .join(submissions, submissions.c.id == s.submission_id)
        .where(mine)
        .order_by(s.id.desc())
        .limit(limit)
    )
    rows = (await conn.execute(query)).all()
    total = int(await conn.scalar(sa.select(sa.func.count()).where(mine)) or 0)
    return tuple(_sighting(each) for each in rows), total


def _sighting(row: Any) -> Sighting:
    return Sighting(
        submission_id=row.submission_id,
        case=row.number,
        text=row.text,
        account=row.account,
        link=row.link,
        posted_at=row.posted_at,
        seen_at=row.seen_at,
    )


async def figures(
    conn: AsyncConnection, newsroom_id: int, since: datetime
) -> tuple[list[Mapping[str, Any]], list[tuple[str, int]]]:
    """What statistics are made of: status, kinds, severity, platform and times of each record; names with counts."""
    mine = sa.and_(t.c.newsroom_id == newsroom_id, t.c.last_seen >= since, t.c.status != Status.WITHDRAWN.value)
    columns = (t.c.status, t.c.kinds, t.c.severity, t.c.platform, t.c.times)
    rows = (await conn.execute(sa.select(*columns).where(mine))).mappings().all()
    g = threat_targets.c
    named = sa.select(g.name, sa.func.count().label("count")).join(t, t.c.id == g.threat_id).where(mine)
    ranked = named.group_by(g.name).order_by(sa.desc("count"), g.name).limit(8)
    return [dict(each) for each in rows], [(each.name, each[1]) for each in (await conn.execute(ranked)).all()]
