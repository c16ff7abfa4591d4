"""What runs in a process of the bot: everything, or the parts of one role beside other processes."""

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from typing import Any, Final

import sqlalchemy as sa
from telegram.error import InvalidToken

from bot.config import Settings
from bot.errors import Damaged, SettingsError
from bot.inbox import Inbox
from bot.inbox_work import Work, Worker, WorkLimits
from bot.ingest.state import QueueState
from bot.model.ids import new_id
from bot.model.process import ProcessRole
from bot.model.sent_message import Stays
from bot.services.given_up import GivenUp
from bot.services.lateness import Lateness
from bot.services.limits import SlowLane
from bot.services.outbox import Outbox
from bot.services.presence import Presence
from bot.storage.faults import Fault
from bot.storage.instance import Watch
from bot.storage.leading import Lead
from bot.storage.processes import Process
from bot.storage.store import Store
from bot.ticker import Ticker
from bot.wiring.clockwork import ticker
from bot.wiring.desk import Desk
from bot.wiring.front import TelegramApplication, front_desk
from bot.wiring.heaps import give_back
from bot.wiring.intake import CATCH_UP, Door, feeding, fetching, intake, receiving
from bot.wiring.monitor import Monitor
from handlers.chat_watch import ChatWatch
from handlers.context import DESK
from handlers.delivery import Delivery
from handlers.desk import FrontDesk
from handlers.distress import Distress, Trouble
from handlers.outgoing import Sender
from handlers.pacing import Pace
from handlers.updates import handle

Part = Coroutine[Any, Any, None]

#: How often those who watch over the house are looked up, so that they are known when the disk is gone.
_LEARNING: Final = timedelta(minutes=1)
#: How soon a group is looked at in which somebody sits whose access has ended.
_WATCHING: Final = timedelta(seconds=5)
#: How often memory that is free goes back to the system.
_GIVING_BACK: Final = timedelta(hours=1)
#: Seconds after which a process looks for what another one left for it.
_NAP: Final = 0.1


def refuse_unfit(settings: Settings, role: ProcessRole) -> None:
    """Raise SettingsError for a role that these settings do not allow."""
    if settings.queue is not None:
        _refuse_queue(settings)
    if role is ProcessRole.ALL or is_outpost(settings, role):
        return
    if sa.make_url(settings.database).get_backend_name() != "postgresql":
        raise SettingsError(f"--role {role}: several processes need PostgreSQL (KALKAN_DATABASE_URL)")
    if role is ProcessRole.WEB and settings.webhook_url is None:
        raise SettingsError("--role web: updates come by webhook (KALKAN_WEBHOOK_URL)")


def is_outpost(settings: Settings, role: ProcessRole) -> bool:
    """Whether this is a receiver before a queue, which asks no database."""
    return role is ProcessRole.WEB and settings.queue is not None


