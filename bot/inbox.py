"""The durable inbox: an update is stored before Telegram is told that it came.

`Inbox.accept` sieves strangers out and stores the rest in one transaction. What is stored `bot.inbox_work` takes up.
"""

import asyncio
import json
import logging
import math
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import measures, trail
from bot.clock import Clock
from bot.model.tokens import token_hash
from bot.sieve import Envelope, read_envelope
from bot.storage import inbox as archive
from bot.storage import members
from bot.storage.inbox import NewUpdate
from bot.storage.store import Store
from bot.trail import Milestone

log = logging.getLogger(__name__)

#: Whoever wrote so long before their message was fetched is told that it came late. getUpdates gives so many at a time.
_ABSENT = timedelta(minutes=5)
_MANY = 100


class Lane(Protocol):
    """Says which messages wait while other members' go ahead: they are stored like all others, and read when due."""

    def wait(self, newsroom_id: int, sender: int, raw: Mapping[str, Any], *, loose: bool) -> timedelta:
        """How long a message waits at most."""

    async def tell(self, conn: AsyncConnection, newsroom_id: int, waiting: Mapping[int, timedelta]) -> None:
        """Members, by Telegram id, whose messages wait."""


class Absence(Protocol):
    """Tells members that nobody fetched their messages for a while."""

    async def returned(self, conn: AsyncConnection, newsroom_id: int, senders: Collection[int]) -> None:
        """Members, by Telegram id, whose messages have come now."""


class Inbox:
    """The door: raw updates in, members' updates stored, strangers dropped and only counted."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bot_id: int,
        lane: Lane | None = None,
        absence: Absence | None = None,
        catch_up: timedelta = timedelta(),
    ) -> None:
        """`catch_up`: for how long after a pause what waited may come in small numbers, as it does by webhook."""
        self._store = store
        self._clock = clock
        self._bot_id = bot_id
        self._lane = lane
        self._absence = absence
        # When updates were last fetched, by the monotonic clock, and whether what waited is still being fetched.
        self._fetched: float | None = None
        self._catch_up = catch_up.total_seconds()
        self._back = 0.0
        self._catching_up = False
        self.turned_away = 0
        self.arrived = asyncio.Event()

    @property
    def silence(self) -> float | None:
        """Seconds since updates were last taken, or Telegram said that there are none; None: not yet."""
        return None if self._fetched is None else time.monotonic() - self._fetched

    def _turn_away(self, count: int) -> None:
        self.turned_away += count
        measures.UPDATES.labels("turned_away").inc(count)

    async def accept(self, raws: Sequence[Mapping[str, Any]]) -> None:
        """Store the members' updates among these, in one transaction; only after it may Telegram be told."""
        waited = self._may_have_waited(len(raws))
        envelopes = [(raw, read_envelope(raw)) for raw in raws]
        known = [(raw, envelope) for raw, envelope in envelopes if envelope is not None]
        self._turn_away(len(envelopes) - len(known))
        if not known:
            return
        hashes = {token_hash(envelope.invite_token) for _, envelope in known if envelope.invite_token is not None}
        senders = {envelope.sender for _, envelope in known}
        # Whom nobody knows costs a look, and never the one writer's turn: neither do tokens that they made up. Where
        # there are many writers, a look by itself would only be one more way to the server and back.
        if self._store.is_sqlite and not await self._is_any(senders, hashes):
            self._turn_away(len(known))
            return
        async with self._store.write() as conn:
            invited = await members.newsrooms_of_invites(conn, hashes, self._clock())
            belonging = await members.newsrooms_of(conn, senders)
            rows = [row for raw, envelope in known if (row := self._row(raw, envelope, belonging, invited))]
            stored = await archive.accept(conn, rows, self._clock(), told=log.isEnabledFor(logging.DEBUG))
            await self._tell(conn, known, rows)
            if waited:
                await self._tell_late(conn, known, belonging)
        for number in stored:
            trail.say(log, Milestone.RECEIVED, update=number)
        if rows:
            measures.UPDATES.labels("stored").inc(len(rows))
            self.arrived.set()

    async def _is_any(self, senders: Collection[int], hashes: Collection[str]) -> bool:
        """Whether one of these people is a member, or one of these invites is good."""
        async with self._store.read() as conn:
            return bool(
                await members.newsrooms_of_invites(conn, hashes, self._clock())
                or await members.newsrooms_of(conn, senders)
            )

    def _may_have_waited(self, count: int) -> bool:
        """Whether nobody fetched updates before these: at the start, after a pause, and while there are many."""
        now, last = time.monotonic(), self._fetched
        gone = last is None or now - last > _ABSENT.total_seconds()
        if gone:
            self._back = now
        waited = gone or self._catching_up or now - self._back < self._catch_up
        self._fetched, self._catching_up = now, waited and count >= _MANY
        return waited

    async def _tell_late(
        self, conn: AsyncConnection, known: Sequence[tuple[Mapping[str, Any], Envelope]], belonging: Mapping[int, int]
    ) -> None:
        # Only then: where the clock is wrong, everything seems to have been sent long ago.
        latest = (self._clock() - _ABSENT).timestamp()
        late: dict[int, set[int]] = {}
        for raw, envelope in known:
            if envelope.sender in belonging and envelope.chat == envelope.sender and _sent(raw) < latest:
                late.setdefault(belonging[envelope.sender], set()).add(envelope.sender)
        for newsroom_id, senders in late.items():
            if self._absence is not None:
                await self._absence.returned(conn, newsroom_id, senders)

    def _wait(self, newsroom_id: int, envelope: Envelope, raw: Mapping[str, Any]) -> timedelta:
        if self._lane is None:
            return timedelta()
        return self._lane.wait(newsroom_id, envelope.sender, raw, loose=envelope.loose)

    async def _tell(
        self, conn: AsyncConnection, known: Sequence[tuple[Mapping[str, Any], Envelope]], rows: Sequence[NewUpdate]
    ) -> None:
        senders = {envelope.update_id: envelope.sender for _, envelope in known}
        waiting: dict[int, dict[int, timedelta]] = {}
        for row in rows:
            if row.wait:
                waiting.setdefault(row.newsroom_id, {})[senders[row.update_id]] = row.wait
        for newsroom_id, who in waiting.items():
            if self._lane is not None:
                await self._lane.tell(conn, newsroom_id, who)

    def _row(
        self, raw: Mapping[str, Any], envelope: Envelope, belonging: Mapping[int, int], invited: Mapping[str, int]
    ) -> NewUpdate | None:
        newsroom_id = belonging.get(envelope.sender)
        if newsroom_id is None and envelope.invite_token is not None:
            newsroom_id = invited.get(token_hash(envelope.invite_token))
        if newsroom_id is None:
            self._turn_away(1)
            return None
        return NewUpdate(
            newsroom_id=newsroom_id,
            bot_id=self._bot_id,
            update_id=envelope.update_id,
            identity=envelope.identity,
            chat_key=envelope.chat,
            media_group=envelope.media_group,
            loose=envelope.loose,
            raw=json.dumps(raw, separators=(",", ":")),
            wait=self._wait(newsroom_id, envelope, raw),
        )


def _sent(raw: Mapping[str, Any]) -> float:
    """When a message was sent, in seconds since 1970; never, for whatever is no message."""
    message = raw.get("message")
    sent = message.get("date") if isinstance(message, Mapping) else None
    return float(sent) if isinstance(sent, int) else math.inf
