"""Owners of stolen photos: each word on a picture is a row of its own, and the latest counts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.photo_owner import OwnerEntry, PhotoOwner
from bot.storage.tables import members
from bot.storage.tables import photo_owners as t


async def put(
    conn: AsyncConnection, newsroom_id: int, sha256: str, entry: OwnerEntry | None, member_id: int, now: datetime
) -> bool:
    """Record whose photo it is, or take it back (None); False when exactly this is recorded already."""
    earlier = (await story(conn, newsroom_id, sha256))[-1:]
    if [owner.entry for owner in earlier] == [entry] or (not earlier and entry is None):
        return False
    said = entry or OwnerEntry(name="")
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "sha256": sha256, "name": said.name or None}
    row |= {"profile": said.profile, "how": said.how, "note": said.note, "member_id": member_id, "at": now}
    await conn.execute(sa.insert(t), [row])
    return True


async def of_pictures(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> dict[str, PhotoOwner]:
    """The owners of these pictures, as far as they are known."""
    latest = {owner.sha256: owner for owner in await _owners(conn, newsroom_id, t.c.sha256.in_(shas))}
    return {sha256: owner for sha256, owner in latest.items() if owner.entry is not None}


async def story(conn: AsyncConnection, newsroom_id: int, sha256: str) -> list[PhotoOwner]:
    """Everything that was said of a picture's owner, oldest first."""
    return await _owners(conn, newsroom_id, t.c.sha256 == sha256)


async def _owners(conn: AsyncConnection, newsroom_id: int, condition: sa.ColumnElement[bool]) -> list[PhotoOwner]:
    query = (
        sa.select(t, members.c.name.label("member_name"))
        .join(members, members.c.id == t.c.member_id)
        .where(t.c.newsroom_id == newsroom_id, condition)
        .order_by(t.c.id)
    )
    return [_owner(row) for row in (await conn.execute(query)).all()]


def _owner(row: sa.Row[Any]) -> PhotoOwner:
    entry = OwnerEntry(name=row.name, profile=row.profile, how=row.how, note=row.note) if row.name else None
    return PhotoOwner(sha256=row.sha256, entry=entry, member_id=row.member_id, member_name=row.member_name, at=row.at)
