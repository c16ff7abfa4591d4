"""What the doctor asks the queue between receivers and workers: whether all its hosts answer, and what waits there."""

import asyncio
from importlib.util import find_spec
from typing import Final

from bot.cli.runs.doctor_words import Lacking, Problem
from bot.config import LOOPBACK, Settings
from bot.errors import QueueAway

#: Of the broker, for a queue that nobody has made.
_NONE_YET: Final = "ChannelNotFoundEntity"


def queue(settings: Settings) -> str:
    """Whether it can be used. Nothing is made, posted or taken."""
    if settings.queue is None:
        return "none is set: what Telegram posts is stored at once"
    if find_spec("aio_pika") is None:
        raise Problem("aio-pika is missing: pip install 'kalkan[queue]'")
    if settings.webhook_url is None:
        raise Problem("KALKAN_QUEUE_URL stands behind a webhook: set KALKAN_WEBHOOK_URL, or take it away")
    hosts = settings.queue.hosts
    found = asyncio.run(asked_of_all(settings))
    away = {f"{host}:{port}": said for (host, port), said in zip(hosts, found, strict=True) if isinstance(said, str)}
    counts = [each for each in found if isinstance(each, tuple)]
    if len(away) == len(hosts):
        raise Problem(f"no host of KALKAN_QUEUE_URL answers ({_listed(away)}): messages wait with Telegram")
    if away:
        raise Lacking(f"{len(away)} of {len(hosts)} hosts do not answer ({_listed(away)})")
    waiting, aside = max(counts)
    if aside > 0:
        how = "kalkan queue --put-back, docs/scale.md"
        raise Lacking(f"{aside} messages that nobody could read were set aside ({how}); {waiting} wait")
    if not settings.queue.is_sealed and any(host not in LOOPBACK for host, _ in hosts):
        raise Lacking("the queue's password travels in the open: use amqps:// (docs/scale.md)")
    made = f"{waiting} messages wait" if waiting >= 0 else "not made yet: the first start makes it"
    return f"{len(hosts)} of {len(hosts)} hosts answer; {made}"


async def asked_of_all(settings: Settings) -> list[tuple[int, int] | str]:
    """What each host says: how many messages wait and were set aside, or why it does not answer."""
    hosts = settings.queue.hosts if settings.queue is not None else ()
    return list(await asyncio.gather(*(_said(settings, host, port) for host, port in hosts)))


async def _said(settings: Settings, host: str, port: int) -> tuple[int, int] | str:
    """Counts, or why there are none; below nothing where the queue is not made yet."""
    from bot.wiring.ingest import waiting_at  # noqa: PLC0415 - its library is there only where a queue is

    try:
        return await waiting_at(settings, host, port)
    except QueueAway as error:
        return (-1, -1) if str(error) == _NONE_YET else str(error)


def _listed(away: dict[str, str]) -> str:
    return ", ".join(f"{where} {why}" for where, why in away.items())
