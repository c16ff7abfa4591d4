"""What people said of two pictures: the same photo or not. The smaller SHA-256 stands first: both ways at once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.photo_pair import PairRuling
from bot.storage.tables import members
from bot.storage.tables import photo_rulings as t


def pair_of(sha256: str, other_sha256: str) -> tuple[str, str]:
    """Two pictures as they are kept."""
    return min(sha256, other_sha256), max(sha256, other_sha256)


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    pair: tuple[str, str],
    is_same: bool,
    member_id: int,
    submission_id: int | None,
    now: datetime,
) -> bool:
    """Keep a person's word beside all earlier ones; False when the latest of this person already says it."""
    smaller, greater = pair_of(*pair)
    ours = sa.and_(t.c.newsroom_id == newsroom_id, t.c.sha256 == smaller, t.c.other_sha256 == greater)
    latest = (await conn.execute(sa.select(t.c.is_same, t.c.member_id).where(ours).order_by(t.c.id.desc()))).first()
    if latest is not None and (latest.is_same, latest.member_id) == (is_same, member_id):
        return False
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "sha256": smaller, "other_sha256": greater}
    row |= {"is_same": is_same, "member_id": member_id, "submission_id": submission_id, "at": now}
    await conn.execute(sa.insert(t), [row])
    return True


async def among(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> dict[tuple[str, str], PairRuling]:
    """The latest word on each pair in which one of these pictures is, the smaller SHA-256 of each first."""
    return {pair: rulings[-1] for pair, rulings in (await story(conn, newsroom_id, shas)).items()}


async def story(
    conn: AsyncConnection, newsroom_id: int, shas: Collection[str]
) -> dict[tuple[str, str], list[PairRuling]]:
    """Everything that was said of each such pair, oldest first."""
    named = members.c.name.label("member_name")
    query = (
        sa.select(t.c.sha256, t.c.other_sha256, t.c.is_same, t.c.member_id, named, t.c.at)
        .join(members, members.c.id == t.c.member_id)
        .where(t.c.newsroom_id == newsroom_id, sa.or_(t.c.sha256.in_(shas), t.c.other_sha256.in_(shas)))
        .order_by(t.c.id)
    )
    found: dict[tuple[str, str], list[PairRuling]] = {}
    for row in (await conn.execute(query)).all():
        said = PairRuling(is_same=row.is_same, member_id=row.member_id, member_name=row.member_name, at=row.at)
        found.setdefault((row.sha256, row.other_sha256), []).append(said)
    return found
