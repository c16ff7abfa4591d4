"""A small newsroom for the tests: its people, their messages, and what the archive holds of them."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import Member, MemberStatus, Newsroom
from bot.model.rights import Role
from bot.model.submission import Incoming, IncomingFile, Origin, OriginKind, PartKind
from bot.services.members import Waiting
from bot.storage import members, newsrooms
from bot.storage.store import Store
from bot.storage.tables import outbox_messages

FORWARDED = Origin(kind=OriginKind.HIDDEN_USER, name="Асан У.")
_numbers = itertools.count(1)


async def make_newsroom(store: Store, now: datetime, name: str = "Ак-Булак") -> Newsroom:
    """A newsroom of its own."""
    async with store.write() as conn:
        return await newsrooms.add(conn, name, "Asia/Bishkek", "ru", now)


async def make_member(
    store: Store,
    newsroom: Newsroom,
    now: datetime,
    role: Role = Role.JOURNALIST,
    *,
    telegram_id: int | None = None,
    name: str = "Айгерим",
    status: MemberStatus = MemberStatus.ACTIVE,
) -> Member:
    """A member; each call is another person, unless `telegram_id` says who."""
    person = telegram_id if telegram_id is not None else 1_000 + next(_numbers)
    async with store.write() as conn:
        return await members.admit(conn, newsroom.id, person, name, role, status, None, now)


def message(
    member: Member,
    sent_at: datetime,
    text: str = "Сен чындыкты жазбайсың",
    *,
    origin: Origin = FORWARDED,
    message_id: int | None = None,
    kind: PartKind = PartKind.TEXT,
    media_group: str | None = None,
    chat_id: int | None = None,
    file_size: int | None = 1000,
) -> Incoming:
    """A message in the member's private chat; forwarded from a hidden author unless `origin` says otherwise."""
    number = message_id if message_id is not None else next(_numbers)
    return Incoming(
        chat_id=chat_id if chat_id is not None else member.telegram_id,
        message_id=number,
        sent_at=sent_at,
        kind=kind,
        origin=origin,
        text=text,
        file=_file(number, file_size) if kind in (PartKind.PHOTO, PartKind.DOCUMENT) else None,
        media_group=media_group,
    )


def typed(member: Member, sent_at: datetime, text: str = "Бул эмне?", **options: Any) -> Incoming:
    """Words that the member typed."""
    return message(member, sent_at, text, origin=Origin(), **options)


def _file(number: int, size: int | None) -> IncomingFile:
    return IncomingFile(
        file_id=f"file-{number}", file_unique_id=f"unique-{number}", size=size, mime_type="image/jpeg", name=None
    )


async def count(conn: AsyncConnection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    """How many rows a table has."""
    return int(await conn.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0)


async def queued(store: Store, *columns: str) -> list[Any]:
    """The outbox in the order of queueing: whole rows, or the named columns as tuples."""
    chosen: Sequence[Any] = [outbox_messages.c[name] for name in columns] or [outbox_messages]
    async with store.read() as conn:
        return [
            row if not columns else tuple(row)
            for row in (await conn.execute(sa.select(*chosen).order_by(outbox_messages.c.id))).all()
        ]


async def said(store: Store, member: Member | None = None) -> list[str]:
    """The codes of every reply in the outbox, to one member or to all, in order."""
    rows = await queued(store, "kind", "member_id", "body")
    return [body["code"] for kind, to, body in rows if kind == "reply" and (member is None or to == member.id)]


async def asked_about(store: Store, member: Member) -> Waiting:
    """What the newest card about a bearer asks an administrator."""
    asked = [row.body["values"] for row in await queued(store) if row.body.get("code") == "approve"]
    return next(Waiting(member=v["person"], invite=v["invite"]) for v in reversed(asked) if v["person"] == member.id)
