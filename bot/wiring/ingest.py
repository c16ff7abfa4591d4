"""The queue between receivers and workers, joined to both ends; nothing here runs unless KALKAN_QUEUE_URL is set."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from bot.config import Settings
from bot.errors import QueueAway, SettingsError
from bot.inbox import Inbox
from bot.ingest.broker import Broker, QueuePlace, opened
from bot.ingest.feeding import Feeder
from bot.ingest.posting import Posting
from bot.ingest.returning import put_back as put_back_on
from bot.ingest.state import QueueState
from bot.ingest.wrapping import Wrapping
from bot.services.keys import Keys, read_or_make_key
from bot.storage.faults import passes
from bot.wiring.archive import Archive

log = logging.getLogger(__name__)

#: Seconds between looks for a key that another process will make.
_NO_KEY_SECONDS: Final = 2.0

Part = Coroutine[Any, Any, None]


def place_of(settings: Settings) -> QueuePlace:
    """The cell's queue. Raises SettingsError where none is set."""
    if settings.queue is None:
        raise SettingsError("KALKAN_QUEUE_URL is not set")
    return QueuePlace(address=settings.queue, name=settings.queue_name, most_bytes=settings.queue_bytes)


def posting(settings: Settings, keys: Keys, state: QueueState) -> Posting:
    """What a receiver gives updates to."""
    place = place_of(settings)
    return Posting(Broker(place, state), _wrapping(keys, place.name))


def feeding(settings: Settings, keys: Keys, inbox: Inbox, state: QueueState) -> Part:
    """What takes them out of the queue, into the inbox."""
    place = place_of(settings)
    return Feeder(Broker(place, state), _wrapping(keys, place.name), inbox.accept, passes).run()


async def waiting_at(settings: Settings, host: str, port: int) -> tuple[int, int]:
    """How many messages wait in the queue, and in that of what was set aside, asked of one host; nothing is made.

    Raises QueueAway, whose argument is "ChannelNotFoundEntity" where there is no queue yet.
    """
    place = place_of(settings)
    line = await opened(place, host, port)
    try:
        return await line.waiting(), await line.waiting(place.aside)
    finally:
        await line.close()


async def put_back(settings: Settings) -> int:
    """Put what was set aside into the queue again; how many messages. Raises QueueAway, QueueFull."""
    line = await Broker(place_of(settings), QueueState()).join()
    try:
        return await put_back_on(line)
    finally:
        await line.close()


def waits(error: Exception) -> bool:
    """Whether a receiver's posts wait for it to pass."""
    return isinstance(error, QueueAway)


async def shared_keys(settings: Settings, stop: asyncio.Event) -> Keys | None:
    """The keys that the other processes made; waited for where nobody has yet, None when stopped meanwhile.

    A receiver makes none of its own: Telegram would be told another secret than it compares. Raises SettingsError.
    """
    box = Archive.of(settings).secrets
    while not stop.is_set():
        if settings.key_path.exists():
            return read_or_make_key(settings.key_path, box)
        log.warning("%s is not there yet: a worker or a scheduler makes it; trying again", settings.key_path)
        with suppress(TimeoutError):
            async with asyncio.timeout(_NO_KEY_SECONDS):
                await stop.wait()
    return None


def _wrapping(keys: Keys, queue: str) -> Wrapping:
    # Bound to its queue: what one cell's receivers sealed, another cell does not take.
    return Wrapping(
        seal=lambda body: keys.seal("queue", body, queue), open=lambda body: keys.unseal("queue", body, queue)
    )
