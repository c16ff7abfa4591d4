"""The farms computed in a process of its own, which lives only as long as that takes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from bot.analysis.limits import WorkerLimits
from bot.analysis.pool import LimitedPool
from detection.coordination.activity import Activity
from detection.coordination.suggesting import Suggested, suggest

T = TypeVar("T")


def warm_up() -> None:
    """Runs in a worker: its libraries are loaded with this module."""


def compute(activity: Activity, offset: int, rejected: Collection[int]) -> Suggested:
    """Runs in a worker."""
    return suggest(activity, offset=offset, rejected=rejected)


async def suggested(activity: Activity, offset: int, rejected: Collection[int], limits: WorkerLimits) -> Suggested:
    """What the accounts' activity suggests, from a process of its own. Raises AnalysisFailed."""
    return await _alone(limits, compute, activity, offset, rejected)


async def _alone(limits: WorkerLimits, act: Callable[..., T], *args: object) -> T:
    pool = LimitedPool(workers=1, tasks_per_worker=0, warm_up=warm_up, limits=limits)
    pool.start()
    try:
        return await pool.run(act, *args)
    finally:
        await pool.stop()
