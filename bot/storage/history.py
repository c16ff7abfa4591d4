"""Who did what, and when: one line for each event, added and never changed, and logged in the custody log with it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.storage import custody
from bot.storage.custody import NewEntry
from bot.storage.tables import history as t
from bot.storage.tables import members


async def note(
    conn: AsyncConnection,
    newsroom_id: int,
    member_id: int | None,
    subject: tuple[str, int],
    event: str,
    at: datetime,
    **details: Any,
) -> None:
    """Add a line: `subject` is a table's noun and a row's id."""
    await _note(conn, "changed", newsroom_id, member_id, subject, event, at, details)


async def note_export(
    conn: AsyncConnection,
    newsroom_id: int,
    member_id: int | None,
    subject: tuple[str, int],
    event: str,
    at: datetime,
    **details: Any,
) -> None:
    """Add a line of something that leaves the house as a file: in the custody log it stands among the exports."""
    await _note(conn, "exported", newsroom_id, member_id, subject, event, at, details)


async def _note(
    conn: AsyncConnection,
    kind: str,
    newsroom_id: int,
    member_id: int | None,
    subject: tuple[str, int],
    event: str,
    at: datetime,
    details: dict[str, Any],
) -> None:
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "member_id": member_id, "subject": subject[0]}
    row |= {"subject_id": subject[1], "event": event, "details": details, "at": at}
    await conn.execute(sa.insert(t), [row])
    body = {"event": event, "by": member_id, "details": details}
    change = NewEntry(newsroom_id=newsroom_id, kind=kind, noun=subject[0], row_id=subject[1], body=body, at=at)
    await custody.put(conn, [change])


async def told(
    conn: AsyncConnection, newsroom_id: int, subject: tuple[str, int]
) -> list[tuple[str, str | None, datetime, dict[str, Any]]]:
    """The events of a subject with who did each, oldest first: event, member's name, moment, details."""
    query = (
        sa.select(t.c.event, members.c.name, t.c.at, t.c.details)
        .outerjoin(members, members.c.id == t.c.member_id)
        .where(t.c.newsroom_id == newsroom_id, t.c.subject == subject[0], t.c.subject_id == subject[1])
    )
    return [(row.event, row.name, row.at, row.details) for row in (await conn.execute(query.order_by(t.c.id))).all()]


async def of(
    conn: AsyncConnection, newsroom_id: int, subject: tuple[str, int]
) -> list[tuple[str, datetime, dict[str, Any]]]:
    """The events of a subject, oldest first: event, moment, details."""
    query = sa.select(t.c.event, t.c.at, t.c.details).where(
        t.c.newsroom_id == newsroom_id, t.c.subject == subject[0], t.c.subject_id == subject[1]
    )
    return [(row.event, row.at, row.details) for row in (await conn.execute(query.order_by(t.c.id))).all()]
