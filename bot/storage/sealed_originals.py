"""To whom originals are sealed, and which of them are."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.sealed_original import SealedOriginal, SealRecipient
from bot.storage.tables import (
    campaign_pictures,
    screen_readings,
    seal_recipients,
    sealed_originals,
    submission_parts,
    submissions,
)


async def recipients(conn: AsyncConnection, newsroom_id: int) -> list[SealRecipient]:
    """To whom originals are sealed now, the oldest first."""
    r = seal_recipients.c
    query = sa.select(r.id, r.recipient, r.name, r.added_at).where(r.newsroom_id == newsroom_id, r.removed_at.is_(None))
    rows = (await conn.execute(query.order_by(r.added_at, r.id))).all()
    return [SealRecipient(**row._mapping) for row in rows]


async def add_recipient(conn: AsyncConnection, newsroom_id: int, recipient: str, name: str, now: datetime) -> None:
    """Seal to this key too, from now on."""
    row = {"id": new_id(), "newsroom_id": newsroom_id, "recipient": recipient, "name": name, "added_at": now}
    await conn.execute(sa.insert(seal_recipients), [row])


async def remove_recipient(conn: AsyncConnection, newsroom_id: int, recipient: str, now: datetime) -> bool:
    """Seal to this key no longer; whether it was one."""
    r = seal_recipients.c
    mine = sa.and_(r.newsroom_id == newsroom_id, r.recipient == recipient, r.removed_at.is_(None))
    changed = await conn.execute(sa.update(seal_recipients).where(mine).values(removed_at=now))
    return changed.rowcount > 0


async def unsealed(conn: AsyncConnection, newsroom_id: int, end: datetime, limit: int) -> list[tuple[str, int]]:
    """Originals sent before `end` that nothing waits to read any more, each with one settled case that holds it."""
    p, s = submission_parts.c, submissions.c
    waiting = (
        sa.select(sa.literal(1)).where(screen_readings.c.part_id == p.id, screen_readings.c.state == "waiting").exists()
    )
    placing = (
        sa.select(sa.literal(1))
        .where(
            campaign_pictures.c.newsroom_id == newsroom_id,
            campaign_pictures.c.sha256 == p.sha256,
            campaign_pictures.c.waiting,
        )
        .exists()
    )
    done = (
        sa.select(sa.literal(1))
        .where(sealed_originals.c.newsroom_id == newsroom_id, sealed_originals.c.sha256 == p.sha256)
        .exists()
    )
    query = (
        sa.select(p.sha256, sa.func.min(p.submission_id))
        .join(submissions, sa.and_(s.id == p.submission_id, s.newsroom_id == newsroom_id))
        .where(p.newsroom_id == newsroom_id, p.sha256.is_not(None), s.settled, p.sent_at < end)
        .where(~waiting, ~placing, ~done)
        .group_by(p.sha256)
        .order_by(sa.func.min(p.submission_id))
        .limit(limit)
    )
    return [(str(sha256), int(submission)) for sha256, submission in (await conn.execute(query)).all()]


async def add(conn: AsyncConnection, newsroom_id: int, sealed: SealedOriginal) -> None:
    """An original was sealed; its bytes are still there."""
    row = {
        "newsroom_id": newsroom_id,
        "sha256": sealed.sha256,
        "age_sha256": sealed.age_sha256,
        "copy_sha256": sealed.copy_sha256,
        "sealed_at": sealed.sealed_at,
    }
    await conn.execute(sa.insert(sealed_originals), [row])


async def to_remove(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[str]:
    """Originals that are sealed, and whose own bytes were not removed yet, or came again since."""
    s, p = sealed_originals.c, submission_parts.c
    again = (
        sa.select(sa.literal(1)).where(p.newsroom_id == newsroom_id, p.sha256 == s.sha256, p.id > s.removed_id).exists()
    )
    query = sa.select(s.sha256).where(s.newsroom_id == newsroom_id, sa.or_(s.removed_id.is_(None), again))
    return list((await conn.scalars(query.order_by(s.sealed_at).limit(limit))).all())


async def removed(conn: AsyncConnection, newsroom_id: int, sha256: str) -> None:
    """The original's own bytes are gone."""
    s = sealed_originals.c
    mine = sa.and_(s.newsroom_id == newsroom_id, s.sha256 == sha256)
    await conn.execute(sa.update(sealed_originals).where(mine).values(removed_id=new_id()))


async def get(conn: AsyncConnection, newsroom_id: int, shas: Sequence[str]) -> dict[str, SealedOriginal]:
    """Of these originals those that are sealed."""
    s = sealed_originals.c
    columns = (s.sha256, s.age_sha256, s.copy_sha256, s.sealed_at)
    query = sa.select(*columns).where(s.newsroom_id == newsroom_id, s.sha256.in_(list(shas)))
    return {row.sha256: SealedOriginal(**row._mapping) for row in (await conn.execute(query)).all()}


async def is_needed_elsewhere(conn: AsyncConnection, newsroom_id: int, sha256: str) -> bool:
    """Whether another newsroom was sent the same bytes: they share one vault, and their own leads open theirs."""
    p = submission_parts.c
    query = sa.select(sa.literal(1)).where(p.sha256 == sha256, p.newsroom_id != newsroom_id).limit(1)
    return (await conn.execute(query)).first() is not None
