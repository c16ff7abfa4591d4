"""Joins the clock to what is done by it: each with its pace."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

from bot.services.account_watch import AccountWatch
from bot.services.alarms import Alarms
from bot.services.backup.making import BackupMaker, BackupPlaces
from bot.services.backup.shelf import KeepFor
from bot.services.daily import BackupPlan, Daily
from bot.services.digest_clock import DigestClock
from bot.services.disk import DiskWatch
from bot.services.message_sweep import MessageSweep
from bot.services.outbox import Outbox
from bot.services.public_labels import PublicLabels
from bot.services.restrictions import Restrictions
from bot.services.takedown_watch import TakedownWatch
from bot.services.verifying import Verification
from bot.storage import clock_jumps, dialogs
from bot.storage import inbox as inbox_archive
from bot.storage.faults import passes
from bot.storage.turns import patiently
from bot.ticker import Ticker
from bot.wiring.backup_keys import backup_recipients
from bot.wiring.desk import Desk
from bot.wiring.front import account_files
from handlers.outgoing import Sender

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]
#: Does a piece of work; says whether there was any.
Sweep = Callable[[], Awaitable[object]]
Paced = tuple[timedelta, Job]
_SOON = timedelta(seconds=0.5)


def ticker(desk: Desk, outbox: Outbox, sender: Sender) -> Ticker:
    """Everything that is done by the clock, ready to tick."""
    clockwork = Ticker(passes)
    digests = DigestClock(desk.store, desk.clock)
    at_once = (_filing(desk, sender), _ringing(desk, sender))
    later = (_sorting(desk, sender), _watching(desk, digests, sender), _keeping(desk, outbox, digests, sender))
    for of_a_kind in (*at_once, *map(_patient, later)):
        for pace, job in of_a_kind:
            clockwork.every(pace, job)
    return clockwork


def _patient(jobs: Iterator[Paced]) -> Iterator[Paced]:
    """The same, but what they write lets people's messages and alarms go ahead."""
    for pace, job in jobs:
        yield pace, _written_patiently(job)


def _written_patiently(job: Job) -> Job:
    async def patient() -> None:
        with patiently():
            await job()

    return patient


def _filing(desk: Desk, sender: Sender) -> Iterator[Paced]:
    """What people wait for who sent something."""
    yield _SOON, _telling(desk.cases.settle, sender)
    yield _SOON, _telling_while_any(desk.screens.sweep, sender)
    yield timedelta(seconds=1), _telling_while_any(account_files(desk).sweep, sender)


def _ringing(desk: Desk, sender: Sender) -> Iterator[Paced]:
    """Alarms that nobody answered."""
    yield timedelta(seconds=1), _telling(Alarms(desk.store, desk.clock).sweep, sender)


def _sorting(desk: Desk, sender: Sender) -> Iterator[Paced]:
    """What follows from what people sent, and nobody waits for."""
    yield _SOON, _while_any(desk.campaigns.sweep)
    yield _SOON, _telling_while_any(desk.picture_campaigns.sweep, sender)
    yield timedelta(seconds=2), _doing(desk.work_reports.scrub)


def _watching(desk: Desk, digests: DigestClock, sender: Sender) -> Iterator[Paced]:
    """What people are told without having asked."""
    takedowns, labels = TakedownWatch(desk.store, desk.clock), PublicLabels(desk.store, desk.clock)
    accounts = AccountWatch(desk.store, desk.clock, desk.knowledge, desk.newsroom.id)
    yield timedelta(seconds=2), _telling(accounts.sweep, sender)
    kept, newsroom_id = Restrictions(desk.store, desk.clock), desk.newsroom.id
    yield timedelta(seconds=5), _doing(lambda: kept.sweep(newsroom_id))
    yield timedelta(seconds=5), _telling(takedowns.remind, sender)
    yield timedelta(seconds=5), _telling(takedowns.recall, sender)
    yield timedelta(seconds=5), _telling(labels.correct, sender)
    yield timedelta(seconds=10), _telling(desk.spikes.sweep, sender)
    yield timedelta(seconds=10), _telling(digests.tick, sender)
    yield timedelta(seconds=15), _telling(desk.farm_runs.sweep, sender)
    yield timedelta(seconds=30), _telling(desk.members.tell_expired, sender)


