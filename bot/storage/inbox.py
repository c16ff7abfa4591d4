"""The durable inbox: an update is committed here before Telegram is told that it arrived.

States: new → working → done, or new again with a later `not_before`, and dead when its tries are used up: an admin can
see dead letters and replay them. What was done with nothing but the question for a code is new again after a right one.
`identity` tells a redelivered update (same identity, ignored) from another one that got the same number after Telegram
restarted its numbering.

Several processes may share one PostgreSQL. A chat is claimed by one of them at a time (an advisory lock until the end
of the claiming transaction; a chat of which something is in hand gives nothing). What a process has in hand carries its
number: only what a dead one held is taken again, and what a living one was deprived of it can no longer finish.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.dead_letter import DeadLetter
from bot.model.ids import new_id
from bot.storage.direct import Add, Steps, take
from bot.storage.tables import inbox_updates as t

# A chat's loose updates that are read together, and how far beyond the batch the queue is looked at.
_RUN = 10
_LOOK_AHEAD = 4
#: First number of the advisory locks of chats; any that nothing else in the database locks by.
_CHATS = 0x6B6C6368


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUpdate:
    """An update that passed the sieve."""

    newsroom_id: int
    bot_id: int
    update_id: int
    identity: str
    chat_key: int
    media_group: str | None
    loose: bool
    raw: str
    #: How long it waits at most while others go ahead.
    wait: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimedUpdate:
    """An update that a worker has taken; `tries` counts this one."""

    id: int
    newsroom_id: int
    chat_key: int
    raw: str
    tries: int


async def accept(
    conn: AsyncConnection, updates: Sequence[NewUpdate], now: datetime, *, told: bool = False
) -> list[int]:
    """Store updates once each; one that is there already is passed over. If `told`, returns the ids of the new rows."""
    rows = [
        {
            "id": new_id(),
            "newsroom_id": u.newsroom_id,
            "bot_id": u.bot_id,
            "update_id": u.update_id,
            "identity": u.identity,
            "chat_key": u.chat_key,
            "media_group": u.media_group,
            "loose": u.loose,
            "raw": u.raw,
            "state": "new",
            "tries": 0,
            "received_at": now,
            "not_before": now + u.wait,
        }
        for u in updates
    ]
    if rows:
        await take(conn, _storing(rows))
    if not rows or not told:
        return []
    stored = sa.select(t.c.id).where(t.c.id.in_([row["id"] for row in rows])).order_by(t.c.id)
    return list((await conn.execute(stored)).scalars())


def _storing(rows: Sequence[Mapping[str, Any]]) -> Steps[None]:
    yield Add(t, rows, unless=("bot_id", "update_id", "identity"))


async def claim(
    conn: AsyncConnection, now: datetime, limit: int, busy: Collection[int], holder: int | None = None
) -> list[ClaimedUpdate]:
    """Take the oldest waiting updates of chats that nobody is working on; `busy` are chats in hand here.

    A chat gives its oldest update, or a run of loose ones. Updates of a chat go in order; only one that waits to be
    tried again lets later ones pass, so that one which fails does not hold up its chat.
    """
    if limit <= 0:
        return []
    given = {"now": now, "limit": limit, "looked_at": limit * _LOOK_AHEAD, "busy": list(busy)}
    if conn.dialect.name != "postgresql":
        return await _taken(conn, (await conn.execute(_claimable(), given)).all(), holder)
    # More than are asked for: others may have their hands on the oldest.
    found = (await conn.execute(_claimable(), {**given, "limit": limit * _LOOK_AHEAD})).all()
    if not (chats := await _locked(conn, dict.fromkeys(row.chat_key for row in found), limit)):
        return []
    # Looked at anew: what another process committed before it let go of a chat is seen by no earlier statement.
    rows = (await conn.execute(_claimable_of_locked(), {**given, "chats": chats})).all()
    return await _taken(conn, rows, holder)


async def _locked(conn: AsyncConnection, chats: Iterable[int], most: int) -> list[int]:
    """Those of these chats that no other process is claiming from, until the end of the transaction."""
    tried = list(chats)
    if conn.dialect.name != "postgresql" or not tried:
        return tried[:most]
    given = {"chats": tried, "first": _CHATS, "most": most}
    return list((await conn.execute(_LOCKS, given)).scalars())


_LOCKS = sa.text(
    "SELECT chat FROM unnest(CAST(:chats AS bigint[])) AS chat"
    " WHERE pg_try_advisory_xact_lock(:first, hashint8(chat)) LIMIT :most"
)


async def claim_early(conn: AsyncConnection, limit: int, holder: int | None = None) -> list[ClaimedUpdate]:
    """Take some of those that wait in the slower lane, of each chat as many; what failed once waits for its time.

    A chat gives its oldest, or a run of loose ones. Where there are more chats than places, those go first whose time
    comes first: whoever is a little over a limit is not behind somebody who is far over it.
    """
    if limit <= 0:
        return []
    working = sa.select(t.c.chat_key).where(t.c.state == "working")
    lane = sa.and_(t.c.state == "new", t.c.tries == 0, t.c.chat_key.not_in(working))
    due = (sa.func.min(t.c.not_before), sa.func.min(t.c.id))
    chats = sa.select(t.c.chat_key).where(lane).group_by(t.c.chat_key).order_by(*due).limit(limit * _LOOK_AHEAD)
    found = await _locked(conn, (await conn.execute(chats)).scalars().all(), limit)
    taken: list[Any] = []
    for chat in found:
        taken += await _next_of(conn, chat, max(1, limit // len(found)))
    return await _taken(conn, taken, holder)


async def _next_of(conn: AsyncConnection, chat: int, most: int) -> list[Any]:
    """A chat's oldest update, or a run of loose ones; fewer where another process holds some."""
    of_chat = sa.select(t.c.id, t.c.chat_key, t.c.raw, t.c.tries, t.c.newsroom_id, t.c.loose)
    of_chat = of_chat.where(t.c.state == "new", t.c.tries == 0, t.c.chat_key == chat)
    other = t.alias()
    working = sa.exists().where(other.c.chat_key == chat, other.c.state == "working")
    of_chat = of_chat.where(~working).order_by(t.c.id).limit(most)
    query = of_chat.with_for_update(of=t, skip_locked=True) if conn.dialect.name == "postgresql" else of_chat
    rows = (await conn.execute(query)).all()
    return [row for n, row in enumerate(rows) if n == 0 or all(each.loose for each in rows[: n + 1])]


