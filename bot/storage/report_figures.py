"""What reports over a period say of Kalkan's own archive: comments, cases, threats, campaigns, removals of a window.

Counted by the database; a comment that several colleagues forwarded counts once, as everywhere.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.storage.farm_activity import author_keys
from bot.storage.tables import (
    account_details,
    accounts,
    campaigns,
    comments,
    history,
    staff,
    submissions,
    texts,
    threats,
)

_c, _t = comments.c, texts.c
_SINCE = sa.func.coalesce(_c.posted_at, _c.added_at)
_IS_KNOWN_ONCE = sa.and_(_c.author_key.is_not(None), _c.submission_id.is_not(None))
_POSTED = sa.case((_IS_KNOWN_ONCE, _c.author_key.concat(" ").concat(sa.cast(_SINCE, sa.Text))))
_TIMES = sa.cast(sa.func.sum(sa.case((_IS_KNOWN_ONCE, 0), else_=1)) + sa.func.count(_POSTED.distinct()), sa.BigInteger)
_NO_THREAT = ("withdrawn", "dismissed")

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """Who wrote how many comments; without a key it is not known whether they are one or many."""

    key: str | None
    platform: str
    comments: int


async def authors(conn: AsyncConnection, newsroom_id: int, span: Span) -> list[Author]:
    """Whose comments were posted (else: sent in) from the first moment of a span until before its end."""
    platform = sa.func.coalesce(_c.platform, "")
    query = sa.select(_c.author_key, platform.label("platform"), _TIMES.label("times"))
    rows = (await conn.execute(_within(query, newsroom_id, span).group_by(_c.author_key, platform))).all()
    return [Author(key=row.author_key, platform=row.platform, comments=int(row.times)) for row in rows]


async def by_minute(conn: AsyncConnection, newsroom_id: int, span: Span) -> list[tuple[datetime, int]]:
    """How many comments in which minute; minutes without any are left out."""
    if conn.dialect.name == "postgresql":
        minute: Any = sa.func.to_char(sa.func.timezone("UTC", _SINCE), "YYYY-MM-DD HH24:MI")
    else:
        minute = sa.func.strftime("%Y-%m-%d %H:%M", _SINCE)
    # By its label: PostgreSQL takes the same expression with other parameters for another one.
    query = sa.select(minute.label("minute"), _TIMES.label("times"))
    rows = (await conn.execute(_within(query, newsroom_id, span).group_by(sa.text("minute")))).all()
    return [(datetime.strptime(row.minute, "%Y-%m-%d %H:%M").replace(tzinfo=UTC), int(row.times)) for row in rows]


async def known_fakes(
    conn: AsyncConnection, newsroom_id: int, left_out: Collection[int] = frozenset()
) -> dict[str, str]:
    """Under which author keys comments of listed accounts stand: key to "confirmed" or "suspected".

    Of suspected ones those are `left_out` that do not count, and those that were taken off the list. An account that
    its platform removed is confirmed when two people had confirmed it before, else suspected.
    """
    a, d, h = accounts.c, account_details.c, history.c
    statuses = [each.value for each in (AccountStatus.CONFIRMED, AccountStatus.SUSPECTED, AccountStatus.GONE)]
    query = sa.select(a.id, a.platform, a.handle_key, a.numeric_id, a.status)
    query = query.add_columns(d.withdrawn_at).outerjoin(account_details, d.account_id == a.id)
    rows = (await conn.execute(query.where(a.newsroom_id == newsroom_id, a.status.in_(statuses)))).all()
    was = sa.select(h.subject_id).where(h.newsroom_id == newsroom_id, h.subject == "account", h.event == "confirmed")
    confirmed = set((await conn.execute(was.distinct())).scalars())
    found = {}
    for row in rows:
        if row.status == AccountStatus.SUSPECTED.value and (row.id in left_out or row.withdrawn_at is not None):
            continue
        is_sure = row.status == AccountStatus.CONFIRMED.value or (
            row.status == AccountStatus.GONE.value and row.id in confirmed
        )
        for key in author_keys(row.platform, row.handle_key, row.numeric_id):
            found[key] = "confirmed" if is_sure else "suspected"
    return found


async def cases(conn: AsyncConnection, newsroom_id: int, span: Span) -> int:
    """Cases that were opened and not taken back."""
    s = submissions.c
    query = sa.select(sa.func.count()).where(
        s.newsroom_id == newsroom_id, s.number.is_not(None), s.state != "withdrawn"
    )
    return int(await conn.scalar(query.where(s.opened_at >= span[0], s.opened_at < span[1])) or 0)


async def threats_seen(conn: AsyncConnection, newsroom_id: int, span: Span) -> int:
    """Recorded threats that were first seen then."""
    t = threats.c
    query = sa.select(sa.func.count()).where(t.newsroom_id == newsroom_id, t.status.not_in(_NO_THREAT))
    return int(await conn.scalar(query.where(t.first_seen >= span[0], t.first_seen < span[1])) or 0)


async def removed(conn: AsyncConnection, newsroom_id: int, span: Span) -> int:
    """Accounts of which somebody noted then that their platform had removed them."""
    h = history.c
    query = sa.select(sa.func.count(h.subject_id.distinct())).where(
        h.newsroom_id == newsroom_id, h.subject == "account", h.event == "gone", h.at >= span[0], h.at < span[1]
    )
    return int(await conn.scalar(query) or 0)


async def campaigns_in(conn: AsyncConnection, newsroom_id: int, span: Span) -> dict[int, tuple[int, str, int, int]]:
    """Campaigns with comments then: id to number, name, how many comments, by how many known authors."""
    k = campaigns.c
    joined = comments.join(texts, sa.and_(_t.newsroom_id == _c.newsroom_id, _t.text_key == _c.text_key))
    joined = joined.join(campaigns, k.id == _t.campaign_id)
    signed = sa.func.count(_c.author_key.distinct()).label("signed")
    query = sa.select(k.id, k.number, k.name, _TIMES.label("times"), signed).select_from(joined)
    rows = (await conn.execute(_within(query, newsroom_id, span).group_by(k.id, k.number, k.name))).all()
    return {row.id: (row.number, row.name, int(row.times), row.signed) for row in rows}


async def targets_in(conn: AsyncConnection, newsroom_id: int, span: Span) -> dict[str, int]:
    """At whom the comments of cases were aimed, as people or the detector say: name to how many."""
    joined = comments.join(submissions, submissions.c.id == _c.submission_id)
    joined = joined.join(staff, staff.c.id == submissions.c.target_id)
    query = sa.select(staff.c.name, _TIMES.label("times")).select_from(joined)
    rows: Sequence[Any] = (await conn.execute(_within(query, newsroom_id, span).group_by(staff.c.name))).all()
    return {row.name: int(row.times) for row in rows}


def _within(query: sa.Select[Any], newsroom_id: int, span: Span) -> sa.Select[Any]:
    counted = sa.and_(_c.newsroom_id == newsroom_id, _c.withdrawn_at.is_(None))
    return query.where(counted, span[0] <= _SINCE, span[1] > _SINCE)
