"""What listed accounts and everybody else did, read piece by piece: from it farms, rhythms and timelines are made."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.storage import account_reports
from bot.storage.lists import among, number_list
from bot.storage.tables import account_details, accounts, campaigns, comments, photo_rulings, photos, submissions, texts

#: Comments in one piece: some milliseconds of the event loop.
PIECE: Final = 4_000


class ListedAccount(NamedTuple):
    """Under which keys an account's comments stand, and what it was merged into."""

    id: int
    platform: str
    handle_key: str | None
    numeric_id: str | None
    merged_into: int | None


async def listed(conn: AsyncConnection, newsroom_id: int) -> list[ListedAccount]:
    """The accounts among which links are looked for, all but those cleared, taken off the list, or held."""
    a, d = accounts.c, account_details.c
    query = (
        sa.select(a.id, a.platform, a.handle_key, a.numeric_id, d.merged_into)
        .outerjoin(account_details, d.account_id == a.id)
        .where(a.newsroom_id == newsroom_id, a.status != AccountStatus.CLEARED.value, d.withdrawn_at.is_(None))
    )
    query = query.where(a.id.not_in(account_reports.only_held(newsroom_id)))
    return [ListedAccount(*row) for row in (await conn.execute(query.order_by(a.id))).all()]


async def comment_piece(conn: AsyncConnection, newsroom_id: int, after: int) -> Sequence[Any]:
    """The next PIECE comments with an author behind this id: id, author_key, posted_at, text, post, target_id, words.

    ``text`` is the campaign's id where near-duplicates were joined, else the text's key; ``words`` only of comments
    that begin with a name that they answer.
    """
    c = comments.c
    answering = sa.case((c.text.like("@%"), sa.func.substr(c.text, 1, 110)), else_=sa.null())
    same = sa.func.coalesce(texts.c.campaign_id, c.text_key)
    query = (
        sa.select(c.id, c.author_key, c.posted_at, same.label("text"), c.post)
        .add_columns(submissions.c.target_id, answering.label("words"))
        .outerjoin(texts, sa.and_(texts.c.newsroom_id == c.newsroom_id, texts.c.text_key == c.text_key))
        .outerjoin(submissions, submissions.c.id == c.submission_id)
        .where(c.newsroom_id == newsroom_id, c.author_key.is_not(None), c.withdrawn_at.is_(None), c.id > after)
        .order_by(c.id)
        .limit(PIECE)
    )
    return [tuple(row) for row in (await conn.execute(query)).all()]


async def photo_uses(conn: AsyncConnection, newsroom_id: int) -> list[tuple[int, str]]:
    """Which listed account uses which picture: account's id, SHA-256."""
    p = photos.c
    query = sa.select(p.account_id, p.sha256).where(
        p.newsroom_id == newsroom_id, p.account_id.is_not(None), p.withdrawn_at.is_(None)
    )
    return [(row.account_id, row.sha256) for row in (await conn.execute(query)).all()]


async def same_pictures(conn: AsyncConnection, newsroom_id: int) -> list[tuple[str, str]]:
    """Pairs of pictures that people said are the same photo, by the latest word on each."""
    r = photo_rulings.c
    query = sa.select(r.sha256, r.other_sha256, r.is_same).where(r.newsroom_id == newsroom_id).order_by(r.id)
    latest = {(row.sha256, row.other_sha256): row.is_same for row in (await conn.execute(query)).all()}
    return [pair for pair, is_same in latest.items() if is_same]


async def moments(conn: AsyncConnection, newsroom_id: int, keys: Collection[str]) -> list[datetime]:
    """When these authors commented."""
    c = comments.c
    found: list[datetime] = []
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        query = sa.select(c.posted_at).where(
            c.newsroom_id == newsroom_id,
            c.author_key.in_(wanted[start : start + 500]),
            c.posted_at.is_not(None),
            c.withdrawn_at.is_(None),
        )
        found += (await conn.execute(query)).scalars()
    return found


async def targets_of(
    conn: AsyncConnection, newsroom_id: int, keys: Collection[str], limit: int
) -> list[tuple[str, int]]:
    """Posts under which these authors commented, the commonest first, with how often."""
    return await _counted(conn, newsroom_id, keys, comments.c.post, limit)


async def campaigns_of(
    conn: AsyncConnection, newsroom_id: int, keys: Collection[str], limit: int
) -> list[tuple[int, str, int]]:
    """Campaigns with texts of these authors: number, name, how many of their comments."""
    c, k = comments.c, campaigns.c
    counts: dict[tuple[int, str], int] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        query = (
            sa.select(k.number, k.name, sa.func.count().label("times"))
            .join(texts, sa.and_(texts.c.newsroom_id == c.newsroom_id, texts.c.text_key == c.text_key))
            .join(campaigns, k.id == texts.c.campaign_id)
            .where(c.newsroom_id == newsroom_id, c.author_key.in_(wanted[start : start + 500]))
            .where(c.withdrawn_at.is_(None))
            .group_by(k.number, k.name)
        )
        for row in (await conn.execute(query)).all():
            counts[row.number, row.name] = counts.get((row.number, row.name), 0) + row.times
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [(number, name, times) for (number, name), times in ranked]


async def quotes(
    conn: AsyncConnection, newsroom_id: int, keys: Collection[str], span: tuple[datetime, datetime], limit: int
) -> list[tuple[str, str, datetime]]:
    """What these authors wrote between two moments, the latest first: author_key, text, moment."""
    c = comments.c
    query = (
        sa.select(c.author_key, c.text, c.posted_at)
        .where(c.newsroom_id == newsroom_id, c.author_key.in_(sorted(keys)[:500]), c.withdrawn_at.is_(None))
        .where(c.posted_at >= span[0], c.posted_at < span[1])
        .order_by(c.posted_at.desc(), c.id)
        .limit(limit)
    )
    return [(row.author_key, row.text, row.posted_at) for row in (await conn.execute(query)).all()]


async def keys_of(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[str, int]:
    """Under which author keys comments of these accounts stand: key to account's id."""
    a = accounts.c
    query = sa.select(a.id, a.platform, a.handle_key, a.numeric_id).where(
        a.newsroom_id == newsroom_id, among(a.id, number_list("ids", ids))
    )
    return {
        key: row.id
        for row in (await conn.execute(query)).all()
        for key in author_keys(row.platform, row.handle_key, row.numeric_id)
    }


def author_keys(platform: str, handle_key: str | None, numeric_id: str | None) -> tuple[str, ...]:
    """The keys under which an account's comments may stand."""
    return tuple(f"{platform}:{each}" for each in (handle_key, numeric_id) if each)


async def _counted(
    conn: AsyncConnection, newsroom_id: int, keys: Collection[str], column: sa.Column[Any], limit: int
) -> list[tuple[str, int]]:
    c = comments.c
    counts: dict[str, int] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        query = (
            sa.select(column.label("what"), sa.func.count().label("times"))
            .where(c.newsroom_id == newsroom_id, c.author_key.in_(wanted[start : start + 500]), column.is_not(None))
            .where(c.withdrawn_at.is_(None))
            .group_by(column)
        )
        for row in (await conn.execute(query)).all():
            counts[row.what] = counts.get(row.what, 0) + row.times
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
