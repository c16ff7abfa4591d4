"""Keyed hashes of sealed texts: the same words are known again, and nobody without the key can try words out."""

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.direct import Ask, Steps
from bot.storage.tables import body_hash_keys as t
from bot.storage.upsert import insert_ignoring

_KEY_BYTES: Final = 32
_KEY = {
    "sqlite": "SELECT key FROM body_hash_keys WHERE newsroom_id = ?1",
    "postgresql": "SELECT key FROM body_hash_keys WHERE newsroom_id = $1",
}


def keyed(key: bytes, text_key: int) -> int:
    """What stands for a text's key once the text is sealed: 63 bits with their sign, never 0."""
    digest = hmac.digest(key, text_key.to_bytes(8, "big", signed=True), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True) or 1


def asking(newsroom_id: int) -> Steps[bytes | None]:
    """The newsroom's key, as steps; None as long as nothing was sealed."""
    rows = yield Ask(_KEY, (newsroom_id,))
    return next((bytes(key) for (key,) in rows), None)


async def get(conn: AsyncConnection, newsroom_id: int) -> bytes | None:
    """The newsroom's key; None as long as nothing was sealed."""
    found: bytes | None = await conn.scalar(sa.select(t.c.key).where(t.c.newsroom_id == newsroom_id))
    return found


async def ensure(conn: AsyncConnection, newsroom_id: int, now: datetime) -> bytes:
    """The newsroom's key, made at its first use."""
    made = secrets.token_bytes(_KEY_BYTES)
    await insert_ignoring(conn, t, [{"newsroom_id": newsroom_id, "key": made, "made_at": now}], ["newsroom_id"])
    return await get(conn, newsroom_id) or made


async def originals(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> dict[int, int]:
    """Under what these texts stand if they are sealed, with the key that each has when it is not."""
    key = await get(conn, newsroom_id)
    return {keyed(key, each): each for each in keys if each} if key is not None else {}
