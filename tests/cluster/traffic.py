"""What members send while servers die, what has to become of it, and how a test waits for it."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

from bot.errors import QueueAway
from bot.ingest.broker import Broker, Line
from bot.ingest.state import QueueState
from bot.simulator import User, origins
from bot.wiring.ingest import place_of
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, until
from tests.journeys.crew import Crew

#: Updates a second, by so many members, each so many messages at a time; of so many updates one is an order.
RATE, MEMBERS, A_BURST, ORDERS = 50, 20, 5, 25
#: Nobody waits in the slower lane, in which orders pass forwards.
LIMITS = ", ".join(f"{name}=100000/0.001" for name in ("forwards", "texts", "orders", "listings"))
#: Seconds that anybody may wait because a server died.
OUTAGE = 30.0


class Traffic:
    """What members send: forwards in bursts, and orders between them."""

    def __init__(self, room: Newsroom, people: Sequence[User]) -> None:
        self._room = room
        self._people = people
        self._chance = random.Random(7)
        self.forwards: set[tuple[int, int]] = set()
        self.sent = 0

    async def run(self) -> None:
        """Send until cancelled."""
        began = time.monotonic()
        while True:
            while self.sent < RATE * (time.monotonic() - began):
                self._burst(self._people[self.sent // A_BURST % MEMBERS])
            await asyncio.sleep(0.05)

    def _burst(self, who: User) -> None:
        for _ in range(A_BURST):
            self.sent += 1
            if self.sent % ORDERS == 0:
                self._room.world.send_text(who, "/mine")
                continue
            words = " ".join("".join(self._chance.choices("абвгдежзиклмнопрст", k=6)) for _ in range(8))
            text = f"Мы сожжём вашу редакцию {words}" if self.sent % 50 == 1 else words
            message = self._room.world.forward(who, origins.from_hidden_user(f"X{self.sent}"), text)
            self.forwards.add((message.chat_id, message.message_id))
        self._room.later(60 / MEMBERS)


async def kill_workers(workers: Sequence[BotProcess], times: int) -> int:
    """kill -9 for workers in turn, each started again at once; returns how many."""
    for number in range(times):
        worker = workers[number % len(workers)]
        await asyncio.sleep(4)
        worker.check_alive()
        worker.kill()
        await asyncio.sleep(1)
        worker.start()
    return times


async def waited(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until servers say that it holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - it is asked of servers
            await asyncio.sleep(0.2)


async def settled(room: Newsroom, crew: Crew) -> None:
    """Wait until all that was sent is handled and answered."""
    await until(lambda: len(room.world.updates) == 0, 120, crew)
    async with asyncio.timeout(900):
        while not room.is_quiet():
            crew.check_alive()
            await asyncio.sleep(1)


def account(room: Newsroom, traffic: Traffic) -> dict[str, float]:
    """What became of it: numbers that have to be nothing, and seconds of outage."""
    rows = room.database.rows
    filed = Counter((row[0], row[1]) for row in rows("SELECT chat_id, message_id FROM submission_parts"))
    said = Counter(row[0] for row in rows("SELECT source FROM comments"))
    sources = {f"telegram:{chat}:{message}" for chat, message in traffic.forwards}
    cards = _cards(room)
    return {
        "lost": len(traffic.forwards - filed.keys()),
        "filed twice": sum(number > 1 for number in filed.values()),
        "comments lost": len(sources - said.keys()),
        "comments twice": sum(number > 1 for number in said.values()),
        "dead letters": rows("SELECT count(*) FROM inbox_updates WHERE state = 'dead'")[0][0],
        "messages given up": rows("SELECT count(*) FROM outbox_messages WHERE state = 'failed'")[0][0],
        "cards missing": sum(number == 0 for number in cards),
        "cards twice": sum(number - 1 for number in cards if number),
        "out of order": _out_of_order(room),
        "longest without an update taken": _gap(room, "received_at"),
        "without one done": _gap(room, "done_at"),
    }


def _cards(room: Newsroom) -> list[int]:
    told: dict[int, Counter[str]] = {}
    found = []
    for number, chat in room.database.rows("SELECT number, chat_id FROM submissions WHERE number IS NOT NULL"):
        if chat not in told:
            told[chat] = Counter(message.text.partition(" ·")[0] for message in room.world.bot_messages(chat))
        found.append(told[chat][f"K-{number}"])
    return found


def _out_of_order(room: Newsroom) -> int:
    """Orders that were carried out before something that their chat had sent earlier."""
    query = "SELECT chat_key, update_id, loose, done_at FROM inbox_updates WHERE tries = 1 ORDER BY chat_key, update_id"
    chats: dict[int, list[Any]] = {}
    for row in room.database.rows(query):
        chats.setdefault(row[0], []).append(row)
    return sum(
        later[3] < earlier[3] for of_chat in chats.values() for earlier, later in pairwise(of_chat) if not later[2]
    )


def _gap(room: Newsroom, column: str) -> float:
    moments = [row[0] for row in room.database.rows(f"SELECT {column} FROM inbox_updates ORDER BY {column}")]  # noqa: S608
    return round(max((later - earlier).total_seconds() for earlier, later in pairwise(moments)), 1)


async def emptied(room: Newsroom, crew: Crew) -> None:
    """Wait until Telegram and the queue hold nothing more."""
    await until(lambda: len(room.world.updates) == 0, 120, crew)
    line = await _joined(room)
    try:
        async with asyncio.timeout(300):
            while await line.waiting():
                crew.check_alive()
                await asyncio.sleep(0.5)
    finally:
        await line.close()
    # What was taken last is stored by now.
    await asyncio.sleep(3)


async def _joined(room: Newsroom) -> Line:
    async with asyncio.timeout(120):
        while True:
            with suppress(QueueAway):
                return await Broker(place_of(room.settings), QueueState()).join()
            await asyncio.sleep(1)
