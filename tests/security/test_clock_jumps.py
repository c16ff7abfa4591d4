"""The machine's clock is moved while the real bot runs: alarms ring, go on, digests come once a day, nothing is lost.

libfaketime moves it. What people's phones and Telegram say is real time; only the server is wrong.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot.model.alarm import ALARM_MINUTES
from bot.model.rights import Role
from bot.services.custody_secret import read_custody_keys
from bot.services.verifying import Verification
from bot.simulator import StoredMessage, User, origins
from bot.storage.store import Store
from bot.storage.vault import Vault
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, actions_of, data_of, open_newsroom, until
from tests.faults.clocks import SECONDS_UNTIL_SEEN, MovedClock, library

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(library() is None, reason="the clock is moved by libfaketime, which is missing"),
]

BERLIN: Final = ZoneInfo("Europe/Berlin")
#: The last Saturday of summer time: clocks go back in the night, at three.
BEGIN: Final = datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN)
DIGEST_AT: Final = time(9)
PATIENCE: Final = 90.0
#: Seconds after which whoever was not heard presses again.
PRESSED_AGAIN: Final = 5.0
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


@dataclass(kw_only=True)
class Watch:
    """A newsroom in Berlin whose server's clock is moved."""

    room: Newsroom
    clock: MovedClock
    process: BotProcess
    journalist: User
    leads: Sequence[User]
    editor: User
    sent: int = 0
    jumps: int = 0
    #: Local days whose digest was due: the clock passed over the hour.
    owed: list[date] = field(default_factory=list)
    #: Real seconds from each threat to its alarm.
    rang: list[float] = field(default_factory=list)

    async def move(self, by: timedelta, *, is_wrong: bool = False) -> None:
        """Set the clock; days that it passes on its way are owed their digest, unless it `is_wrong` by years."""
        before = self.clock()
        self.jumps += 1
        self.clock.move(by)
        await asyncio.sleep(SECONDS_UNTIL_SEEN + 0.2)
        if not is_wrong:
            self.owed += [day for day in _days(before, self.clock()) if day not in self.owed]

    async def threaten(self) -> float:
        """A threat is forwarded, and the first lead called; in how many real seconds. What rang before was false."""
        await self.answer()
        self.sent += 1
        words = f"Сегодня вечером придём и сожжём ваш офис номер {self.sent}, готовьтесь все {self.sent * 7919}"
        asked = asyncio.get_running_loop().time()
        self.room.world.forward(self.journalist, origins.from_hidden_user(f"X{self.sent}"), words)
        self.room.later(7200)
        await until(lambda: self.called(self.leads[0]) == 1, PATIENCE, self.process)
        self.rang.append(asyncio.get_running_loop().time() - asked)
        await until(self.room.is_quiet, PATIENCE, self.process)
        return self.rang[-1]

    async def answer(self) -> None:
        """Whoever was called first says that the alarm is false: the next threat rings anew.

        A clock that jumps by years makes old messages go, and the alarm calls anew: whoever is called presses again.
        """
        lead, loop = self.leads[0], asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while self.called(lead) and loop.time() < end:
            for message in self.room.world.bot_messages(lead):
                if "atake" in actions_of(message):
                    self.room.world.press_data(lead, message, data_of(message, "afalse"))
            with suppress(TimeoutError):
                await until(lambda: self.called(lead) == 0, PRESSED_AGAIN, self.process)
        assert self.called(lead) == 0

    def called(self, who: User) -> int:
        """How many alarms somebody can answer."""
        newest = self.room.world.bot_messages(who)[-1:]
        return sum("atake" in actions_of(message) for message in newest)

    def step(self) -> int:
        """How far the newest alarm has gone on."""
        return int(self.room.database.value("SELECT step FROM alarms ORDER BY id DESC LIMIT 1"))

    def waits(self) -> timedelta:
        """How long the newest alarm waits until it goes on, by the server's clock."""
        due = self.room.database.value("SELECT due_at FROM alarms ORDER BY id DESC LIMIT 1")
        return datetime.fromisoformat(due).replace(tzinfo=UTC) - self.clock()

    async def goes_on(self) -> None:
        """The alarm that nobody answers goes on by one step."""
        await until(lambda: self.step() > 0, PATIENCE, self.process)

    def told(self) -> Counter[str]:
        """How often the editor has each digest; its words name its days."""
        own = self.room.world.bot_messages(self.editor)
        return Counter(m.text for m in own if _is_digest(m))

    def days_told(self) -> list[date]:
        """The days that were told, as the archive has them."""
        rows = self.room.database.rows("SELECT day FROM digest_slots ORDER BY day")
        return [date.fromisoformat(row[0]) for row in rows]

    async def digests(self) -> None:
        """Every day that is owed has been told."""
        await until(lambda: set(self.owed) <= set(self.days_told()), PATIENCE, self.process)

    def line(self) -> str:
        """One line of figures."""
        days = ", ".join(map(str, self.days_told()))
        return (
            f"{self.jumps} jumps: {self.sent} threats filed, each alarm within {max(self.rang):.1f} s; "
            f"digests of {days}, each once; the log verifies"
        )

    async def verify(self) -> None:
        """Every forward is filed once and had its card; the custody log is unbroken."""
        await until(self.room.is_quiet, PATIENCE, self.process)
        settings, database = self.room.settings, self.room.database
        assert database.value("SELECT count(*) FROM submission_parts") == self.sent
        assert database.value("SELECT count(DISTINCT message_id) FROM submission_parts") == self.sent
        assert database.value("SELECT count(*) FROM inbox_updates WHERE state = 'dead'") == 0
        assert database.value("SELECT count(*) FROM outbox_messages WHERE state = 'failed'") == 0
        # Cards of days ago have been swept out of the chat: they were sent, all the same.
        assert database.value("SELECT count(*) FROM submissions WHERE card_message_id IS NOT NULL") == self.sent
        store = Store(settings.database)
        try:
            newsroom_id = database.value("SELECT id FROM newsrooms")
            keys = read_custody_keys(settings.custody_key_path)
            report = await Verification(store, Vault(settings.vault_dir), keys, newsroom_id).run([])
        finally:
            await store.close()
        assert report.broken is None, report
        assert report.lines >= self.sent


