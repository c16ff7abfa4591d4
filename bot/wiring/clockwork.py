"""Joins the clock to what is done by it: each with its pace."""

from datetime import timedelta

from bot.services.account_watch import AccountWatch
from bot.services.alarms import Alarms
from bot.services.digest_clock import DigestClock
from bot.services.outbox import Outbox
from bot.services.public_labels import PublicLabels
from bot.services.takedown_watch import TakedownWatch
from bot.storage import inbox as inbox_archive
from bot.ticker import Ticker
from bot.wiring.desk import Desk
from bot.wiring.front import account_files
from handlers.outgoing import Sender


def ticker(desk: Desk, outbox: Outbox, sender: Sender) -> Ticker:
    """Everything that is done by the clock, ready to tick."""

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

    async def look_for_farms() -> None:
        if await desk.farm_runs.sweep():
            sender.wake()

    async def look_for_spikes() -> None:
        if await desk.spikes.sweep():
            sender.wake()

    async def scrub() -> None:
        await desk.work_reports.scrub()

    digests = DigestClock(desk.store, desk.clock)

    async def tell_digests() -> None:
        if await digests.tick():
            sender.wake()

    async def purge() -> None:
        await outbox.purge()
        await digests.purge()
        await desk.evidence.purge()
        async with desk.store.write() as conn:
            await inbox_archive.purge(conn, desk.clock(), timedelta(days=desk.settings.inbox_keep_days))

    async def number() -> None:
        await desk.custody.sequence()

    async def anchor() -> None:
        if await desk.anchors.publish():
            sender.wake()

    lists = account_files(desk)

    async def take_lists_in() -> None:
        while await lists.sweep():
            sender.wake()

    watch = AccountWatch(desk.store, desk.clock, desk.knowledge, desk.newsroom.id)

    async def watch_accounts() -> None:
        if await watch.sweep():
            sender.wake()

    alarms = Alarms(desk.store, desk.clock)

    async def let_alarms_go_on() -> None:
        if await alarms.sweep():
            sender.wake()

    takedowns, labels = TakedownWatch(desk.store, desk.clock), PublicLabels(desk.store, desk.clock)

    async def see_to_takedowns() -> None:
        if await takedowns.remind() + await takedowns.recall() + await labels.correct():
            sender.wake()

    clockwork = Ticker()
    clockwork.every(timedelta(seconds=1), let_alarms_go_on)
    clockwork.every(timedelta(seconds=0.5), settle)
    clockwork.every(timedelta(seconds=0.5), sweep)
    clockwork.every(timedelta(seconds=0.5), read_screens)
    clockwork.every(timedelta(seconds=0.5), place_pictures)
    clockwork.every(timedelta(seconds=2), watch_accounts)
    clockwork.every(timedelta(seconds=1), take_lists_in)
    clockwork.every(timedelta(seconds=0.5), number)
    clockwork.every(timedelta(minutes=desk.settings.checkpoint_minutes), anchor)
    clockwork.every(timedelta(seconds=30), tell_expired)
    clockwork.every(timedelta(seconds=5), see_to_takedowns)
    clockwork.every(timedelta(minutes=10), teach_threats)
    clockwork.every(timedelta(seconds=15), look_for_farms)
    clockwork.every(timedelta(seconds=10), look_for_spikes)
    clockwork.every(timedelta(seconds=10), tell_digests)
    clockwork.every(timedelta(seconds=2), scrub)
    clockwork.every(timedelta(hours=1), purge)
    return clockwork
