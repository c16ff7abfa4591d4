"""What stands in chats: noted when Telegram took it, looked up when a button is pressed, gone when its time comes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.alarm import AlarmState
from bot.model.outbox import Kind, Outgoing
from bot.model.sent_message import Drawn
from bot.storage.tables import alarms, outbox_messages, spent_presses
from bot.storage.tables import sent_messages as t
from bot.storage.upsert import insert_for

#: Alarms and their messages: what is not answered stays.
_ALARM = Kind.ALARM.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A message that is to go."""

    newsroom_id: int
    chat_id: int
    message_id: int
    member_id: int | None


async def note_sent(
    conn: AsyncConnection, outgoing: Outgoing, drawn_by: int, ids: Sequence[int], when: tuple[datetime, datetime | None]
) -> None:
    """Telegram took these messages of the outbox row `drawn_by`; `when` is now, and when they are to go."""
    rows = [_row(outgoing, drawn_by, message_id, when) for message_id in ids]
    if rows:
        # A row may be noted twice, when the process died between: it is the same message.
        await conn.execute(insert_for(conn, t).on_conflict_do_nothing(), rows)


async def note_redrawn(
    conn: AsyncConnection, outgoing: Outgoing, drawn_by: int, ids: Sequence[int], when: tuple[datetime, datetime | None]
) -> None:
    """The outbox row `drawn_by` gave these messages new buttons. When they go does not change: it counts from sending.

    A message that is not known, because it was sent before any was noted, is known from now on.
    """
    rows = [_row(outgoing, drawn_by, message_id, when) for message_id in ids]
    new = insert_for(conn, t)
    again = new.excluded.drawn_by == t.c.drawn_by
    change = {
        "drawn_before": sa.case((again, t.c.drawn_before), else_=t.c.drawn_by),
        "drawn_by": new.excluded.drawn_by,
    }
    if rows:
        key = ["newsroom_id", "chat_id", "message_id"]
        await conn.execute(new.on_conflict_do_update(index_elements=key, set_=change), rows)


async def drawn(conn: AsyncConnection, newsroom_id: int, chat_id: int, message_id: int, said: str) -> Drawn:
    """Who drew the buttons of a message, and whether what one of them `said` had its effect."""
    given = {"newsroom": newsroom_id, "chat": chat_id, "message": message_id, "said": said}
    rows = (await conn.execute(_drawn(), given)).all()
    known = next((row for row in rows if row.is_known), None)
    return Drawn(
        now=known.drawn_by if known is not None else None,
        before=known.drawn_before if known is not None else None,
        under_way=tuple(row.drawn_by for row in rows if not row.is_known),
        spent=frozenset(row.drawn_by for row in rows if row.spent is not None),
    )


@cache
def _drawn() -> sa.CompoundSelect[Any]:
    # Put together once: every press asks it.
    newsroom, chat, message = (sa.bindparam(name, type_=sa.BigInteger) for name in ("newsroom", "chat", "message"))
    used, row, none = spent_presses, outbox_messages, sa.null()
    said = used.c.said == sa.bindparam("said", type_=sa.String)
    known = (
        sa.select(sa.literal(1).label("is_known"), t.c.drawn_by, t.c.drawn_before, used.c.drawn_by.label("spent"))
        .select_from(t.outerjoin(used, sa.and_(used.c.drawn_by == t.c.drawn_by, said)))
        .where(t.c.newsroom_id == newsroom, t.c.chat_id == chat, t.c.message_id == message, t.c.gone_at.is_(None))
    )
    # What is under way may be pressed before Telegram's answer to it has come, and pressed once more.
    sending = (
        sa.select(sa.literal(0), row.c.id, sa.cast(none, sa.BigInteger), used.c.drawn_by)
        .select_from(row.outerjoin(used, sa.and_(used.c.drawn_by == row.c.id, said)))
        .where(row.c.state == "sending", row.c.newsroom_id == newsroom, row.c.chat_id == chat)
    )
    return sa.union_all(known, sending)


async def is_worn(conn: AsyncConnection, newsroom_id: int, chat_id: int, message_id: int) -> bool:
    """Whether any button of what a message shows was used up."""
    used = spent_presses
    query = sa.select(used.c.drawn_by).join(t, t.c.drawn_by == used.c.drawn_by)
    query = query.where(t.c.newsroom_id == newsroom_id, t.c.chat_id == chat_id, t.c.message_id == message_id).limit(1)
    return await conn.scalar(query) is not None


async def is_gone(conn: AsyncConnection, newsroom_id: int, chat_id: int, message_id: int) -> bool:
    """Whether a message was deleted by its time."""
    query = sa.select(t.c.gone_at).where(
        t.c.newsroom_id == newsroom_id, t.c.chat_id == chat_id, t.c.message_id == message_id
    )
    return await conn.scalar(query) is not None


