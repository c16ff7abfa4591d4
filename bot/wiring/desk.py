"""The editors' desk as one value: what the command line and the front desk are joined to."""

from dataclasses import dataclass

from bot.analysis import Analysis
from bot.clock import Clock
from bot.config import Settings
from bot.model.newsroom import Newsroom
from bot.services.account_exports import AccountExports
from bot.services.account_merging import AccountMerging
from bot.services.account_recall import AccountRecall
from bot.services.accounts import Accounts
from bot.services.anchors import Anchors
from bot.services.body_sealing import BodySealing
from bot.services.campaigns import Campaigns
from bot.services.cases import Cases
from bot.services.copies import Copies
from bot.services.custody import Custody
from bot.services.digest_chats import DigestChats
from bot.services.disk import DiskRoom
from bot.services.erased_accounts import ErasedAccounts
from bot.services.erasing import Erasure
from bot.services.evidence import EvidenceDesk
from bot.services.evidence_orders import EvidenceOrders
from bot.services.exchange.desk import ExchangeDesk
from bot.services.farm_runs import FarmRuns
from bot.services.farms import Farms
from bot.services.findings import Findings
from bot.services.forgetting import Forgetting
from bot.services.freezing import Freezing
from bot.services.keys import Keys
from bot.services.knowledge import Knowledge
from bot.services.leaving import Leaving
from bot.services.lockdown import Lockdown
from bot.services.members import Members
from bot.services.newsrooms import Newsrooms
from bot.services.original_sealing import OriginalSealing
from bot.services.photo_owners import PhotoOwners
from bot.services.photo_pairs import PhotoPairs
from bot.services.photo_search import PhotoSearch
from bot.services.picture_campaigns import PictureCampaigns
from bot.services.pictures import Pictures
from bot.services.record_exports import RecordExports
from bot.services.retention import Retention
from bot.services.screen_corrections import ScreenCorrections
from bot.services.screens import Screens
from bot.services.seals.recipients import SealRecipients
from bot.services.spikes import Spikes
from bot.services.staff import StaffList
from bot.services.step_up import StepUp
from bot.services.stock_phrases import StockPhrases
from bot.services.submissions import Submissions
from bot.services.texts import TextIndex
from bot.services.threat_models import ThreatModels
from bot.services.threat_words import ThreatWords
from bot.services.two_people import TwoPeople
from bot.services.vigilance import Vigilance
from bot.services.waking import Waking
from bot.services.work_reports import WorkReports
from bot.storage.store import Store
from bot.storage.vault import Vault
from bot.wiring.archive import Archive, Workplace


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The editors' desk with its archive and laboratory: all that works without Telegram."""

    settings: Settings
    archive: Archive
    workplace: Workplace
    clock: Clock
    store: Store
    disk: DiskRoom
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
    account_recall: AccountRecall
    account_exports: AccountExports
    farms: Farms
    account_merging: AccountMerging
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
    exchange: ExchangeDesk
    anchors: Anchors
    farm_runs: FarmRuns
    spikes: Spikes
    work_reports: WorkReports
    digest_chats: DigestChats
    two_people: TwoPeople
    record_exports: RecordExports
    step_up: StepUp
    waking: Waking
    freezing: Freezing
    lockdown: Lockdown
    vigilance: Vigilance
    erasure: Erasure
    erased_accounts: ErasedAccounts
    forgetting: Forgetting
    leaving: Leaving
    retention: Retention
    original_sealing: OriginalSealing
    body_sealing: BodySealing
    seal_recipients: SealRecipients
