"""What the front desk may ask for: the editors' services, the catalogues, the signer of buttons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.i18n import LANGUAGES, Catalogs, PlainTranslator
from bot.model.newsroom import Member, Newsroom
from bot.model.text import Difference
from bot.services.accounts import Accounts
from bot.services.alarms import Alarms
from bot.services.anchors import Anchors
from bot.services.campaigns import Campaigns
from bot.services.cases import Cases
from bot.services.copies import Copies
from bot.services.dialogs import Dialogs, Replies
from bot.services.duty import Duty
from bot.services.event_records import EventRecords
from bot.services.evidence import EvidenceDesk
from bot.services.evidence_orders import EvidenceOrders
from bot.services.incident_editing import IncidentEditing
from bot.services.members import Members
from bot.services.newsrooms import Newsrooms
from bot.services.outbox import Outbox
from bot.services.photo_owners import PhotoOwners
from bot.services.photo_pairs import PhotoPairs
from bot.services.photo_search import PhotoSearch
from bot.services.pictures import Pictures
from bot.services.screen_corrections import ScreenCorrections
from bot.services.staff import StaffList
from bot.services.stock_phrases import StockPhrases
from bot.services.submissions import Submissions
from bot.services.threat_steps import ThreatSteps
from bot.services.threat_words import ThreatWords
from bot.services.threats import Threats
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


class DifferenceViews(Protocol):
    """What shows how two texts differ: bot.documents.text_difference, which the roof hands in."""

    def compact(self, difference: Difference, longest: int = ...) -> list[tuple[str, str]]:
        """The pieces for a line of text: ("same" | "added" | "dropped", text), what did not change shortened."""

    def picture(self, difference: Difference, t: PlainTranslator) -> bytes:
        """A PNG for a phone; takes some tens of milliseconds."""


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
    anchors: Anchors
    tables: TableFiles
    threats: Threats
    threat_steps: ThreatSteps
    incidents: IncidentEditing
    alarms: Alarms
    duty: Duty
    outbox: Outbox
    bot_username: str

    async def reader(self, member: Member) -> Reader:
        """For whom a card is written: in their language, in the newsroom's zone."""
        newsroom = await self.newsrooms.get(member.newsroom_id)
        return Reader(member=member, newsroom=newsroom, t=self.catalogs[language_of(member, newsroom)], now=self.now())


def language_of(member: Member, newsroom: Newsroom) -> str:
    """The member's language, else the newsroom's."""
    return member.language if member.language in LANGUAGES else newsroom.language
