"""A newsroom to rehearse in: the simulator, the real bot against it, people of every role, and patience, not sleeps.

`Newsroom` runs the bot in the test's own event loop (session-wide, so that one pool of detectors serves every test);
`BotProcess` runs `python -m bot serve` as a process group that can be killed with -9 and started again.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol
from unittest.mock import patch

from bot import wiring
from bot.analysis import Analysis, AnalysisLimits
from bot.config import Settings
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.services.keys import Keys, read_or_make_key
from bot.services.members import Members
from bot.services.newsrooms import NewsroomDefaults, Newsrooms
from bot.simulator import Simulator, StoredMessage, User, World
from bot.simulator.journal import Request
from bot.storage.members import admit
from bot.ticker import Ticker
from bot.wiring import clockwork, serving
from bot.wiring.archive import Archive
from handlers.buttons import Bearer, ButtonSigner, Press
from handlers.pacing import Pace, PaceLimits
from tests.bot_database import Database, PostgresDatabase
from tests.stores import furnish

SECRET_PART = "AAcanary-token-of-nobody_0123456789"
TOKEN = f"7000000002:{SECRET_PART}"
#: How long a bot may be busy on a machine that others share: one that ended is told at once, whatever stands here.
PATIENCE = 45.0
_certificates = cache(ssl.create_default_context)


class SteppedClock:
    """A clock for the simulated people: it stands still until `later` moves it, so that bursts are what a test says."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.moment

    def later(self, seconds: float) -> None:
        """Move on."""
        self.moment += timedelta(seconds=seconds)


class FlowingClock(SteppedClock):
    """Real time, for tests of pace."""

    def __call__(self) -> datetime:
        return datetime.now(UTC) + (self.moment - self._began)

    def __init__(self) -> None:
        super().__init__()
        self._began = self.moment


class ShiftedClock:
    """Real time and a bit: for what happens hours later."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.shift


@asynccontextmanager
async def detectors() -> AsyncIterator[Analysis]:
    """One pool of detectors for many bots of the same event loop; each bot's start and stop leave it running."""
    analysis = Analysis(AnalysisLimits())
    await analysis.open()
    try:
        yield analysis
    finally:
        await Analysis.stop(analysis)


#: Tables that the bot's clock writes, whatever anybody does.
BY_THE_CLOCK = frozenset({"daily_chores", "spike_counts", "spike_cursors", "spike_marks"})


class _QuickTicker(Ticker):
    """What the bot looks for at least every half minute, it looks for more often: a test waits for it idly."""

    def every(self, interval: timedelta, job: Callable[[], Awaitable[None]]) -> None:
        if interval <= timedelta(seconds=1):
            interval /= 4
        elif timedelta(seconds=5) <= interval <= timedelta(seconds=30):
            interval /= 5
        super().every(interval, job)


