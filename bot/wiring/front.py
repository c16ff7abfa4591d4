"""Joins the front desk: everything that a handler may ask."""

from typing import Any

from telegram.ext import Application

from bot.documents import table, text_difference
from bot.documents.charts.studio import Charts
from bot.i18n import Catalogs
from bot.model.limit import read_limits
from bot.services.account_files import AccountFiles
from bot.services.account_records import AccountRecords
from bot.services.alarms import Alarms
from bot.services.audit import Audit
from bot.services.curators import Curators
from bot.services.dialogs import Dialogs, Replies
from bot.services.digests import Digests
from bot.services.duty import Duty
from bot.services.event_records import EventRecords
from bot.services.health import Health
from bot.services.incident_editing import IncidentEditing
from bot.services.limits import Limits
from bot.services.outbox import Outbox
from bot.services.outreach import OutreachDesk
from bot.services.own_data import OwnDataDesk
from bot.services.period_reports import PeriodReports
from bot.services.post_coding import PostCoding
from bot.services.presses import Presses
from bot.services.public_labels import PublicLabels
from bot.services.restrictions import Restrictions
from bot.services.sealed_texts import SealedTexts
from bot.services.staff_watch import StaffWatch
from bot.services.takedown_batches import TakedownBatches
from bot.services.takedown_ledger import TakedownLedger
from bot.services.takedown_steps import TakedownSteps
from bot.services.takedowns import Takedowns
from bot.services.threat_steps import ThreatSteps
from bot.services.threats import Threats
from bot.services.watch_windows import WatchWindows
from bot.wiring.desk import Desk
from bot.wiring.import_room import import_room
from handlers.buttons import ButtonSigner
from handlers.context import DeskContext
from handlers.desk import FrontDesk

TelegramApplication = Application[Any, DeskContext, Any, Any, Any, Any]


# Long because it lists every service that a handler may ask: a service a line, in the order of FrontDesk.
def front_desk(desk: Desk, application: TelegramApplication, outbox: Outbox) -> FrontDesk:
    """The front desk with every service that a handler asks."""
    log_of_threats = Threats(desk.store, desk.clock)
    takedowns = Takedowns(desk.store, desk.clock, desk.accounts)
    return FrontDesk(
        newsroom_id=desk.newsroom.id,
        now=desk.clock,
        catalogs=Catalogs.load(),
        signer=ButtonSigner(desk.keys.buttons),
        submissions=desk.submissions,
        cases=desk.cases,
        accounts=desk.accounts,
        account_records=AccountRecords(desk.store, desk.clock, desk.knowledge, desk.pictures),
        account_merging=desk.account_merging,
        account_recall=desk.account_recall,
        account_exports=desk.account_exports,
        account_files=account_files(desk),
        staff_watch=StaffWatch(desk.store, desk.clock, desk.pictures),
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
        exchange=desk.exchange,
        event_records=EventRecords(desk.store, desk.clock, log_of_threats),
        anchors=desk.anchors,
        tables=table,
        charts=Charts(desk.analysis.drawn),
        farms=desk.farms,
        farm_runs=desk.farm_runs,
        curators=Curators(desk.store, desk.clock),
        work_reports=desk.work_reports,
        threats=log_of_threats,
        record_exports=desk.record_exports,
        threat_steps=ThreatSteps(desk.store, desk.clock, log_of_threats),
        sealed_texts=SealedTexts(desk.store, desk.clock, desk.vault, log_of_threats),
        incidents=IncidentEditing(desk.store, desk.clock),
        alarms=Alarms(desk.store, desk.clock),
        duty=Duty(desk.store, desk.clock),
        takedowns=takedowns,
        takedown_steps=TakedownSteps(desk.clock, desk.knowledge, takedowns),
        takedown_ledger=TakedownLedger(desk.store, desk.clock),
        takedown_batches=TakedownBatches(desk.store, desk.clock),
        outreach=OutreachDesk(desk.store, desk.clock),
        public_labels=PublicLabels(desk.store, desk.clock),
        spikes=desk.spikes,
        watch_windows=WatchWindows(desk.store, desk.clock),
        period_reports=PeriodReports(desk.store, desk.clock),
        post_coding=PostCoding(desk.store, desk.clock),
        digests=Digests(desk.store, desk.clock),
        digest_chats=desk.digest_chats,
        forgetting=desk.forgetting,
        leaving=desk.leaving,
        own_data=OwnDataDesk(desk.store),
        retention=desk.retention,
        restrictions=Restrictions(desk.store, desk.clock),
        outbox=outbox,
        step_up=desk.step_up,
        waking=desk.waking,
        two_people=desk.two_people,
        freezing=desk.freezing,
        health=Health(desk.store, desk.clock, desk.disk),
        lockdown=desk.lockdown,
        vigilance=desk.vigilance,
        limits=Limits(desk.clock, read_limits(desk.settings.limits)),
        presses=Presses(desk.store, desk.clock),
        audit=Audit(desk.store, desk.custody),
        bot_username=application.bot.username,
    )


def account_files(desk: Desk) -> AccountFiles:
    """Lists of accounts that come through the chat."""
    return AccountFiles(import_room(desk), desk.workplace.exports / "lists")
