"""The line that needs no disk: leads and administrators are told when the house itself cannot be written.

Everything else that the bot says stands in its database first. When that cannot be written, when it is damaged or when
somebody else uses the bot's token, this speaks to Telegram directly, to chats that are kept in memory; of one matter
once an hour at the most, and at Telegram's pace.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.i18n import NP_, Catalogs, Html
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from handlers.desk import FrontDesk, language_of
from handlers.pacing import Pace

log = logging.getLogger(__name__)


class Trouble(StrEnum):
    """What may have to be said without a disk."""

    READ_ONLY = "read_only"
    FAILING = "failing"
    DAMAGED = "damaged"
    CONFLICT = "conflict"


class Watcher(NamedTuple):
    """Somebody to be told: their private chat and their language."""

    chat_id: int
    language: str


_AGAIN_SECONDS: Final = 3600.0
#: Where Telegram could not be reached either.
_UNHEARD_SECONDS: Final = 60.0
#: A disk that fails once passes by itself, as a rule: only what goes on for so long is worth a line.
_LASTING_SECONDS: Final = 10.0
#: What did not fail for so long has mended; if it fails again, that is another failure.
_MENDED_SECONDS: Final = 60.0
_PATIENCE_SECONDS: Final = 10.0
_SENTENCES: Final[Mapping[Trouble, str]] = {
    Trouble.READ_ONLY: NP_(
        "distress",
        "⚠️ The server's disk cannot be written any more. What members send waits with Telegram for a day at the most, "
        "and nobody gets an answer. Whoever runs the server has to look at the disk now.",
    ),
    Trouble.FAILING: NP_(
        "distress",
        "⚠️ The server's disk or database does not answer. What members send waits with Telegram for a day at the "
        "most, and nobody gets an answer. Whoever runs the server has to look at it now.",
    ),
    Trouble.DAMAGED: NP_(
        "distress",
        "⚠️ The database on the server is damaged. The bot has stopped, so that nothing gets worse; what members send "
        "waits with Telegram for a day at the most. Whoever runs the server: copy the data folder first, then put the "
        "newest backup back.",
    ),
    Trouble.CONFLICT: NP_(
        "distress",
        "⚠️ Somebody else uses our bot's token, and may get what members send. If a second copy of Kalkan runs, stop "
        "it. Otherwise send /revoke to @BotFather, put the new token into the settings and start the bot again.",
    ),
}


class Distress:
    """Tells whoever watches over the house, from memory."""

    def __init__(self, bot: Bot, desk: FrontDesk, pace: Pace, time: Callable[[], float] | None = None) -> None:
        """`time` is any clock that only goes forward, in seconds; the event loop's by default."""
        self._bot = bot
        self._desk = desk
        self._pace = pace
        self._time = time or asyncio.get_running_loop().time
        self._watchers: Sequence[Watcher] = ()
        self._told: dict[Trouble, float] = {}
        self._since: dict[Trouble, tuple[float, float]] = {}
        self._waiting: list[Trouble] = []
        self._stirred = asyncio.Event()

    async def learn(self) -> None:
        """Look up who is to be told; what was known stays known where the archive cannot be read."""
        newsroom = await self._desk.newsrooms.get(self._desk.newsroom_id)
        people = (await self._desk.members.everyone(newsroom.id)).values()
        leads = (m for m in people if m.status is MemberStatus.ACTIVE and m.roles & {Role.ADMIN, Role.SECURITY})
        self._watchers = [Watcher(m.telegram_id, language_of(m, newsroom)) for m in leads]

    def lasting(self, trouble: Trouble) -> None:
        """It fails: told when it has gone on for some seconds."""
        now = self._time()
        first, last = self._since.get(trouble, (now, now))
        if now - last > _MENDED_SECONDS:
            first = now
        self._since[trouble] = (first, now)
        if now - first >= _LASTING_SECONDS:
            self.call(trouble)

    def call(self, trouble: Trouble) -> None:
        """Let it be told soon; to be called from anywhere in the event loop."""
        if self._is_due(trouble) and trouble not in self._waiting:
            self._waiting.append(trouble)
            self._stirred.set()

    async def run(self) -> None:
        """Tell what is to be told, until cancelled."""
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            while self._waiting:
                await self.tell(self._waiting.pop(0))

    async def tell(self, trouble: Trouble) -> None:
        """Tell it now, unless it was told within the hour; takes some seconds at the most for each reader."""
        if not self._is_due(trouble):
            return
        self._told[trouble] = self._time()
        reached = 0
        for watcher in self._watchers:
            reached += await self._sent(watcher, trouble)
        if not reached:
            # Nobody heard it: it may be said again soon.
            self._told[trouble] += _UNHEARD_SECONDS - _AGAIN_SECONDS
        log.error("told without the disk: %s, to %d of %d people", trouble, reached, len(self._watchers))

    async def _sent(self, watcher: Watcher, trouble: Trouble) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                # Each turn in its order, as all that the bot says.
                while (wait := self._pace.wait_for_chat(watcher.chat_id, self._time())) > 0:  # noqa: ASYNC110 - time is awaited
                    await asyncio.sleep(wait)
                self._pace.note(watcher.chat_id, self._time(), is_message=True)
                text = sentence(self._desk.catalogs, trouble, watcher.language)
                await self._bot.send_message(
                    watcher.chat_id, text, parse_mode=ParseMode.HTML, protect_content=True, disable_notification=False
                )
        except (TelegramError, TimeoutError) as error:
            log.warning("a lead could not be told of %s: %s", trouble, type(error).__name__)
            return False
        self._pace.arrived(watcher.chat_id, self._time())
        return True

    def _is_due(self, trouble: Trouble) -> bool:
        told = self._told.get(trouble)
        return told is None or self._time() - told >= _AGAIN_SECONDS


def sentence(catalogs: Catalogs, trouble: Trouble, language: str) -> Html:
    """What is said of it."""
    return catalogs[language].pgettext("distress", _SENTENCES[trouble])