class _Shared:
    """Stands for `Analysis` in the wiring: all that a bot asks of it, but it neither starts nor ends."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self.texts = analysis.texts
        self.prints = analysis.prints
        self.image = analysis.image
        self.compare = analysis.compare
        self.clean_copy = analysis.clean_copy
        self.screen = analysis.screen
        self.pair = analysis.pair
        self.farms = analysis.farms
        self.drawn = analysis.drawn
        self.workbook = analysis.workbook

    async def open(self) -> None:
        """Open already."""

    async def start(self) -> None:
        """Running already."""

    async def stop(self) -> None:
        """Others need it."""


@dataclass(kw_only=True)
class Newsroom:
    """The simulator, a data folder and a bot that can be started and stopped between them."""

    simulator: Simulator
    settings: Settings
    people_clock: SteppedClock
    bot_clock: ShiftedClock = field(default_factory=ShiftedClock)
    analysis: Analysis | None = None
    paced: bool = False
    #: Whether the clock's jobs come as often as in the product: under load, four times as many are most of the work.
    calm: bool = False
    #: The bot's store, seen from outside.
    database: Database
    _bot: asyncio.Task[None] | None = None

    @property
    def world(self) -> World:
        """The people around the bot."""
        return self.simulator.world

    async def start_bot(self) -> None:
        """Start `serve`, the code path of `kalkan serve`, and wait until it polls."""
        ready = asyncio.Event()
        with ExitStack() as stack:
            self._replace(stack)
            self._bot = asyncio.create_task(serving.serve(self.settings, clock=self.bot_clock, ready=ready))
            waiting = asyncio.create_task(ready.wait())
            await asyncio.wait([self._bot, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=60)
            waiting.cancel()
        if self._bot.done():
            self._bot.result()
        assert ready.is_set(), "the bot did not get ready"

    def _replace(self, stack: ExitStack) -> None:
        # Every client of the bot's reads the machine's certificates, and none of them meets any here.
        stack.enter_context(patch.object(ssl, "create_default_context", _certificates))
        shared = self.analysis
        if shared is not None:
            stack.enter_context(patch.object(wiring, "Analysis", lambda _limits: _Shared(shared)))
        if not self.paced:
            limits = PaceLimits(per_second=10_000, chat_seconds=0, group_per_minute=10_000)
            stack.enter_context(patch.object(serving, "_pace", lambda _settings: Pace(limits)))
        if not self.paced and not self.calm:
            stack.enter_context(patch.object(clockwork, "Ticker", _QuickTicker))

    async def stop_bot(self) -> None:
        """Stop it as a signal does; an error of its own is raised."""
        bot, self._bot = self._bot, None
        if bot is None:
            return
        bot.cancel()
        done = await asyncio.gather(bot, return_exceptions=True)
        if isinstance(done[0], Exception):
            raise done[0]

    async def invite(self, *roles: Role) -> list[str]:
        """Invites as `kalkan invite` makes them: their tokens."""
        async with people_of(self.settings, self.bot_clock) as (members, newsroom_id):
            return [await members.invite_by_command(newsroom_id, role) for role in roles]

    async def tell_expired(self) -> None:
        """What the bot's clock does every half minute."""
        async with people_of(self.settings, self.bot_clock) as (members, _):
            await members.tell_expired()

    async def join(self, *roles: Role, names: Iterable[str] = (), language: str = "en") -> list[User]:
        """New people, let in by invites of their own; the bot has told them everything when this returns."""
        tokens, called = await self.invite(*roles), list(names)
        users = []
        for number, (role, token) in enumerate(zip(roles, tokens, strict=True)):
            name = called[number] if number < len(called) else f"{role.value.title()} {len(self.world.users)}"
            user = self.world.add_user(name, language_code=language)
            self.world.start(user, token)
            users.append(user)
        await self.quiet()
        for user in users:
            assert self.world.bot_messages(user), f"{user.first_name} was not welcomed"
        self.later(60)
        return users

    async def admit(self, role: Role, count: int) -> list[User]:
        """Members who came long ago: they have written to the bot before, and it has told them all."""
        people = [self.world.add_user(f"Member {n}", started=True) for n in range(count)]
        tenant = self.database.value("SELECT id FROM newsrooms WHERE key = ?", self.settings.newsroom)
        async with Archive.of(self.settings).own_store() as store, store.write() as conn:
            for user in people:
                given = (role, MemberStatus.ACTIVE, None, self.bot_clock())
                await admit(conn, tenant, user.id, user.first_name, *given)
        return people

    def later(self, seconds: float = 60) -> None:
        """Let time pass for the people: what they send next belongs to no earlier burst."""
        self.people_clock.later(seconds)

    async def quiet(self, within: float = PATIENCE) -> None:
        """Wait until every update is confirmed, handled, settled and answered."""
        await until(self.is_quiet, within, self)

    def is_quiet(self) -> bool:
        """Whether every update is confirmed, handled, settled and answered."""
        return len(self.world.updates) == 0 and self.database.is_quiet()

    async def heard(
        self, who: User, containing: str = "", *, since: int = 0, within: float = PATIENCE
    ) -> StoredMessage:
        """The newest message of the bot to somebody that holds these words; `since` is an earlier journal length."""
        found: list[StoredMessage] = []

        def there() -> bool:
            self.check_alive()
            fresh = len(self.world.journal.find(chat_id=who.id, since=since, where=is_message)) > 0
            found[:] = [m for m in self.world.bot_messages(who) if containing in m.text] if fresh else []
            return bool(found)

        try:
            await self.world.wait_until(there, within)
        except TimeoutError:
            said = "\n---\n".join(m.text for m in self.world.bot_messages(who))
            raise AssertionError(f"{who.first_name} never read {containing!r}, but:\n{said}") from None
        return found[-1]

    def card(self, who: User, number: int) -> StoredMessage:
        """The newest message that shows case K-number to somebody."""
        cards = [m for m in self.world.bot_messages(who) if m.text.startswith(f"K-{number} ·")]
        assert cards, f"{who.first_name} has no card of K-{number}: {[m.text for m in self.world.bot_messages(who)]}"
        return cards[-1]

    def signed(self, who: User, message: StoredMessage, press: Press) -> str:
        """Callback data as the bot would draw it for somebody under a message that is there."""
        here = "SELECT drawn_by FROM sent_messages WHERE chat_id = ? AND message_id = ?"
        drawn = self.database.rows(here, message.chat_id, message.message_id)
        epoch = self.database.rows("SELECT epoch FROM members WHERE telegram_id = ?", who.id)
        bearer = Bearer(
            newsroom=self.database.value("SELECT id FROM newsrooms"),
            chat=who.id,
            drawing=drawn[0][0] if drawn else 0,
            epoch=epoch[0][0] if epoch else 0,
        )
        return ButtonSigner(keys_of(self.settings).buttons).sign(bearer, press)

    async def press(self, who: User, message: StoredMessage, action: str, argument: str | None = None) -> None:
        """Press the button of an action and wait until all is said."""
        self.world.press(who, message, data_of(message, action, argument))
        await self.quiet()

    async def order(self, who: User, text: str) -> StoredMessage:
        """Send a command and wait: the bot's newest message to this person."""
        before = len(self.world.journal)
        self.world.send_text(who, text)
        self.later()
        await self.quiet()
        assert self.world.journal.find(chat_id=who.id, since=before, where=is_message), f"{text!r} was not answered"
        answer = self.world.last_bot_message(who)
        assert answer is not None
        return answer

    def check_alive(self) -> None:
        """Fail when the bot ended by itself, with its error."""
        if self._bot is not None and self._bot.done():
            self._bot.result()
            raise AssertionError("the bot has stopped")


