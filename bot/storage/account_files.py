"""Lists of accounts that were sent in the chat: how their columns are settled, and which are ready to be taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.storage.tables import account_files as t


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountFile:
    """A list: its name and bytes, its columns as [name, field, examples], and how far it is."""

    id: int
    member_id: int
    name: str
    sha256: str
    columns: Sequence[Sequence[Any]]
    state: str
    is_takedown: bool
    counts: Mapping[str, Any]
    sent_at: datetime


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    member_id: int,
    named: tuple[str, str],
    columns: Sequence[Sequence[Any]],
    now: datetime,
) -> int:
    """Keep a list whose columns are to be settled; `named` are its name and the SHA-256 of its bytes."""
    row = {"id": new_id(), "newsroom_id": newsroom_id, "member_id": member_id, "name": named[0][:200]}
    row |= {"sha256": named[1], "columns": [list(each) for each in columns], "state": "asking", "counts": {}}
    await conn.execute(sa.insert(t), [row | {"is_takedown": False, "sent_at": now}])
    return int(str(row["id"]))


async def get(conn: AsyncConnection, newsroom_id: int, file_id: int) -> AccountFile | None:
    """A list that was sent."""
    row = (await conn.execute(sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == file_id))).first()
    return _file(row) if row is not None else None


async def ready(conn: AsyncConnection, newsroom_id: int) -> AccountFile | None:
    """The oldest list that waits to be taken in, or whose taking in was interrupted."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.state == "ready").order_by(t.c.id).limit(1)
    row = (await conn.execute(query)).first()
    return _file(row) if row is not None else None


async def change(conn: AsyncConnection, newsroom_id: int, file_id: int, before: str, values: Mapping[str, Any]) -> bool:
    """Change a list that is in a state; False when it is not, any longer."""
    own = sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == file_id, t.c.state == before)
    return (await conn.execute(sa.update(t).where(own).values(**values))).rowcount == 1


def _file(row: Any) -> AccountFile:
    names = AccountFile.__dataclass_fields__
    return AccountFile(**{name: getattr(row, name) for name in names})
