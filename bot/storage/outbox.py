"""The outbox: what waits to be said, stored in the transaction that decided it.

States: new → sending → done; new again after a fault; failed when its tries are used up. A row found in `sending` at
start was under way when the process died: it is sent again, since a card lost is worse than a card twice.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.outbox import UNPACED, Kind, Outgoing, Priority, Reserved, Waiting
from bot.storage.tables import outbox_chats as chats
from bot.storage.tables import outbox_messages as t
from bot.storage.upsert import insert_for, insert_ignoring

_FRONT = 500
#: The error of what waits for the end of a lockdown.
_PARKED = "lockdown"
_WAITING_KEY = sa.text("state = 'new'")


async def put(
    conn: AsyncConnection, messages: Sequence[Outgoing], now: datetime, not_before: datetime | None = None
) -> None:
    """Queue messages; one whose key already waits is the same message and is not queued twice."""
    rows = [
        {
            "id": new_id(),
            "newsroom_id": m.newsroom_id,
            "kind": m.kind.value,
            "key": m.key,
            "chat_id": m.chat_id,
            "member_id": m.member_id,
            "priority": int(m.priority),
            "body": m.body,
            "state": "new",
            "tries": 0,
            "created_at": now,
            "not_before": not_before or now,
        }
        for m in messages
    ]
    if rows:
        await insert_ignoring(conn, t, rows, ["newsroom_id", "key"], _WAITING_KEY)


async def heads(conn: AsyncConnection, now: datetime, limit: int, reserved: Reserved) -> list[Waiting]:
    """The next message of each chat that may be written to, most urgent first."""
    given = {"now": now, "limit": limit, "paced": list(reserved.paced), "busy": list(reserved.busy)}
    given |= {"ringing": list(reserved.ringing), "rung": list(reserved.rung)}
    return [_waiting(row) for row in (await conn.execute(_heads(), given)).all()]


@cache
def _heads() -> sa.Select[Any]:
    # Put together once: it is asked after each message, and putting it together takes longer than its answer.
    now, limit = sa.bindparam("now", type_=t.c.not_before.type), sa.bindparam("limit", type_=sa.Integer)
    held = sa.select(chats.c.chat_id).where(chats.c.not_before > now)
    names = ("paced", "busy", "ringing", "rung")
    paced, busy, ringing, rung = (sa.bindparam(name, type_=t.c.chat_id.type, expanding=True) for name in names)
    uncounted = t.c.kind.in_([kind.value for kind in UNPACED])
    free = sa.and_(t.c.chat_id.not_in(busy), sa.or_(t.c.chat_id.not_in(paced), uncounted))
    # An alarm waits neither for a chart that is being drawn for the same chat nor until that chat has rested from it.
    urgent = sa.and_(t.c.priority == int(Priority.ALARM), t.c.chat_id.not_in(ringing), t.c.chat_id.not_in(rung))
    due = sa.and_(t.c.state == "new", t.c.not_before <= now, t.c.chat_id.not_in(held))
    # What stands far back in the queue is not looked at: the chats before it are paced, and left out, the next time.
    front = sa.select(t).where(due, sa.or_(urgent, free)).order_by(t.c.priority, t.c.id).limit(_FRONT).subquery()
    place = sa.func.row_number().over(partition_by=front.c.chat_id, order_by=(front.c.priority, front.c.id))
    ranked = sa.select(front, place.label("place")).subquery()
    return sa.select(ranked).where(ranked.c.place == 1).order_by(ranked.c.priority, ranked.c.id).limit(limit)


async def start(conn: AsyncConnection, message_id: int) -> None:
    """Note that a message is being sent, before it is."""
    await conn.execute(sa.update(t).where(t.c.id == message_id).values(state="sending", tries=t.c.tries + 1))


async def done(conn: AsyncConnection, message_id: int, kind: Kind, now: datetime) -> None:
    """Telegram has it. Of what was said quietly nothing stays."""
    if kind is Kind.QUIET:
        await conn.execute(sa.delete(t).where(t.c.id == message_id))
        return
    await conn.execute(sa.update(t).where(t.c.id == message_id).values(state="done", done_at=now, error=None))


async def retry(conn: AsyncConnection, message_id: int, error: str, not_before: datetime) -> None:
    """Send again later; dropped when the same key was queued anew meanwhile, since that one says it all."""
    again = sa.update(t).where(t.c.id == message_id)
    try:
        # The unique index decides, also when the same key is being queued by another transaction right now.
        async with conn.begin_nested():
            await conn.execute(again.values(state="new", error=error, not_before=not_before))
    except IntegrityError:
        await conn.execute(again.values(state="done", error="superseded", done_at=not_before))


async def park(conn: AsyncConnection, newsroom_id: int, message_id: int, not_before: datetime) -> None:
    """Let it wait for the end of a lockdown: none of its tries is used up by that."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == message_id)
    await retry(conn, message_id, _PARKED, not_before)
    # Not none: what it opens to its reader was noted at the first one.
    await conn.execute(mine.where(t.c.error == _PARKED).values(tries=1))


