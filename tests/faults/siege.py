"""The real bot as a process, besieged: so many updates a second while it is killed, failed and started again.

The simulated Telegram goes on all the while, and redelivers and reorders what it holds. The account at the end: every
message filed once, every case with its card, no card twice but those that were on their way at a kill.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.model.rights import Role
from bot.services.custody_secret import read_custody_keys
from bot.services.verifying import Verification
from bot.simulator import FaultKind, User, origins
from bot.storage.store import Store
from bot.storage.vault import Vault
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, open_newsroom, until
from tests.faults.nursery import nursery
from tests.journeys.burst import DONE_UNHEARD, cards_in_flight, picture

MEMBERS, A_SECOND, A_BURST = 12, 20, 5
PATIENCE = 60.0
SAYING = ("sendMessage", "editMessageText", "setMessageReaction")
#: Updates that are surely handed out together: getUpdates gives a hundred.
_ONE_BATCH = 50


@dataclass(kw_only=True)
class Siege:
    """A newsroom under fire."""

    room: Newsroom
    people: Sequence[User]
    process: BotProcess
    chance: random.Random
    a_second: int = A_SECOND
    sent: dict[tuple[int, int], bool] = field(default_factory=dict)
    in_flight: int = 0
    rounds: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    redelivered: int = 0
    began: float = 0.0
    #: Messages a second, as they really came; known at the end.
    rate: float = 0.0
    feeding: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def going(self) -> AsyncIterator["Siege"]:
        """Updates flow until the block ends, and then nothing is left running."""
        self.feeding = asyncio.create_task(self.feed())
        try:
            yield self
        finally:
            self.feeding.cancel()
            await asyncio.gather(self.feeding, return_exceptions=True)
            self.process.close()

    async def feed(self) -> None:
        """So many messages a second, five of one member after another, every sixth five pictures.

        On a busy machine what is behind is sent without a pause: twenty a second are twenty a second.
        """
        turn, loop = 0, asyncio.get_running_loop()
        self.began = due = loop.time()
        while True:
            who, album = self.people[turn % len(self.people)], turn % 6 == 5
            for number in range(A_BURST):
                name = f"{turn}-{number}"
                hidden = origins.from_hidden_user(f"Reader {name}")
                data = picture(turn * 10 + number, 64) if album else None
                due += 1 / self.a_second
                words = "" if album else f"{self.chance.randbytes(6).hex()} ни на что не похожее {name}"
                message = self.room.world.forward(who, hidden, text=words, photo=data)
                self.sent[(message.chat_id, message.message_id)] = album
                await asyncio.sleep(max(0.0, due - loop.time()))
            self.room.later(60)
            self._shake()
            turn += 1

    def _shake(self) -> None:
        # Telegram's queue: what waits changes its order, and an old update comes once more under its old number.
        pending = self.room.world.updates._pending
        # Only what goes out in one batch: a number confirms all below it, and Telegram hands nothing out behind them.
        if len(pending) > _ONE_BATCH:
            return
        ids = list(pending)[-4:]
        for update_id in self.chance.sample(ids, len(ids)):
            pending.move_to_end(update_id)
        self._seen.update(pending)

    def _deliver_again(self) -> None:
        # What was confirmed long ago, as after a server of Telegram's fell back; a bot that starts asks for everything.
        pending = self.room.world.updates._pending
        gone = sorted(self._seen.keys() - pending.keys())
        for update_id in self.chance.sample(gone, min(3, len(gone))):
            pending[update_id] = self._seen[update_id]
            pending.move_to_end(update_id, last=False)
            self.redelivered += 1

    def __post_init__(self) -> None:
        self._seen: dict[int, dict[str, object]] = {}

    async def died(self, way: str) -> None:
        """Count a death, and check the log while nothing runs."""
        self.rounds += 1
        self.deaths[way] += 1
        self.in_flight += cards_in_flight(self.room.database)
        self._deliver_again()
        await self.verify()

    async def verify(self) -> None:
        """The custody log is unbroken."""
        settings = self.room.settings
        store = Store(settings.database)
        try:
            newsroom_id = self.room.database.value("SELECT id FROM newsrooms")
            keys = read_custody_keys(settings.custody_key_path)
            report = await Verification(store, Vault(settings.vault_dir), keys, newsroom_id).run([])
        finally:
            await store.close()
        assert report.broken is None, report

    async def polling(self) -> None:
        """Wait until the process that was started last has introduced itself."""
        counts = self.room.world.journal.counts
        introduced = counts["getMe"]
        await until(lambda: counts["getMe"] > introduced, PATIENCE, self.process)

    async def rest(self) -> None:
        """No more updates: the bot that runs does all that there is to do."""
        assert self.feeding is not None
        if not self.feeding.cancelled():
            assert not self.feeding.done(), self.feeding.exception()
            self.feeding.cancel()
            await asyncio.wait([self.feeding])
            self.rate = len(self.sent) / (asyncio.get_running_loop().time() - self.began)
        self.room.world.faults.clear()
        # Telegram takes thirty messages a second, so an hour's siege takes minutes to answer: it goes on while it does.
        left = None
        while (now := self._left()) != left:
            left = now
            with suppress(TimeoutError):
                await until(self.room.is_quiet, PATIENCE, self.process)
                return
            await self.room.database.write("UPDATE inbox_updates SET not_before = received_at WHERE state = 'new'")
        raise AssertionError(f"the bot is not quiet, {left} left:\n{self.process.last_words()}")

    def _left(self) -> int:
        return len(self.room.world.updates) + self.room.database.left()

    async def finish(self) -> "Verdict":
        """Let it come to rest without faults, stop it politely, and draw the account."""
        if self.process.is_idle:
            self.process.start()
        await self.rest()
        assert await self.process.stop() == 0
        await self.verify()
        return self._verdict()

    def _verdict(self) -> "Verdict":
        database = self.room.database
        rows = database.rows("SELECT chat_id, message_id FROM submission_parts")
        filed = Counter((row["chat_id"], row["message_id"]) for row in rows)
        sources = "SELECT source FROM comments UNION ALL SELECT source FROM photos"
        effects = Counter(row["source"] for row in database.rows(sources))
        wanted = {f"telegram:{chat}:{message}" for chat, message in self.sent}
        cards, missing = 0, []
        for row in database.rows("SELECT number, chat_id FROM submissions WHERE number IS NOT NULL"):
            label = f"K-{row['number']} ·"
            shown = sum(m.text.startswith(label) for m in self.room.world.bot_messages(row["chat_id"]))
            cards += max(0, shown - 1)
            missing += [label] * (shown == 0)
        unheard = self.room.world.journal.find(
            method="sendMessage", where=lambda request: request.fault in {str(kind) for kind in DONE_UNHEARD}
        )
        return Verdict(
            sent=len(self.sent),
            rate=self.rate,
            lost=sorted(self.sent.keys() - filed.keys()) + sorted(wanted - effects.keys()),
            doubled=[str(k) for k, count in (filed + effects).items() if count > 1]
            + [str(place) for place in filed.keys() - self.sent.keys()],
            dead=database.value("SELECT count(*) FROM inbox_updates WHERE state = 'dead'"),
            cards_missing=missing,
            cards_twice=cards,
            in_flight=self.in_flight,
            unheard=len(unheard),
        )


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of everything that was sent."""

    sent: int
    rate: float
    lost: list[object]
    doubled: list[str]
    dead: int
    cards_missing: list[str]
    cards_twice: int
    in_flight: int
    unheard: int

    def check(self, line: str) -> None:
        """The bar: nothing lost, nothing doubled but a card that was on its way when the process died."""
        print(
            f"{line}; {self.sent} messages, {self.rate:.0f} a second, {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled, {self.cards_twice} cards twice "
            f"({self.in_flight} were on their way at a death, {self.unheard} answers never heard)"
        )
        assert self.lost == []
        assert self.doubled == []
        assert self.dead == 0
        assert self.cards_missing == []
        assert self.cards_twice <= self.in_flight + self.unheard


