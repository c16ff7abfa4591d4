"""What was read on screenshots, a row for each picture of a submission, and which pictures still wait to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import dump, load
from bot.model.screen import Reading, ReadingState, ReadScreen
from bot.model.submission import Origin, SubmissionState
from bot.storage.copies import since
from bot.storage.tables import comments, submission_parts, submissions
from bot.storage.tables import screen_readings as t
from bot.storage.upsert import insert_ignoring


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReading:
    """A picture that is to be read."""

    newsroom_id: int
    submission_id: int
    part_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture that is read: where its bytes lie, which message it came with, and when that was sent."""

    part_id: int
    submission_id: int
    chat_id: int
    message_id: int
    sha256: str
    sent_at: datetime

    @property
    def source(self) -> str:
        """The message, as sources of comments name it."""
        return f"telegram:{self.chat_id}:{self.message_id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A reading that this transaction holds: nobody else changes it, nor withdraws its case, until it ends."""

    reading: Reading
    is_withdrawn: bool


async def enqueue(conn: AsyncConnection, pictures: Sequence[NewReading], now: datetime) -> None:
    """Have pictures read; one that waits or was read already stays as it is."""
    rows = [
        {
            "part_id": picture.part_id,
            "newsroom_id": picture.newsroom_id,
            "submission_id": picture.submission_id,
            "state": ReadingState.WAITING.value,
            "queued_at": now,
        }
        for picture in pictures
    ]
    if rows:
        await insert_ignoring(conn, t, rows, ["part_id"])


async def waiting(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[Picture]:
    """The pictures that wait, the oldest first."""
    # SQLite takes the partial index only where its own condition is repeated to the letter.
    return await _pictures(conn, sa.and_(t.c.newsroom_id == newsroom_id, sa.text("state = 'waiting'")), limit)


async def picture(conn: AsyncConnection, newsroom_id: int, part_id: int) -> Picture | None:
    """The picture of a reading."""
    found = await _pictures(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.part_id == part_id), 1)
    return found[0] if found else None


async def hold(conn: AsyncConnection, newsroom_id: int, part_id: int) -> Held | None:
    """The reading of a part as it is now; the transaction then holds it and its submission."""
    ours = (t.c.newsroom_id == newsroom_id, t.c.part_id == part_id)
    row = (await conn.execute(sa.select(t).where(*ours).with_for_update())).first()
    if row is None:
        return None
    s = submissions.c
    state = await conn.scalar(sa.select(s.state).where(s.id == row.submission_id).with_for_update())
    return Held(reading=_reading(row), is_withdrawn=state == SubmissionState.WITHDRAWN.value)


async def finish(conn: AsyncConnection, newsroom_id: int, part_id: int, reading: Reading, now: datetime) -> None:
    """Keep what was read, or why nothing was."""
    values = {"state": reading.state.value, "reading": _dumped(reading.screen), "read_at": now}
    await conn.execute(_ours(newsroom_id, part_id).values(values))


async def correct(conn: AsyncConnection, newsroom_id: int, part_id: int, screen: ReadScreen, member_id: int) -> None:
    """Keep what a person says was read."""
    values = {"reading": _dumped(screen), "corrected_by": member_id}
    await conn.execute(_ours(newsroom_id, part_id).values(values))


async def of_submission(conn: AsyncConnection, submission_id: int) -> Mapping[int, Reading]:
    """The readings of a submission's pictures, by part."""
    rows = (await conn.execute(sa.select(t).where(t.c.submission_id == submission_id))).all()
    return {row.part_id: _reading(row) for row in rows}


async def posted_alike(
    conn: AsyncConnection, newsroom_id: int, author_key: str, text_key: int, span: tuple[datetime, datetime]
) -> datetime | None:
    """When the same text by the same author was posted that was posted in `span`, as far as that is known.

    Two screenshots of one comment say "2 h" and "1 d": the later says less exactly when it was. So what is stored
    counts as the same posting when it lies within `span`, or as far outside as half of it is long.
    """
    c, slack = comments.c, (span[1] - span[0]) / 2 + timedelta(minutes=1)
    query = sa.select(since).where(
        c.newsroom_id == newsroom_id,
        c.text_key == text_key,
        c.author_key == author_key,
        c.posted_at.between(span[0] - slack, span[1] + slack),
        c.withdrawn_at.is_(None),
        c.submission_id.is_not(None),
    )
    found: datetime | None = await conn.scalar(query.order_by(c.id).limit(1))
    return found


async def _pictures(conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int) -> list[Picture]:
    p = submission_parts.c
    query = (
        sa.select(t.c.part_id, t.c.submission_id, p.chat_id, p.message_id, p.sha256, p.sent_at, p.origin)
        .join(submission_parts, p.id == t.c.part_id)
        .where(condition, p.sha256.is_not(None))
    )
    rows = (await conn.execute(query.order_by(t.c.part_id).limit(limit))).all()
    return [
        Picture(
            part_id=row.part_id,
            submission_id=row.submission_id,
            chat_id=row.chat_id,
            message_id=row.message_id,
            sha256=row.sha256,
            # Whoever forwarded it may have had it for days.
            sent_at=load(Origin, row.origin).sent_at or row.sent_at,
        )
        for row in rows
    ]


def _ours(newsroom_id: int, part_id: int) -> sa.Update:
    return sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.part_id == part_id)


def _reading(row: Any) -> Reading:
    screen = load(ReadScreen, row.reading) if row.reading is not None else None
    return Reading(state=ReadingState(row.state), screen=screen, corrected_by=row.corrected_by)


def _dumped(screen: ReadScreen | None) -> Any:
    return dump(screen) if screen is not None else None
