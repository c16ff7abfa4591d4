"""The roof: the only place from which every room is seen. Builds, joins, starts and stops the parts in order."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ContextTypes
from telegram.request import HTTPXRequest

from bot.analysis import Analysis, AnalysisLimits, ImageLimits
from bot.clock import Clock, utcnow
from bot.config import Settings
from bot.documents import table, text_difference
from bot.documents.evidence.export import Exporter
from bot.errors import SettingsError
from bot.i18n import Catalogs
from bot.inbox import Inbox, Work, Worker, WorkLimits
from bot.model.newsroom import Newsroom
from bot.services.accounts import Accounts
from bot.services.alarms import Alarms
from bot.services.anchors import Anchors, Places
from bot.services.campaigns import Campaigns
from bot.services.cases import Cases
from bot.services.copies import Copies
from bot.services.custody import Custody
from bot.services.custody_secret import read_or_make_custody_keys, secret_path
from bot.services.dialogs import Dialogs, Replies
from bot.services.duty import Duty
from bot.services.event_records import EventRecords
from bot.services.evidence import EvidenceDesk, EvidenceRoom
from bot.services.evidence_orders import EvidenceOrders
from bot.services.findings import Findings
from bot.services.incident_editing import IncidentEditing
from bot.services.keys import Keys, read_or_make_key
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
from bot.services.threat_steps import ThreatSteps
from bot.services.threat_words import ThreatWords
from bot.services.threats import Threats
from bot.storage import inbox as inbox_archive
from bot.storage.store import Store
from bot.storage.vault import Vault
from bot.ticker import Ticker
from bot.timestamping import TimestampAuthority
from handlers.buttons import ButtonSigner
from handlers.context import DESK, DeskContext
from handlers.delivery import Delivery
from handlers.desk import FrontDesk
from handlers.outgoing import Sender
from handlers.pacing import Pace, PaceLimits
from handlers.polling import Poller
from handlers.router import register
from handlers.updates import handle

log = logging.getLogger(__name__)

TelegramApplication = Application[Any, DeskContext, Any, Any, Any, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The editors' desk with its archive and laboratory: all that works without Telegram."""

    settings: Settings
    clock: Clock
    store: Store
    vault: Vault
    analysis: Analysis
    newsroom: Newsroom
    knowledge: Knowledge
    index: TextIndex
    findings: Findings
    campaigns: Campaigns
    picture_campaigns: PictureCampaigns
    copies: Copies
    stock_phrases: StockPhrases
    threat_words: ThreatWords
    threat_models: ThreatModels
    submissions: Submissions
    cases: Cases
    accounts: Accounts
    staff: StaffList
    members: Members
    newsrooms: Newsrooms
    pictures: Pictures
    screens: Screens
    screen_corrections: ScreenCorrections
    photo_pairs: PhotoPairs
    photo_search: PhotoSearch
    photo_owners: PhotoOwners
    keys: Keys
    custody: Custody
    evidence: EvidenceDesk
    evidence_orders: EvidenceOrders
    anchors: Anchors


@asynccontextmanager
async def open_desk(settings: Settings, clock: Clock = utcnow) -> AsyncIterator[Desk]:
    """The desk, with the database migrated and the detectors started; everything is closed at the end."""
    store = Store(settings.database)
    analysis = Analysis(analysis_limits(settings))
    try:
        await store.migrate()
        newsrooms = Newsrooms(store, clock)
        defaults = NewsroomDefaults(name=settings.newsroom_name, zone=settings.zone, language=settings.language)
        newsroom = await newsrooms.ensure(defaults)
        await analysis.start()
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
        async with open_desk(settings, clock) as desk:
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
    front = _front_desk(desk, application, outbox)
    application.bot_data[DESK] = front
    sender = Sender(outbox, Delivery(application.bot, front), _pace(settings), desk.clock, settings.send_parallel)
    inbox = Inbox(desk.store, desk.clock, application.bot.id)
    limits = WorkLimits(at_once=settings.inbox_batch, tries=settings.inbox_tries)
    worker = Worker(desk.store, desk.clock, inbox, limits, sender.wake)
    poller = Poller(settings.api_root, settings.token(), inbox.accept, settings.poll_timeout)
    await worker.recover()

    async def process(work: Work) -> None:
        await handle(application, work.update.newsroom_id, work.update.raw, work)

    async with _ticker(desk, outbox, sender).ticking():
        if ready is not None:
            ready.set()
        await _until(stop, poller.run(), worker.run(process), sender.run())


