"""Event records: each value that somebody gave is a row, added and never changed; the latest of a field counts."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.event_record import RecordValue
from bot.model.ids import new_id
from bot.storage.tables import event_records as t
from bot.storage.tables import members


async def put(
    conn: AsyncConnection,
    newsroom_id: int,
    member_id: int,
    subject: tuple[str, int],
    field: str,
    value: str | None,
    at: datetime,
) -> None:
    """A field's value from now on; None empties it. `subject` is "threat" or "incident" and a row's id."""
    row = {"id": new_id(), "newsroom_id": newsroom_id, "about": subject[0], "row_id": subject[1], "field": field}
    await conn.execute(sa.insert(t), [row | {"value": value, "member_id": member_id, "at": at}])


async def of(conn: AsyncConnection, newsroom_id: int, subject: tuple[str, int]) -> dict[str, RecordValue]:
    """The fields of a record that hold something."""
    return (await of_many(conn, newsroom_id, subject[0], [subject[1]])).get(subject[1], {})


async def of_many(
    conn: AsyncConnection, newsroom_id: int, about: str, ids: Collection[int]
) -> dict[int, dict[str, RecordValue]]:
    """The same of several rows, by their id."""
    query = (
        sa.select(t.c.row_id, t.c.field, t.c.value, t.c.at, members.c.name)
        .join(members, members.c.id == t.c.member_id)
        .where(t.c.newsroom_id == newsroom_id, t.c.about == about, t.c.row_id.in_(sorted(ids)))
    )
    found: dict[int, dict[str, RecordValue]] = {}
    for row in (await conn.execute(query.order_by(t.c.id))).all():
        kept = found.setdefault(row.row_id, {})
        kept.pop(row.field, None)
        if row.value is not None:
            kept[row.field] = RecordValue(value=row.value, member=row.name, at=row.at)
    return found
