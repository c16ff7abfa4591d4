"""What was said of a case before it was restricted: messages that wait, and messages that stand in chats."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.outbox import Kind
from bot.storage.case_rows import rows_of_case
from bot.storage.tables import alarms, outbox_messages, sent_messages, submissions, threats

_WAITING = ("new",)


async def call_back(
    conn: AsyncConnection, newsroom_id: int, submission_id: int, named: Collection[int], now: datetime
) -> None:
    """Who is not named gets nothing more of it, and what stands in their chats goes as far as Telegram allows.

    Who sent the case in keeps its card.
    """
    about = await _about(conn, newsroom_id, submission_id)
    reporter = await conn.scalar(
        sa.select(submissions.c.member_id).where(
            submissions.c.newsroom_id == newsroom_id, submissions.c.id == submission_id
        )
    )
    t = outbox_messages.c
    query = sa.select(t.id, t.state, t.kind, t.member_id, t.body).where(t.newsroom_id == newsroom_id)
    rows = (await conn.execute(query)).all()
    told = [row for row in rows if row.member_id not in named and not about.isdisjoint(_words(row.body))]
    told = [row for row in told if not (row.member_id == reporter and row.kind == Kind.SUBMISSION.value)]
    waiting = [row.id for row in told if row.state in _WAITING]
    await conn.execute(sa.delete(outbox_messages).where(t.id.in_(waiting)))
    s = sent_messages.c
    stands = sa.and_(s.newsroom_id == newsroom_id, s.drawn_by.in_([row.id for row in told]), s.goes_at > now)
    await conn.execute(sa.update(sent_messages).where(stands, s.queued_at.is_(None)).values(goes_at=now))


async def _about(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> set[str]:
    """By what a message is known to be about a case: ids of its rows, its number and those of its records."""
    rows = await rows_of_case(conn, newsroom_id, submission_id)
    found = {str(each) for each in rows.ids}
    number = await conn.scalar(sa.select(submissions.c.number).where(submissions.c.id == submission_id))
    records = (await conn.execute(sa.select(threats.c.number).where(threats.c.id.in_(rows.threats)))).scalars()
    ringing = (await conn.execute(sa.select(alarms.c.id).where(alarms.c.threat_id.in_(rows.threats)))).scalars()
    found |= {f"K-{number}"} | {f"T-{each}" for each in records} | {str(each) for each in ringing}
    return found


def _words(body: Any) -> Iterator[str]:
    """Every value of a message's body as text."""
    if isinstance(body, dict):
        for each in body.values():
            yield from _words(each)
    elif isinstance(body, list):
        for each in body:
            yield from _words(each)
    else:
        yield str(body)
