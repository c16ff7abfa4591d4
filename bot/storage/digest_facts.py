"""What happened in a newsroom within a span, as digests tell it. Counted by the database, by when it became known here.

A comment counts in the window in which it reached the newsroom, not in the one in which it was posted: what is reported
late is told late, but it is told.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus, account_label
from bot.model.campaign import CampaignLine
from bot.model.digest import Figures, NamedAccount, NamedCampaign, NamedCase, NamedThreat
from bot.model.submission import SubmissionState
from bot.model.takedown import TakedownStatus
from bot.model.threat import Status
from bot.storage import campaign_figures
from bot.storage.tables import (
    account_details,
    accounts,
    campaigns,
    comments,
    farm_members,
    farms,
    history,
    staff,
    submissions,
    takedowns,
    texts,
    threats,
)

_c, _s = comments.c, submissions.c
_WORDS_OF = {"confirmed": AccountStatus.CONFIRMED, "cleared": AccountStatus.CLEARED, "gone": AccountStatus.GONE}
_NO_THREAT: Final = (Status.DISMISSED.value, Status.WITHDRAWN.value)
_LEVELS: Final = {"threat": 0, "review": 1, "violent_call": 2}
_AUTHORS: Final = 500
# Several colleagues forward the same comment: it was still posted once.
_ONCE: Final = sa.case(
    (
        sa.and_(_c.author_key.is_not(None), _c.posted_at.is_not(None)),
        _c.author_key.concat(" ")
        .concat(sa.cast(_c.posted_at, sa.Text))
        .concat(" ")
        .concat(sa.cast(_c.text_key, sa.Text)),
    ),
    else_=sa.cast(_c.id, sa.Text),
)


class Span(NamedTuple):
    """A window: from `since` on, and before `until`."""

    since: datetime
    until: datetime

    def holds(self, moment: Any) -> sa.ColumnElement[bool]:
        """Whether a column's moment lies in it."""
        return sa.and_(moment >= self.since, moment < self.until)


async def figures(conn: AsyncConnection, newsroom_id: int, span: Span) -> Figures:
    """The numbers of a window."""
    said = await accounts_told(conn, newsroom_id, span)
    told = [each.said for each in said]
    t, a = takedowns.c, accounts.c
    counted, repeated = await _comments(conn, newsroom_id, span)
    alarming = await _threats(conn, newsroom_id, span)
    is_sent = t.status.not_in([TakedownStatus.DRAFT.value, TakedownStatus.WITHDRAWN.value])
    is_removed = sa.and_(span.holds(t.closed_at), t.status == TakedownStatus.REMOVED.value)
    return Figures(
        cases=await _count(conn, submissions, *_filed(newsroom_id, span)),
        comments=counted,
        repeated=repeated,
        by_fakes=await _by_fakes(conn, newsroom_id, span),
        listed=await _count(conn, accounts, a.newsroom_id == newsroom_id, span.holds(a.listed_at)),
        confirmed=told.count("confirmed"),
        cleared=told.count("cleared"),
        gone=told.count("gone"),
        sent=await _count(conn, takedowns, t.newsroom_id == newsroom_id, span.holds(t.sent_at), is_sent),
        removed=await _count(conn, takedowns, t.newsroom_id == newsroom_id, is_removed),
        threats=alarming[0],
        imminent=alarming[1],
        farm_members=sum(count for _, count in await farms_grown(conn, newsroom_id, span)),
    )


