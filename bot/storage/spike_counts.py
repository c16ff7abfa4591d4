"""Distinct comments by hour of each series: of whom, where, in which campaign, by which farm.

A comment counts in the hour in which it was posted, where that is known; a forwarded one of unknown date, in the hour
in which it came. Hours are counted anew when one of their comments came, was edited or was withdrawn, so that whatever
is counted twice is the same.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.spike import HourCount, Series, SeriesKind
from bot.storage.tables import (
    accounts,
    comments,
    farm_members,
    spike_marks,
    spike_mentions,
    submission_parts,
    submissions,
    texts,
)
from bot.storage.tables import spike_counts as t
from bot.storage.tables import spike_cursors as cursors
from bot.storage.upsert import insert_ignoring

_c, _m = comments.c, spike_marks.c
_SINCE = sa.func.coalesce(_c.posted_at, _c.added_at)
# Several colleagues forward the same comment: it was still posted once.
_ONCE = sa.case(
    (
        sa.and_(_c.author_key.is_not(None), _c.submission_id.is_not(None)),
        _c.author_key.concat(" ").concat(sa.cast(_SINCE, sa.Text)).concat(" ").concat(sa.cast(_c.text_key, sa.Text)),
    ),
    else_=sa.cast(_c.id, sa.Text),
)
# Whose it is, too: in which part of the table it lies.
_OF_MARK = sa.and_(_c.id == _m.comment_id, _c.newsroom_id == _m.newsroom_id)
_OF_MENTION = sa.and_(spike_mentions.c.comment_id == _c.id, spike_mentions.c.newsroom_id == _c.newsroom_id)
_HOURS_AT_ONCE: Final = 200


async def hourly(
    conn: AsyncConnection, newsroom_id: int, series: Series, start: datetime, end: datetime
) -> list[HourCount]:
    """The hours of [start, end) in which something came, in order."""
    query = sa.select(t.c.hour, t.c.comments, t.c.copies).where(
        t.c.newsroom_id == newsroom_id, t.c.kind == series.kind.value, t.c.ref == series.ref
    )
    query = query.where(t.c.hour >= start, t.c.hour < end).order_by(t.c.hour)
    return [HourCount(hour=r.hour, comments=r.comments, copies=r.copies) for r in (await conn.execute(query)).all()]


async def since(
    conn: AsyncConnection, newsroom_id: int, start: datetime
) -> list[tuple[SeriesKind, str, datetime, int, int]]:
    """Every series' hours since a moment: kind, ref, hour, comments, copies."""
    query = sa.select(t.c.kind, t.c.ref, t.c.hour, t.c.comments, t.c.copies).where(
        t.c.newsroom_id == newsroom_id, t.c.hour >= start
    )
    rows = (await conn.execute(query.order_by(t.c.hour))).all()
    return [(SeriesKind(r.kind), r.ref, r.hour, r.comments, r.copies) for r in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """How far the counting came, when recent hours were counted anew, when all series were scanned."""

    comment_id: int
    withdrawn_to: datetime
    recounted_at: datetime | None
    scanned_at: datetime | None


async def cursor(conn: AsyncConnection, newsroom_id: int, now: datetime) -> Cursor:
    """The newsroom's cursor, made where there is none, and held: nobody else counts until the transaction ends."""
    row = {"newsroom_id": newsroom_id, "comment_id": 0, "withdrawn_to": now, "number": 0}
    await insert_ignoring(conn, cursors, [row], ["newsroom_id"])
    query = sa.select(cursors).where(cursors.c.newsroom_id == newsroom_id).with_for_update()
    found = (await conn.execute(query)).one()
    return Cursor(
        comment_id=found.comment_id,
        withdrawn_to=found.withdrawn_to,
        recounted_at=found.recounted_at,
        scanned_at=found.scanned_at,
    )


async def move(conn: AsyncConnection, newsroom_id: int, **values: Any) -> None:
    """Move the cursor on."""
    await conn.execute(sa.update(cursors).where(cursors.c.newsroom_id == newsroom_id).values(**values))


async def any_new(conn: AsyncConnection, newsroom_id: int) -> bool:
    """Whether there is something that was not counted yet."""
    at = sa.select(cursors.c.comment_id).where(cursors.c.newsroom_id == newsroom_id).scalar_subquery()
    upto = sa.select(cursors.c.withdrawn_to).where(cursors.c.newsroom_id == newsroom_id).scalar_subquery()
    after = sa.func.coalesce(at, 0)
    new = sa.select(sa.literal(1)).where(_c.id > after, _c.newsroom_id == newsroom_id).limit(1)
    gone = sa.select(sa.literal(1)).where(_c.newsroom_id == newsroom_id, _c.withdrawn_at > upto).limit(1)
    return (await conn.scalar(new)) is not None or (await conn.scalar(gone)) is not None


async def fresh(conn: AsyncConnection, newsroom_id: int, after: int, limit: int) -> Sequence[Any]:
    """The next comments: id, text, post, author_key, finding of its message, moment (None: nobody knows when)."""
    told = sa.case((sa.and_(_c.posted_at.is_(None), _c.submission_id.is_(None)), sa.null()), else_=_SINCE)
    query = (
        sa.select(_c.id, _c.text, _c.post, _c.source, submission_parts.c.finding, _c.added_at)
        .add_columns(sa.type_coerce(told, _c.added_at.type).label("moment"))
        .outerjoin(submission_parts, submission_parts.c.id == _c.part_id)
        .where(_c.newsroom_id == newsroom_id, _c.id > after)
        .order_by(_c.id)
        .limit(limit)
    )
    return (await conn.execute(query)).all()


async def mark(
    conn: AsyncConnection, newsroom_id: int, hours: Mapping[int, datetime], about: Collection[tuple[int, int]]
) -> None:
    """In which hour comments count, and whom they are about: pairs of comment and staff id."""
    rows = [{"comment_id": c, "newsroom_id": newsroom_id, "hour": hour} for c, hour in hours.items()]
    if rows:
        await insert_ignoring(conn, spike_marks, rows)
    named = [{"comment_id": c, "staff_id": s, "newsroom_id": newsroom_id} for c, s in about]
    if named:
        await insert_ignoring(conn, spike_mentions, named)


async def withdrawn_since(conn: AsyncConnection, newsroom_id: int, moment: datetime) -> set[datetime]:
    """Hours of which a comment was withdrawn since a moment."""
    query = sa.select(_m.hour).distinct().join(comments, _OF_MARK)
    query = query.where(_m.newsroom_id == newsroom_id, _c.withdrawn_at >= moment)
    return set((await conn.execute(query)).scalars())


async def hours_since(conn: AsyncConnection, newsroom_id: int, moment: datetime) -> set[datetime]:
    """Hours since a moment in which a comment counts."""
    query = sa.select(_m.hour).distinct().where(_m.newsroom_id == newsroom_id, _m.hour >= moment)
    return set((await conn.execute(query)).scalars())


async def recount(conn: AsyncConnection, newsroom_id: int, hours: Collection[datetime]) -> None:
    """Count these hours anew, of every series."""
    ordered = sorted(hours)
    for start in range(0, len(ordered), _HOURS_AT_ONCE):
        some = ordered[start : start + _HOURS_AT_ONCE]
        await conn.execute(sa.delete(t).where(t.c.newsroom_id == newsroom_id, t.c.hour.in_(some)))
        for kind in SeriesKind:
            counted = _counted(newsroom_id, kind, _m.hour.in_(some))
            names = ["newsroom_id", "kind", "ref", "hour", "comments", "copies"]
            await conn.execute(sa.insert(t).from_select(names, counted))


def _counted(newsroom_id: int, kind: SeriesKind, when: sa.ColumnElement[bool]) -> sa.Select[Any]:
    pairs = pairs_of(newsroom_id, kind, when).subquery("pairs")
    return sa.select(
        sa.literal(newsroom_id, type_=sa.BigInteger),
        sa.literal(kind.value),
        pairs.c.ref,
        pairs.c.hour,
        sa.func.count(pairs.c.once.distinct()),
        sa.func.count(sa.case((pairs.c.is_copy, pairs.c.once)).distinct()),
    ).group_by(pairs.c.ref, pairs.c.hour)


def pairs_of(
    newsroom_id: int, kind: SeriesKind, when: sa.ColumnElement[bool], ref: str | None = None
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """A row for each standing comment and series of a kind that it is in; of one series with `ref`.

    Columns: ref, hour, comment_id, once (the same for what is one comment), is_copy, campaign_id, author_key, post.
    """
    base = (
        sa.select(spike_marks.c.hour)
        .select_from(spike_marks)
        .join(comments, _OF_MARK)
        .outerjoin(texts, sa.and_(texts.c.newsroom_id == _c.newsroom_id, texts.c.text_key == _c.text_key))
        .where(_m.newsroom_id == newsroom_id, _c.withdrawn_at.is_(None), when)
    )
    parts = []
    for joined, column in _JOINS[kind](base):
        of = joined if ref is None else joined.where(column == ref)
        parts.append(
            of.add_columns(
                column.label("ref"),
                _c.id.label("comment_id"),
                _ONCE.label("once"),
                _is_copy().label("is_copy"),
                texts.c.campaign_id.label("campaign_id"),
                _c.author_key.label("author_key"),
                _c.post.label("post"),
            )
        )
    return parts[0] if len(parts) == 1 else sa.union_all(*parts)


def in_hours(start: datetime, end: datetime) -> sa.ColumnElement[bool]:
    """The hours of [start, end), for `pairs_of`."""
    return sa.and_(_m.hour >= start, _m.hour < end)


_Joined = list[tuple[sa.Select[Any], sa.ColumnElement[Any]]]


def _of_target(base: sa.Select[Any]) -> _Joined:
    """By the words, or as a person said of the case."""
    named = base.join(spike_mentions, _OF_MENTION)
    ruled = base.join(submissions, submissions.c.id == _c.submission_id).where(submissions.c.target_id.is_not(None))
    ids = (named, spike_mentions.c.staff_id), (ruled, submissions.c.target_id)
    return [(part, sa.cast(column, sa.String)) for part, column in ids]


def _of_platform(base: sa.Select[Any]) -> _Joined:
    """Where it was posted; what Telegram forwarded of a hidden author was posted there."""
    forwarded = sa.and_(_c.submission_id.is_not(None), _c.source.like("telegram:%"), _c.source.not_like("%#%"))
    where = sa.func.coalesce(_c.platform, sa.case((forwarded, "telegram")))
    return [(base.where(where.is_not(None)), where)]


def _of_campaign(base: sa.Select[Any]) -> _Joined:
    return [(base.where(texts.c.campaign_id.is_not(None)), sa.cast(texts.c.campaign_id, sa.String))]


def _of_farm(base: sa.Select[Any]) -> _Joined:
    """By an account of which a person said that it belongs to a farm."""
    run = farm_authors().subquery("run")
    joined = sa.and_(run.c.newsroom_id == _c.newsroom_id, run.c.author_key == _c.author_key)
    return [(base.join(run, joined), sa.cast(run.c.farm_id, sa.String))]


_JOINS: Final = {
    SeriesKind.TARGET: _of_target,
    SeriesKind.PLATFORM: _of_platform,
    SeriesKind.CAMPAIGN: _of_campaign,
    SeriesKind.FARM: _of_farm,
}


def farm_authors() -> sa.Select[Any]:
    """Under which keys the accounts of farms comment: newsroom_id, farm_id, author_key."""
    a, m = accounts.c, farm_members.c
    parts = [
        sa.select(m.newsroom_id, m.farm_id, a.platform.concat(":").concat(name).label("author_key"))
        .join(accounts, a.id == m.account_id)
        .where(m.ended_at.is_(None), name.is_not(None))
        for name in (a.handle_key, a.numeric_id)
    ]
    joined = sa.union(*parts).subquery("farm_authors")
    return sa.select(joined.c.newsroom_id, joined.c.farm_id, joined.c.author_key)


def _is_copy() -> sa.ColumnElement[bool]:
    """Of a campaign, or of words that somebody else had posted before."""
    other = comments.alias("other")
    before = sa.exists(
        sa.select(sa.literal(1)).where(
            other.c.newsroom_id == _c.newsroom_id,
            other.c.text_key == _c.text_key,
            other.c.id < _c.id,
            other.c.withdrawn_at.is_(None),
            other.c.author_key != _c.author_key,
        )
    )
    return sa.or_(texts.c.campaign_id.is_not(None), before)


async def recounted(conn: AsyncConnection, newsroom_id: int) -> datetime | None:
    """When all recent hours were counted anew."""
    found: datetime | None = await conn.scalar(
        sa.select(cursors.c.recounted_at).where(cursors.c.newsroom_id == newsroom_id)
    )
    return found


async def counted_to(conn: AsyncConnection, newsroom_id: int) -> int:
    """The last comment that was counted."""
    return int(await conn.scalar(sa.select(cursors.c.comment_id).where(cursors.c.newsroom_id == newsroom_id)) or 0)


async def scanned(conn: AsyncConnection, newsroom_id: int) -> datetime | None:
    """When all series were scanned."""
    found: datetime | None = await conn.scalar(
        sa.select(cursors.c.scanned_at).where(cursors.c.newsroom_id == newsroom_id)
    )
    return found
