"""Acts that wait for a second person."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.access import ActKind, ActState, PendingAct
from bot.model.ids import new_id
from bot.storage.tables import pending_acts as t


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    kind: ActKind,
    body: dict[str, Any],
    seal: str,
    asked_by: int,
    asked_at: datetime,
    expires_at: datetime,
) -> int:
    """Let an act wait; returns its id."""
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "kind": kind.value, "body": body, "seal": seal}
    row |= {"asked_by": asked_by, "asked_at": asked_at, "expires_at": expires_at, "state": ActState.WAITING.value}
    await conn.execute(sa.insert(t), [row])
    return int(row["id"])


async def by_id(conn: AsyncConnection, newsroom_id: int, act_id: int) -> PendingAct | None:
    """An act, whatever became of it."""
    row = (await conn.execute(sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == act_id))).first()
    return _act(row) if row is not None else None


async def waiting(conn: AsyncConnection, newsroom_id: int, now: datetime) -> list[PendingAct]:
    """The acts that can still be decided, oldest first."""
    query = sa.select(t).where(
        t.c.newsroom_id == newsroom_id, t.c.state == ActState.WAITING.value, t.c.expires_at > now
    )
    return [_act(row) for row in (await conn.execute(query.order_by(t.c.id))).all()]


async def decide(
    conn: AsyncConnection, newsroom_id: int, act_id: int, state: ActState, decided_by: int | None, now: datetime
) -> bool:
    """Decide an act that waits, in time and by another person; False otherwise: each is decided once."""
    mine = sa.update(t).where(
        t.c.newsroom_id == newsroom_id,
        t.c.id == act_id,
        t.c.state == ActState.WAITING.value,
        t.c.expires_at > now,
    )
    if decided_by is not None:
        mine = mine.where(t.c.asked_by != decided_by)
    return (await conn.execute(mine.values(state=state.value, decided_by=decided_by, decided_at=now))).rowcount == 1


async def void(conn: AsyncConnection, newsroom_id: int, act_id: int, now: datetime) -> None:
    """An act that was allowed, but is no longer what was asked for."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == act_id)
    await conn.execute(mine.values(state=ActState.VOID.value, decided_at=now))


async def void_of(conn: AsyncConnection, newsroom_id: int, member_id: int, now: datetime) -> None:
    """What somebody asked for is not done any more."""
    mine = sa.update(t).where(
        t.c.newsroom_id == newsroom_id, t.c.asked_by == member_id, t.c.state == ActState.WAITING.value
    )
    await conn.execute(mine.values(state=ActState.VOID.value, decided_at=now))


def _act(row: Any) -> PendingAct:
    values = {name: getattr(row, name) for name in PendingAct.__dataclass_fields__}
    return PendingAct(**(values | {"kind": ActKind(row.kind), "state": ActState(row.state)}))