async def _taken(conn: AsyncConnection, rows: Sequence[Any], holder: int | None) -> list[ClaimedUpdate]:
    if rows:
        taken = sa.update(t).where(t.c.id.in_([row.id for row in rows]))
        await conn.execute(taken.values(state="working", tries=t.c.tries + 1, holder=holder))
    return [
        ClaimedUpdate(id=r.id, newsroom_id=r.newsroom_id, chat_key=r.chat_key, raw=r.raw, tries=r.tries + 1)
        for r in rows
    ]


@cache
def _claimable() -> sa.Select[Any]:
    return _next_up(sa.true())


@cache
def _claimable_of_locked() -> sa.Select[Any]:
    chats = sa.bindparam("chats", type_=t.c.chat_key.type, expanding=True)
    return _next_up(t.c.chat_key.in_(chats)).with_for_update(of=t, skip_locked=True)


def _next_up(among: sa.ColumnElement[bool]) -> sa.Select[Any]:
    # Put together once: it is asked after each update, and putting it together takes longer than its answer.
    now, limit = sa.bindparam("now", type_=t.c.not_before.type), sa.bindparam("limit", type_=sa.Integer)
    working = sa.select(t.c.chat_key).where(t.c.state == "working")
    busy = sa.bindparam("busy", type_=t.c.chat_key.type, expanding=True)
    due = sa.and_(t.c.state == "new", t.c.not_before <= now, t.c.chat_key.not_in(busy), among)
    # What was due before it came goes before what its chat said earlier.
    turn = sa.case((t.c.not_before < t.c.received_at, 0), else_=1).label("turn")
    line = sa.select(t.c.id, t.c.chat_key, t.c.loose, turn).where(due, t.c.chat_key.not_in(working))
    oldest = line.order_by(t.c.id).limit(sa.bindparam("looked_at", type_=sa.Integer)).subquery()
    tight, order = sa.case((oldest.c.loose, 0), else_=1), (oldest.c.turn, oldest.c.id)
    placed = sa.select(
        oldest.c.id,
        sa.func.row_number().over(partition_by=oldest.c.chat_key, order_by=order).label("place"),
        sa.func.sum(tight).over(partition_by=oldest.c.chat_key, order_by=order, rows=(None, 0)).label("tight"),
    ).subquery()
    next_up = sa.or_(placed.c.place == 1, sa.and_(placed.c.tight == 0, placed.c.place <= _RUN))
    query = sa.select(t.c.id, t.c.newsroom_id, t.c.chat_key, t.c.raw, t.c.tries).join(placed, placed.c.id == t.c.id)
    # Asked once more outside, where PostgreSQL asks it again of a row that another process has taken meanwhile.
    return query.where(next_up, t.c.state == "new").order_by(t.c.id).limit(limit)


