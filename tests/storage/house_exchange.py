"""What a newsroom of the tests told others and heard of them; and what another tries with its ids."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountEntry, AccountStatus
from bot.model.exchange import ItemKind, SharedHash, SharedItem
from bot.model.newsroom import Member, Newsroom
from bot.storage import (
    accounts,
    comments,
    exchange_countersigns,
    exchange_items,
    exchange_partners,
    exchange_shares,
    farms,
    photos,
)
from bot.storage.comments import NewComment
from bot.storage.exchange_countersigns import NewCountersign
from bot.storage.photos import NewPhoto
from bot.storage.tables import campaigns, texts

PUBLIC = b"p" * 32
ITEM, OTHER_ITEM = "1" * 32, "2" * 32
_TEXT_KEY = 72


async def exchange(conn: AsyncConnection, newsroom: Newsroom, member: Member, now: datetime) -> None:
    """Two fakes with all that may be shared of them; a partner with its words; files on both ways."""
    own = newsroom.id
    await _shareable(conn, own, now)
    partner_id = await exchange_partners.trust(conn, own, "Ала-Тоо", PUBLIC, now)
    assert await exchange_partners.has_read(conn, own, partner_id, 1, now)
    await exchange_items.put(conn, own, partner_id, said(now), 1)
    await exchange_shares.note_said(conn, own, said(now), 1)
    await exchange_shares.note_revoked(conn, own, [OTHER_ITEM], 2)
    await exchange_shares.add_file(conn, own, member.id, "x.kalkan-exchange.json", "b" * 64, now)
    made = {"sequence": 1, "form": "kalkan", "sha256": "b" * 64, "items": 2, "revoked": 0}
    await exchange_shares.add_export(conn, own, member.id, made, now)
    seen = NewCountersign(partner_id=partner_id, size=1, note="note", signed_at=now)
    assert await exchange_countersigns.add(conn, own, seen, now)


def said(now: datetime) -> list[SharedItem]:
    """A photo and a text, as a partner speaks of them."""
    day: date = now.date()
    told = {"confidence": 90, "since": day, "expires": day + timedelta(days=9)}
    hashes = (SharedHash(disc=False, phash="a" * 64, mirrored="b" * 64),)
    return [
        SharedItem(id=ITEM, kind=ItemKind.PHOTO, hashes=hashes, **told),
        SharedItem(id=OTHER_ITEM, kind=ItemKind.TEXT, text_key=_TEXT_KEY, normaliser=3, **told),
    ]


async def touch_exchange(conn: AsyncConnection, mine: int, partner_id: int, sent_id: int, now: datetime) -> None:
    """Everything that changes what newsrooms tell each other, with the other newsroom's ids."""
    assert not await exchange_partners.withdraw(conn, mine, partner_id, now)
    assert not await exchange_partners.has_read(conn, mine, partner_id, 99, now)
    await exchange_partners.trust(conn, mine, "башка", PUBLIC, now)
    await exchange_items.recall(conn, mine, partner_id, [ITEM, OTHER_ITEM], now)
    await exchange_items.drop_expired(conn, mine, partner_id, now.date() + timedelta(days=900))
    await exchange_items.put(conn, mine, partner_id, said(now + timedelta(days=5)), 9)
    await exchange_shares.note_said(conn, mine, said(now + timedelta(days=5)), 9)
    await exchange_shares.note_revoked(conn, mine, [ITEM, OTHER_ITEM], 9)
    await exchange_shares.finish_file(conn, mine, sent_id)
    seen = NewCountersign(partner_id=partner_id, size=1, note="башка", signed_at=now)
    assert not await exchange_countersigns.add(conn, mine, seen, now)


async def _shareable(conn: AsyncConnection, own: int, now: datetime) -> None:
    """Two confirmed fakes of a farm, with a photo, who posted the same text in a campaign."""
    listing = accounts.Listing(newsroom_id=own, member_id=None, lister="x", batch=None, at=now)
    ids = []
    for handle in ("fake1", "fake2"):
        entry = AccountEntry(platform="vk", handle=handle)
        ids.append((await accounts.put(conn, entry, accounts.Keys(handle=handle, names={}), listing))[0])
        await accounts.set_status(conn, ids[-1], AccountStatus.CONFIRMED, [AccountStatus.SUSPECTED], now)
    shown = {"newsroom_id": own, "sha256": "c" * 64, "description": b"d", "width": 1, "height": 1, "source": "x"}
    await photos.add(conn, [NewPhoto(**shown, account_id=ids[0])], now)
    (farm, *_) = await farms.everything(conn, own)
    why = {"reason": "x", "confidence": 80, "source": "person", "member_id": None, "now": now}
    await farms.join(conn, own, farm.id, ids, **why)
    words = {"newsroom_id": own, "text": "ж", "words": "zh", "text_key": _TEXT_KEY, "platform": "vk", "prints": b""}
    await comments.add(conn, [NewComment(**words, source=f"row {n}", author_key=f"vk:fake{n}") for n in (1, 2)], now)
    first = await conn.scalar(
        sa.select(sa.func.min(campaigns.c.id)).where(campaigns.c.newsroom_id == own, campaigns.c.merged_into.is_(None))
    )
    mine = (texts.c.newsroom_id == own, texts.c.text_key == _TEXT_KEY)
    await conn.execute(sa.update(texts).where(*mine).values(campaign_id=first))
