"""Serving: the desk joined to Telegram, from the first connection to the last."""

import asyncio
import logging
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any, Final

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes
from telegram.request import HTTPXRequest

from bot.clock import Clock, utcnow
from bot.config import Settings
from bot.errors import Damaged, SettingsError
from bot.inbox import Inbox, Work, Worker, WorkLimits
from bot.model.sent_message import Stays
from bot.services.given_up import GivenUp
from bot.services.lateness import Lateness
from bot.services.limits import SlowLane
from bot.services.outbox import Outbox
from bot.storage.faults import Fault
from bot.storage.instance import Watch, sole
from bot.storage.store import Store
from bot.wiring import open_desk
from bot.wiring.clockwork import ticker
from bot.wiring.desk import Desk
from bot.wiring.front import TelegramApplication, front_desk
from bot.wiring.heaps import give_back, share_heaps
from bot.wiring.intake import CATCH_UP, intake
from bot.wiring.monitor import Monitor
from handlers.chat_watch import ChatWatch
from handlers.context import DESK, DeskContext
from handlers.delivery import Delivery
from handlers.desk import FETCHED_AT_ONCE
from handlers.distress import Distress, Trouble
from handlers.outgoing import Sender
from handlers.pacing import Pace, PaceLimits
from handlers.rate_limiter import RateLimiter
from handlers.router import register
from handlers.updates import handle

log = logging.getLogger(__name__)

#: How often those who watch over the house are looked up, so that they are known when the disk is gone.
_LEARNING: Final = timedelta(minutes=1)
#: How soon a group is looked at in which somebody sits whose access has ended.
_WATCHING: Final = timedelta(seconds=5)
#: How often memory that is free goes back to the system.
_GIVING_BACK: Final = timedelta(hours=1)


def build_application(settings: Settings, pace: Pace | None = None) -> TelegramApplication:
    """PTB's application with our handlers and without its updater: the inbox feeds it."""
    # Alarms pass those that are sent side by side, and nothing that is fetched takes a connection from either.
    connections = settings.send_parallel * 2 + FETCHED_AT_ONCE
    request = HTTPXRequest(connection_pool_size=connections, pool_timeout=30.0, media_write_timeout=60.0)
    application: TelegramApplication = (
        Application.builder()
        .token(settings.token())
        .base_url(f"{settings.api_root}/bot")
        .base_file_url(f"{settings.api_root}/file/bot")
        .request(request)
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


async def serve(settings: Settings, *, clock: Clock = utcnow, ready: asyncio.Event | None = None) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Raises SettingsError for a token that Telegram refuses, AlreadyServed, and Damaged.
    """
    share_heaps()
    with _stop_signals() as stop:
        async with (
            sole(settings.data_dir, settings.database, clock()) as watch,
            open_desk(settings, clock, serving=True) as desk,
        ):
            pace = _pace(settings)
            application = build_application(settings, pace)
            try:
                if await _initialized(application, stop):
                    await _run(desk, application, pace, stop, ready, watch)
            finally:
                await application.shutdown()


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
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await stop.wait()
            wait = min(60.0, wait * 2)
        else:
            return True
    return False


async def _run(
    desk: Desk,
    application: TelegramApplication,
    pace: Pace,
    stop: asyncio.Event,
    ready: asyncio.Event | None,
    watch: Watch,
) -> None:
    settings = desk.settings
    stays = Stays(own=settings.sweep_hours, groups=settings.sweep_group_hours)
    outbox = Outbox(desk.store, desk.clock, settings.send_tries, desk.vigilance, stays)
    front = front_desk(desk, application, outbox)
    application.bot_data[DESK] = front
    sender = Sender(outbox, Delivery(application.bot, front), pace, desk.clock, settings.send_parallel)
    distress = Distress(application.bot, front, pace)
    _hear_the_disk(desk, distress)
    lateness = Lateness(desk.clock)
    lane, catch_up = SlowLane(front.limits, desk.clock), CATCH_UP if settings.webhook_url else timedelta()
    inbox = Inbox(desk.store, desk.clock, application.bot.id, lane, lateness, catch_up)
    limits = WorkLimits(at_once=settings.inbox_batch, tries=settings.inbox_tries)
    given_up = GivenUp(desk.clock, desk.work_reports)
    worker = Worker(desk.store, desk.clock, inbox, limits, sender.wake, lateness.tell, given_up.tell)
    await worker.recover()
    await distress.learn()

    async def process(work: Work) -> None:
        work.refused = await handle(application, work.update.newsroom_id, work.update.raw, work)

    clockwork = ticker(desk, outbox, sender)
    clockwork.every(_LEARNING, distress.learn)
    clockwork.every(_GIVING_BACK, partial(asyncio.to_thread, give_back))
    chats = ChatWatch(application.bot, front)

    async def watch_chats() -> None:
        if await chats.sweep():
            sender.wake()

    clockwork.every(_WATCHING, watch_chats)
    async with clockwork.ticking():
        if ready is not None:
            ready.set()
        parts = (
            *intake(settings, application.bot, inbox, desk.keys, partial(distress.call, Trouble.CONFLICT)),
            *((Monitor(settings, desk.store, desk.clock, inbox).run(),) if settings.monitor_listen else ()),
            *(worker.run(process), sender.run(), watch.run(), distress.run(), _damaged(desk.store)),
        )
        try:
            await _until(stop, *parts)
        except Damaged:
            # The last thing that is said, before whoever runs the server reads the rest in its log.
            await distress.tell(Trouble.DAMAGED)
            raise


def _hear_the_disk(desk: Desk, distress: Distress) -> None:
    heard = desk.store.on_fault
    named = {Fault.READ_ONLY: Trouble.READ_ONLY, Fault.FAILING: Trouble.FAILING}

    def hear(fault: Fault) -> None:
        heard(fault)
        if fault in named:
            distress.lasting(named[fault])

    desk.store.on_fault = hear


async def _damaged(store: Store) -> None:
    await store.damaged.wait()
    raise Damaged


def _pace(settings: Settings) -> Pace:
    limits = PaceLimits(
        per_second=settings.send_per_second,
        chat_seconds=settings.send_chat_seconds,
        group_per_minute=settings.send_group_per_minute,
    )
    return Pace(limits)


async def _until(stop: asyncio.Event, *parts: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.create_task(part) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            task.result()
    except InvalidToken:
        raise SettingsError("Telegram refuses KALKAN_TELEGRAM_TOKEN: ask @BotFather for a valid one") from None
    finally:
        for task in [*tasks, stopping]:
            task.cancel()
        await asyncio.gather(*tasks, stopping, return_exceptions=True)