async def put_parked(conn: AsyncConnection, outgoing: Outgoing, now: datetime, not_before: datetime) -> None:
    """Queue a message, known by its key, for the end of a lockdown."""
    await put(conn, [outgoing], now, not_before)
    mine = sa.and_(t.c.newsroom_id == outgoing.newsroom_id, t.c.key == outgoing.key, t.c.state == "new")
    await conn.execute(sa.update(t).where(mine).values(error=_PARKED))


async def release(conn: AsyncConnection, newsroom_id: int, now: datetime) -> int:
    """The lockdown has ended: what waited for that is said now. Returns how many messages."""
    parked = sa.and_(t.c.newsroom_id == newsroom_id, t.c.state == "new", t.c.error == _PARKED)
    return (await conn.execute(sa.update(t).where(parked).values(not_before=now, error=None))).rowcount


async def fail(conn: AsyncConnection, message_id: int, error: str, now: datetime) -> None:
    """Give up on a message. What was to be said quietly is forgotten; what was to be deleted stands elsewhere."""
    forgotten = t.c.kind.in_((Kind.QUIET.value, Kind.DELETE.value))
    await conn.execute(sa.delete(t).where(t.c.id == message_id, forgotten))
    await conn.execute(sa.update(t).where(t.c.id == message_id).values(state="failed", error=error, done_at=now))


async def recover(conn: AsyncConnection, now: datetime) -> int:
    """Return what a killed process was sending to the queue."""
    rows = (await conn.execute(sa.select(t.c.id).where(t.c.state == "sending").order_by(t.c.id))).scalars().all()
    for message_id in rows:
        await retry(conn, message_id, "interrupted", now)
    return len(rows)


async def hold_chat(conn: AsyncConnection, newsroom_id: int, chat_id: int, not_before: datetime) -> None:
    """Remember that Telegram asked to leave a chat alone until then; it survives a restart."""
    statement = insert_for(conn, chats).values(newsroom_id=newsroom_id, chat_id=chat_id, not_before=not_before)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["chat_id"], set_={"not_before": statement.excluded.not_before})
    )


async def drop_for_chat(conn: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Nothing more goes to a chat that is no member's any longer."""
    kept = (Kind.CLEAR_MENU.value, Kind.DELETE.value)
    waiting = sa.update(t).where(t.c.chat_id == chat_id, t.c.state == "new", t.c.kind.not_in(kept))
    await conn.execute(waiting.values(state="failed", error="member removed", done_at=now))


async def hasten_deletions(conn: AsyncConnection, newsroom_id: int, chat_id: int, now: datetime) -> None:
    """What was to be deleted in a chat later is deleted now."""
    mine = sa.update(t).where(
        t.c.newsroom_id == newsroom_id, t.c.chat_id == chat_id, t.c.state == "new", t.c.kind == Kind.DELETE.value
    )
    await conn.execute(mine.values(not_before=now))


async def withdraw_digests(
    conn: AsyncConnection, newsroom_id: int, chat_id: int, now: datetime
) -> list[dict[str, Any]]:
    """What a chat was not told yet of digests, and will not be: the bodies of those rows, in their order."""
    there = sa.and_(t.c.newsroom_id == newsroom_id, t.c.chat_id == chat_id, t.c.kind == Kind.DIGEST.value)
    query = sa.select(t.c.body).where(there, t.c.state.in_(("new", "sending"))).order_by(t.c.id)
    bodies = list((await conn.execute(query)).scalars())
    await conn.execute(
        sa.update(t).where(there, t.c.state == "new").values(state="failed", error="chat stopped", done_at=now)
    )
    return bodies


async def purge(conn: AsyncConnection, before: datetime) -> int:
    """Delete what was sent before a moment."""
    return (await conn.execute(sa.delete(t).where(t.c.state == "done", t.c.done_at < before))).rowcount


async def queued_since(conn: AsyncConnection, newsroom_id: int, key: str, since: datetime) -> bool:
    """Whether a message of this key was queued since a moment, sent or not."""
    query = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.key == key, t.c.created_at > since)
    return await conn.scalar(query.limit(1)) is not None


async def failed(conn: AsyncConnection, newsroom_id: int, since: datetime | None = None) -> int:
    """How many messages were given up, since a moment or ever."""
    query = sa.select(sa.func.count()).where(t.c.newsroom_id == newsroom_id, t.c.state == "failed")
    if since is not None:
        query = query.where(t.c.done_at > since)
    return int((await conn.execute(query)).scalar_one())


def _waiting(row: sa.Row[tuple[object, ...]]) -> Waiting:
    outgoing = Outgoing(
        kind=Kind(row.kind),
        chat_id=row.chat_id,
        newsroom_id=row.newsroom_id,
        priority=Priority(row.priority),
        member_id=row.member_id,
        key=row.key,
        body=row.body,
    )
    return Waiting(id=row.id, outgoing=outgoing, tries=row.tries, created_at=row.created_at)