@asynccontextmanager
async def besieged(
    folder: Path, seed: int, *, own_workers: bool = False, a_second: int = A_SECOND
) -> AsyncIterator[Siege]:
    """A newsroom with members of long standing; updates flow until the block ends."""
    quick = {
        "send_chat_seconds": 0.02,
        "send_per_second": 30,
        "poll_timeout": 2,
        "burst_seconds": 2.0,
        "inbox_tries": 50,
    }
    with nursery(own_workers=own_workers) as here:
        async with open_newsroom(folder / "data", **quick) as room:
            people = await room.admit(Role.JOURNALIST, MEMBERS)
            process = BotProcess.of(room)
            process.nursery = here
            chance = random.Random(seed)
            siege = Siege(room=room, people=people, process=process, chance=chance, a_second=a_second)
            async with siege.going():
                yield siege


def bad_weather(siege: Siege, seed: int) -> None:
    """Telegram on a bad day, for as long as it lasts: 429, 5xx, timeouts, cut connections, answers that never come."""
    faults = siege.room.world.faults
    faults.seed = seed
    faults.add(FaultKind.TOO_MANY_REQUESTS, methods=SAYING, probability=0.02, count=None, retry_after=1)
    faults.add(FaultKind.SERVER_ERROR, methods=SAYING, probability=0.02, count=None)
    faults.add(FaultKind.SERVER_ERROR, methods="getUpdates", probability=0.05, count=None)
    for kind in (FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER, FaultKind.MALFORMED_JSON):
        faults.add(kind, methods=[*SAYING, "getFile"], probability=0.005, count=None)
        faults.add(kind, methods="getUpdates", probability=0.03, count=None)
    faults.add(FaultKind.TIMEOUT_AFTER, methods="getUpdates", probability=0.02, count=None, delay=1)
    faults.add(FaultKind.SLOW, methods=SAYING, probability=0.2, count=None, delay=0.1)