def _keeping(desk: Desk, outbox: Outbox, digests: DigestClock, sender: Sender) -> Iterator[Paced]:
    """The house's own affairs."""

    async def purge_inbox() -> None:
        async with desk.store.write() as conn:
            await inbox_archive.purge(conn, desk.clock(), timedelta(days=desk.settings.inbox_keep_days))

    async def bring_back() -> None:
        async with desk.store.write() as conn:
            if moved := await clock_jumps.bring_back(conn, desk.clock()):
                log.warning("the clock was set back: %d rows that were due far in the future are due now", moved)

    async def forget_questions() -> None:
        async with desk.store.write() as conn:
            await dialogs.purge(conn, desk.clock())

    yield timedelta(seconds=15), bring_back
    yield timedelta(minutes=1), forget_questions
    disk = DiskWatch(desk.store, desk.clock, desk.disk, desk.newsroom.id)
    yield timedelta(seconds=10), _telling(disk.sweep, sender)
    yield timedelta(seconds=0.5), _doing(desk.custody.sequence)
    yield timedelta(minutes=desk.settings.checkpoint_minutes), _telling(desk.anchors.publish, sender)
    yield timedelta(seconds=2), _doing(desk.erasure.settle)
    yield timedelta(minutes=1), _telling(_daily(desk).tick, sender)
    yield timedelta(minutes=10), _doing(desk.threat_models.sweep)
    standing = MessageSweep(desk.store, desk.clock)
    yield timedelta(seconds=30), _telling(standing.sweep, sender)
    yield timedelta(seconds=30), _while_any(desk.original_sealing.sweep)
    yield _sealing_pace(desk.settings.seal_threats_hours), _doing(desk.body_sealing.sweep)
    purges = (
        outbox.purge,
        digests.purge,
        desk.evidence.purge,
        desk.vigilance.purge,
        standing.purge,
        purge_inbox,
        desk.work_reports.purge,
    )
    for purge in purges:
        yield timedelta(hours=1), _doing(purge)


def _sealing_pace(hours: float) -> timedelta:
    # The database is then written anew without the words, for which writers wait: once an hour is often enough.
    return min(max(timedelta(hours=hours / 24), timedelta(seconds=1)), timedelta(hours=1))


def _daily(desk: Desk) -> Daily:
    """What is done once a day, by the settings."""
    settings = desk.settings
    keep = KeepFor(
        daily=settings.backup_keep_daily,
        weekly=settings.backup_keep_weekly,
        most=timedelta(days=settings.backup_keep_days),
    )
    places = BackupPlaces(vault=desk.vault, keys=settings.backup_keys, box=desk.archive.secrets)
    plan = BackupPlan(
        maker=BackupMaker(desk.store, desk.clock, places),
        folder=settings.backups_dir,
        recipients=backup_recipients(settings),
        keep=keep,
    )
    verification = Verification(desk.store, desk.vault, desk.custody.keys, desk.newsroom.id)
    return Daily(
        desk.store,
        desk.clock,
        desk.newsroom.id,
        settings.backup_hour,
        plan=plan,
        verify=lambda: verification.run([]),
        retention=desk.retention,
        erasure=desk.erasure,
    )


def _doing(sweep: Sweep) -> Job:
    async def job() -> None:
        await sweep()

    return job


def _while_any(sweep: Sweep) -> Job:
    async def job() -> None:
        while await sweep():
            pass

    return job


def _telling(sweep: Sweep, sender: Sender) -> Job:
    async def job() -> None:
        if await sweep():
            sender.wake()

    return job


def _telling_while_any(sweep: Sweep, sender: Sender) -> Job:
    async def job() -> None:
        while await sweep():
            sender.wake()

    return job
