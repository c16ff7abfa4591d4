"""The roof: the only place from which every room is seen. Builds, joins, starts and stops the parts in order.

Here stands the desk, which works without Telegram; `bot.wiring.serving` opens the front to it, and loads its libraries.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from bot.analysis import Analysis, AnalysisLimits, ImageLimits
from bot.clock import Clock, utcnow
from bot.config import Settings
from bot.documents.evidence.export import Exporter, Signing
from bot.documents.sealed_body import written
from bot.i18n import Catalogs
from bot.model.evidence import Evidence, HandedOver
from bot.model.newsroom import Newsroom
from bot.model.sealed_body import CaseBody, WrittenBody
from bot.services.account_exports import AccountExports
from bot.services.account_merging import AccountMerging
from bot.services.account_recall import AccountRecall
from bot.services.accounts import Accounts
from bot.services.anchors import Anchors, Places
from bot.services.body_sealing import BodySealing
from bot.services.campaigns import Campaigns
from bot.services.cases import Cases
from bot.services.copies import Copies
from bot.services.custody import Custody
from bot.services.custody_secret import read_or_make_custody_keys, secret_path
from bot.services.digest_chats import DigestChats
from bot.services.disk import DiskLimits, DiskRoom
from bot.services.erased_accounts import ErasedAccounts
from bot.services.erasing import Erasure
from bot.services.erasing_accounts import AccountErasure
from bot.services.erasing_members import MemberErasure
from bot.services.erasing_people import PersonErasure
from bot.services.evidence import EvidenceDesk, EvidenceRoom
from bot.services.evidence_orders import EvidenceOrders
from bot.services.farm_runs import FarmRuns
from bot.services.farms import Farms
from bot.services.findings import Findings
from bot.services.forgetting import Erasers, Forgetting
from bot.services.freezing import Freezing
from bot.services.keys import read_or_make_key
from bot.services.knowledge import Knowledge
from bot.services.leaving import Leaving
from bot.services.lockdown import Lockdown
from bot.services.members import Members
from bot.services.message_sweep import MessageSweep
from bot.services.newsrooms import NewsroomDefaults, Newsrooms
from bot.services.original_sealing import OriginalSealing, SealedCopies
from bot.services.photo_index import PhotoIndex
from bot.services.photo_owners import PhotoOwners
from bot.services.photo_pairs import PhotoPairs
from bot.services.photo_search import PhotoSearch
from bot.services.picture_campaigns import PictureCampaigns
from bot.services.pictures import Pictures
from bot.services.record_exports import RecordExports
from bot.services.redescribing import Redescribing
from bot.services.reindexing import Reindexing
from bot.services.retention import Retention
from bot.services.screen_corrections import ScreenCorrections
from bot.services.screen_findings import ScreenFindings
from bot.services.screens import Screens
from bot.services.seals.recipients import SealRecipients
from bot.services.spikes import Spikes
from bot.services.staff import StaffList
from bot.services.step_up import StepRules, StepUp
from bot.services.stock_phrases import StockPhrases
from bot.services.submissions import IntakeLimits, Submissions
from bot.services.texts import TextIndex
from bot.services.threat_models import ThreatModels
from bot.services.threat_words import ThreatWords
from bot.services.threats import Threats
from bot.services.two_people import TwoPeople
from bot.services.vigilance import Vigilance, VigilRules
from bot.services.waking import Waking
from bot.services.work_reports import WorkReports
from bot.storage.store import Store
from bot.storage.vault import Vault
from bot.timestamping import TimestampAuthority
from bot.wiring.archive import Archive, Workplace
from bot.wiring.desk import Desk
from bot.wiring.exchange import exchange_desk

__all__ = ["Desk", "analysis_limits", "open_desk"]


@asynccontextmanager
async def open_desk(settings: Settings, clock: Clock = utcnow, *, serving: bool = False) -> AsyncIterator[Desk]:
    """The desk, with the database migrated; everything is closed at the end.

    The detectors' workers start at once for a bot that is `serving`, for a single command when it first asks them.
    """
    archive = Archive.of(settings)
    with archive.workplace() as workplace:
        async with _opened(archive, workplace, clock, serving=serving) as desk:
            yield desk


@asynccontextmanager
async def _opened(archive: Archive, workplace: Workplace, clock: Clock, *, serving: bool) -> AsyncIterator[Desk]:
    settings, house = archive.settings, archive.store()
    disk, store = disk_room(settings), house
    house.on_fault = disk.on_fault
    analysis = Analysis(analysis_limits(settings))
    try:
        async with house.opening():
            await house.migrate()
            newsroom = await Newsrooms(house, clock).ensure(_defaults(settings))
            archive.mark()
            # From here on nothing is seen of a newsroom that shares the database.
            store = house.of(newsroom.id)
            await (analysis.start() if serving else analysis.open())
            await Reindexing(store, analysis, newsroom.id).run()
        if store is not house:
            await house.close()
        ground = _Ground(archive=archive, workplace=workplace, store=store, disk=disk, serving=serving)
        desk = _desk(ground, clock, analysis, newsroom)
        await desk.vault.remove_leftovers()
        await Redescribing(store, desk.vault, analysis, newsroom.id).run()
        try:
            yield desk
        finally:
            desk.knowledge.close()
    finally:
        await analysis.stop()
        await store.close()
        await house.close()


def _defaults(settings: Settings) -> NewsroomDefaults:
    return NewsroomDefaults(
        name=settings.newsroom_name, zone=settings.zone, language=settings.language, key=settings.newsroom
    )


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


def disk_room(settings: Settings) -> DiskRoom:
    """The room on the data folder's disk, with the settings' limits."""
    limits = DiskLimits(
        alarm_percent=settings.disk_alarm_percent,
        files_percent=settings.disk_files_percent,
        ballast_bytes=settings.ballast_bytes,
        vault_bytes=settings.vault_bytes,
    )
    return DiskRoom(settings.data_dir, settings.vault_dir, limits)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ground:
    """What everything stands on."""

    archive: Archive
    workplace: Workplace
    store: Store
    disk: DiskRoom
    serving: bool


# Long because it lists every service of the desk once: parted, nobody could read in one place who stands on whom.
def _desk(ground: _Ground, clock: Clock, analysis: Analysis, newsroom: Newsroom) -> Desk:
    archive, workplace, store = ground.archive, ground.workplace, ground.store
    # What the operator does by a command may use the last of the room.
    settings, vault = archive.settings, archive.vault(ground.disk if ground.serving else None)
    secret = read_or_make_custody_keys(secret_path(settings.custody_key_path), archive.secrets)
    custody = Custody(store, clock, secret)
    keys = read_or_make_key(settings.key_path, archive.secrets)
    pictures = Pictures(vault, analysis, SealedCopies(store, newsroom.id))
    photos = PhotoIndex(store, clock, analysis, newsroom.id, workplace.photos / str(newsroom.id))
    knowledge = Knowledge(store, clock, newsroom.id, photos)
    index = TextIndex(store, newsroom.id)
    findings = Findings(store, analysis, knowledge, index, newsroom.id)
    cases = Cases(store, clock, findings, knowledge)
    checks = ScreenFindings(store, findings, newsroom.id)
    acts = TwoPeople(store, clock)
    step_up = StepUp(store, clock, keys, acts, _step_rules(settings))
    erasure = Erasure(store, clock, custody, vault, analysis, newsroom.id, photos.recheck)
    erased = ErasedAccounts(keys)
    erasers = Erasers(
        cases=erasure,
        accounts=AccountErasure(clock, custody, erasure, knowledge, cases, erased),
        people=PersonErasure(clock, custody, erasure, knowledge),
        members=MemberErasure(store, clock, custody, erasure),
    )
    sealing_after = timedelta(hours=settings.seal_threats_hours)
    return Desk(
        settings=settings,
        archive=archive,
        workplace=workplace,
        clock=clock,
        store=store,
        disk=ground.disk,
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
        submissions=Submissions(store, clock, vault, findings, _intake_limits(settings)),
        cases=cases,
        accounts=Accounts(store, clock, knowledge, cases, pictures, erased),
        # Whatever may wait for a second person stands here: the server's operator allows it at this desk.
        account_recall=AccountRecall(store, clock, knowledge, cases, acts),
        account_exports=AccountExports(store, clock, acts),
        farms=Farms(store, clock, acts),
        account_merging=AccountMerging(store, clock, knowledge, acts, erased),
        staff=StaffList(store, clock, knowledge),
        members=Members(store, clock, keys, settings.invite_hours, acts),
        newsrooms=Newsrooms(store, clock, acts),
        pictures=pictures,
        screens=Screens(store, clock, vault, analysis, checks, cases, newsroom.id),
        screen_corrections=ScreenCorrections(store, clock, checks, cases, newsroom.id),
        photo_pairs=PhotoPairs(store, clock, cases),
        photo_search=PhotoSearch(store, findings),
        photo_owners=PhotoOwners(store, clock, knowledge, cases, pictures),
        keys=keys,
        custody=custody,
        evidence=EvidenceDesk(store, clock, custody, _evidence_room(archive, workplace, vault, pictures)),
        evidence_orders=EvidenceOrders(store, clock, Threats(store, clock)),
        exchange=exchange_desk(store, clock, vault, secret, newsroom.id),
        anchors=Anchors(store, clock, custody, _places(settings), newsroom.id),
        farm_runs=FarmRuns(store, clock, analysis, newsroom.id),
        spikes=Spikes(store, clock, newsroom.id),
        work_reports=WorkReports(store, clock, vault, analysis, keys.albums),
        digest_chats=DigestChats(store, clock, acts),
        two_people=acts,
        record_exports=RecordExports(store, clock, acts),
        step_up=step_up,
        waking=Waking(store, clock, acts, step_up),
        freezing=Freezing(store, clock, acts, MessageSweep(store, clock).sweep_member),
        lockdown=Lockdown(store, clock, acts),
        vigilance=Vigilance(store, clock, keys, VigilRules(bulk=settings.bulk_reads, is_on=settings.vigilance)),
        erasure=erasure,
        erased_accounts=erased,
        forgetting=Forgetting(store, clock, acts, erasers),
        leaving=Leaving(store, clock, erasers.members),
        retention=Retention(store, clock, erasure, custody.keys, newsroom.id),
        seal_recipients=SealRecipients(store, clock, newsroom.id),
        original_sealing=OriginalSealing(
            store, clock, vault, analysis, newsroom.id, copies=settings.keep_working_copies
        ),
        body_sealing=BodySealing(store, clock, vault, analysis, custody, erasure, newsroom.id, _written, sealing_after),
    )


def _intake_limits(settings: Settings) -> IntakeLimits:
    return IntakeLimits(
        burst_seconds=settings.burst_seconds, burst_parts=settings.burst_parts, image_bytes=settings.image_bytes
    )


def _step_rules(settings: Settings) -> StepRules:
    return StepRules(
        required=settings.step_up,
        fresh=timedelta(minutes=settings.step_up_minutes),
        idle=timedelta(days=settings.idle_days),
    )


def _evidence_room(archive: Archive, workplace: Workplace, vault: Vault, pictures: Pictures) -> EvidenceRoom:
    return EvidenceRoom(
        vault=vault,
        pictures=pictures,
        workshop=workplace.exports,
        make=_exported,
        stamp=_places(archive.settings).stamp,
        finished=archive.settings.workshop_dir / "finished",
        box=archive.exports,
    )


def _exported(evidence: Evidence, workshop: Path, signing: Signing) -> HandedOver:
    # Only now: reading the catalogues takes longer than most commands take, and hardly any needs them.
    return Exporter(Catalogs.load())(evidence, workshop, signing)


@cache
def _catalogs() -> Catalogs:
    return Catalogs.load()


def _written(body: CaseBody, newsroom: Newsroom) -> WrittenBody:
    return written(body, _catalogs()[newsroom.language].plain)


def _places(settings: Settings) -> Places:
    stamp = TimestampAuthority(str(settings.tsa_url)).stamp if settings.tsa_url is not None else None
    return Places(chat=settings.checkpoint_chat, file=settings.checkpoint_file, stamp=stamp)
