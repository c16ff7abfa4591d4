"""Serving: the desk joined to Telegram, from the first connection to the last."""

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from structlog.contextvars import bound_contextvars
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes

from bot.clock import Clock, utcnow
from bot.config import Settings
from bot.errors import SettingsError
from bot.model.process import ProcessRole
from bot.storage.faults import passes
from bot.storage.instance import sole
from bot.wiring import open_desk
from bot.wiring.front import TelegramApplication
from bot.wiring.heaps import share_heaps
from bot.wiring.roles import Joined, is_outpost, refuse_unfit, run
from handlers.connections import connections
from handlers.context import DeskContext
from handlers.desk import FETCHED_AT_ONCE
from handlers.pacing import Pace, PaceLimits
from handlers.rate_limiter import RateLimiter
from handlers.router import register

log = logging.getLogger(__name__)

#: Seconds between tries to reach a database.
_AWAY_SECONDS: Final = 2.0


def build_application(settings: Settings, pace: Pace | None = None) -> TelegramApplication:
    """PTB's application with our handlers and without its updater: the inbox feeds it."""
    # Alarms pass those that are sent side by side, and nothing that is fetched takes a connection from either.
    at_once = settings.send_parallel * 2 + FETCHED_AT_ONCE
    application: TelegramApplication = (
        Application.builder()
        .token(settings.token())
        .base_url(f"{settings.api_root}/bot")
        .base_file_url(f"{settings.api_root}/file/bot")
        .request(connections(at_once, pool_timeout=30.0, media_write_timeout=60.0))
        # PTB asks for one; updates are fetched by our own poller.
        .get_updates_request(connections(1))
        .rate_limiter(RateLimiter(pace or _pace(settings)))
        .updater(None)
        .context_types(ContextTypes(context=DeskContext))
        .build()
    )
    register(application)
    return application


async def bot_username(settings: Settings) -> str | None:
    """The bot's name as Telegram knows it; None without a token or when Telegram cannot be reached."""
    if settings.telegram_token is None:
        return None
    application = build_application(settings)
    try:
        await application.bot.initialize()
    except TelegramError:
        return None
    try:
        return str(application.bot.username)
    finally:
        await application.bot.shutdown()


async def serve(
    settings: Settings,
    *,
    role: ProcessRole = ProcessRole.ALL,
    clock: Clock = utcnow,
    ready: asyncio.Event | None = None,
) -> None:
    """Run the bot, or one part of it, until SIGINT or SIGTERM.

    A PostgreSQL that cannot be reached is waited for, also at the start. Raises SettingsError for a token that Telegram
    refuses and for a role that these settings do not allow, AlreadyServed, and Damaged.
    """
    refuse_unfit(settings, role)
    share_heaps()
    with bound_contextvars(role=role.value), _stop_signals() as stop:
        if is_outpost(settings, role):
            # Its library is there only where a queue is.
            from bot.wiring.outpost import receive  # noqa: PLC0415

            await receive(settings, stop, ready or asyncio.Event())
            return
        while not stop.is_set():
            try:
                await _served(settings, role, clock, stop, ready or asyncio.Event())
            except Exception as error:
                if settings.database_url is None or not passes(error):
                    raise
                log.warning("the database cannot be reached (%s): trying again", type(error).__name__)
                await _stopped_within(stop, _AWAY_SECONDS)
            else:
                return


async def _served(
    settings: Settings, role: ProcessRole, clock: Clock, stop: asyncio.Event, ready: asyncio.Event
) -> None:
    shared = role is not ProcessRole.ALL
    async with (
        sole(settings.data_dir, settings.database, clock(), newsroom=settings.newsroom, shared=shared) as watch,
        # What only stores updates has no use for detectors.
        open_desk(settings, clock, serving=role is not ProcessRole.WEB) as desk,
    ):
        pace = _pace(settings)
        application = build_application(settings, pace)
        try:
            if await _initialized(application, stop):
                await run(role, Joined.of(desk, application, pace), watch, stop, ready)
        finally:
            await application.shutdown()


async def _stopped_within(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


@contextmanager
def _stop_signals() -> Iterator[asyncio.Event]:
    # From the first moment on: a stop while the desk is being opened waits for it, and leaves nothing half open.
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(number)


async def _initialized(application: TelegramApplication, stop: asyncio.Event) -> bool:
    wait = 1.0
    while not stop.is_set():
        try:
            await application.initialize()
        except InvalidToken:
            raise SettingsError("Telegram refuses KALKAN_TELEGRAM_TOKEN: ask @BotFather for a valid one") from None
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%s); trying again in %.0f s", type(error).__name__, wait)
            await _stopped_within(stop, wait)
            wait = min(60.0, wait * 2)
        else:
            return True
    return False


def _pace(settings: Settings) -> Pace:
    limits = PaceLimits(
        per_second=settings.send_per_second,
        chat_seconds=settings.send_chat_seconds,
        group_per_minute=settings.send_group_per_minute,
    )
    return Pace(limits)