def _is_digest(message: StoredMessage) -> bool:
    return message.text.startswith("🗞") and "photo" not in message.body


def _days(since: datetime, until_: datetime) -> list[date]:
    """The local days whose hour lies between two moments; written apart from what the bot uses."""
    day, days = since.astimezone(BERLIN).date(), []
    while day <= until_.astimezone(BERLIN).date():
        if since < datetime.combine(day, DIGEST_AT, BERLIN).astimezone(UTC) <= until_:
            days.append(day)
        day += DAYS
    return days


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[Watch]:
    """The bot runs by a clock of its own; the editor has a digest every morning."""
    quick = {"zone": "Europe/Berlin", "send_chat_seconds": 0.02, "poll_timeout": 2}
    async with open_newsroom(folder / "data", **quick) as room:
        (journalist,) = await room.admit(Role.JOURNALIST, 1)
        leads = await room.admit(Role.SECURITY, 2)
        (editor,), (admin,) = await room.admit(Role.EDITOR, 1), await room.admit(Role.ADMIN, 1)
        clock, process = MovedClock(file=folder / "clock"), BotProcess.of(room)
        clock.to(BEGIN)
        clock.hold(process)
        watch = Watch(room=room, clock=clock, process=process, journalist=journalist, leads=leads, editor=editor)
        try:
            process.start()
            await until(lambda: room.world.journal.counts["getUpdates"] > 0, PATIENCE, process)
            await _order_digest(room, admin, editor, process)
            yield watch
        finally:
            process.close()


async def _order_digest(room: Newsroom, admin: User, editor: User, process: BotProcess) -> None:
    room.world.send_text(editor, "/digest")
    await until(room.is_quiet, PATIENCE, process)
    room.world.press_data(editor, room.world.bot_messages(editor)[-1], _button(room, editor, "dgask"))
    await room.heard(admin, "asks for digests", within=PATIENCE)
    room.world.press_data(admin, room.world.bot_messages(admin)[-1], _button(room, admin, "chatok"))
    await room.heard(editor, "every day at 09:00", within=PATIENCE)
    await until(room.is_quiet, PATIENCE, process)


def _button(room: Newsroom, who: User, action: str) -> str:
    for button in room.world.bot_messages(who)[-1].buttons:
        if str(button.get("callback_data", "")).startswith(f"{action}:"):
            return str(button["callback_data"])
    raise AssertionError(f"no button {action}: {room.world.bot_messages(who)[-1].text}")


@pytest.mark.proof
async def test_hours_there_and_back(tmp_path: Path) -> None:
    """Three hours on and back: alarms ring and go on, the morning's digest comes once, nothing is lost."""
    async with watching(tmp_path) as watch:
        await watch.threaten()
        await watch.move(3 * HOURS)
        await watch.goes_on()
        await watch.digests()
        await watch.threaten()
        await watch.move(-3 * HOURS)
        # It rings, and waits for an hour of the afternoon: until the clock's fault is found.
        await until(lambda: watch.waits() <= timedelta(minutes=ALARM_MINUTES), PATIENCE, watch.process)
        await watch.move(timedelta(minutes=ALARM_MINUTES + 1))
        await watch.goes_on()
        await watch.threaten()
        assert watch.days_told() == watch.owed == [BEGIN.date()]
        await watch.verify()
        print(watch.line())


@pytest.mark.slow
async def test_days_and_years(tmp_path: Path) -> None:
    """Two days on over the end of summer time, two back, to the year 2039 and back again."""
    async with watching(tmp_path) as watch:
        jumps = [3 * HOURS, -3 * HOURS, 2 * DAYS, -2 * DAYS, 2 * DAYS + HOURS]
        for jump in jumps:
            await watch.move(jump)
            await watch.threaten()
            await watch.digests()
        assert max(watch.told().values()) == 1, watch.told()
        assert watch.days_told() == sorted(watch.owed)
        now = watch.clock()
        await watch.move(datetime(2039, 1, 20, 12, tzinfo=UTC) - now, is_wrong=True)
        await watch.threaten()
        await asyncio.sleep(25)
        await watch.move(now - watch.clock() + timedelta(minutes=1), is_wrong=True)
        await watch.threaten()
        await asyncio.sleep(25)
        # The days to come are told as if nothing had been.
        await watch.move(DAYS)
        await watch.digests()
        await watch.move(timedelta(minutes=ALARM_MINUTES + 1))
        await watch.threaten()
        await watch.verify()
        print(watch.line())
