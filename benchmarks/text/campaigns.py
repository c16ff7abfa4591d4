"""Campaigns: made-up ones go through the real store and the real sweep, and come out right or wrong by pairs."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks.text.campaign_set import Posted
from benchmarks.text.clusters import Agreement, agreement
from benchmarks.text.kalkan_store import KalkanStore, form_of
from bot.clock import utcnow
from bot.services.campaigns import Campaigns
from bot.storage.tables import texts

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """One set's outcome."""

    seed: int
    comments: int
    campaigns: int
    bridges: int
    #: Comments of campaigns and unrelated ones; bridges count for nothing.
    plain: Agreement
    #: Bridges count as comments of no campaign: any group that they are put in is wrong about them.
    strict: Agreement
    #: Campaigns of the truth whose comments are all in one group, and the number of groups found.
    whole: int
    groups: int
    sweep_s: float


def measure(posted: Sequence[Posted], seed: int) -> Found:
    """Store the comments in order, sweeping as they come, and compare."""
    with tempfile.TemporaryDirectory(prefix="kalkan-campaigns-") as folder, asyncio.Runner() as runner:
        found, seconds = runner.run(_placed(posted, Path(folder) / "kalkan.sqlite"))
    return judge(posted, [found.get(form_of(each.text, with_prints=False).text_key) for each in posted], seed, seconds)


async def _placed(posted: Sequence[Posted], path: Path) -> tuple[Mapping[int, int], float]:
    """The campaign of each text key, and how long the sweeps took."""
    store = KalkanStore(path)
    await store.open()
    campaigns = Campaigns(store.store, utcnow, store.index, store.newsroom_id)
    loop, seconds = asyncio.get_running_loop(), 0.0
    for start in range(0, len(posted), _BATCH):
        await store.insert_many([(each.text, f"x:{each.account}") for each in posted[start : start + _BATCH]])
        began = loop.time()
        await campaigns.sweep_all()
        seconds += loop.time() - began
    async with store.store.read() as conn:
        rows = await conn.execute(sa.select(texts.c.text_key, texts.c.campaign_id))
        placed = {row.text_key: row.campaign_id for row in rows if row.campaign_id is not None}
    await store.close()
    return placed, seconds


def judge(posted: Sequence[Posted], labels: Sequence[object], seed: int, seconds: float) -> Found:
    """Compare labels with the truth; None is a comment in no group."""
    plain = [at for at, each in enumerate(posted) if len(each.campaigns) < 2]
    true: list[object] = [each.campaigns[0] if len(each.campaigns) == 1 else None for each in posted]
    alone: list[object] = [("alone", at) if label is None else label for at, label in enumerate(true)]
    groups: dict[object, set[object]] = {}
    for at in plain:
        if true[at] is not None:
            groups.setdefault(true[at], set()).add(labels[at])
    return Found(
        seed=seed,
        comments=len(posted),
        campaigns=len(groups),
        bridges=len(posted) - len(plain),
        plain=agreement([labels[at] for at in plain], [alone[at] for at in plain]),
        strict=agreement(labels, alone),
        whole=sum(len(found) == 1 and None not in found for found in groups.values()),
        groups=len({label for label in labels if label is not None}),
        sweep_s=seconds,
    )
