"""Schedules, digests and their due slots; what digests said, to be looked at again."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import dump, load
from bot.model.digest import ChatState, Claim, Digest, DigestChat, DigestContent, Owed, Rhythm, Schedule, Section
from bot.model.ids import new_id
from bot.storage.digest_chats import chat_of
from bot.storage.tables import digest_chats as chats
from bot.storage.tables import digest_claims as claims
from bot.storage.tables import digest_schedules as t
from bot.storage.tables import digest_slots as slots
from bot.storage.tables import digests, newsrooms
from bot.storage.upsert import insert_for

_OWN = ("days", "minute", "language", "sections", "made_by", "told_until", "begun_at", "paused_at", "heard_again")


async def running(conn: AsyncConnection) -> list[tuple[Schedule, str]]:
    """Every schedule that is neither paused nor of a stopped chat, of all newsrooms, with its newsroom's zone."""
    query = _joined(newsrooms.c.zone).join(newsrooms, newsrooms.c.id == t.c.newsroom_id)
    query = query.where(chats.c.state == ChatState.ALLOWED.value, t.c.paused_at.is_(None)).order_by(t.c.id)
    return [(_schedule(row), row.zone) for row in (await conn.execute(query)).all()]


async def schedule(conn: AsyncConnection, newsroom_id: int, schedule_id: int, *, hold: bool = False) -> Schedule | None:
    """A schedule; with `hold` nobody else touches it until the transaction ends."""
    if hold:
        held = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.id == schedule_id).with_for_update()
        await conn.execute(held)
    row = (await conn.execute(_joined().where(t.c.newsroom_id == newsroom_id, t.c.id == schedule_id))).first()
    return _schedule(row) if row else None


async def of_chats(conn: AsyncConnection, newsroom_id: int) -> dict[int, Schedule]:
    """The schedules of a newsroom, by the id of the chat's row."""
    rows = (await conn.execute(_joined().where(t.c.newsroom_id == newsroom_id).order_by(t.c.id))).all()
    return {row.chat_row_id: _schedule(row) for row in rows}


async def add(
    conn: AsyncConnection, chat: DigestChat, language: str, member_id: int | None, told_until: datetime, now: datetime
) -> None:
    """A schedule for a chat that has none: every morning, all sections."""
    rhythm = Rhythm()
    values = _values(rhythm, frozenset(Section)) | {
        "language": language,
        "made_by": member_id,
        "told_until": told_until,
        "begun_at": now,
    }
    row = {"id": new_id(), "newsroom_id": chat.newsroom_id, "chat_row_id": chat.id}
    statement = insert_for(conn, t).values(**row, **values)
    await conn.execute(statement.on_conflict_do_nothing(index_elements=["chat_row_id"]))


async def change(conn: AsyncConnection, newsroom_id: int, changed: Schedule) -> None:
    """Write a schedule's own values anew."""
    values = _values(changed.rhythm, changed.sections) | {
        name: getattr(changed, name) for name in _OWN if name not in ("days", "minute", "sections")
    }
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == changed.id)
    await conn.execute(mine.values(**values))


async def marked(conn: AsyncConnection, newsroom_id: int, schedule_id: int, days: Collection[date]) -> set[date]:
    """Which of these days had their digest."""
    if not days:
        return set()
    query = sa.select(slots.c.day).where(slots.c.newsroom_id == newsroom_id, slots.c.schedule_id == schedule_id)
    # A span instead of a list: after a long outage the list would be longer than a statement may be.
    query = query.where(slots.c.day.between(min(days), max(days)))
    return set((await conn.execute(query)).scalars()) & set(days)


async def unmark(conn: AsyncConnection, newsroom_id: int, schedule_id: int, after: date) -> None:
    """Days after this one that were marked by a clock that ran far ahead are owed again."""
    gone = sa.delete(slots).where(slots.c.newsroom_id == newsroom_id, slots.c.schedule_id == schedule_id)
    await conn.execute(gone.where(slots.c.day > after))


async def put(
    conn: AsyncConnection,
    newsroom_id: int,
    schedule_id: int,
    owed: Owed,
    content: DigestContent,
    now: datetime,
    *,
    preview: bool = False,
) -> int:
    """Keep a digest and mark its days; returns its id. Raises IntegrityError when one of the days has its digest."""
    digest_id = new_id()
    row: dict[str, Any] = {
        "id": digest_id,
        "newsroom_id": newsroom_id,
        "schedule_id": schedule_id,
        "is_preview": preview,
        "content": dump(content),
        "since": owed.since,
        "until": owed.until,
        "made_at": now,
    }
    await conn.execute(sa.insert(digests), [row])
    mark = {"schedule_id": schedule_id, "newsroom_id": newsroom_id, "digest_id": digest_id}
    if owed.days:
        await conn.execute(sa.insert(slots), [mark | {"day": day} for day in owed.days])
    return digest_id


