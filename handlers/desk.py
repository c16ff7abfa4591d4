"""What the front desk may ask for: the editors' services, the catalogues, the signer of buttons."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

from bot.i18n import LANGUAGES, Catalogs, PlainTranslator
from bot.model.chart import Chart, Picture
from bot.model.digest import DigestContent, Section
from bot.model.farm import Network, RhythmFacts, SideWeek
from bot.model.handout import Handout
from bot.model.newsroom import Member, Newsroom
from bot.model.report import Report
from bot.model.text import Difference
from bot.services.account_exports import AccountExports
from bot.services.account_files import AccountFiles
from bot.services.account_merging import AccountMerging
from bot.services.account_recall import AccountRecall
from bot.services.account_records import AccountRecords
from bot.services.accounts import Accounts
from bot.services.alarms import Alarms
from bot.services.anchors import Anchors
from bot.services.audit import Audit
from bot.services.campaigns import Campaigns
from bot.services.cases import Cases
from bot.services.copies import Copies
from bot.services.curators import Curators
from bot.services.dialogs import Dialogs, Replies
from bot.services.digest_chats import DigestChats
from bot.services.digests import Digests
from bot.services.duty import Duty
from bot.services.event_records import EventRecords
from bot.services.evidence import EvidenceDesk
from bot.services.evidence_orders import EvidenceOrders
from bot.services.exchange.desk import ExchangeDesk
from bot.services.farm_runs import FarmRuns
from bot.services.farms import Farms
from bot.services.forgetting import Forgetting
from bot.services.freezing import Freezing
from bot.services.health import Health
from bot.services.incident_editing import IncidentEditing
from bot.services.leaving import Leaving
from bot.services.limits import Limits
from bot.services.lockdown import Lockdown
from bot.services.members import Members
from bot.services.newsrooms import Newsrooms
from bot.services.outbox import Outbox
from bot.services.outreach import OutreachDesk
from bot.services.own_data import OwnDataDesk
from bot.services.period_reports import PeriodReports
from bot.services.photo_owners import PhotoOwners
from bot.services.photo_pairs import PhotoPairs
from bot.services.photo_search import PhotoSearch
from bot.services.pictures import Pictures
from bot.services.post_coding import PostCoding
from bot.services.presses import Presses
from bot.services.public_labels import PublicLabels
from bot.services.record_exports import RecordExports
from bot.services.restrictions import Restrictions
from bot.services.retention import Retention
from bot.services.screen_corrections import ScreenCorrections
from bot.services.sealed_texts import SealedTexts
from bot.services.spikes import Spikes
from bot.services.staff import StaffList
from bot.services.staff_watch import StaffWatch
from bot.services.step_up import StepUp
from bot.services.stock_phrases import StockPhrases
from bot.services.submissions import Submissions
from bot.services.takedown_batches import TakedownBatches
from bot.services.takedown_ledger import TakedownLedger
from bot.services.takedown_steps import TakedownSteps
from bot.services.takedowns import Takedowns
from bot.services.threat_steps import ThreatSteps
from bot.services.threat_words import ThreatWords
from bot.services.threats import Threats
from bot.services.two_people import TwoPeople
from bot.services.vigilance import Vigilance
from bot.services.waking import Waking
from bot.services.watch_windows import WatchWindows
from bot.services.work_reports import WorkReports
from handlers.buttons import ButtonSigner
from handlers.cards.card import Reader


class TableFiles(Protocol):
    """What makes a file of a table: bot.documents.table, which the roof hands in."""

    def csv_file(self, heads: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
        """CSV in which nothing is a formula."""

    def xlsx_file(self, heads: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
        """A workbook in which nothing is a formula."""

    def picture(self, heads: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
        """A PNG for a phone."""


class ChartViews(Protocol):
    """What draws: bot.documents.charts.studio, which the roof hands in. Raises AnalysisFailed."""

    async def report(self, report: Report, t: PlainTranslator) -> list[Picture]:
        """The charts of a report over a period, with what each shows."""

    async def report_paper(self, report: Report, t: PlainTranslator) -> bytes:
        """All of a report as a PDF."""

    async def report_workbook(self, report: Report, t: PlainTranslator) -> bytes:
        """The tables of a report as a workbook."""

    async def digest(
        self, content: DigestContent, zone: str, t: PlainTranslator
    ) -> Mapping[Section, Sequence[Picture]]:
        """The pictures of each section that has something to show."""

    def digest_sets(self, content: DigestContent, zone: str, t: PlainTranslator) -> Mapping[Section, Sequence[Chart]]:
        """The same before they are drawn, for a document."""

    async def paper(self, handout: Handout, t: PlainTranslator) -> bytes:
        """A document as PDF."""

    async def workbook(self, handout: Handout) -> bytes:
        """A document as XLSX."""

    async def draw(self, chart: Chart, t: PlainTranslator) -> Picture:
        """A chart of any kind with its sentence."""

    async def network(
        self, shown: Network, *, title: str, groups: Mapping[str, str], filled: str, hollow: str, left_out: str
    ) -> bytes:
        """A PNG of accounts and links."""

    async def week(
        self, rhythm: RhythmFacts, t: PlainTranslator, *, title: str, zone: str, said: Sequence[str]
    ) -> bytes:
        """A PNG of hours by weekday."""

    async def sides(
        self,
        weeks: Sequence[SideWeek],
        t: PlainTranslator,
        *,
        title: str,
        praised: str,
        attacked: str,
        switches: Sequence[tuple[date, str]],
    ) -> bytes:
        """A PNG of praise and attack by week."""

    async def graph(self, shown: Network, form: str) -> bytes:
        """GraphML or GEXF."""


class DifferenceViews(Protocol):
    """What shows how two texts differ: bot.documents.text_difference, which the roof hands in."""

    def compact(self, difference: Difference, longest: int = ...) -> list[tuple[str, str]]:
        """The pieces for a line of text: ("same" | "added" | "dropped", text), what did not change shortened."""

    def picture(self, difference: Difference, t: PlainTranslator) -> bytes:
        """A PNG for a phone; takes some tens of milliseconds."""


#: How many files are fetched from Telegram side by side.
FETCHED_AT_ONCE: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontDesk:
    """The services behind the counter."""

    newsroom_id: int
    now: Callable[[], datetime]
    catalogs: Catalogs
    signer: ButtonSigner
    submissions: Submissions
    cases: Cases
    accounts: Accounts
    account_records: AccountRecords
    account_merging: AccountMerging
    account_recall: AccountRecall
    account_exports: AccountExports
    account_files: AccountFiles
    staff_watch: StaffWatch
    staff: StaffList
    members: Members
    newsrooms: Newsrooms
    dialogs: Dialogs
    replies: Replies
    pictures: Pictures
    screen_corrections: ScreenCorrections
    photo_pairs: PhotoPairs
    photo_search: PhotoSearch
    photo_owners: PhotoOwners
    copies: Copies
    campaigns: Campaigns
    stock_phrases: StockPhrases
    threat_words: ThreatWords
    differences: DifferenceViews
    evidence: EvidenceDesk
    evidence_orders: EvidenceOrders
    event_records: EventRecords
    exchange: ExchangeDesk
    anchors: Anchors
    tables: TableFiles
    charts: ChartViews
    farms: Farms
    farm_runs: FarmRuns
    curators: Curators
    work_reports: WorkReports
    threats: Threats
    record_exports: RecordExports
    threat_steps: ThreatSteps
    sealed_texts: SealedTexts
    incidents: IncidentEditing
    alarms: Alarms
    duty: Duty
    takedowns: Takedowns
    takedown_steps: TakedownSteps
    takedown_ledger: TakedownLedger
    takedown_batches: TakedownBatches
    outreach: OutreachDesk
    public_labels: PublicLabels
    spikes: Spikes
    watch_windows: WatchWindows
    period_reports: PeriodReports
    post_coding: PostCoding
    digests: Digests
    digest_chats: DigestChats
    forgetting: Forgetting
    leaving: Leaving
    own_data: OwnDataDesk
    retention: Retention
    restrictions: Restrictions
    outbox: Outbox
    step_up: StepUp
    waking: Waking
    two_people: TwoPeople
    freezing: Freezing
    health: Health
    lockdown: Lockdown
    vigilance: Vigilance
    limits: Limits
    presses: Presses
    audit: Audit
    bot_username: str
    #: Who holds a place fetches a file: what is fetched must not take up the connections by which alarms leave.
    fetching: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FETCHED_AT_ONCE))

    async def reader(self, member: Member) -> Reader:
        """For whom a card is written: in their language, in the newsroom's zone."""
        newsroom = await self.newsrooms.get(member.newsroom_id)
        return Reader(member=member, newsroom=newsroom, t=self.catalogs[language_of(member, newsroom)], now=self.now())


def language_of(member: Member, newsroom: Newsroom) -> str:
    """The member's language, else the newsroom's."""
    return member.language if member.language in LANGUAGES else newsroom.language
