"""What editors ruled on and may be shared: photos of confirmed fakes, texts of their campaigns, their farms.

Whoever asks looks as nobody in particular (`need_to_know.looking_as`), so that nothing of a restricted case is there.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.storage.tables import (
    accounts,
    campaigns,
    comments,
    farm_members,
    impersonations,
    photo_descriptions,
    photos,
    staff_photos,
    stock_phrases,
    texts,
)

#: Confirmed fakes that must have written in a campaign, and belong to a farm, before either is spoken of: one account
#: alone is a person's page as likely as a factory's.
LEAST_FAKES: Final = 2
_CONFIRMED: Final = accounts.c.status == AccountStatus.CONFIRMED.value


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoSource:
    """A picture of a confirmed fake: which photo and account, and since when it is known."""

    photo_id: int
    account_id: int
    sha256: str
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TextSource:
    """A text of a campaign in which confirmed fakes wrote: by how many accounts it was posted, by which fakes."""

    text_key: int
    words: str
    accounts: int
    fakes: frozenset[int]
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class FarmSource:
    """A farm with confirmed fakes, by people's word: who they are, how sure (percent) on the average, since when."""

    farm_id: int
    members: frozenset[int]
    confidence: int
    since: datetime


async def photos_to_share(conn: AsyncConnection, newsroom_id: int) -> list[PhotoSource]:
    """Pictures of confirmed fakes, the newest first: none of protected people, none of accounts that play them."""
    p, d = photos.c, photo_descriptions.c
    of_staff = sa.exists().where(staff_photos.c.newsroom_id == newsroom_id, staff_photos.c.sha256 == p.sha256)
    plays_staff = sa.exists().where(impersonations.c.account_id == p.account_id)
    described = sa.exists().where(d.newsroom_id == p.newsroom_id, d.sha256 == p.sha256)
    query = (
        sa.select(p.id.label("photo_id"), p.account_id, p.sha256, p.added_at.label("since"))
        .join(accounts, accounts.c.id == p.account_id)
        .where(p.newsroom_id == newsroom_id, p.withdrawn_at.is_(None), _CONFIRMED, described, ~of_staff, ~plays_staff)
        .order_by(p.id.desc())
    )
    return [PhotoSource(**row) for row in (await conn.execute(query)).mappings().all()]


async def texts_to_share(conn: AsyncConnection, newsroom_id: int) -> list[TextSource]:
    """Texts of campaigns, each posted by a confirmed fake, of campaigns in which several wrote; the newest first."""
    rows = (await conn.execute(_by_fakes(newsroom_id))).all()
    in_campaign: defaultdict[int, set[int]] = defaultdict(set)
    by_text: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        in_campaign[row.campaign_id].add(row.account_id)
        by_text[row.text_key].add(row.account_id)
    wanted = {row.text_key: row.words for row in rows if len(in_campaign[row.campaign_id]) >= LEAST_FAKES}
    posted = await _posted(conn, newsroom_id, wanted)
    found = [
        TextSource(text_key=key, words=words, accounts=count, fakes=frozenset(by_text[key]), since=since)
        for key, words in wanted.items()
        if (told := posted.get(key)) is not None
        for count, since in [told]
    ]
    return sorted(found, key=lambda each: each.since, reverse=True)


async def farms_to_share(conn: AsyncConnection, newsroom_id: int) -> list[FarmSource]:
    """Farms to which several confirmed fakes belong by people's word."""
    m = farm_members.c
    query = (
        sa.select(m.farm_id, m.account_id, m.confidence, m.at)
        .join(accounts, accounts.c.id == m.account_id)
        .where(m.newsroom_id == newsroom_id, m.ended_at.is_(None), _CONFIRMED)
        .order_by(m.farm_id, m.id)
    )
    by_farm: defaultdict[int, list[Any]] = defaultdict(list)
    for row in (await conn.execute(query)).all():
        by_farm[row.farm_id].append(row)
    return [
        FarmSource(
            farm_id=farm_id,
            members=frozenset(row.account_id for row in rows),
            confidence=round(sum(row.confidence for row in rows) / len(rows)),
            since=min(row.at for row in rows),
        )
        for farm_id, rows in by_farm.items()
        if len({row.account_id for row in rows}) >= LEAST_FAKES
    ]


def _by_fakes(newsroom_id: int) -> sa.Select[Any]:
    """Which confirmed fakes posted which text of which campaign; what everybody writes is no campaign's."""
    c, x, a, n = comments.c, texts.c, accounts.c, campaigns.c
    named = sa.func.substr(c.author_key, sa.func.length(c.platform) + 2)
    wrote = sa.and_(a.newsroom_id == newsroom_id, a.platform == c.platform, _CONFIRMED)
    everybodys = sa.exists().where(stock_phrases.c.newsroom_id == newsroom_id, stock_phrases.c.text_key == x.text_key)
    return (
        sa.select(x.campaign_id, x.text_key, x.words, a.id.label("account_id"))
        .select_from(texts)
        .join(campaigns, sa.and_(n.id == x.campaign_id, n.merged_into.is_(None)))
        .join(comments, sa.and_(c.newsroom_id == newsroom_id, c.text_key == x.text_key))
        .join(accounts, sa.and_(wrote, sa.or_(a.handle_key == named, a.numeric_id == named)))
        .where(x.newsroom_id == newsroom_id, c.withdrawn_at.is_(None), c.text != "", x.words != "", ~everybodys)
        .distinct()
    )


async def _posted(
    conn: AsyncConnection, newsroom_id: int, text_keys: dict[int, str]
) -> dict[int, tuple[int, datetime]]:
    """By how many accounts each of these texts was posted, and since when."""
    c = comments.c
    since = sa.func.min(sa.func.coalesce(c.posted_at, c.added_at), type_=comments.c.added_at.type).label("since")
    query = (
        sa.select(c.text_key, sa.func.count(c.author_key.distinct()).label("posters"), since)
        .where(c.newsroom_id == newsroom_id, c.withdrawn_at.is_(None), c.author_key.is_not(None))
        .group_by(c.text_key)
    )
    ordered, found = sorted(text_keys), {}
    for start in range(0, len(ordered), 1_000):
        some = query.where(c.text_key.in_(ordered[start : start + 1_000]))
        found.update({row.text_key: (row.posters, row.since) for row in (await conn.execute(some)).all()})
    return found
