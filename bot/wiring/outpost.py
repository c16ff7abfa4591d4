"""A receiver before a queue: it takes what Telegram posts while the database, or the rest of the bot, is away."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.config import Settings
from bot.ingest.state import QueueState
from bot.wiring.ingest import shared_keys
from bot.wiring.intake import queued_receiver, received
from bot.wiring.monitor import OutpostMonitor
from bot.wiring.roles import side_by_side, thrift

Part = Coroutine[Any, Any, None]


async def receive(settings: Settings, stop: asyncio.Event, ready: asyncio.Event) -> None:
    """Take posts until stopped; neither the database nor Telegram is asked for anything. Raises SettingsError."""
    keys = await shared_keys(settings, stop)
    if keys is None:
        return
    queue = QueueState()
    receiver, watched = queued_receiver(settings, keys, queue)
    ready.set()
    await side_by_side(stop.wait(), received(receiver, settings), watched, thrift(), *_monitor(settings, queue))


def _monitor(settings: Settings, queue: QueueState) -> tuple[Part, ...]:
    return (OutpostMonitor(settings, queue).run(),) if settings.monitor_listen else ()