async def due(conn: AsyncConnection, now: datetime, asked_before: datetime, limit: int) -> list[Standing]:
    """Messages whose time has come and of which Telegram was not asked since; unanswered alarms stay."""
    query = sa.select(t).where(_stays(), t.c.goes_at <= now, _unasked(asked_before), ~_rings(), ~_waits())
    query = query.order_by(t.c.goes_at).limit(limit).with_for_update(skip_locked=True)
    return _standing((await conn.execute(query)).all())


async def of_member(conn: AsyncConnection, newsroom_id: int, member_id: int, since: datetime) -> list[Standing]:
    """Everything that still stands in a member's own chat and was sent since."""
    mine = sa.and_(t.c.newsroom_id == newsroom_id, t.c.member_id == member_id)
    query = sa.select(t).where(mine, _stays(), t.c.sent_at >= since).order_by(t.c.message_id.desc())
    return _standing((await conn.execute(query)).all())


async def hasten(conn: AsyncConnection, member_id: int, sent_before: datetime, now: datetime) -> int:
    """A member's sensitive messages sent before a moment are to go now."""
    early = sa.update(t).where(_stays(), t.c.member_id == member_id, t.c.sent_at <= sent_before, t.c.goes_at > now)
    return (await conn.execute(early.values(goes_at=now))).rowcount


async def ask(conn: AsyncConnection, by_chat: Mapping[tuple[int, int], Collection[int]], now: datetime) -> None:
    """Telegram is being asked to delete these messages of newsrooms' chats."""
    for (newsroom_id, chat_id), ids in by_chat.items():
        await conn.execute(_these(newsroom_id, chat_id, ids).values(queued_at=now))


async def gone(conn: AsyncConnection, newsroom_id: int, chat_id: int, ids: Collection[int], now: datetime) -> None:
    """Telegram deleted these."""
    await conn.execute(_these(newsroom_id, chat_id, ids).values(gone_at=now, lost_at=None))


async def lose(conn: AsyncConnection, sent_before: datetime, now: datetime) -> int:
    """What was to go and stands too long to be deleted is given up; returns how many. Unanswered alarms are kept."""
    late = sa.update(t).where(_stays(), t.c.goes_at <= now, t.c.sent_at <= sent_before, ~_rings())
    return (await conn.execute(late.values(lost_at=now))).rowcount


async def lost(conn: AsyncConnection, newsroom_id: int) -> int:
    """How many sensitive messages still stand in chats because they could not be deleted in time."""
    query = sa.select(sa.func.count()).where(t.c.newsroom_id == newsroom_id, t.c.lost_at.is_not(None))
    return int((await conn.execute(query.where(t.c.gone_at.is_(None)))).scalar_one())


async def purge(conn: AsyncConnection, sent_before: datetime, spent_before: datetime) -> int:
    """Forget what was sent long ago: buttons of it are dead from then on."""
    await conn.execute(sa.delete(spent_presses).where(spent_presses.c.at < spent_before))
    return (await conn.execute(sa.delete(t).where(t.c.sent_at < sent_before))).rowcount


def _these(newsroom_id: int, chat_id: int, ids: Collection[int]) -> sa.Update:
    return sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.chat_id == chat_id, t.c.message_id.in_(list(ids)))


def _row(outgoing: Outgoing, drawn_by: int, message_id: int, when: tuple[datetime, datetime | None]) -> dict[str, Any]:
    return {
        "newsroom_id": outgoing.newsroom_id,
        "chat_id": outgoing.chat_id,
        "message_id": message_id,
        "member_id": outgoing.member_id,
        "kind": outgoing.kind.value,
        "subject_id": int(outgoing.body["alarm"]) if outgoing.kind is Kind.ALARM else None,
        "drawn_by": drawn_by,
        "sent_at": when[0],
        "goes_at": when[1],
    }


def _stays() -> sa.ColumnElement[bool]:
    return sa.and_(t.c.gone_at.is_(None), t.c.lost_at.is_(None))


def _unasked(asked_before: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(t.c.queued_at.is_(None), t.c.queued_at <= asked_before)


def _waits() -> sa.ColumnElement[bool]:
    # While Telegram cannot be reached, what is asked of a chat waits: it is not asked again and again.
    row = outbox_messages.c
    asked = sa.and_(row.newsroom_id == t.c.newsroom_id, row.chat_id == t.c.chat_id, row.kind == Kind.DELETE.value)
    return sa.select(row.id).where(row.state == "new", asked).exists()


def _rings() -> sa.ColumnElement[bool]:
    ringing = sa.select(alarms.c.id).where(alarms.c.id == t.c.subject_id, alarms.c.state == AlarmState.RINGING.value)
    return sa.and_(t.c.kind == _ALARM, ringing.exists())


def _standing(rows: Iterable[Any]) -> list[Standing]:
    return [Standing(**{name: getattr(row, name) for name in Standing.__dataclass_fields__}) for row in rows]
