"""Signed checkpoints go where this server cannot take them back: a chat, a file, a time-stamping authority.

An anchor that fails is tried again with the next checkpoint; nothing else waits for it.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.custody.timestamps import NotAToken, checked
from bot.errors import Outage
from bot.model.newsroom import MemberStatus
from bot.model.outbox import Kind, Outgoing, Priority
from bot.model.rights import Right
from bot.services import notices
from bot.services.custody import Custody
from bot.storage import custody, members, outbox
from bot.storage.custody import KeptCheckpoint
from bot.storage.store import Store

log = logging.getLogger(__name__)

#: That nothing goes to the chat is said again after this.
_AGAIN: Final = timedelta(days=1)
#: Brings a time-stamping authority's answer for some bytes; raises Outage.
Stamp = Callable[[bytes], Awaitable[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where checkpoints go: the number of a chat, a file, an authority."""

    chat: int | None = None
    file: Path | None = None
    stamp: Stamp | None = None


class Anchors:
    """Sends one newsroom's checkpoints out."""

    def __init__(self, store: Store, clock: Clock, log_of: Custody, places: Places, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._custody = log_of
        self._places = places
        self._newsroom_id = newsroom_id
        self._sent: int | None = None

    @property
    def chat(self) -> int | None:
        """The one chat to which checkpoints go."""
        return self._places.chat

    async def publish(self) -> bool:
        """Sign what came since the last checkpoint and send it out; returns whether there was anything."""
        made = await self._custody.checkpoint(self._newsroom_id)
        if made is None or made.id == self._sent:
            return False
        if self._places.chat is not None:
            await self._tell(self._places.chat)
        if self._places.file is not None:
            await self._write(self._places.file, made.note)
        if self._places.stamp is not None and made.token is None:
            await self._stamp(made, self._places.stamp)
        self._sent = made.id
        return True

    async def newest(self) -> KeptCheckpoint | None:
        """The checkpoint that a message about it shows."""
        async with self._store.read() as conn:
            return await custody.last_checkpoint(conn, self._newsroom_id)

    async def turned_away(self, reason: str) -> None:
        """The chat is not what it was when the operator chose it: nothing goes there, and who leads hears it daily."""
        async with self._store.write() as conn:
            now, newsroom_id = self._clock(), self._newsroom_id
            for lead in await members.all_of(conn, newsroom_id, MemberStatus.ACTIVE):
                key = f"checkpoints:{lead.id}"
                if lead.may(Right.SECOND) and not await outbox.queued_since(conn, newsroom_id, key, now - _AGAIN):
                    await outbox.put(conn, [notices.keyed_reply(lead, key, "checkpoints_stopped", why=reason)], now)

    async def _tell(self, chat: int) -> None:
        # One key: while Telegram cannot be reached, the message that waits will show the newest.
        said = Outgoing(
            kind=Kind.CHECKPOINT,
            chat_id=chat,
            newsroom_id=self._newsroom_id,
            priority=Priority.DIGEST,
            key=f"checkpoint:{self._newsroom_id}",
        )
        async with self._store.write() as conn:
            await outbox.put(conn, [said], self._clock())

    async def _write(self, path: Path, note: str) -> None:
        try:
            await asyncio.to_thread(_add, path, note)
        except OSError as error:
            log.error("the checkpoint could not be written to its file: %s", error.strerror)

    async def _stamp(self, made: KeptCheckpoint, stamp: Stamp) -> None:
        try:
            token = checked(await stamp(made.note.encode()), made.note.encode())
        except (Outage, NotAToken) as error:
            log.warning("the checkpoint has no time stamp: %s", error)
            return
        async with self._store.write() as conn:
            await custody.set_token(conn, self._newsroom_id, made.id, token)


def _add(path: Path, note: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(f"{note}\n".encode())
        file.flush()
        os.fsync(file.fileno())
