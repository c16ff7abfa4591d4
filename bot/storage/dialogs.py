"""What a member was asked and has not answered yet: one open question each, forgotten after a while."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.dialog import Dialog
from bot.storage.tables import dialogs as t
from bot.storage.tables import inbox_updates, members


async def ask(
    conn: AsyncConnection, newsroom_id: int, member_id: int, kind: str, body: dict[str, Any], expires_at: datetime
) -> None:
    """Open a question; an earlier one of the same member is dropped."""
    await end(conn, member_id)
    row = {"newsroom_id": newsroom_id, "member_id": member_id, "kind": kind, "body": body, "expires_at": expires_at}
    await conn.execute(sa.insert(t), [row])


async def of_member(conn: AsyncConnection, member_id: int, now: datetime) -> Dialog | None:
    """The member's open question."""
    row = (await conn.execute(sa.select(t).where(t.c.member_id == member_id, t.c.expires_at > now))).first()
    return Dialog(kind=row.kind, body=row.body) if row else None


async def even_if_late(conn: AsyncConnection, member_id: int, kind: str) -> Dialog | None:
    """The member's question of this kind, as long as it is not forgotten: an answer in time may be read late."""
    row = (await conn.execute(sa.select(t).where(t.c.member_id == member_id, t.c.kind == kind))).first()
    return Dialog(kind=row.kind, body=row.body) if row else None


async def purge(conn: AsyncConnection, now: datetime) -> int:
    """Forget what was asked and never answered: who began to hand in a work report, above all.

    While something that its member said is not read yet, it may be the answer.
    """
    unread = (
        sa.select(sa.literal(1))
        .join(members, members.c.telegram_id == inbox_updates.c.chat_key)
        .where(members.c.id == t.c.member_id, inbox_updates.c.state.in_(("new", "working")))
    )
    return (await conn.execute(sa.delete(t).where(t.c.expires_at <= now, ~unread.exists()))).rowcount


async def end(conn: AsyncConnection, member_id: int) -> bool:
    """Close the member's question; False when there was none."""
    return (await conn.execute(sa.delete(t).where(t.c.member_id == member_id))).rowcount == 1
