"""How updates come in: fetched by polling, or posted by Telegram to a webhook. Either way the inbox takes them."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

from telegram import Bot

from bot.config import Settings
from bot.errors import SettingsError
from bot.inbox import Inbox
from bot.services.keys import Keys
from bot.storage.faults import passes
from handlers.polling import Poller
from handlers.receiving import Place, Receiver
from handlers.webhook import WebhookWatch

#: For so long what waited with Telegram during a pause comes in by webhook, a few posts at a time.
CATCH_UP: Final = timedelta(minutes=2)

Part = Coroutine[Any, Any, None]


def intake(settings: Settings, bot: Bot, inbox: Inbox, keys: Keys, on_conflict: Callable[[], None]) -> tuple[Part, ...]:
    """What has to run for updates to come; `on_conflict` is told when somebody else takes them."""
    if settings.webhook_url is None:
        return (_polled(settings, inbox, on_conflict),)
    receiver = _receiver(settings, inbox, keys)
    return _received(receiver, settings.webhook_listen), _announced(receiver, _watch(settings, bot, keys, on_conflict))


def receiving(settings: Settings, inbox: Inbox, keys: Keys) -> Part:
    """Where another process sees to it that updates are posted: what takes them."""
    return _received(_receiver(settings, inbox, keys), settings.webhook_listen)


def fetching(settings: Settings, bot: Bot, inbox: Inbox, keys: Keys, on_conflict: Callable[[], None]) -> Part:
    """Where other processes take what is posted: what sees to it that it is; without a webhook, what polls."""
    if settings.webhook_url is None:
        return _polled(settings, inbox, on_conflict)
    return _watch(settings, bot, keys, on_conflict).run()


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