async def get(conn: AsyncConnection, newsroom_id: int, digest_id: int) -> Digest | None:
    """A digest as it was told."""
    row = (
        await conn.execute(sa.select(digests).where(digests.c.newsroom_id == newsroom_id, digests.c.id == digest_id))
    ).first()
    found = await schedule(conn, newsroom_id, row.schedule_id) if row else None
    if row is None or found is None:
        return None
    query = sa.select(slots.c.day).where(slots.c.newsroom_id == newsroom_id, slots.c.digest_id == digest_id)
    return Digest(
        id=digest_id,
        newsroom_id=newsroom_id,
        schedule=found,
        days=tuple((await conn.execute(query.order_by(slots.c.day))).scalars()),
        content=load(DigestContent, row.content),
        is_preview=row.is_preview,
        made_at=row.made_at,
    )


async def claims_of(
    conn: AsyncConnection, newsroom_id: int, schedule_id: int, since: datetime
) -> list[tuple[Claim, datetime]]:
    """What the digests of a schedule said since a moment, with when they said it."""
    query = sa.select(claims).where(claims.c.newsroom_id == newsroom_id, claims.c.schedule_id == schedule_id)
    query = query.where(claims.c.told_at >= since).order_by(claims.c.told_at, claims.c.row_id)
    return [
        (Claim(noun=row.noun, row_id=row.row_id, label=row.label, said=row.said), row.told_at)
        for row in (await conn.execute(query)).all()
    ]


async def add_claims(
    conn: AsyncConnection, newsroom_id: int, schedule_id: int, said: Iterable[Claim], now: datetime
) -> None:
    """Keep what a digest says of rows; of a row that was named before, what is said now counts."""
    for claim in said:
        values = {"label": claim.label[:220], "said": claim.said[:24], "told_at": now}
        key = {"schedule_id": schedule_id, "noun": claim.noun, "row_id": claim.row_id}
        statement = insert_for(conn, claims).values(newsroom_id=newsroom_id, **key, **values)
        await conn.execute(statement.on_conflict_do_update(index_elements=[*key], set_=values))


async def drop_claims(conn: AsyncConnection, newsroom_id: int, schedule_id: int, said: Iterable[Claim]) -> None:
    """What was corrected, or is too old to be, is not looked at again."""
    mine = sa.delete(claims).where(claims.c.newsroom_id == newsroom_id, claims.c.schedule_id == schedule_id)
    for claim in said:
        await conn.execute(mine.where(claims.c.noun == claim.noun, claims.c.row_id == claim.row_id))


async def purge(conn: AsyncConnection, before: datetime) -> int:
    """Forget previews that were made before a moment, and what can be corrected no more."""
    await conn.execute(sa.delete(claims).where(claims.c.told_at < before))
    gone = sa.delete(digests).where(digests.c.is_preview.is_(True), digests.c.made_at < before)
    return (await conn.execute(gone)).rowcount


def _values(rhythm: Rhythm, sections: Collection[Section]) -> dict[str, Any]:
    return {
        "days": "".join(str(day) for day in sorted(rhythm.days)),
        "minute": rhythm.at.hour * 60 + rhythm.at.minute,
        "sections": [section.value for section in Section if section in sections],
    }


def _joined(*more: Any) -> sa.Select[Any]:
    """Schedules with their chats; the chat's columns have a prefix where both tables have one of that name."""
    own = [t.c[name].label(f"own_{name}") for name in ("id", *_OWN)]
    columns = [t.c.chat_row_id, *own, *(column for column in chats.c), *more]
    return sa.select(*columns).select_from(t).join(chats, chats.c.id == t.c.chat_row_id)


def _schedule(row: Any) -> Schedule:
    minutes = timedelta(minutes=row.own_minute)
    at = (datetime.combine(date(2000, 1, 1), time()) + minutes).time()
    return Schedule(
        id=row.own_id,
        newsroom_id=row.newsroom_id,
        chat=chat_of(row),
        rhythm=Rhythm(days=frozenset(int(day) for day in row.own_days), at=at),
        language=row.own_language,
        sections=frozenset(Section(name) for name in row.own_sections if name in set(Section)),
        told_until=row.own_told_until,
        begun_at=row.own_begun_at,
        paused_at=row.own_paused_at,
        heard_again=row.own_heard_again,
        made_by=row.own_made_by,
    )


def told(before: Schedule, owed: Owed) -> Schedule:
    """A schedule after that digest."""
    return replace(before, told_until=owed.until, heard_again=None)