async def finish(conn: AsyncConnection, ids: Collection[int], now: datetime, holder: int | None = None) -> int:
    """Mark as done, in the transaction that holds the effects; returns how many of them were in hand."""
    in_hand = sa.update(t).where(t.c.id.in_(ids), _held_by(holder))
    return (await conn.execute(in_hand.values(state="done", done_at=now, error=None))).rowcount


async def put_back(
    conn: AsyncConnection, update_id: int, error: str, not_before: datetime, holder: int | None = None
) -> bool:
    """Try again later, if it is in hand; whether it was."""
    in_hand = sa.update(t).where(t.c.id == update_id, _held_by(holder))
    return (await conn.execute(in_hand.values(state="new", error=error, not_before=not_before))).rowcount == 1


async def bury(conn: AsyncConnection, update_id: int, error: str, now: datetime, holder: int | None = None) -> bool:
    """Give up on what is in hand: a dead letter for the admin; whether it was."""
    in_hand = sa.update(t).where(t.c.id == update_id, _held_by(holder))
    return (await conn.execute(in_hand.values(state="dead", error=error, done_at=now))).rowcount == 1


def _held_by(holder: int | None) -> sa.ColumnElement[bool]:
    return sa.and_(t.c.state == "working", t.c.holder.is_not_distinct_from(holder))


async def recover(conn: AsyncConnection, living: Collection[int] = ()) -> int:
    """Return to the queue what is in nobody's hands any more: what no process among the `living` holds."""
    dead = sa.or_(t.c.holder.is_(None), t.c.holder.not_in(living))
    result = await conn.execute(sa.update(t).where(t.c.state == "working", dead).values(state="new"))
    return result.rowcount


async def next_due(conn: AsyncConnection) -> datetime | None:
    """When the earliest waiting update may be tried."""
    earliest: datetime | None = await conn.scalar(_NEXT_DUE)
    return earliest


# Put together once: whoever has nothing to do asks it ten times a second.
_NEXT_DUE = sa.select(sa.func.min(t.c.not_before)).where(t.c.state == "new")


async def waiting_in_group(conn: AsyncConnection, chat_key: int, media_group: str) -> int:
    """How many messages of an album are stored but not handled yet."""
    query = sa.select(sa.func.count()).where(
        t.c.chat_key == chat_key, t.c.media_group == media_group, t.c.state.in_(("new", "working"))
    )
    return int((await conn.execute(query)).scalar_one())


async def dead_letters(conn: AsyncConnection, newsroom_id: int, limit: int = 20) -> list[DeadLetter]:
    """The newest dead letters."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.state == "dead").order_by(t.c.id.desc()).limit(limit)
    rows = (await conn.execute(query)).all()
    return [
        DeadLetter(id=r.id, update_id=r.update_id, tries=r.tries, error=r.error or "?", received_at=r.received_at)
        for r in rows
    ]


async def dead(conn: AsyncConnection, newsroom_id: int) -> int:
    """How many dead letters a newsroom has."""
    query = sa.select(sa.func.count()).where(t.c.newsroom_id == newsroom_id, t.c.state == "dead")
    return int((await conn.execute(query)).scalar_one())


async def replay(conn: AsyncConnection, newsroom_id: int, now: datetime) -> int:
    """Give every dead letter of a newsroom its tries again; returns how many."""
    dead = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.state == "dead")
    return (await conn.execute(dead.values(state="new", tries=0, not_before=now, done_at=None))).rowcount


async def in_hand(conn: AsyncConnection, newsroom_id: int, update_id: int) -> int | None:
    """The row of an update that is being worked on, by Telegram's number of it."""
    query = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.update_id == update_id)
    found: int | None = await conn.scalar(query.where(t.c.state == "working").order_by(t.c.id.desc()).limit(1))
    return found


async def once_more(conn: AsyncConnection, newsroom_id: int, row_id: int, now: datetime) -> bool:
    """Let an update that was done be handled from its beginning; False when it is not there as done any longer."""
    done = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == row_id, t.c.state == "done")
    return (await conn.execute(done.values(state="new", tries=0, not_before=now, done_at=None))).rowcount == 1


async def purge(conn: AsyncConnection, now: datetime, keep: timedelta) -> int:
    """Delete handled updates older than `keep`; dead ones stay until somebody decides."""
    old = sa.delete(t).where(t.c.state == "done", t.c.done_at < now - keep)
    return (await conn.execute(old)).rowcount


async def counts(conn: AsyncConnection) -> dict[str, int]:
    """How many updates are in each state."""
    rows: Any = (await conn.execute(sa.select(t.c.state, sa.func.count()).group_by(t.c.state))).all()
    return dict(rows)
