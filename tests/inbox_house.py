"""A newsroom's inbox with its worker, for the tests of both."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.inbox import Inbox
from bot.inbox_work import Process, Work, Worker, WorkLimits
from bot.model.newsroom import Member, Newsroom
from bot.storage import history
from bot.storage import inbox as archive
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom
from tests.stores import (
    StoppedClock,
)

BOT_ID, TRIES = 77, 3
Raw = dict[str, Any]
_numbers = itertools.count(1)


def raw(person: Member | int, text: str = "салам", *, update_id: int | None = None, **message: Any) -> Raw:
    """A message in a private chat, as Telegram's JSON has it."""
    number = next(_numbers) if update_id is None else update_id
    sender = person if isinstance(person, int) else person.telegram_id
    plain = {"message_id": number, "date": 1_700_000_000, "from": {"id": sender}, "chat": {"id": sender}, "text": text}
    return {"update_id": number, "message": plain | message}


def forward(person: Member) -> Raw:
    """A loose update: it asks nothing of what came before."""
    return raw(person, forward_origin={"type": "hidden_user"})


@dataclass(kw_only=True)
class House:
    """A newsroom with its inbox and one worker, and what the desk is told to do with updates.

    `desk` maps a text to what handling it does; every other text leaves one line of history, its effect.
    """

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    inbox: Inbox
    desk: dict[str, Callable[[Work], Awaitable[None]]] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    committed: int = 0

    def worker(self, at_once: int = 20) -> Worker:
        """A process that has just started."""
        return Worker(self.store, self.clock, self.inbox, WorkLimits(at_once=at_once, tries=TRIES), self._on_commit)

    def _on_commit(self) -> None:
        self.committed += 1

    async def process(self, work: Work) -> None:
        """What the front desk would do."""
        message = json.loads(work.update.raw)["message"]
        self.begun.append(message["text"])
        if message["text"] in self.desk:
            await self.desk[message["text"]](work)
        else:
            self.effect(work, message["text"])

    def effect(self, work: Work, name: str) -> None:
        """Leave the effect of an update for its transaction."""

        async def act(conn: AsyncConnection) -> None:
            await history.note(conn, self.newsroom.id, None, ("update", 0), name[:24], self.clock())

        work.stage_once(act)

    async def effects(self) -> list[str]:
        """What took effect, in the order of the commits."""
        async with self.store.read() as conn:
            return [event for event, _, _ in await history.of(conn, self.newsroom.id, ("update", 0))]

    async def states(self) -> dict[str, int]:
        async with self.store.read() as conn:
            return await archive.counts(conn)

    async def member(self) -> Member:
        return await make_member(self.store, self.newsroom, self.clock())


@pytest.fixture
async def house(store: Store, clock: StoppedClock) -> House:
    newsroom = await make_newsroom(store, clock())
    return House(store=store, clock=clock, newsroom=newsroom, inbox=Inbox(store, clock, BOT_ID))


@asynccontextmanager
async def running(house: House, worker: Worker | None = None, process: Process | None = None) -> AsyncIterator[None]:
    """The worker at work for as long as the block lasts; what ends it by itself is raised."""
    task = asyncio.create_task((worker or house.worker()).run(process or house.process))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Wait for it; fails when it does not come."""
    end = asyncio.get_running_loop().time() + seconds
    while not await condition():
        assert asyncio.get_running_loop().time() < end, "what was waited for did not come"
        await asyncio.sleep(0.01)


async def settled(house: House) -> None:
    """Until nothing is new or being worked on."""

    async def quiet() -> bool:
        return not {"new", "working"} & (await house.states()).keys()

    await until(quiet)


# --- the door
