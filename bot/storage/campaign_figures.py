"""What is said of campaigns: how often, by whom, when, under what and at whom. Counted by the database, never here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus, account_label
from bot.model.campaign import CampaignLine, CampaignText
from bot.storage import campaigns as archive
from bot.storage.tables import (
    accounts,
    campaign_parts,
    campaign_pictures,
    campaigns,
    comments,
    history,
    members,
    photos,
    staff,
    stock_phrases,
    submissions,
    threat_sightings,
    threats,
)
from bot.storage.tables import texts as texts_table

_t, _c, _p = texts_table.c, comments.c, campaign_pictures.c
_SINCE = sa.func.coalesce(_c.posted_at, _c.added_at)
# Several colleagues forward the same comment: it was still posted once.
_IS_KNOWN_ONCE = sa.and_(_c.author_key.is_not(None), _c.submission_id.is_not(None))
_POSTED = sa.case((_IS_KNOWN_ONCE, _c.author_key.concat(" ").concat(sa.cast(_SINCE, sa.Text))))
_TIMES = sa.func.sum(sa.case((_IS_KNOWN_ONCE, 0), else_=1)) + sa.func.count(_POSTED.distinct())
_ACCOUNTS = sa.func.count(_c.author_key.distinct())
# The same of a picture.
_SHOWN = sa.func.count(_p.author_key.concat(" ").concat(sa.cast(_p.seen_at, sa.Text)).distinct())
_NO_THREAT = ("withdrawn", "dismissed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """Campaigns are asked for by whom they are aimed at: staff ids, and whose cases may say so (None: everybody's)."""

    staff_ids: tuple[int, ...]
    member_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TextCount:
    """How often a text was posted; `first_seen` and `last_seen` are those of its whole campaign."""

    number: int
    words: str
    times: int
    first_seen: datetime
    last_seen: datetime


async def commonest(conn: AsyncConnection, newsroom_id: int, campaign_id: int, limit: int) -> list[TextCount]:
    """The texts of a campaign that were posted most often, the earliest first among equals."""
    first = sa.func.min(sa.func.min(_SINCE)).over().label("first_seen")
    last = sa.func.max(sa.func.max(_SINCE)).over().label("last_seen")
    query = _of_campaigns([_t.number, _t.words, _TIMES.label("times"), first, last], newsroom_id, [campaign_id])
    query = query.group_by(_t.number, _t.words).order_by(sa.desc("times"), _t.number).limit(limit)
    return [TextCount(**row) for row in (await conn.execute(query)).mappings().all()]


async def first_written(conn: AsyncConnection, newsroom_id: int, number: int) -> str | None:
    """A text as it was first written."""
    query = sa.select(_original()).where(_t.newsroom_id == newsroom_id, _t.number == number)
    found: str | None = await conn.scalar(query)
    return found


async def texts(
    conn: AsyncConnection, newsroom_id: int, campaign_id: int, limit: int, offset: int = 0
) -> tuple[CampaignText, ...]:
    """The texts of a campaign, those posted most often first."""
    counted = _of_campaigns(
        [_t.newsroom_id, _t.number, _t.text_key, _TIMES.label("times"), _ACCOUNTS.label("accounts")],
        newsroom_id,
        [campaign_id],
    )
    counted = counted.group_by(_t.newsroom_id, _t.number, _t.text_key).order_by(sa.desc("times"), _t.number)
    page = counted.limit(limit).offset(offset).subquery()
    query = sa.select(page.c.number, page.c.times, page.c.accounts, _original(page.c).label("text"))
    rows = (await conn.execute(query.order_by(page.c.times.desc(), page.c.number))).mappings().all()
    return tuple(CampaignText(**row) for row in rows)


async def text_count(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> int:
    """How many texts of a campaign have comments that count."""
    query = _of_campaigns([sa.func.count(_t.number.distinct())], newsroom_id, [campaign_id])
    return int(await conn.scalar(query) or 0)


async def newest(
    conn: AsyncConnection, newsroom_id: int, since: datetime | None, aim: Aim | None, limit: int, offset: int
) -> list[int]:
    """Ids of the campaigns that were seen last; merged ones and those without a comment that counts are left out."""
    t = campaigns.c
    is_live = _of_campaigns([sa.literal(1)], newsroom_id, None).where(_t.campaign_id == t.id)
    shown = _pictured([sa.literal(1)], newsroom_id).where(_p.campaign_id == t.id)
    is_live_too = sa.or_(is_live.exists(), shown.exists())
    query = sa.select(t.id).where(t.newsroom_id == newsroom_id, t.merged_into.is_(None), is_live_too)
    if since is not None:
        query = query.where(t.last_seen >= since)
    if aim is not None:
        query = query.where(t.id.in_(_aimed(newsroom_id, aim)))
    query = query.order_by(t.last_seen.desc(), t.id.desc()).limit(limit).offset(offset)
    return list((await conn.execute(query)).scalars())


async def lines(conn: AsyncConnection, newsroom_id: int, ids: Sequence[int]) -> list[CampaignLine]:
    """These campaigns with their figures, in this order."""
    known = await archive.by_ids(conn, newsroom_id, ids)
    who = _of_campaigns(
        [_t.campaign_id, _c.author_key, sa.func.max(_c.platform).label("platform"), _TIMES.label("times")],
        newsroom_id,
        ids,
    )
    author = who.group_by(_t.campaign_id, _c.author_key).subquery("author").c
    fakes = sa.func.sum(sa.case((_is_fake(newsroom_id, author), 1), else_=0)).label("fakes")
    times, signed = sa.func.sum(author.times).label("times"), sa.func.count(author.author_key).label("accounts")
    query = sa.select(author.campaign_id, times, signed, fakes).group_by(author.campaign_id)
    under = _of_campaigns([_t.campaign_id, sa.func.count(_c.post.distinct()).label("posts")], newsroom_id, ids)
    posts_of = {row.campaign_id: row.posts for row in (await conn.execute(under.group_by(_t.campaign_id))).all()}
    counted = {
        row.campaign_id: {"times": int(row.times), "accounts": row.accounts, "fakes": int(row.fakes)}
        for row in (await conn.execute(query)).all()
    }
    nothing = {"times": 0, "accounts": 0, "fakes": 0}
    pictured = await _picture_counts(conn, newsroom_id, ids)
    return [
        CampaignLine(campaign=known[i], **pictured[i])
        if i in pictured
        else CampaignLine(campaign=known[i], **counted.get(i, nothing), posts=posts_of.get(i, 0))
        for i in ids
        if i in known
    ]


async def authors(conn: AsyncConnection, newsroom_id: int, campaign_id: int, limit: int) -> tuple[tuple[str, int], ...]:
    """Who posted a campaign's texts, the most active first: label, how often."""
    who = [sa.func.max(_c[name]).label(name) for name in ("platform", "handle", "author")]
    query = _of_campaigns([*who, _c.author_key, _TIMES.label("times")], newsroom_id, [campaign_id])
    query = query.where(_c.author_key.is_not(None)).group_by(_c.author_key)
    rows = (await conn.execute(query.order_by(sa.desc("times"), _c.author_key).limit(limit))).all()
    if not rows:
        who = [sa.func.max(_p[name]).label(name) for name in ("platform", "handle", "author")]
        posted = _pictured([*who, _p.author_key, _SHOWN.label("times")], newsroom_id)
        posted = posted.where(_p.campaign_id == campaign_id).group_by(_p.author_key)
        rows = (await conn.execute(posted.order_by(sa.desc("times"), _p.author_key).limit(limit))).all()
    return tuple((_label(row), row.times) for row in rows)


async def posts(conn: AsyncConnection, newsroom_id: int, campaign_id: int, limit: int) -> tuple[tuple[str, int], ...]:
    """The posts under which a campaign's texts stand, the most commented first: post, how often."""
    query = _of_campaigns([_c.post, _TIMES.label("times")], newsroom_id, [campaign_id]).where(_c.post.is_not(None))
    query = query.group_by(_c.post).order_by(sa.desc("times"), _c.post).limit(limit)
    return tuple((row.post, row.times) for row in (await conn.execute(query)).all())


async def targets(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> tuple[str, ...]:
    """Names of the staff at whom cases with a campaign's texts are aimed, as people or the detector say."""
    cases = _of_campaigns([_c.submission_id], newsroom_id, [campaign_id]).where(_c.submission_id.is_not(None))
    t, s = threats.c, submissions.c
    said = sa.select(s.target_id).where(s.newsroom_id == newsroom_id, s.id.in_(cases), s.target_id.is_not(None))
    ids = set((await conn.execute(said)).scalars())
    # A copy is a further sighting of a record that was made of another case.
    seen = sa.select(threat_sightings.c.threat_id).where(threat_sightings.c.submission_id.in_(cases))
    query = sa.select(t.targets).where(t.newsroom_id == newsroom_id, t.id.in_(seen), t.status.not_in(_NO_THREAT))
    for named in (await conn.execute(query)).scalars():
        ids |= {target["staff"] for target in named if target.get("staff") is not None}
    names = sa.select(staff.c.name).where(staff.c.newsroom_id == newsroom_id, staff.c.id.in_(ids))
    return tuple((await conn.execute(names.order_by(staff.c.name))).scalars())


async def related(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> tuple[str, ...]:
    """Labels of campaigns that share a part of their text with this one.

    A text of the one is a part of the other's, or a text that is in no campaign shares a part with both.
    """
    merged = await archive.merged(conn, newsroom_id)
    own = [campaign_id, *(gone for gone, kept in merged.items() if kept == campaign_id)]
    p = campaign_parts.c
    joined = sa.and_(_t.newsroom_id == newsroom_id, _t.number == p.number)
    query = (
        sa.select(p.campaign_id, _t.campaign_id.label("of_text"))
        .join(texts_table, joined)
        .where(p.newsroom_id == newsroom_id, _t.campaign_id.is_not(None))
        .where(sa.or_(p.campaign_id.in_(own), _t.campaign_id == campaign_id))
        .distinct()
    )
    near = {i for row in (await conn.execute(query)).all() for i in row}
    near |= set((await conn.execute(_bridged(newsroom_id, own))).scalars())
    ids = {merged.get(i, i) for i in near} - {campaign_id}
    found = await archive.by_ids(conn, newsroom_id, ids)
    return tuple(each.label for each in sorted(found.values(), key=lambda campaign: campaign.number))


async def beside(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> tuple[str, ...]:
    """Labels of campaigns of pictures whose cases have this one's texts, or of texts whose cases have its pictures."""
    with_texts = _of_campaigns([_c.submission_id], newsroom_id, [campaign_id])
    of_pictures = _pictured([_p.campaign_id], newsroom_id).where(_p.submission_id.in_(with_texts))
    with_pictures = _pictured([_p.submission_id], newsroom_id).where(_p.campaign_id == campaign_id)
    of_texts = _of_campaigns([_t.campaign_id], newsroom_id, None).where(_c.submission_id.in_(with_pictures))
    near = {i for query in (of_pictures, of_texts) for i in (await conn.execute(query.distinct())).scalars()}
    found = await archive.by_ids(conn, newsroom_id, near - {None, campaign_id})
    return tuple(each.label for each in sorted(found.values(), key=lambda campaign: campaign.number))


async def _picture_counts(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, dict[str, int]]:
    """The figures of those of these campaigns that are of pictures."""
    who = _pictured(
        [_p.campaign_id, _p.author_key, sa.func.max(_p.platform).label("platform"), _SHOWN.label("times")], newsroom_id
    )
    author = who.where(_p.campaign_id.in_(ids)).group_by(_p.campaign_id, _p.author_key).subquery("author").c
    fakes = sa.func.sum(sa.case((_is_fake(newsroom_id, author), 1), else_=0)).label("fakes")
    times, signed = sa.func.sum(author.times).label("times"), sa.func.count().label("accounts")
    signing = sa.select(author.campaign_id, times, signed, fakes).group_by(author.campaign_id)
    different = [sa.func.count(_p[name].distinct()).label(f"{name}s") for name in ("post", "sha256")]
    shown = _pictured([_p.campaign_id, *different], newsroom_id).where(_p.campaign_id.in_(ids))
    kinds = {row.campaign_id: row for row in (await conn.execute(shown.group_by(_p.campaign_id))).all()}
    return {
        row.campaign_id: {
            "times": int(row.times),
            "accounts": row.accounts,
            "fakes": int(row.fakes),
            "posts": kinds[row.campaign_id].posts,
            "pictures": kinds[row.campaign_id].sha256s,
        }
        for row in (await conn.execute(signing)).all()
    }


def _pictured(columns: Sequence[Any], newsroom_id: int) -> sa.Select[Any]:
    """What counts of campaigns of pictures, a row for each posting before it is grouped."""
    joined = campaign_pictures.join(photos, photos.c.id == _p.photo_id)
    query = sa.select(*columns).select_from(joined)
    return query.where(_p.newsroom_id == newsroom_id, _p.campaign_id.is_not(None), photos.c.withdrawn_at.is_(None))


def _bridged(newsroom_id: int, own: Collection[int]) -> sa.Select[Any]:
    """Ids of campaigns that share a part with a text that shares one with these, and is in no campaign itself."""
    p, others = campaign_parts.c, campaign_parts.alias("others")
    # What everybody says joins nothing.
    stock = sa.select(stock_phrases.c.text_key).where(stock_phrases.c.newsroom_id == newsroom_id)
    is_bridge = sa.and_(_t.newsroom_id == newsroom_id, _t.number == p.number, _t.campaign_id.is_(None))
    return (
        sa.select(others.c.campaign_id)
        .distinct()
        .select_from(campaign_parts)
        .join(texts_table, sa.and_(is_bridge, _t.text_key.not_in(stock)))
        .join(others, sa.and_(others.c.newsroom_id == newsroom_id, others.c.number == p.number))
        .where(p.newsroom_id == newsroom_id, p.campaign_id.in_(own))
    )


async def story(
    conn: AsyncConnection, newsroom_id: int, campaign_id: int
) -> tuple[tuple[str, str, datetime, str], ...]:
    """What editors did to a campaign, oldest first: event, member's name, moment, the other campaign's label."""
    t = history.c
    query = (
        sa.select(t.event, members.c.name, t.at, t.details)
        .outerjoin(members, members.c.id == t.member_id)
        .where(t.newsroom_id == newsroom_id, t.subject == "campaign", t.subject_id == campaign_id)
        .order_by(t.id)
    )
    rows = (await conn.execute(query)).all()
    return tuple((r.event, r.name or "", r.at, str(r.details.get("other", ""))) for r in rows)


def _of_campaigns(columns: Sequence[Any], newsroom_id: int, ids: Collection[int] | None) -> sa.Select[Any]:
    """What counts of these campaigns, a row for each comment before it is grouped."""
    joined = sa.and_(_c.newsroom_id == _t.newsroom_id, _c.text_key == _t.text_key)
    query = sa.select(*columns).select_from(texts_table.join(comments, joined))
    query = query.where(_t.newsroom_id == newsroom_id, _c.withdrawn_at.is_(None))
    return query if ids is None else query.where(_t.campaign_id.in_(ids))


def _original(of: Any = _t) -> sa.ScalarSelect[str]:
    c = comments.alias("original").c
    query = sa.select(c.text).where(
        c.newsroom_id == of.newsroom_id, c.text_key == of.text_key, c.withdrawn_at.is_(None)
    )
    return query.order_by(sa.func.coalesce(c.posted_at, c.added_at), c.id).limit(1).scalar_subquery()


def _is_fake(newsroom_id: int, author: Any) -> sa.ColumnElement[bool]:
    """Whether a confirmed account is meant, by handle or by id; asked of each author, through an index."""
    a = accounts.c
    named = sa.func.substr(author.author_key, sa.func.length(author.platform) + 2)
    is_listed = sa.and_(a.newsroom_id == newsroom_id, a.platform == author.platform)
    is_listed = sa.and_(is_listed, a.status == AccountStatus.CONFIRMED.value)
    by_platform = author.author_key == author.platform.concat(":").concat(named)
    ways = [sa.exists().where(is_listed, key == named) for key in (a.handle_key, a.numeric_id)]
    return sa.and_(by_platform, sa.or_(*ways))


def _aimed(newsroom_id: int, aim: Aim) -> sa.Select[Any]:
    s, t = submissions.c, threats.c
    written = sa.cast(t.targets, sa.Text)
    # In the engines' JSON text a quotation mark inside a value is escaped, so that only the member itself matches.
    named = [written.like(f'%"staff": {staff_id}{end}%') for staff_id in aim.staff_ids for end in ",}"]
    seen = threat_sightings.c
    threatened = sa.exists().where(
        seen.submission_id == s.id, t.id == seen.threat_id, t.status.not_in(_NO_THREAT), sa.or_(sa.false(), *named)
    )
    query = _of_campaigns([_t.campaign_id], newsroom_id, None).join(submissions, s.id == _c.submission_id)
    query = query.where(_t.campaign_id.is_not(None), sa.or_(s.target_id.in_(aim.staff_ids), threatened))
    return query if aim.member_id is None else query.where(s.member_id == aim.member_id)


def _label(row: Any) -> str:
    if row.handle:
        return account_label(row.platform or "other", row.handle, None, ())
    return str(row.author or row.author_key)