def _front_desk(desk: Desk, application: TelegramApplication, outbox: Outbox) -> FrontDesk:
    log_of_threats = Threats(desk.store, desk.clock)
    return FrontDesk(
        newsroom_id=desk.newsroom.id,
        now=desk.clock,
        catalogs=Catalogs.load(),
        signer=ButtonSigner(desk.keys.buttons),
        submissions=desk.submissions,
        cases=desk.cases,
        accounts=desk.accounts,
        staff=desk.staff,
        members=desk.members,
        newsrooms=desk.newsrooms,
        dialogs=Dialogs(desk.store, desk.clock),
        replies=Replies(desk.store, desk.clock),
        pictures=desk.pictures,
        screen_corrections=desk.screen_corrections,
        photo_pairs=desk.photo_pairs,
        photo_search=desk.photo_search,
        photo_owners=desk.photo_owners,
        copies=desk.copies,
        campaigns=desk.campaigns,
        stock_phrases=desk.stock_phrases,
        threat_words=desk.threat_words,
        differences=text_difference,
        evidence=desk.evidence,
        evidence_orders=desk.evidence_orders,
        event_records=EventRecords(desk.store, desk.clock, log_of_threats),
        anchors=desk.anchors,
        tables=table,
        threats=log_of_threats,
        threat_steps=ThreatSteps(desk.store, desk.clock, log_of_threats),
        incidents=IncidentEditing(desk.store, desk.clock),
        alarms=Alarms(desk.store, desk.clock),
        duty=Duty(desk.store, desk.clock),
        outbox=outbox,
        bot_username=application.bot.username,
    )


def _pace(settings: Settings) -> Pace:
    limits = PaceLimits(
        per_second=settings.send_per_second,
        chat_seconds=settings.send_chat_seconds,
        group_per_minute=settings.send_group_per_minute,
    )
    return Pace(limits)


def _ticker(desk: Desk, outbox: Outbox, sender: Sender) -> Ticker:
    async def settle() -> None:
        if await desk.cases.settle():
            sender.wake()

    async def sweep() -> None:
        while await desk.campaigns.sweep():
            pass

    async def place_pictures() -> None:
        while await desk.picture_campaigns.sweep():
            sender.wake()

    async def read_screens() -> None:
        while await desk.screens.sweep():
            sender.wake()

    async def tell_expired() -> None:
        if await desk.members.tell_expired():
            sender.wake()

    async def teach_threats() -> None:
        await desk.threat_models.sweep()

    async def purge() -> None:
        await outbox.purge()
        await desk.evidence.purge()
        async with desk.store.write() as conn:
            await inbox_archive.purge(conn, desk.clock(), timedelta(days=desk.settings.inbox_keep_days))

    async def number() -> None:
        await desk.custody.sequence()

    async def anchor() -> None:
        if await desk.anchors.publish():
            sender.wake()

    alarms = Alarms(desk.store, desk.clock)

    async def let_alarms_go_on() -> None:
        if await alarms.sweep():
            sender.wake()

    ticker = Ticker()
    ticker.every(timedelta(seconds=1), let_alarms_go_on)
    ticker.every(timedelta(seconds=0.5), settle)
    ticker.every(timedelta(seconds=0.5), sweep)
    ticker.every(timedelta(seconds=0.5), read_screens)
    ticker.every(timedelta(seconds=0.5), place_pictures)
    ticker.every(timedelta(seconds=0.5), number)
    ticker.every(timedelta(minutes=desk.settings.checkpoint_minutes), anchor)
    ticker.every(timedelta(seconds=30), tell_expired)
    ticker.every(timedelta(minutes=10), teach_threats)
    ticker.every(timedelta(hours=1), purge)
    return ticker


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
