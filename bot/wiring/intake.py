"""How updates come in: fetched by polling, or posted by Telegram to a webhook. Either way the inbox takes them."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from telegram import Bot

from bot.config import Settings
from bot.errors import SettingsError
from bot.inbox import Inbox
from bot.ingest.state import QueueState
from bot.services.keys import Keys
from bot.storage.faults import passes
from handlers.polling import Poller
from handlers.receiving import Place, Receiver
from handlers.webhook import WebhookWatch

#: For so long what waited with Telegram during a pause comes in by webhook, a few posts at a time.
CATCH_UP: Final = timedelta(minutes=2)

Part = Coroutine[Any, Any, None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Through which updates come in: the inbox, and the queue before it where one is set."""

    settings: Settings
    inbox: Inbox
    keys: Keys
    queue: QueueState


def intake(door: Door, bot: Bot, on_conflict: Callable[[], None]) -> tuple[Part, ...]:
    """What has to run for updates to come; `on_conflict` is told when somebody else takes them."""
    settings = door.settings
    if settings.webhook_url is None:
        return (_polled(settings, door.inbox, on_conflict),)
    between: tuple[Part, ...] = ()
    receiver = _receiver(settings, door.inbox, door.keys)
    if settings.queue is not None:
        receiver, watched = queued_receiver(settings, door.keys, door.queue)
        between = (watched, *feeding(door))
    watch = _watch(settings, bot, door.keys, on_conflict)
    return *between, _received(receiver, settings.webhook_listen), _announced(receiver, watch)


def feeding(door: Door) -> tuple[Part, ...]:
    """What empties the queue into the inbox, where there is one."""
    if door.settings.queue is None:
        return ()
    # Its library is there only where a queue is.
    from bot.wiring import ingest  # noqa: PLC0415

    return (ingest.feeding(door.settings, door.keys, door.inbox, door.queue),)


def queued_receiver(settings: Settings, keys: Keys, queue: QueueState) -> tuple[Receiver, Part]:
    """What takes posts and gives them to the queue, and what looks after the queue meanwhile."""
    from bot.wiring import ingest  # noqa: PLC0415 - its library is there only where a queue is

    posting = ingest.posting(settings, keys, queue)
    return Receiver(posting.accept, keys.webhook, _place(settings), ingest.waits), posting.watch()


def receiving(settings: Settings, inbox: Inbox, keys: Keys) -> Part:
    """Where another process sees to it that updates are posted: what takes them."""
    return _received(_receiver(settings, inbox, keys), settings.webhook_listen)


def fetching(settings: Settings, bot: Bot, inbox: Inbox, keys: Keys, on_conflict: Callable[[], None]) -> Part:
    """Where other processes take what is posted: what sees to it that it is; without a webhook, what polls."""
    if settings.webhook_url is None:
        return _polled(settings, inbox, on_conflict)
    return _watch(settings, bot, keys, on_conflict).run()


async def received(receiver: Receiver, settings: Settings) -> None:
    """Let a receiver take posts. Raises SettingsError where its address is taken."""
    await _received(receiver, settings.webhook_listen)


def _receiver(settings: Settings, inbox: Inbox, keys: Keys) -> Receiver:
    return Receiver(inbox.accept, keys.webhook, _place(settings), passes)


def _polled(settings: Settings, inbox: Inbox, on_conflict: Callable[[], None]) -> Part:
    return Poller(settings.api_root, settings.token(), inbox.accept, settings.poll_timeout, on_conflict).run()


def _watch(settings: Settings, bot: Bot, keys: Keys, on_conflict: Callable[[], None]) -> WebhookWatch:
    return WebhookWatch(bot, str(settings.webhook_url), keys.webhook, on_conflict)


async def _received(receiver: Receiver, where: str) -> None:
    try:
        await receiver.run()
    except OSError:
        raise SettingsError(f"KALKAN_WEBHOOK_LISTEN: {where} is taken, or no address of this machine") from None


async def _announced(receiver: Receiver, watch: WebhookWatch) -> None:
    # Telegram posts at once.
    await receiver.listens.wait()
    await watch.run()


def _place(settings: Settings) -> Place:
    host, _, port = settings.webhook_listen.rpartition(":")
    path = settings.webhook_url.path if settings.webhook_url is not None else None
    return Place(host=host.strip("[]"), port=int(port), path=path or "/")
