"""What partners say: found by a text's fingerprint through an index, by a photo's hashes in memory."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.exchange import ItemKind, SharedHash, SharedItem
from bot.model.ids import new_id
from bot.storage.lists import among, number_list
from bot.storage.tables import exchange_items as items
from bot.storage.upsert import insert_for

t = items.c
#: Rows written, and ids asked for, at a time: SQLite takes 32,766 parameters in one statement.
_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldItem:
    """An item that counts, with whose it is."""

    id: int
    partner_id: int
    said: SharedItem


async def of_partner(conn: AsyncConnection, newsroom_id: int, partner_id: int) -> dict[str, tuple[SharedItem, bool]]:
    """Everything that a partner ever said and that is kept, by its own name for it; and whether it was recalled."""
    query = sa.select(items).where(t.newsroom_id == newsroom_id, t.partner_id == partner_id)
    return {row.item: (_item(row), row.recalled_at is not None) for row in (await conn.execute(query)).all()}


async def put(
    conn: AsyncConnection, newsroom_id: int, partner_id: int, said: Iterable[SharedItem], sequence: int
) -> None:
    """Keep what a partner says now; what it said before under the same name is replaced."""
    rows = [_row(newsroom_id, partner_id, each, sequence) for each in said]
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert_for(conn, items)
        new = {name: statement.excluded[name] for name in _REPLACED}
        ours = t.newsroom_id == newsroom_id
        statement = statement.on_conflict_do_update(index_elements=["partner_id", "item"], set_=new, where=ours)
        await conn.execute(statement, rows[start : start + _AT_ONCE])


async def recall(
    conn: AsyncConnection, newsroom_id: int, partner_id: int, names: Collection[str], now: datetime
) -> None:
    """Items of a partner count no longer, by its own names for them."""
    ordered = sorted(names)
    for start in range(0, len(ordered), _AT_ONCE):
        mine = sa.and_(t.newsroom_id == newsroom_id, t.partner_id == partner_id, t.recalled_at.is_(None))
        some = mine & t.item.in_(ordered[start : start + _AT_ONCE])
        await conn.execute(sa.update(items).where(some).values(recalled_at=now))


async def drop_expired(conn: AsyncConnection, newsroom_id: int, partner_id: int, today: date) -> None:
    """Forget items of a partner whose time is over: no later file can mean them."""
    over = sa.and_(t.newsroom_id == newsroom_id, t.partner_id == partner_id, t.expires < today)
    await conn.execute(sa.delete(items).where(over))


async def of_texts(
    conn: AsyncConnection, newsroom_id: int, text_keys: Collection[int], normaliser: int, today: date
) -> list[HeldItem]:
    """What counts today and is said of texts with these fingerprints."""
    query = asking_texts(newsroom_id, text_keys, normaliser, today)
    return [_held(row) for row in (await conn.execute(query)).all()]


def asking_texts(newsroom_id: int, text_keys: Collection[int], normaliser: int, today: date) -> sa.Select[Any]:
    """The question of `of_texts`, for whoever looks how it is answered."""
    return sa.select(items).where(
        among(t.newsroom_id, newsroom_id, t.text_key, number_list("keys", text_keys)),
        t.normaliser == normaliser,
        t.recalled_at.is_(None),
        t.expires >= today,
    )


async def photos_of(conn: AsyncConnection, newsroom_id: int, partner_ids: Collection[int]) -> list[HeldItem]:
    """Every photo that these partners speak of and have not recalled; some may have expired."""
    query = sa.select(items).where(
        t.newsroom_id == newsroom_id,
        t.kind == ItemKind.PHOTO.value,
        t.partner_id.in_(sorted(partner_ids)),
        t.recalled_at.is_(None),
    )
    return [_held(row) for row in (await conn.execute(query.order_by(t.id))).all()]


_REPLACED: Final = (
    *("kind", "text_key", "normaliser", "hashes", "farm", "confidence", "since", "expires"),
    *("sequence", "recalled_at"),
)


def _row(newsroom_id: int, partner_id: int, said: SharedItem, sequence: int) -> Mapping[str, Any]:
    return {
        "id": new_id(),
        "newsroom_id": newsroom_id,
        "partner_id": partner_id,
        "item": said.id,
        "kind": said.kind.value,
        "text_key": said.text_key,
        "normaliser": said.normaliser,
        "hashes": [[each.disc, each.phash, each.mirrored] for each in said.hashes] or None,
        "farm": said.farm,
        "confidence": said.confidence,
        "since": said.since,
        "expires": said.expires,
        "sequence": sequence,
        "recalled_at": None,
    }


def _held(row: Any) -> HeldItem:
    return HeldItem(id=row.id, partner_id=row.partner_id, said=_item(row))


def _item(row: Any) -> SharedItem:
    return SharedItem(
        id=row.item,
        kind=ItemKind(row.kind),
        confidence=row.confidence,
        since=row.since,
        expires=row.expires,
        farm=row.farm,
        hashes=tuple(SharedHash(disc=disc, phash=phash, mirrored=other) for disc, phash, other in row.hashes or ()),
        text_key=row.text_key,
        normaliser=row.normaliser,
    )
