"""Notes that members took to post them under a fake's comments, and whether they had to be corrected."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.model.ids import new_id
from bot.model.public_label import PublicLabel
from bot.storage.members import lock_newsroom
from bot.storage.tables import account_rulings, accounts, history, members
from bot.storage.tables import public_labels as t


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    account_id: int,
    language: str,
    text: str,
    facts: Mapping[str, Any],
    member_id: int,
    now: datetime,
) -> int:
    """Keep a note, word for word; returns its id."""
    await lock_newsroom(conn, newsroom_id)
    last = await conn.scalar(sa.select(sa.func.max(t.c.number)).where(t.c.newsroom_id == newsroom_id)) or 0
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "number": last + 1, "account_id": account_id}
    row |= {"language": language, "text": text, "facts": dict(facts), "member_id": member_id, "taken_at": now}
    await conn.execute(sa.insert(t), [row])
    return int(row["id"])


async def get(conn: AsyncConnection, newsroom_id: int, label_id: int) -> PublicLabel | None:
    """A note by its id."""
    found = await _load(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == label_id), 1)
    return found[0][1] if found else None


async def of_account(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[PublicLabel]:
    """The notes about an account, the newest first."""
    found = await _load(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.account_id == account_id), 100)
    return [label for _, label in found]


async def confirmed_at(conn: AsyncConnection, newsroom_id: int, account_id: int) -> datetime | None:
    """When the word of the second person made an account confirmed."""
    h = history.c
    query = sa.select(h.at).where(
        h.newsroom_id == newsroom_id, h.subject == "account", h.subject_id == account_id, h.event == "confirmed"
    )
    found: datetime | None = await conn.scalar(query.order_by(h.id.desc()).limit(1))
    return found


async def confirmers(conn: AsyncConnection, newsroom_id: int, account_id: int) -> int:
    """How many people's word that it is a fake counts."""
    r = account_rulings.c
    query = sa.select(sa.func.count(r.member_id.distinct())).where(
        r.newsroom_id == newsroom_id, r.account_id == account_id, r.ruling == "confirm", r.live.is_(True)
    )
    return int(await conn.scalar(query) or 0)


async def to_correct(conn: AsyncConnection, limit: int) -> list[tuple[int, PublicLabel]]:
    """Notes about accounts that were cleared since, of which nobody was told; with the newsroom's id."""
    honest = sa.select(accounts.c.id).where(accounts.c.status == AccountStatus.CLEARED.value)
    return await _load(conn, sa.and_(t.c.account_id.in_(honest), t.c.corrected_at.is_(None)), limit)


async def set_corrected(conn: AsyncConnection, label_id: int, now: datetime) -> bool:
    """Note that whoever took it is told; False when that was done already."""
    change = sa.update(t).where(t.c.id == label_id, t.c.corrected_at.is_(None)).values(corrected_at=now)
    return (await conn.execute(change)).rowcount == 1


async def _load(conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int) -> list[tuple[int, PublicLabel]]:
    query = sa.select(t, members.c.name.label("taker")).join(members, members.c.id == t.c.member_id)
    query = query.where(condition).order_by(t.c.number.desc()).limit(limit)
    found = []
    for row in (await conn.execute(query)).mappings().all():
        values = {name: row[name] for name in PublicLabel.__dataclass_fields__}
        found.append((int(row["newsroom_id"]), PublicLabel(**values)))
    return found
