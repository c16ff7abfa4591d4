"""Pictures that were sent out for posting: who posted which, in which campaign, and what still waits for its place.

A row for each forwarded photo that is neither an account's own nor a screenshot. As with texts, whatever changes a
campaign takes `texts.lock` first. What was withdrawn stays, and is in no answer.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import load
from bot.model.submission import Origin
from bot.storage.lists import among, number_list
from bot.storage.tables import campaign_pictures as t
from bot.storage.tables import photos, submission_parts
from bot.storage.upsert import insert_ignoring


@dataclass(frozen=True, kw_only=True, slots=True)
class SentPhoto:
    """A photo of a submission, with the message that brought it; `is_profile`: some account uses these bytes."""

    photo_id: int
    submission_id: int
    sha256: str
    origin: Origin
    sent_at: datetime
    is_profile: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPicture:
    """A picture that somebody posted, to be placed."""

    photo_id: int
    newsroom_id: int
    submission_id: int
    sha256: str
    platform: str | None
    handle: str | None
    author: str | None
    author_key: str
    post: str | None
    seen_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PostedPicture:
    """Where a picture stands now."""

    photo_id: int
    submission_id: int
    sha256: str
    author_key: str
    seen_at: datetime
    waiting: bool
    campaign_id: int | None


async def of_part(conn: AsyncConnection, newsroom_id: int, part_id: int) -> SentPhoto | None:
    """The photo that a part of a submission brought."""
    p, other = submission_parts.c, photos.alias("other").c
    is_profile = sa.exists().where(
        other.newsroom_id == newsroom_id, other.sha256 == photos.c.sha256, other.account_id.is_not(None)
    )
    brought = sa.and_(photos.c.submission_id == p.submission_id, photos.c.sha256 == p.sha256)
    query = (
        sa.select(
            photos.c.id, photos.c.submission_id, photos.c.sha256, p.origin, p.sent_at, is_profile.label("is_profile")
        )
        .join(submission_parts, brought)
        .where(p.newsroom_id == newsroom_id, p.id == part_id, photos.c.withdrawn_at.is_(None))
        .order_by(photos.c.id)
    )
    row = (await conn.execute(query.limit(1))).first()
    if row is None:
        return None
    return SentPhoto(
        photo_id=row.id,
        submission_id=row.submission_id,
        sha256=row.sha256,
        origin=load(Origin, row.origin),
        sent_at=row.sent_at,
        is_profile=row.is_profile,
    )


async def add(conn: AsyncConnection, pictures: Sequence[NewPicture]) -> None:
    """Have pictures placed; one that is there already stays as it is."""
    rows = [asdict(picture) | {"waiting": True, "campaign_id": None} for picture in pictures]
    if rows:
        await insert_ignoring(conn, t, rows, ["photo_id"])


async def waiting(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[PostedPicture]:
    """The pictures that wait for their place, the oldest first."""
    return await _posted(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.waiting.is_(True)), limit)


async def of_pictures(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> list[PostedPicture]:
    """Every posting of the bytes of these pictures."""
    return await _posted(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.sha256.in_(shas)))


async def of_campaign(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> list[PostedPicture]:
    """Every posting in a campaign."""
    return await _posted(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.campaign_id == campaign_id))


async def of_submission(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> list[int]:
    """Ids of the campaigns in which a submission's pictures are, the oldest first."""
    here = sa.and_(t.c.newsroom_id == newsroom_id, t.c.submission_id == submission_id, t.c.campaign_id.is_not(None))
    return sorted({row.campaign_id for row in await _posted(conn, here) if row.campaign_id is not None})


async def put(conn: AsyncConnection, newsroom_id: int, photo_ids: Collection[int], campaign_id: int | None) -> None:
    """Put pictures into a campaign, or into none."""
    await conn.execute(_ours(newsroom_id, photo_ids).values(campaign_id=campaign_id))


async def set_waiting(conn: AsyncConnection, newsroom_id: int, photo_ids: Collection[int], waits: bool) -> None:
    """Say that pictures wait, or are placed."""
    await conn.execute(_ours(newsroom_id, photo_ids).values(waiting=waits))


def _ours(newsroom_id: int, photo_ids: Collection[int]) -> sa.Update:
    return sa.update(t).where(t.c.newsroom_id == newsroom_id, among(t.c.photo_id, number_list("ids", photo_ids)))


async def _posted(
    conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int | None = None
) -> list[PostedPicture]:
    names = list(PostedPicture.__dataclass_fields__)
    columns: list[Any] = [t.c[name] for name in names]
    query = sa.select(*columns).join(photos, photos.c.id == t.c.photo_id)
    query = query.where(condition, photos.c.withdrawn_at.is_(None)).order_by(t.c.photo_id).limit(limit)
    return [PostedPicture(**row) for row in (await conn.execute(query)).mappings().all()]
