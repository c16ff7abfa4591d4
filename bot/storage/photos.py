"""Photos: pictures that accounts use, or that members sent; the bytes lie in the vault."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.photo import PhotoFacts
from bot.storage import custody, photo_descriptions
from bot.storage.custody import NewEntry
from bot.storage.tables import photos as t


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPhoto:
    """A photo to be stored; `description` is what it is found by, None when that is stored already or not known."""

    newsroom_id: int
    sha256: str
    description: bytes | None
    width: int
    height: int
    source: str
    account_id: int | None = None
    submission_id: int | None = None


async def add(conn: AsyncConnection, photos: Sequence[NewPhoto], now: datetime) -> list[int]:
    """Store photos; returns their ids in order."""
    names = NewPhoto.__dataclass_fields__.keys() - {"description"}
    rows = [{name: getattr(p, name) for name in names} | {"id": new_id(), "added_at": now} for p in photos]
    if rows:
        await conn.execute(sa.insert(t), rows)
    for newsroom_id in {p.newsroom_id for p in photos}:
        described = {p.sha256: p.description for p in photos if p.newsroom_id == newsroom_id and p.description}
        await photo_descriptions.add(conn, newsroom_id, described)
    # What came with a submission is logged with its message.
    alone = [(row, p) for row, p in zip(rows, photos, strict=True) if p.submission_id is None]
    await custody.put(conn, [_kept(int(str(row["id"])), photo, now) for row, photo in alone])
    return [int(str(row["id"])) for row in rows]


def _kept(photo_id: int, photo: NewPhoto, now: datetime) -> NewEntry:
    body = {"sha256": photo.sha256, "source": photo.source, "account": photo.account_id}
    return NewEntry(newsroom_id=photo.newsroom_id, kind="kept", noun="photo", row_id=photo_id, body=body, at=now)


async def there(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> set[tuple[str, int | None]]:
    """Which of these pictures are stored, each with the account it belongs to; submissions do not count."""
    query = sa.select(t.c.sha256, t.c.account_id).where(
        t.c.newsroom_id == newsroom_id, t.c.sha256.in_(shas), t.c.submission_id.is_(None)
    )
    return {(row.sha256, row.account_id) for row in (await conn.execute(query)).all()}


async def of_pictures(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> list[PhotoFacts]:
    """Every photo with the bytes of one of these pictures."""
    return await _facts(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.sha256.in_(shas)))


async def by_ids(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[PhotoFacts]:
    """These photos."""
    return await _facts(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.id.in_(ids)))


async def withdraw(conn: AsyncConnection, submission_id: int, now: datetime) -> None:
    """A withdrawn submission's photos no longer count."""
    await conn.execute(sa.update(t).where(t.c.submission_id == submission_id).values(withdrawn_at=now))


async def link(conn: AsyncConnection, photo_ids: Sequence[int], account_id: int) -> None:
    """Bind photos that a submission brought to the account that uses them."""
    unbound = sa.update(t).where(t.c.id.in_(photo_ids), t.c.account_id.is_(None))
    await conn.execute(unbound.values(account_id=account_id))


async def still_there(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> set[int]:
    """Those of these photos that there are, withdrawn ones too."""
    query = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.id.in_(sorted(ids)))
    return set((await conn.execute(query)).scalars()) if ids else set()


async def of_submission(conn: AsyncConnection, submission_id: int) -> list[PhotoFacts]:
    """The photos of a submission."""
    return await _facts(conn, t.c.submission_id == submission_id)


async def _facts(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[PhotoFacts]:
    names = list(PhotoFacts.__dataclass_fields__)
    query = sa.select(*(t.c[name] for name in names)).where(condition, t.c.withdrawn_at.is_(None)).order_by(t.c.id)
    return [PhotoFacts(**row) for row in (await conn.execute(query)).mappings().all()]