def _filed(newsroom_id: int, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    is_case = _s.state.in_([SubmissionState.CASE.value, SubmissionState.ASKING.value])
    return (_s.newsroom_id == newsroom_id, span.holds(_s.opened_at), _s.number.is_not(None), is_case)


def _reported(newsroom_id: int, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    # What an import brings is an archive more often than news: campaigns count it, the day's comments do not.
    reported = (_c.submission_id.is_not(None), _c.withdrawn_at.is_(None))
    return (_c.newsroom_id == newsroom_id, span.holds(_c.added_at), *reported)


async def _comments(conn: AsyncConnection, newsroom_id: int, span: Span) -> tuple[int, int]:
    """Distinct comments that members reported; how many of them have a text that was there before."""
    earlier = comments.alias("earlier").c
    is_repeated = sa.exists().where(
        earlier.newsroom_id == newsroom_id,
        earlier.text_key == _c.text_key,
        earlier.id < _c.id,
        earlier.withdrawn_at.is_(None),
        sa.or_(earlier.author_key.is_(None), _c.author_key.is_(None), earlier.author_key != _c.author_key),
    )
    where = _reported(newsroom_id, span)
    once = sa.func.count(_ONCE.distinct())
    total = int(await conn.scalar(sa.select(once).where(*where)) or 0)
    return total, int(await conn.scalar(sa.select(once).where(*where, is_repeated)) or 0)


async def _by_fakes(conn: AsyncConnection, newsroom_id: int, span: Span) -> int:
    """Distinct comments by accounts that two people confirmed."""
    by = sa.select(_c.author_key, sa.func.count(_ONCE.distinct()).label("times"))
    by = by.where(*_reported(newsroom_id, span), _c.author_key.is_not(None)).group_by(_c.author_key)
    times = {row.author_key: int(row.times) for row in (await conn.execute(by)).all()}
    a = accounts.c
    known: set[str] = set()
    names = sorted({key.partition(":")[2] for key in times})
    for start in range(0, len(names), _AUTHORS):
        some = names[start : start + _AUTHORS]
        query = sa.select(a.platform, a.handle_key, a.numeric_id).where(
            a.newsroom_id == newsroom_id,
            a.status == AccountStatus.CONFIRMED.value,
            sa.or_(a.handle_key.in_(some), a.numeric_id.in_(some)),
        )
        for row in (await conn.execute(query)).all():
            known |= {f"{row.platform}:{row.handle_key}", f"{row.platform}:{row.numeric_id}"}
    return sum(count for key, count in times.items() if key in known)


async def _threats(conn: AsyncConnection, newsroom_id: int, span: Span) -> tuple[int, int]:
    t = threats.c
    is_live = (t.newsroom_id == newsroom_id, span.holds(t.recorded_at), t.status.not_in(_NO_THREAT))
    return await _count(conn, threats, *is_live), await _count(conn, threats, *is_live, t.imminent.is_(True))


async def cases(conn: AsyncConnection, newsroom_id: int, span: Span, limit: int) -> list[NamedCase]:
    """The cases of a window that are worth a look: threats first, then what may be one, then the latest."""
    rank = sa.case(_LEVELS, value=_s.level, else_=3)
    query = sa.select(_s.id, _s.number, _s.level, _s.opened_at).where(*_filed(newsroom_id, span))
    query = query.order_by(rank, _s.number.desc()).limit(limit)
    return [
        NamedCase(submission_id=row.id, number=row.number, level=row.level, opened_at=row.opened_at)
        for row in (await conn.execute(query)).all()
    ]


async def platforms(conn: AsyncConnection, newsroom_id: int, span: Span) -> dict[str, int]:
    """Distinct reported comments by platform."""
    query = sa.select(_c.platform, sa.func.count(_ONCE.distinct()).label("times"))
    query = query.where(*_reported(newsroom_id, span)).group_by(_c.platform)
    return {row.platform or "other": int(row.times) for row in (await conn.execute(query)).all()}


async def targets(conn: AsyncConnection, newsroom_id: int, span: Span) -> dict[str, int]:
    """Cases by whom people said they are aimed at."""
    query = sa.select(staff.c.name, sa.func.count().label("times")).join(staff, staff.c.id == _s.target_id)
    query = query.where(*_filed(newsroom_id, span)).group_by(staff.c.name)
    return {row.name: int(row.times) for row in (await conn.execute(query)).all()}


async def threats_recorded(conn: AsyncConnection, newsroom_id: int, span: Span, limit: int) -> list[NamedThreat]:
    """The records of a window, the gravest first."""
    t = threats.c
    query = sa.select(t.id, t.number, t.kinds, t.severity, t.imminent, t.status, t.times)
    query = query.where(t.newsroom_id == newsroom_id, span.holds(t.recorded_at), t.status.not_in(_NO_THREAT))
    rows = (await conn.execute(query.order_by(t.imminent.desc(), t.severity.desc(), t.number).limit(limit))).all()
    return [
        NamedThreat(
            threat_id=row.id,
            number=row.number,
            kinds=tuple(row.kinds),
            severity=row.severity,
            imminent=row.imminent,
            status=row.status,
            times=row.times,
        )
        for row in rows
    ]


async def kinds(conn: AsyncConnection, newsroom_id: int, span: Span) -> dict[str, int]:
    """How many records of a window are of each kind; one may be of several."""
    t = threats.c
    query = sa.select(t.kinds).where(
        t.newsroom_id == newsroom_id, span.holds(t.recorded_at), t.status.not_in(_NO_THREAT)
    )
    found: dict[str, int] = {}
    for row in (await conn.execute(query)).scalars():
        for kind in row:
            found[kind] = found.get(kind, 0) + 1
    return found


async def campaigns_seen(conn: AsyncConnection, newsroom_id: int, span: Span, limit: int) -> list[NamedCampaign]:
    """The campaigns with the most comments that came in a window."""
    t, g = texts.c, campaigns.c
    seen = (
        sa.select(t.campaign_id, sa.func.count(_ONCE.distinct()).label("times"))
        .join(comments, sa.and_(_c.newsroom_id == t.newsroom_id, _c.text_key == t.text_key))
        .where(t.newsroom_id == newsroom_id, t.campaign_id.is_not(None), _c.withdrawn_at.is_(None))
        .where(span.holds(_c.added_at))
        .group_by(t.campaign_id)
        .order_by(sa.desc("times"), t.campaign_id)
        .limit(limit)
    )
    times = {row.campaign_id: int(row.times) for row in (await conn.execute(seen)).all()}
    lines = await campaign_figures.lines(conn, newsroom_id, list(times))
    begun = sa.select(g.id).where(g.newsroom_id == newsroom_id, g.id.in_(list(times)), span.holds(g.started_at))
    new = set((await conn.execute(begun)).scalars())
    named = [_named(line, times[line.campaign.id], line.campaign.id in new) for line in lines]
    return sorted(named, key=lambda each: (-each.times, each.number))


def _named(line: CampaignLine, times: int, is_new: bool) -> NamedCampaign:
    return NamedCampaign(
        campaign_id=line.campaign.id,
        number=line.campaign.number,
        name=line.campaign.name,
        times=times,
        accounts=line.accounts,
        fakes=line.fakes,
        is_new=is_new,
    )


async def accounts_told(conn: AsyncConnection, newsroom_id: int, span: Span) -> list[NamedAccount]:
    """Accounts that were confirmed, cleared or gone in a window and still are; each once."""
    a, h = accounts.c, history.c
    query = (
        sa.select(a.id, a.platform, a.handle, a.numeric_id, a.status, sa.func.min(h.id).label("told"))
        .join(history, sa.and_(h.newsroom_id == a.newsroom_id, h.subject == "account", h.subject_id == a.id))
        .where(a.newsroom_id == newsroom_id, a.changed_at >= span.since, span.holds(h.at))
        .where(h.event == a.status, a.status.in_([status.value for status in _WORDS_OF.values()]))
        .group_by(a.id, a.platform, a.handle, a.numeric_id, a.status)
        .order_by("told")
    )
    return [
        NamedAccount(
            account_id=row.id, label=account_label(row.platform, row.handle, row.numeric_id, ()), said=row.status
        )
        for row in (await conn.execute(query)).all()
    ]


async def farms_grown(conn: AsyncConnection, newsroom_id: int, span: Span) -> list[tuple[str, int]]:
    """Farms to which people joined accounts in a window: label, how many."""
    m = farm_members.c
    query = (
        sa.select(farms.c.number, sa.func.count().label("joined"))
        .join(farm_members, m.farm_id == farms.c.id)
        .where(m.newsroom_id == newsroom_id, span.holds(m.at), m.ended_at.is_(None))
        .group_by(farms.c.number)
        .order_by(sa.desc("joined"), farms.c.number)
    )
    return [(f"F-{row.number}", int(row.joined)) for row in (await conn.execute(query)).all()]


async def account_states(
    conn: AsyncConnection, newsroom_id: int, account_ids: Collection[int]
) -> dict[int, tuple[AccountStatus, bool]]:
    """What these accounts are now, and whether each was taken off the list."""
    a, d = accounts.c, account_details.c
    query = sa.select(a.id, a.status, d.withdrawn_at).outerjoin(account_details, d.account_id == a.id)
    query = query.where(a.newsroom_id == newsroom_id, a.id.in_(list(account_ids)))
    return {
        row.id: (AccountStatus(row.status), row.withdrawn_at is not None) for row in (await conn.execute(query)).all()
    }


async def threat_states(conn: AsyncConnection, newsroom_id: int, threat_ids: Collection[int]) -> dict[int, Status]:
    """Where these records stand now."""
    t = threats.c
    query = sa.select(t.id, t.status).where(t.newsroom_id == newsroom_id, t.id.in_(list(threat_ids)))
    return {row.id: Status(row.status) for row in (await conn.execute(query)).all()}


async def case_states(
    conn: AsyncConnection, newsroom_id: int, submission_ids: Collection[int]
) -> dict[int, tuple[SubmissionState, str]]:
    """State and level of these cases now."""
    query = sa.select(_s.id, _s.state, _s.level).where(_s.newsroom_id == newsroom_id, _s.id.in_(list(submission_ids)))
    return {row.id: (SubmissionState(row.state), row.level) for row in (await conn.execute(query)).all()}


async def _count(conn: AsyncConnection, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return int(await conn.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0)
