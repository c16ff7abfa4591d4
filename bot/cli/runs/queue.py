"""Looks at the queue between receivers and workers, and puts back what was set aside there."""

import asyncio

from bot.cli.runs.doctor_queue import asked_of_all
from bot.config import Settings
from bot.errors import Outage, QueueAway, SettingsError


def run_queue(*, put_back: bool) -> str:
    """What there is, after what was wanted is done. Raises SettingsError, Outage when no host answers."""
    settings = Settings.read()
    if settings.queue is None:
        raise SettingsError("KALKAN_QUEUE_URL is not set: what Telegram posts is stored at once")
    return asyncio.run(_done(settings, put_back=put_back))


async def _done(settings: Settings, *, put_back: bool) -> str:
    from bot.wiring.ingest import put_back as back  # noqa: PLC0415 - its library is there only where a queue is

    try:
        moved = f"{await back(settings)} messages put back. " if put_back else ""
    except QueueAway as error:
        raise Outage(f"the queue does not answer, or is full ({error}): nothing is lost, try again") from None
    counts = [said for said in await asked_of_all(settings) if isinstance(said, tuple)]
    if not counts:
        raise Outage("no host of KALKAN_QUEUE_URL answers: kalkan doctor tells more")
    waiting, aside = max(counts)
    if waiting < 0:
        return "There is no queue yet: the first start makes it."
    return f"{moved}{waiting} messages wait, {aside} are set aside."
