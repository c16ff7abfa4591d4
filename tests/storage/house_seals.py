"""What a newsroom of the tests has sealed, and the first line of its custody log."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.newsroom import Newsroom
from bot.model.sealed_body import SealedBody
from bot.model.sealed_original import SealedOriginal
from bot.storage import body_keys as body_keys_room
from bot.storage import custody
from bot.storage import sealed_bodies as sealed_bodies_room
from bot.storage import sealed_originals as sealed_originals_room


async def seal(conn: AsyncConnection, newsroom: Newsroom, submission_id: int, sha256: str, now: datetime) -> None:
    """A lead's key, and an original sealed to it."""
    await sealed_originals_room.add_recipient(conn, newsroom.id, "age1lead", "Лид", now)
    sealed = SealedOriginal(sha256=sha256, age_sha256="a" * 64, copy_sha256=None, sealed_at=now)
    await sealed_originals_room.add(conn, newsroom.id, sealed)
    await sealed_originals_room.removed(conn, newsroom.id, sha256)
    await body_keys_room.ensure(conn, newsroom.id, now)
    for number in (1, 2):
        removed = new_id() if number == 1 else None
        hashes = {"body_sha256": sha256, "age_sha256": "b" * 64, "inside_sha256": sha256, "inside_age_sha256": "c" * 64}
        body = SealedBody(id=new_id(), submission_id=submission_id, sealed_at=now, removed_id=removed, **hashes)
        await sealed_bodies_room.add(conn, newsroom.id, body)


async def evidence(conn: AsyncConnection, newsroom: Newsroom, subject: str, now: datetime) -> None:
    """A line of the custody log, its subject's key, a checkpoint."""
    await custody.lock(conn, newsroom.id)
    hashes = {"commitment": b"c" * 32, "prev": bytes(32), "leaf": b"l" * 32, "sealed": b"s"}
    line = custody.SealedEntry(seq=0, at="t", kind="erased", subject=subject, **hashes)
    end = custody.LogState(size=1, head=b"l" * 32, frontier=(b"l" * 32,))
    await custody.append(conn, newsroom.id, [line], end, [])
    await custody.add_keys(conn, newsroom.id, {subject: b"k"})
    made = custody.KeptCheckpoint(
        id=new_id(), newsroom_id=newsroom.id, size=1, root=b"l" * 32, note="n", token=None, at=now
    )
    await custody.add_checkpoint(conn, newsroom.id, made)
