"""The threat model of a newsroom, and the rulings that teach it."""

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import load
from bot.model.threat_model import Lesson
from bot.model.verdict import Finding
from bot.storage.tables import rulings, submission_parts
from bot.storage.tables import threat_models as t
from bot.storage.upsert import insert_for


@dataclass(frozen=True, kw_only=True, slots=True)
class RuledText:
    """A text of a case that a person ruled on."""

    submission_id: int
    text: str
    #: How much the detector saw in it (ThreatFound.rank); empty when it was not read.
    rank: tuple[int, ...]
    is_threat: bool


async def stamp(conn: AsyncConnection, newsroom_id: int) -> str | None:
    """What tells one model of the newsroom from another; None while the shipped one is used."""
    return await conn.scalar(sa.select(t.c.sha256).where(t.c.newsroom_id == newsroom_id))


async def data(conn: AsyncConnection, newsroom_id: int) -> bytes | None:
    """The model in use; None for the shipped one."""
    found = await conn.scalar(sa.select(t.c.data).where(t.c.newsroom_id == newsroom_id))
    return bytes(found) if found is not None else None


async def last_lesson(conn: AsyncConnection, newsroom_id: int) -> Lesson | None:
    """What the last lesson came to; None before the first."""
    row = (await conn.execute(sa.select(t).where(t.c.newsroom_id == newsroom_id))).first()
    if row is None:
        return None
    return Lesson(
        texts=row.texts,
        threats=row.threats,
        gain=row.gain,
        low=row.low,
        high=row.high,
        is_used=row.data is not None,
        tried_at=row.tried_at,
    )


async def put(conn: AsyncConnection, newsroom_id: int, lesson: Lesson, model: bytes | None) -> None:
    """Keep what a lesson came to, and use its model, or the shipped one for None."""
    row: dict[str, Any] = {"data": model, "sha256": hashlib.sha256(model).hexdigest() if model else None}
    row |= {"texts": lesson.texts, "threats": lesson.threats, "tried_at": lesson.tried_at}
    row |= {"gain": lesson.gain, "low": lesson.low, "high": lesson.high}
    statement = insert_for(conn, t).values(row | {"newsroom_id": newsroom_id})
    await conn.execute(statement.on_conflict_do_update(index_elements=["newsroom_id"], set_=row))


async def ruled_texts(conn: AsyncConnection, newsroom_id: int, most: int) -> list[RuledText]:
    """What members said of comments: every text of a case with the latest ruling on it, the latest cases first.

    What a member typed is no comment, and is left out.
    """
    latest = (
        sa.select(sa.func.max(rulings.c.id))
        .where(rulings.c.newsroom_id == newsroom_id, rulings.c.kind == "threat")
        .group_by(rulings.c.submission_id)
    )
    part = submission_parts.c
    query = (
        sa.select(rulings.c.submission_id, rulings.c.value, part.text, part.origin, part.finding)
        .join(submission_parts, part.submission_id == rulings.c.submission_id)
        .where(rulings.c.id.in_(latest), part.newsroom_id == newsroom_id, part.text != "")
        .order_by(rulings.c.id.desc(), part.id)
        .limit(most)
    )
    return [
        RuledText(
            submission_id=row.submission_id,
            text=row.text,
            rank=load(Finding, row.finding).threat.rank if row.finding else (),
            is_threat=row.value == "yes",
        )
        for row in (await conn.execute(query)).all()
        if row.origin.get("kind") != "typed"
    ]