@asynccontextmanager
async def open_newsroom(
    folder: Path, analysis: Analysis | None = None, people_clock: SteppedClock | None = None, **given: object
) -> AsyncIterator[Newsroom]:
    """A newsroom without a running bot; `given` are settings."""
    clock = people_clock or SteppedClock()
    async with Simulator(str(given.get("telegram_token", TOKEN)), clock=clock) as simulator:
        settings = quick_settings(folder, simulator, **given)
        keys = Archive.of(settings).keys
        if keys is None:
            await asyncio.to_thread(furnish, folder)
        room = Newsroom(
            simulator=simulator,
            settings=settings,
            people_clock=clock,
            analysis=analysis,
            database=_database(settings, keys.database if keys is not None else None),
        )
        async with people_of(room.settings, room.bot_clock):
            try:
                yield room
            finally:
                await room.stop_bot()
                room.database.close()


def _database(settings: Settings, key: bytes | None) -> Database:
    if settings.database_url is not None:
        return PostgresDatabase(path=settings.data_dir / "none", url=settings.database_url)
    return Database(path=settings.data_dir / "kalkan.sqlite", key=key)


class Living(Protocol):
    """A bot that may end by itself."""

    def check_alive(self) -> None:
        """Fail when it did."""


async def until(ready: Callable[[], bool], within: float, bot: Living | None = None) -> None:
    """Look again and again until something holds; fail at once when the bot ends. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not ready():
            if bot is not None:
                bot.check_alive()
            await asyncio.sleep(0.02)


def quick_settings(folder: Path, simulator: Simulator, **given: object) -> Settings:
    """Settings under which a test need not wait: short bursts, no pause between messages of a chat."""
    quick: dict[str, object] = {
        "telegram_token": TOKEN,
        "telegram_base_url": simulator.address,
        "data_dir": folder,
        # Encryption has tests of its own; each test here would pay for it.
        "plain_database": "master_key_file" not in given,
        "poll_timeout": 5,
        "inbox_tries": 3,
        "burst_seconds": 0.2,
        "send_chat_seconds": 0,
        "send_per_second": 30,
        "language": "en",
        "newsroom_name": "Ак-Калкан",
        # What the machine's disk holds besides is no matter of a test's.
        "ballast_bytes": 0,
        "disk_alarm_percent": 0,
        "disk_files_percent": 0,
        # Second factors and what leads are told have tests of their own; all others press on.
        "step_up": False,
        "vigilance": False,
    }
    return Settings.read(**(quick | given))


@asynccontextmanager
async def people_of(settings: Settings, clock: Callable[[], datetime]) -> AsyncIterator[tuple[Members, int]]:
    """The desk's service for people, on the same store but without detectors; and the newsroom's id."""
    archive = Archive.of(settings)
    house = archive.store()
    try:
        await house.migrate()
        defaults = NewsroomDefaults(
            name=settings.newsroom_name, zone=settings.zone, language=settings.language, key=settings.newsroom
        )
        newsroom = await Newsrooms(house, clock).ensure(defaults)
    finally:
        await house.close()
    async with archive.own_store() as store:
        yield Members(store, clock, keys_of(settings), settings.invite_hours), newsroom.id


def keys_of(settings: Settings) -> Keys:
    """The newsroom's keys: a test may sign what the bot would have signed."""
    return read_or_make_key(settings.key_path, Archive.of(settings).secrets)


def data_of(message: StoredMessage, action: str, argument: str | None = None) -> str:
    """The callback data of a message's button for an action, whatever its label."""
    for button in message.buttons:
        data = str(button.get("callback_data", ""))
        parts = data.split(":")
        if parts[0] == action and argument in (None, parts[2] if len(parts) > 2 else None):
            return data
    raise AssertionError(f"no button for {action!r} under {message.text!r}: {message.buttons}")


def actions_of(message: StoredMessage) -> list[str]:
    """The actions of a message's buttons, in order."""
    return [str(button.get("callback_data", "")).split(":")[0] for button in message.buttons]


def is_message(request: Request) -> bool:
    """Whether a request put words before somebody's eyes."""
    return request.method.lower() in {"sendmessage", "editmessagetext", "sendphoto", "sendmediagroup"}
