"""Chats that may be sent digests: allowed by an administrator, stopped at any time."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.digest import ChatKind, ChatState, DigestChat, Place
from bot.model.ids import new_id
from bot.storage.tables import digest_chats as t
from bot.storage.upsert import insert_for


async def put(
    conn: AsyncConnection,
    newsroom_id: int,
    place: Place,
    state: ChatState,
    people: tuple[int | None, int],
    now: datetime,
    *,
    strangers: int = 0,
) -> DigestChat:
    """Note a chat, or note it anew; `people` are whose own chat it is, and who said so.

    `strangers` are in it and no members: so many were said to be right.
    """
    member_id, added_by = people
    values: dict[str, Any] = {
        "kind": place.kind.value,
        "title": place.title[:128],
        "member_id": member_id,
        "state": state.value,
        "reason": None,
        "strangers": strangers,
        "added_by": added_by,
        "added_at": now,
        "stopped_at": None,
    }
    key = {"newsroom_id": newsroom_id, "chat_id": place.chat_id, "topic_id": place.topic_id or 0}
    statement = insert_for(conn, t).values(id=new_id(), **key, **values)
    await conn.execute(statement.on_conflict_do_update(index_elements=[*key], set_=values))
    return chat_of((await conn.execute(_all(newsroom_id).where(*(t.c[name] == key[name] for name in key)))).one())


async def get(conn: AsyncConnection, newsroom_id: int, chat_row_id: int) -> DigestChat | None:
    """A chat by the id of its row."""
    row = (await conn.execute(_all(newsroom_id).where(t.c.id == chat_row_id))).first()
    return chat_of(row) if row else None


async def at(conn: AsyncConnection, newsroom_id: int, chat_id: int, topic_id: int | None) -> DigestChat | None:
    """A chat as Telegram names it."""
    where = (t.c.chat_id == chat_id, t.c.topic_id == (topic_id or 0))
    row = (await conn.execute(_all(newsroom_id).where(*where))).first()
    return chat_of(row) if row else None


async def everything(conn: AsyncConnection, newsroom_id: int) -> list[DigestChat]:
    """Every chat that is not stopped, and what was stopped, the oldest first."""
    return [chat_of(row) for row in (await conn.execute(_all(newsroom_id).order_by(t.c.id))).all()]


async def stop(conn: AsyncConnection, newsroom_id: int, chat_row_id: int, reason: str, now: datetime) -> bool:
    """Nothing goes there any more; False when nothing did."""
    change = sa.update(t).where(
        t.c.newsroom_id == newsroom_id, t.c.id == chat_row_id, t.c.state != ChatState.STOPPED.value
    )
    values = {"state": ChatState.STOPPED.value, "reason": reason, "stopped_at": now}
    return (await conn.execute(change.values(**values))).rowcount == 1


def chat_of(row: Any) -> DigestChat:
    """A chat of its row; the columns may stand among others."""
    place = Place(
        chat_id=row.chat_id, kind=ChatKind(row.kind), title=row.title, topic_id=row.topic_id if row.topic_id else None
    )
    return DigestChat(
        id=row.id,
        newsroom_id=row.newsroom_id,
        place=place,
        member_id=row.member_id,
        state=ChatState(row.state),
        reason=row.reason,
        added_by=row.added_by,
        added_at=row.added_at,
        strangers=row.strangers or 0,
    )


def _all(newsroom_id: int) -> sa.Select[Any]:
    return sa.select(t).where(t.c.newsroom_id == newsroom_id)