def _refuse_queue(settings: Settings) -> None:
    if find_spec("aio_pika") is None:
        raise SettingsError("KALKAN_QUEUE_URL: aio-pika is missing: pip install 'kalkan[queue]'")
    if settings.webhook_url is None:
        raise SettingsError("KALKAN_QUEUE_URL: a queue stands behind a webhook (KALKAN_WEBHOOK_URL)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """The desk joined to Telegram."""

    desk: Desk
    application: TelegramApplication
    pace: Pace
    outbox: Outbox
    front: FrontDesk
    lateness: Lateness
    queue: QueueState = field(default_factory=QueueState)

    @classmethod
    def of(cls, desk: Desk, application: TelegramApplication, pace: Pace) -> "Joined":
        """Join them; the application is initialized."""
        settings = desk.settings
        stays = Stays(own=settings.sweep_hours, groups=settings.sweep_group_hours)
        outbox = Outbox(desk.store, desk.clock, settings.send_tries, desk.vigilance, stays)
        front = front_desk(desk, application, outbox)
        application.bot_data[DESK] = front
        lateness = Lateness(desk.clock)
        return cls(desk=desk, application=application, pace=pace, outbox=outbox, front=front, lateness=lateness)

    def inbox(self) -> Inbox:
        """The door for updates."""
        desk, lane = self.desk, SlowLane(self.front.limits, self.desk.clock)
        catch_up = CATCH_UP if desk.settings.webhook_url else timedelta()
        return Inbox(desk.store, desk.clock, self.application.bot.id, lane, self.lateness, catch_up)

    def worker(self, inbox: Inbox, wake: Callable[[], None], **pace: float) -> Worker:
        """What handles the inbox; `wake` is called when there may be something to send."""
        desk, settings = self.desk, self.desk.settings
        limits = WorkLimits(at_once=settings.inbox_batch, tries=settings.inbox_tries, **pace)
        given_up = GivenUp(desk.clock, desk.work_reports)
        return Worker(desk.store, desk.clock, inbox, limits, wake, self.lateness.tell, given_up.tell)

    async def process(self, work: Work) -> None:
        """Let the front desk handle an update."""
        work.refused = await handle(self.application, work.update.newsroom_id, work.update.raw, work)

    def sender(self, **pace: float) -> Sender:
        """What sends."""
        delivery, desk = Delivery(self.application.bot, self.front), self.desk
        return Sender(self.outbox, delivery, self.pace, desk.clock, desk.settings.send_parallel, **pace)

    def distress(self) -> Distress:
        """What tells of a disk that fails, without the disk."""
        distress = Distress(self.application.bot, self.front, self.pace)
        _hear_the_disk(self.desk, distress)
        return distress

    def clockwork(self, sender: Sender, distress: Distress) -> Ticker:
        """What is done by the clock."""
        clockwork = ticker(self.desk, self.outbox, sender)
        clockwork.every(_LEARNING, distress.learn)
        clockwork.every(_GIVING_BACK, partial(asyncio.to_thread, give_back))
        chats = ChatWatch(self.application.bot, self.front)

        async def watch_chats() -> None:
            if await chats.sweep():
                sender.wake()

        clockwork.every(_WATCHING, watch_chats)
        return clockwork

    def monitor(self, inbox: Inbox | None, *, feeds: bool = False) -> tuple[Part, ...]:
        """What machines may ask, where it is set; of the queue too, in a process that empties it."""
        desk = self.desk
        if not desk.settings.monitor_listen:
            return ()
        queue = self.queue if feeds and desk.settings.queue is not None else None
        return (Monitor(desk.settings, desk.store, desk.clock, inbox, queue).run(),)

    def door(self, inbox: Inbox) -> Door:
        """Through which updates come in here."""
        return Door(settings=self.desk.settings, inbox=inbox, keys=self.desk.keys, queue=self.queue)


async def run(role: ProcessRole, joined: Joined, watch: Watch, stop: asyncio.Event, ready: asyncio.Event) -> None:
    """Run the parts of a role until stopped. Raises Damaged, SettingsError."""
    ends = (watch.run(), _damaged(joined.desk.store))
    match role:
        case ProcessRole.ALL:
            await _everything(joined, ends, stop, ready)
        case ProcessRole.WEB:
            await _taking(joined, ends, stop, ready)
        case ProcessRole.WORKER:
            await _handling(joined, ends, stop, ready)
        case ProcessRole.SCHEDULER:
            await _scheduling(joined, ends, stop, ready)


async def _everything(joined: Joined, ends: Sequence[Part], stop: asyncio.Event, ready: asyncio.Event) -> None:
    sender, distress, inbox = joined.sender(), joined.distress(), joined.inbox()
    worker = joined.worker(inbox, sender.wake)
    await worker.recover()
    await distress.learn()
    conflict = partial(distress.call, Trouble.CONFLICT)
    async with joined.clockwork(sender, distress).ticking():
        ready.set()
        taking = intake(joined.door(inbox), joined.application.bot, conflict)
        watching = joined.monitor(inbox, feeds=True)
        parts = (*taking, *watching, worker.run(joined.process), sender.run(), distress.run())
        try:
            await side_by_side(stop.wait(), *parts, *ends)
        except Damaged:
            # The last thing that is said, before whoever runs the server reads the rest in its log.
            await distress.tell(Trouble.DAMAGED)
            raise


async def _taking(joined: Joined, ends: Sequence[Part], stop: asyncio.Event, ready: asyncio.Event) -> None:
    inbox = joined.inbox()
    parts = (receiving(joined.desk.settings, inbox, joined.desk.keys), *joined.monitor(inbox))
    ready.set()
    await side_by_side(stop.wait(), *parts, _presence(joined, ProcessRole.WEB).run(), thrift(), *ends)


async def _handling(joined: Joined, ends: Sequence[Part], stop: asyncio.Event, ready: asyncio.Event) -> None:
    inbox = joined.inbox()
    worker = joined.worker(inbox, _nobody, nap=_NAP)
    presence = _presence(joined, ProcessRole.WORKER, worker)
    # Before anything is in hand: who has not said that they live is taken for dead.
    await presence.arrive()
    ready.set()
    parts = (worker.run(joined.process), presence.run(), thrift(), *joined.monitor(None, feeds=True))
    await side_by_side(stop.wait(), *parts, *feeding(joined.door(inbox)), *ends)


async def _scheduling(joined: Joined, ends: Sequence[Part], stop: asyncio.Event, ready: asyncio.Event) -> None:
    lead, presence = _lead(joined.desk.settings), _presence(joined, ProcessRole.SCHEDULER)
    try:
        await side_by_side(stop.wait(), _led(joined, lead, ready), presence.run(), *joined.monitor(None), *ends)
    finally:
        await lead.release()


async def _led(joined: Joined, lead: Lead, ready: asyncio.Event) -> None:
    while True:
        await lead.won()
        sender, distress = joined.sender(idle=_NAP), joined.distress()
        conflict, inbox = partial(distress.call, Trouble.CONFLICT), joined.inbox()
        desk = joined.desk
        fetches = fetching(desk.settings, joined.application.bot, inbox, desk.keys, conflict)
        await distress.learn()
        async with joined.clockwork(sender, distress).ticking():
            ready.set()
            await side_by_side(lead.lost(), fetches, sender.run(), distress.run())


def _lead(settings: Settings) -> Lead:
    return Lead(settings.database, settings.newsroom)


def _presence(joined: Joined, role: ProcessRole, worker: Worker | None = None) -> Presence:
    process = Process(
        id=worker.holder if worker is not None else new_id(),
        newsroom_id=joined.desk.newsroom.id,
        role=role,
        host=socket.gethostname(),
        pid=os.getpid(),
    )
    return Presence(joined.desk.store, process, worker.recover if worker is not None else None)


async def thrift() -> None:
    """Memory that is free goes back where no clock's jobs run."""
    while True:
        await asyncio.sleep(_GIVING_BACK.total_seconds())
        await asyncio.to_thread(give_back)


def _nobody() -> None:
    """Whoever sends is another process, which looks for itself."""


def _hear_the_disk(desk: Desk, distress: Distress) -> None:
    heard = desk.disk.on_fault
    named = {Fault.READ_ONLY: Trouble.READ_ONLY, Fault.FAILING: Trouble.FAILING}

    def hear(fault: Fault) -> None:
        heard(fault)
        if fault in named:
            distress.lasting(named[fault])

    desk.store.on_fault = hear


async def _damaged(store: Store) -> None:
    await store.damaged.wait()
    raise Damaged


async def side_by_side(end: Coroutine[Any, Any, object], *parts: Part) -> None:
    """Run parts until the `end`, or until one of them ends or fails, which is raised."""
    tasks = [asyncio.create_task(part) for part in parts]
    ending = asyncio.create_task(end)
    try:
        done, _ = await asyncio.wait([*tasks, ending], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except InvalidToken:
        raise SettingsError("Telegram refuses KALKAN_TELEGRAM_TOKEN: ask @BotFather for a valid one") from None
    finally:
        for task in [*tasks, ending]:
            task.cancel()
        await asyncio.gather(*tasks, ending, return_exceptions=True)
