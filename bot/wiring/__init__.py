"""The roof: the only place from which every room is seen. Builds, joins, starts and stops the parts in order."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes
from telegram.request import HTTPXRequest

from bot.analysis import Analysis, AnalysisLimits, ImageLimits
from bot.clock import Clock, utcnow
from bot.config import Settings
from bot.documents.evidence.export import Exporter
from bot.errors import SettingsError
from bot.i18n import Catalogs
from bot.inbox import Inbox, Work, Worker, WorkLimits
from bot.model.newsroom import Newsroom
from bot.services.accounts import Accounts
from bot.services.anchors import Anchors, Places
from bot.services.campaigns import Campaigns
from bot.services.cases import Cases
from bot.services.copies import Copies
from bot.services.custody import Custody
from bot.services.custody_secret import read_or_make_custody_keys, secret_path
from bot.services.evidence import EvidenceDesk, EvidenceRoom
from bot.services.evidence_orders import EvidenceOrders
from bot.services.farm_runs import FarmRuns
from bot.services.findings import Findings
from bot.services.keys import read_or_make_key
from bot.services.knowledge import Knowledge
from bot.services.members import Members
from bot.services.newsrooms import NewsroomDefaults, Newsrooms
from bot.services.outbox import Outbox
from bot.services.photo_index import PhotoIndex
from bot.services.photo_owners import PhotoOwners
from bot.services.photo_pairs import PhotoPairs
from bot.services.photo_search import PhotoSearch
from bot.services.picture_campaigns import PictureCampaigns
from bot.services.pictures import Pictures
from bot.services.redescribing import Redescribing
from bot.services.reindexing import Reindexing
from bot.services.screen_corrections import ScreenCorrections
from bot.services.screen_findings import ScreenFindings
from bot.services.screens import Screens
from bot.services.staff import StaffList
from bot.services.stock_phrases import StockPhrases
from bot.services.submissions import IntakeLimits, Submissions
from bot.services.texts import TextIndex
from bot.services.threat_models import ThreatModels
from bot.services.threat_words import ThreatWords
from bot.services.threats import Threats
from bot.services.work_reports import WorkReports
from bot.storage.store import Store
from bot.storage.vault import Vault
from bot.timestamping import TimestampAuthority
from bot.wiring.clockwork import ticker
from bot.wiring.desk import Desk
from bot.wiring.front import TelegramApplication, front_desk
from handlers.context import DESK, DeskContext
from handlers.delivery import Delivery
from handlers.outgoing import Sender
from handlers.pacing import Pace, PaceLimits
from handlers.polling import Poller
from handlers.router import register
from handlers.updates import handle

__all__ = ["Desk", "TelegramApplication", "analysis_limits", "bot_username", "build_application", "open_desk", "serve"]

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_desk(settings: Settings, clock: Clock = utcnow, *, serving: bool = False) -> AsyncIterator[Desk]:
    """The desk, with the database migrated; everything is closed at the end.

    The detectors' workers start at once for a bot that is `serving`, for a single command when it first asks them.
    """
    store = Store(settings.database)
    analysis = Analysis(analysis_limits(settings))
    try:
        await store.migrate()
        newsrooms = Newsrooms(store, clock)
        defaults = NewsroomDefaults(name=settings.newsroom_name, zone=settings.zone, language=settings.language)
        newsroom = await newsrooms.ensure(defaults)
        await (analysis.start() if serving else analysis.open())
        await Reindexing(store, analysis, newsroom.id).run()
        desk = _desk(settings, clock, store, analysis, newsroom)
        await desk.vault.remove_leftovers()
        await Redescribing(store, desk.vault, analysis, newsroom.id).run()
        try:
            yield desk
        finally:
            desk.knowledge.close()
    finally:
        await analysis.stop()
        await store.close()


def analysis_limits(settings: Settings) -> AnalysisLimits:
    """The limits of the laboratory, from the settings."""
    return AnalysisLimits(
        image=ImageLimits(max_bytes=settings.image_bytes, max_pixels=settings.image_pixels),
        image_workers=settings.analysis_workers,
        image_cpu_seconds=settings.image_seconds,
        image_wall_seconds=float(settings.image_seconds * 2),
        text_workers=settings.analysis_workers,
        screen_languages=settings.screen_languages,
        memory_bytes=settings.image_memory,
    )


def _desk(settings: Settings, clock: Clock, store: Store, analysis: Analysis, newsroom: Newsroom) -> Desk:
    vault = Vault(settings.vault_dir)
    custody = Custody(store, clock, read_or_make_custody_keys(secret_path(settings.custody_key_path)))
    keys = read_or_make_key(settings.key_path)
    pictures = Pictures(vault, analysis)
    photos = PhotoIndex(store, clock, analysis, newsroom.id, settings.data_dir / "photos" / str(newsroom.id))
    knowledge = Knowledge(store, clock, newsroom.id, photos)
    index = TextIndex(store, newsroom.id)
    findings = Findings(store, analysis, knowledge, index, newsroom.id)
    cases = Cases(store, clock, findings, knowledge)
    checks = ScreenFindings(store, findings, newsroom.id)
    limits = IntakeLimits(
        burst_seconds=settings.burst_seconds, burst_parts=settings.burst_parts, image_bytes=settings.image_bytes
    )
    return Desk(
        settings=settings,
        clock=clock,
        store=store,
        vault=vault,
        analysis=analysis,
        newsroom=newsroom,
        knowledge=knowledge,
        index=index,
        findings=findings,
        campaigns=Campaigns(store, clock, index, newsroom.id),
        picture_campaigns=PictureCampaigns(store, clock, photos, cases, newsroom.id),
        copies=Copies(store, clock, analysis, index, cases, newsroom.id),
        stock_phrases=StockPhrases(store, clock, analysis, newsroom.id),
        threat_words=ThreatWords(store, clock, knowledge, newsroom.id),
        threat_models=ThreatModels(store, clock, analysis, knowledge, newsroom.id),
        submissions=Submissions(store, clock, vault, findings, limits),
        cases=cases,
        accounts=Accounts(store, clock, knowledge, cases, pictures),
        staff=StaffList(store, clock, knowledge),
        members=Members(store, clock, keys, settings.invite_hours),
        newsrooms=Newsrooms(store, clock),
        pictures=pictures,
        screens=Screens(store, clock, vault, analysis, checks, cases, newsroom.id),
        screen_corrections=ScreenCorrections(store, clock, checks, cases, newsroom.id),
        photo_pairs=PhotoPairs(store, clock, cases),
        photo_search=PhotoSearch(store, findings),
        photo_owners=PhotoOwners(store, clock, knowledge, cases, pictures),
        keys=keys,
        custody=custody,
        evidence=EvidenceDesk(store, clock, custody, _evidence_room(settings, vault, pictures)),
        evidence_orders=EvidenceOrders(store, clock, Threats(store, clock)),
        anchors=Anchors(store, clock, custody, _places(settings), newsroom.id),
        farm_runs=FarmRuns(store, clock, analysis, newsroom.id),
        work_reports=WorkReports(store, clock, vault, analysis),
    )


def _evidence_room(settings: Settings, vault: Vault, pictures: Pictures) -> EvidenceRoom:
    return EvidenceRoom(
        vault=vault,
        pictures=pictures,
        workshop=settings.workshop_dir,
        make=Exporter(Catalogs.load()),
        stamp=_places(settings).stamp,
    )


def _places(settings: Settings) -> Places:
    stamp = TimestampAuthority(str(settings.tsa_url)).stamp if settings.tsa_url is not None else None
    return Places(chat=settings.checkpoint_chat, file=settings.checkpoint_file, stamp=stamp)


def build_application(settings: Settings) -> TelegramApplication:
    """PTB's application with our handlers and without its updater: the inbox feeds it."""
    request = HTTPXRequest(connection_pool_size=settings.send_parallel * 2, pool_timeout=30.0, media_write_timeout=60.0)
    application: TelegramApplication = (
        Application.builder()
        .token(settings.token())
        .base_url(f"{settings.api_root}/bot")
        .base_file_url(f"{settings.api_root}/file/bot")
        .request(request)
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
    """Run the bot until SIGINT or SIGTERM. Raises SettingsError for a token that Telegram refuses."""
    with _stop_signals() as stop:
        async with open_desk(settings, clock, serving=True) as desk:
            application = build_application(settings)
            try:
                if await _initialized(application, stop):
                    await _run(desk, application, stop, ready)
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


async def _run(desk: Desk, application: TelegramApplication, stop: asyncio.Event, ready: asyncio.Event | None) -> None:
    settings = desk.settings
    outbox = Outbox(desk.store, desk.clock, settings.send_tries)
    front = front_desk(desk, application, outbox)
    application.bot_data[DESK] = front
    sender = Sender(outbox, Delivery(application.bot, front), _pace(settings), desk.clock, settings.send_parallel)
    inbox = Inbox(desk.store, desk.clock, application.bot.id)
    limits = WorkLimits(at_once=settings.inbox_batch, tries=settings.inbox_tries)
    worker = Worker(desk.store, desk.clock, inbox, limits, sender.wake)
    poller = Poller(settings.api_root, settings.token(), inbox.accept, settings.poll_timeout)
    await worker.recover()

    async def process(work: Work) -> None:
        await handle(application, work.update.newsroom_id, work.update.raw, work)

    async with ticker(desk, outbox, sender).ticking():
        if ready is not None:
            ready.set()
        await _until(stop, poller.run(), worker.run(process), sender.run())


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
